"""Sessions, kept in the database as Django keeps them; opened with one question, which brings along who is here."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import models
from django.utils import timezone

from peers.asking import Question, columns, given, made_of
from peers.here import columns_of_who, made, with_roles
from peers.models import Session


class SessionStore(db.SessionStore):
    """Django's own, but for how an open session is found, and that it knows whose it is."""

    who = None  # the user it was opened for, once it is open

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)  # None before anyone came in
        return row

    def _validate_session_key(self, key):
        """A cookie carries whatever somebody put there; what no key of ours can be is not asked of the database."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        rows = OPEN.rows(key=self.session_key, now=timezone.now()) if self.session_key else []
        if not rows:
            self._session_key = None
            return None
        own = len(Session._meta.concrete_fields)
        self.who = made([row[own:] for row in rows])
        return made_of(Session, rows[0][:own])


OPEN = Question(
    lambda: with_roles(
        Session.objects.filter(
            session_key=given("key", models.CharField()), expire_date__gt=given("now", models.DateTimeField())
        ),
        "user__",
    ).values_list(*columns(Session), *columns_of_who("user__"))
)
