"""By which way a session came in, and whether that way still works: the one place that answers it.

A session is the person's own when it came in by own words or a passphrase. What is the person's alone opens in no other
session (docs/decisions/0012-own-words-and-cards.md).
"""

from enum import Enum
from functools import cached_property

from django.contrib.auth import BACKEND_SESSION_KEY

from peers.hands import BY_PASSPHRASE_THERE, hands_of
from peers.models import PlanCard
from peers.models.cards import CardKind

BY_PASSPHRASE = "peers.auth_backends.Passphrase"
BY_CARD = "peers.auth_backends.Card"
CARD = "card"  # in the session: the code of the card or own words that it came in by


class WayKind(Enum):
    """How a session came in."""

    PASSPHRASE = "passphrase"
    OWN_WORDS = "own_words"
    OWN_WORDS_WAITING = "own_words_waiting"  # given by a new card, within their three days
    FIRST_CARD = "first_card"
    NEW_CARD = "new_card"
    IN_THEIR_HANDS = "in_their_hands"  # on a device that somebody lent them, and nothing of their own typed yet


OWN = (WayKind.PASSPHRASE, WayKind.OWN_WORDS)


class WayIn:
    """The way by which a session came in, and what else works for the same person."""

    def __init__(self, kind, *, user, card=None, cards=None):
        self.kind, self.user, self.card = kind, user, card
        if cards is not None:
            self.cards = cards  # found with the session's own, in one query

    @property
    def is_own(self):
        """Whether the session is the person's own: nobody else has seen what opened it, or its three days are over."""
        return self.kind in OWN

    @cached_property
    def cards(self):
        """Every way in by words that works for this person now; nobody who works here has one."""
        person = getattr(self.user, "person", None)
        return [] if person is None or self.user.roles_now() else PlanCard.working(person)

    @property
    def asks_about(self):
        """A new card by another hand that this session, the person's own, is to be asked about; else None."""
        if not self.is_own:
            return None
        came_by = self.card and self.card.given_through_id
        new = [card for card in self.cards if card.kind == CardKind.NEW and card.said_right_at is None]
        return next((card for card in reversed(new) if card.pk != came_by), None)

    @property
    def ticket(self):
        """The first or new card behind this session, also behind own words that still wait; else None."""
        if self.kind == WayKind.OWN_WORDS_WAITING:
            return next((card for card in self.cards if card.pk == self.card.given_through_id), None)
        return self.card if self.kind in (WayKind.FIRST_CARD, WayKind.NEW_CARD) else None


def way_of(request):
    """The way by which this session came in; None where nobody is signed in, or that way does not work any more."""
    if not hasattr(request, "way_in"):
        request.way_in = _find(request)
    return request.way_in


def forget_way(request):
    """The session has just come in by another way."""
    if hasattr(request, "way_in"):
        del request.way_in


def _find(request):
    user = request.user
    if not user.is_authenticated:
        return None
    if hands_of(request):
        return _in_their_hands(user, came_by=hands_of(request).came_by)
    backend = request.session.get(BACKEND_SESSION_KEY)
    if backend == BY_PASSPHRASE:
        return WayIn(WayKind.PASSPHRASE, user=user)
    person = getattr(user, "person", None)
    if backend != BY_CARD or person is None:
        return None
    cards = PlanCard.working(person)
    # A card that nobody has opened opened no session, but in the time before cards opened once.
    came_by = [card for card in cards if card.is_own or card.opened_at is not None]
    card = next((card for card in came_by if str(card.pk) == request.session.get(CARD)), None)
    return WayIn(_kind(card), user=user, card=card, cards=cards) if card is not None else None


def _in_their_hands(user, *, came_by):
    """On a lent device a session becomes the person's own by what they type there, and for as long as that works."""
    cards = PlanCard.working(user.person)
    if came_by == BY_PASSPHRASE_THERE and user.has_passphrase:
        return WayIn(WayKind.PASSPHRASE, user=user, cards=cards)
    card = next((card for card in cards if card.is_own and str(card.pk) == came_by), None)
    kind = WayKind.IN_THEIR_HANDS if card is None else _kind(card)
    return WayIn(kind, user=user, card=card, cards=cards)


def _kind(card):
    if card.kind == CardKind.OWN:
        return WayKind.OWN_WORDS if card.opens_all else WayKind.OWN_WORDS_WAITING
    return WayKind.FIRST_CARD if card.kind == CardKind.FIRST else WayKind.NEW_CARD
