"""The plan card: four words, a QR code, and nothing that says what it opens."""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.utils import timezone

from peers.events import PeopleEvent
from peers.models.organization_log import Event
from peers.words import draw_four, normalize


def hash_words(words):
    """The hash of four words. Slow on purpose: 41 bits must not be guessed from a stolen database.

    The same words always give the same hash (a card is found by it), so the salt is one pepper for all cards.
    """
    return hashlib.scrypt(words.encode(), salt=settings.CARD_PEPPER.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def hash_token(token):
    """The hash of the 192-bit token in the card's QR code; random enough for a fast hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class PlanCard(models.Model):
    """A person's way in without mail or phone. Only hashes are kept; a new card turns off the old."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("peers.Person", on_delete=models.PROTECT, related_name="cards")
    words_hash = models.CharField(max_length=64, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    turned_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(turned_off_at=None), name="one_live_card_a_person"
            )
        ]

    def __str__(self):
        return f"plan card {self.code}"

    @classmethod
    @transaction.atomic
    def make(cls, *, person, by, pin=""):
        """Make a card and turn off the old one. Returns (card, four words, token): shown once, kept nowhere."""
        person.lock()  # of two cards made at once, the later one stays
        cls.turn_off(person=person, by=by)
        words, token = " ".join(draw_four()), secrets.token_urlsafe(24)
        card = cls.objects.create(
            person=person,
            words_hash=hash_words(words),
            token_hash=hash_token(token),
            pin_hash=make_password(pin) if pin else "",
            created_by=by,
        )
        Event.note(PeopleEvent.CARD_MADE, by=by, organization=person.organization, about=card.pk)
        return card, words, token

    @classmethod
    @transaction.atomic
    def turn_off(cls, *, person, by, made_by=None):
        """Turn off the person's card; with `made_by`, only one that this user made. Returns whether there was one.

        All sessions of the person end at once, as one may have been opened with it.
        """
        live = cls.objects.filter(person=person, turned_off_at=None)
        if made_by is not None:
            live = live.filter(created_by=made_by)
        if not live.update(turned_off_at=timezone.now()):
            return False
        person.user.end_all_sessions()
        Event.note(PeopleEvent.CARD_TURNED_OFF, by=by, organization=person.organization, about=person.pk)
        return True

    @classmethod
    def is_own(cls, code, *, user):
        """Whether this is a live card that its person made themselves: as good as their passphrase."""
        return cls.objects.filter(pk=code, person__user=user, created_by=user, turned_off_at=None).exists()

    @classmethod
    def by_words(cls, typed):
        """The live card with these four words, typed in any case and spacing; None when there is none."""
        words = normalize(typed)
        return cls._live(words_hash=hash_words(words)) if words else None

    @classmethod
    def by_token(cls, token):
        return cls._live(token_hash=hash_token(token))

    @classmethod
    def _live(cls, **found_by):
        cards = cls.objects.select_related("person__user", "person__organization")
        return cards.filter(turned_off_at=None, person__user__is_active=True, **found_by).first()

    @property
    def has_pin(self):
        return bool(self.pin_hash)

    def fits_pin(self, pin):
        """Whether the PIN is the card's; always true for a card without one."""
        return not self.pin_hash or check_password(pin, self.pin_hash)
