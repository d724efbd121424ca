"""Secrets at rest: encryption of the few that the app has to read again, such as the key of a code app; and the hash of
tokens, which it only has to know again."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def fernet_for(purpose):
    """A `Fernet` for one kind of secret. Its key comes from SECRET_KEY: a stolen database alone decrypts nothing."""
    key = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def hash_token(token):
    """The hash of the 192-bit token in a link or a QR code; random enough for a fast hash."""
    return hashlib.sha256(token.encode()).hexdigest()
