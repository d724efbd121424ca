"""Authentication backends: a sign-in name with a passphrase, or a plan card."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend

from peers.models import User


class _UserOfSession:
    """What both backends share: the user behind a session."""

    def get_user(self, user_id):
        """The user, with what most of their pages need (USER_READ_WITH); None where they may not sign in any more."""
        try:
            return User.objects.select_related(*settings.USER_READ_WITH).get(pk=user_id, is_active=True)
        except User.DoesNotExist:
            return None


class Passphrase(_UserOfSession, ModelBackend):
    """A sign-in name and a passphrase. `Users.get_by_natural_key` knows under which spelling a name is kept."""


class Card(_UserOfSession, BaseBackend):
    """A plan card. The view finds it with `PlanCard` and signs its person in; there is no pair to authenticate."""
