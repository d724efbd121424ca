"""Sessions, kept in the database as Django keeps them; opened with one question that is worded once."""

from django.contrib.sessions.backends import db
from django.db import models
from django.utils import timezone

from peers.asking import Question, given


class SessionStore(db.SessionStore):
    """Django's own, but for how an open session is found."""

    def _validate_session_key(self, key):
        """A cookie carries whatever somebody put there; what no key of ours can be is not asked of the database."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        session = OPEN.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if session is None:
            self._session_key = None
        return session


OPEN = Question(
    lambda: db.SessionStore.get_model_class().objects.filter(
        session_key=given("key", models.CharField()), expire_date__gt=given("now", models.DateTimeField())
    )
)
