"""Ways in by four words and a square: cards that somebody else made, and own words that only the person has seen.

The rule: what somebody else has seen is a ticket, not a key (docs/decisions/0012-own-words-and-cards.md).
"""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from peers.encryption import hash_token
from peers.events import PeopleEvent
from peers.models.organization_log import Event
from peers.signals import way_in_changed
from peers.words import draw_four, normalize

TICKET_LASTS = timedelta(days=14)
# How long own words that a new card gave stay without what is the person's alone.
WAITS = timedelta(days=3)


class CardKind(models.TextChoices):
    """Who has seen the words: own words only the person; the others whoever made the card too."""

    FIRST = "first", "First card"
    OWN = "own", "Own words"
    NEW = "new", "New card"


TICKETS = (CardKind.FIRST, CardKind.NEW)


def hash_words(words):
    """The hash of four words. Slow on purpose: 41 bits must not be guessed from a stolen database.

    The same words always give the same hash (a card is found by it), so the salt is one pepper for all cards.
    """
    return hashlib.scrypt(words.encode(), salt=settings.CARD_PEPPER.encode(), n=2**14, r=8, p=1, dklen=32).hex()


class PlanCard(models.Model):
    """One way in by four words and a square. Only hashes are kept.

    A first or new card opens once, and gives own words. Own words open for as long as the person keeps them.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("peers.Person", on_delete=models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=10, choices=CardKind)
    words_hash = models.CharField(max_length=64, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    # A first or new card: when it was opened, the only time. Own words: when they first opened the plan.
    opened_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Own words that a new card gave: from when they open what is the person's alone. Empty: from the first moment.
    opens_all_from = models.DateTimeField(null=True, blank=True)
    # The first or new card whose opening gave these own words; empty for words made in a session of the person's own.
    given_through = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="gave")
    # When the person, in by another way, was asked about this new card and said that it was right.
    said_right_at = models.DateTimeField(null=True, blank=True)
    turned_off_at = models.DateTimeField(null=True, blank=True)
    turned_off_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(turned_off_at=None, opened_at=None, kind__in=TICKETS),
                name="one_unopened_card_a_person",
            ),
            models.CheckConstraint(condition=Q(kind__in=CardKind.values), name="card_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=CardKind.OWN) | Q(expires_at__isnull=False), name="card_of_another_hand_expires"
            ),
        ]
        indexes = [models.Index(fields=["person", "turned_off_at"], name="cards_of_a_person")]

    def __str__(self):
        return f"plan card {self.code}"

    # --- which work now ---

    @classmethod
    def working(cls, person):
        """Every way in by words that works now, oldest first: one query.

        A card that was opened is among them: it opens nothing any more, but the screen it opened is still open.
        """
        rows = list(cls.objects.filter(person=person, turned_off_at=None).order_by("created_at", "code"))
        newest = max((index for index, row in enumerate(rows) if row._replaces_older), default=0)
        now = timezone.now()
        return [row for index, row in enumerate(rows) if row._works(now, is_replaced=index < newest)]

    def _works(self, now, *, is_replaced):
        if self.is_own:
            return not is_replaced
        return self.opened_at is not None or self.expires_at > now

    @property
    def _replaces_older(self):
        """Whether own words of before are over: not while these wait, nor before they have ever opened the plan."""
        return self.opens_all and (self.given_through_id is None or self.opened_at is not None)

    @property
    def is_own(self):
        return self.kind == CardKind.OWN

    @property
    def opens_all(self):
        """Whether this opens what is the person's alone: own words do, if need be after three days."""
        return self.is_own and (self.opens_all_from is None or self.opens_all_from <= timezone.now())

    @property
    def waits(self):
        """Whether these own words still wait for their three days."""
        return self.is_own and not self.opens_all

    @classmethod
    def by_words(cls, typed):
        """The card with these four words, in any case and spacing, if it opens the plan now; else None."""
        words = normalize(typed)
        return cls._open_now(words_hash=hash_words(words)) if words else None

    @classmethod
    def by_token(cls, token):
        return cls._open_now(token_hash=hash_token(token))

    @classmethod
    def _open_now(cls, **found_by):
        cards = cls.objects.select_related("person__user", "person__organization")
        card = cards.filter(turned_off_at=None, person__user__is_active=True, **found_by).first()
        if card is None or (not card.is_own and card.opened_at is not None):
            return None
        return card if card in cls.working(card.person) else None

    # --- making one ---

    @classmethod
    @transaction.atomic
    def make(cls, *, person, by, pin=""):
        """Make own words, where the person does it; else a card. Returns (card, four words, token), kept nowhere.

        New own words turn off the own words of before; a new card turns off only one that nobody has opened.
        """
        person.lock()  # of two made at once, the later one stays
        if by.pk == person.user_id:
            cls._off(cls.objects.filter(person=person, kind=CardKind.OWN), by=by)
            made = cls._create(person=person, kind=CardKind.OWN, by=by, pin=pin)
            note_way_in(PeopleEvent.OWN_WORDS_MADE, person=person, by=by, card=made[0])
            return made
        cls._off(cls.objects.filter(person=person, kind__in=TICKETS, opened_at=None), by=by)
        kind = CardKind.NEW if cls.had_a_way_of_their_own(person) else CardKind.FIRST
        made = cls._create(person=person, kind=kind, by=by, pin=pin, expires_at=timezone.now() + TICKET_LASTS)
        note_way_in(PeopleEvent.CARD_MADE, person=person, by=by, card=made[0])
        return made

    @classmethod
    def had_a_way_of_their_own(cls, person):
        """Whether the person has ever come in by a way that nobody else has seen: then there may be private words."""
        own = cls.objects.filter(person=person, kind=CardKind.OWN)
        used = own.filter(Q(given_through=None) | Q(opened_at__isnull=False))
        return person.user.has_passphrase or used.exists()

    @classmethod
    def _create(cls, *, pin, by, **facts):
        words, token = " ".join(draw_four()), secrets.token_urlsafe(24)
        card = cls.objects.create(
            words_hash=hash_words(words),
            token_hash=hash_token(token),
            pin_hash=make_password(pin) if pin else "",
            created_by=by,
            **facts,
        )
        return card, words, token

    # --- opening ---

    @transaction.atomic
    def open(self):
        """Note that this opened the plan. A first or new card opens once, and gives own words.

        Returns (own words' card, four words, token) for such a card, None for own words. Raises `OpenedAlready` where
        somebody was faster.
        """
        self.person.lock()
        user = self.person.user
        mine = PlanCard.objects.filter(pk=self.pk, turned_off_at=None)
        if self.is_own:
            mine.filter(opened_at=None).update(opened_at=timezone.now())
            note_way_in(PeopleEvent.OWN_WORDS_USED, person=self.person, by=user, card=self)
            return None
        if not mine.filter(opened_at=None, expires_at__gt=timezone.now()).update(opened_at=timezone.now()):
            raise OpenedAlready
        self.refresh_from_db(fields=["opened_at"])
        note_way_in(PeopleEvent.CARD_OPENED, person=self.person, by=user, card=self)
        return self.give_own_words()

    @transaction.atomic
    def give_own_words(self):
        """Own words for whoever opened this card; of words that it gave before and nobody has used, these take the
        place. Own words of before keep working: those that a new card gives wait for three days.
        """
        self.person.lock()
        user = self.person.user
        unused = Q(opened_at=None, given_through__isnull=False)
        PlanCard._off(PlanCard.objects.filter(unused, person=self.person, kind=CardKind.OWN), by=user)
        waits = timezone.now() + WAITS if self.kind == CardKind.NEW else None
        facts = {"person": self.person, "kind": CardKind.OWN, "given_through": self, "opens_all_from": waits}
        made = PlanCard._create(by=user, pin="", **facts)
        note_way_in(PeopleEvent.OWN_WORDS_MADE, person=self.person, by=user, card=made[0])
        return made

    @property
    def gave_used_words(self):
        """Whether own words that this card gave have opened the plan: from then on it gives no others."""
        return self.gave.filter(opened_at__isnull=False).exists()

    @transaction.atomic
    def open_all_now(self):
        """The person has shown that it is them: own words that this card gave need not wait."""
        self.say_right(by=self.person.user)
        PlanCard.objects.filter(given_through=self, opens_all_from__gt=timezone.now()).update(
            opens_all_from=timezone.now()
        )

    @transaction.atomic
    def take_pin(self, pin):
        """From now on these own words ask for this PIN."""
        PlanCard.objects.filter(pk=self.pk).update(pin_hash=make_password(pin))

    # --- turning off ---

    @classmethod
    def _off(cls, cards, *, by):
        """Turn these off; whatever session one of them opened ends with it. Returns how many were on."""
        return cards.filter(turned_off_at=None).update(turned_off_at=timezone.now(), turned_off_by=by)

    @transaction.atomic
    def turn_off(self, *, by):
        """Turn this way in off. Returns whether it was on."""
        if not PlanCard._off(PlanCard.objects.filter(pk=self.pk), by=by):
            return False
        note_way_in(PeopleEvent.CARD_TURNED_OFF, person=self.person, by=by, card=self)
        return True

    @classmethod
    @transaction.atomic
    def turn_off_unopened(cls, *, person, by):
        """Turn off the card that nobody has opened yet, whoever made it. Returns whether there was one."""
        unopened = cls.objects.filter(person=person, kind__in=TICKETS, opened_at=None, turned_off_at=None).first()
        return unopened is not None and unopened.turn_off(by=by)

    @classmethod
    @transaction.atomic
    def turn_off_tickets_of(cls, peer, *, person, by):
        """Turn off every card that this peer specialist made, opened or not; own words stay, also those it gave.

        Returns whether there was one that nobody had opened.
        """
        made = cls.objects.filter(person=person, created_by=peer, kind__in=TICKETS, turned_off_at=None)
        unopened = made.filter(opened_at=None, expires_at__gt=timezone.now()).exists()
        if cls._off(made, by=by):
            Event.note(PeopleEvent.CARD_TURNED_OFF, by=by, organization=person.organization, about=person.pk)
        return unopened

    @classmethod
    @transaction.atomic
    def turn_off_others(cls, *, person, by, but):
        """Turn off every way in by words but this one (None: all of them)."""
        cls._off(cls.objects.filter(person=person).exclude(pk=but.pk if but else None), by=by)
        note_way_in(PeopleEvent.OTHER_WAYS_ENDED, person=person, by=by, card=but)

    @transaction.atomic
    def say_right(self, *, by):
        """The person says that this new card is right; they are not asked again."""
        if PlanCard.objects.filter(pk=self.pk, said_right_at=None).update(said_right_at=timezone.now()):
            note_way_in(PeopleEvent.CARD_RIGHT, person=self.person, by=by, card=self)

    @transaction.atomic
    def say_wrong(self, *, by):
        """The person says that this new card is not right: it is off, and so are the own words it gave."""
        if PlanCard._off(PlanCard.objects.filter(Q(pk=self.pk) | Q(given_through=self)), by=by):
            note_way_in(PeopleEvent.CARD_WRONG, person=self.person, by=by, card=self)

    @property
    def has_pin(self):
        return bool(self.pin_hash)

    def fits_pin(self, pin):
        """Whether the PIN is the card's; always true for a card without one."""
        return not self.pin_hash or check_password(pin, self.pin_hash)


class OpenedAlready(Exception):
    """A first or new card was opened in this very moment, by somebody else or by a second tap."""


def note_way_in(what, *, person, by, card=None):
    """Note what happened to someone's ways in, for their organization and, by a signal, in their access log."""
    Event.note(what, by=by, organization=person.organization, about=card.pk if card else person.pk)
    way_in_changed.send(PlanCard, user=person.user, by=by, what=what, card=card)
