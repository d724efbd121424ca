"""The ways in: a sign-in name with a passphrase, or a plan card."""

from django.contrib.auth.hashers import make_password

from peers.models import User
from peers.models.people import signin_name


class _ThoseWhoAreHere:
    """What both ways share: who is behind a session."""

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).select_related("person").first()


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
