"""The ways in: a sign-in name with a passphrase, or a plan card."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import FilteredRelation, Q

from peers.asking import Question, columns, given, made_of
from peers.doors import tell_database
from peers.models import Organization, Person, Role, User
from peers.models.people import signin_name

# Someone who is here, the person they are where they have a plan, and each role they hold: one row a role.
WHO_IS_HERE = [
    (User, columns(User)),
    (Person, columns(Person, "person__")),
    (Role, columns(Role, "held__")),
    (Organization, columns(Organization, "held__organization__")),
]
WHO = Question(
    lambda: (
        User.objects.filter(pk=given("user"), is_active=True)
        .annotate(held=FilteredRelation("roles", condition=Q(roles__until=None)))
        .order_by("held__since", "held__pk")
        .values_list(*[name for _model, names in WHO_IS_HERE for name in names])
    )
)


class _ThoseWhoAreHere:
    """What both ways share: who is behind a session."""

    def get_user(self, user_id):
        """Who this is, with all that every page asks of them, in one question."""
        rows = WHO.rows(user=user_id)
        if not rows:
            return None
        user, person, _role, _organization = _read(rows[0])
        if person is not None:
            person.user = user
        user._state.fields_cache["person"] = person
        user._roles_now = []
        for _user, _person, role, organization in map(_read, rows):
            if role is not None:
                role.user, role.organization = user, organization
                user._roles_now.append(role)
        return user


def _read(row):
    """The four models of one row; None for those that are not there."""
    start = 0
    for model, names in WHO_IS_HERE:
        yield made_of(model, row[start : start + len(names)])
        start += len(names)


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
    with transaction.atomic():
        tell_database(user)
        for told in _THOSE_WHO_ARE_TOLD:
            told(user)
