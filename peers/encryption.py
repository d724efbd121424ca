"""The box that a secret lies in where the database keeps it."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def box(what):
    """The box for one kind of secret. Its key comes from the place's SECRET_KEY: a stolen database opens nothing."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{what} {settings.SECRET_KEY}".encode()).digest()))
