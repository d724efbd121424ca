"""A browser that has come in before, on somebody's own device: it keeps its own count of guesses (peers/throttling.py).

Whatever strangers do at the same address, or at the same account, the right words open here.
"""

import uuid
from datetime import timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings

from peers.encryption import fernet_for

COOKIE = "been-here"
PURPOSE = "known browser"  # part of the encryption key
REMEMBERED_FOR = timedelta(days=180)


class KnownBrowser(NamedTuple):
    """A browser in which this user has come in, both by their codes."""

    code: uuid.UUID
    user: uuid.UUID


def known_browser(request):
    """The browser of this request, or None where nobody came in from it before."""
    try:
        kept = fernet_for(PURPOSE).decrypt(request.COOKIES.get(COOKIE, ""), ttl=int(REMEMBERED_FOR.total_seconds()))
        return KnownBrowser(*map(uuid.UUID, kept.decode().split()))
    except (InvalidToken, TypeError, ValueError):
        return None


def remember_browser(request, response, *, user):
    """Let this browser know that the user came in. Encrypted: a cookie names nobody. Never on a shared device."""
    known = known_browser(request)
    code = known.code if known and known.user == user.pk else uuid.uuid4()
    response.set_cookie(
        COOKIE,
        fernet_for(PURPOSE).encrypt(f"{code} {user.pk}".encode()).decode(),
        max_age=REMEMBERED_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
