"""Authentication backends: a sign-in name with a passphrase, or a plan card."""

from django.contrib.auth.backends import BaseBackend, ModelBackend

from peers.doors import acting_as
from peers.models import User


class _UserOfSession:
    """What both backends share: the user behind a session."""

    def get_user(self, user_id):
        """The user, with the person they are where they have a plan; None where they may not sign in any more."""
        return User.objects.select_related("person").filter(pk=user_id, is_active=True).first()


class Passphrase(_UserOfSession, ModelBackend):
    """A sign-in name and a passphrase. `Users.get_by_natural_key` knows under which spelling a name is kept."""


class Card(_UserOfSession, BaseBackend):
    """A plan card. The view finds it with `PlanCard` and signs its person in; there is no pair to authenticate."""


# --- who is told that a card has opened something ---

# This part of the house knows no plans; the other registers, so that the person can read it in their log.
_THOSE_WHO_ARE_TOLD = []


def is_told_of_cards(told):
    """Register `told(user)`: somebody has come in with this user's card."""
    _THOSE_WHO_ARE_TOLD.append(told)
    return told


def tell_that_a_card_opened(user):
    with acting_as(user):
        for told in _THOSE_WHO_ARE_TOLD:
            told(user)
