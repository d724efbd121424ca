"""The ways in: a sign-in name with a passphrase, or a plan card."""

from django.contrib.auth.hashers import make_password

from peers.doors import acting_as
from peers.here import find_who
from peers.models import User
from peers.models.people import signin_name


class _ThoseWhoAreHere:
    """What both ways share: who is behind a session."""

    def get_user(self, user_id):
        """Who this is, with all that every page asks of them; None where they may not come in any more."""
        return find_who(user_id)


class Passphrase(_ThoseWhoAreHere):
    """A sign-in name and a passphrase."""

    def authenticate(self, request, username=None, password=None):
        if not username or password is None:
            return None
        user = User.objects.filter(username=signin_name(username)).first()
        if user is None:
            make_password(password)  # so that a name that is not here takes as long as one that is
            return None
        return user if user.check_password(password) and user.is_active else None


class Card(_ThoseWhoAreHere):
    """A plan card that `PlanCard` has already found; the view signs its person in with this."""

    def authenticate(self, request, card=None):
        return card.person.user if card is not None and card.turned_off_at is None else None


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
