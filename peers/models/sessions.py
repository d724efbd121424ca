"""Sessions: that someone is here, on one device."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """What Django keeps for a device, and whose it is: so the one question that opens it brings them along."""

    user = models.ForeignKey("peers.User", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def __str__(self):
        return "session"

    @classmethod
    def get_session_store_class(cls):
        from peers.sessions import SessionStore

        return SessionStore
