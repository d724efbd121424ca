"""Encryption of the few secrets that the app has to read again, such as the key of a code app."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def fernet_for(purpose):
    """A `Fernet` for one kind of secret. Its key comes from SECRET_KEY: a stolen database alone decrypts nothing."""
    key = hashlib.sha256(f"{purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
