"""Asking someone to walk along: six letters that the person shows, and a peer specialist types in."""

import secrets
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from peers.events import PeopleEvent
from peers.models.organization_log import Event

# No vowels, so that they never make a word; no letter that looks like another, or like a number.
LETTERS = "BCDFGHJKMNPQRTVWXZ"
LENGTH = 6
GOOD_FOR = timedelta(minutes=15)


class WalkRequest(models.Model):
    """A person asks: whoever types these six letters in walks with me. Only a digest of the letters is kept."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("peers.Person", on_delete=models.PROTECT, related_name="walk_requests")
    letters_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["letters_digest", "expires_at"], name="walk_requests_by_letters")]

    def __str__(self):
        return f"walk request {self.code}"

    @classmethod
    @transaction.atomic
    def make(cls, *, person, by):
        """Six new letters, good for fifteen minutes; those made before open nothing from now on.

        Returns (request, letters): the letters are kept nowhere.
        """
        person.lock()
        cls.objects.filter(waiting(), person=person).update(expires_at=timezone.now())
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        request = cls.objects.create(
            person=person, letters_digest=digest_of(letters), expires_at=timezone.now() + GOOD_FOR
        )
        Event.note(PeopleEvent.WALK_ASKED, by=by, organization=person.organization, about=request.pk)
        return request, letters

    @classmethod
    @transaction.atomic
    def answer(cls, *, letters, by):
        """The person who showed these letters, once; None when they are wrong, too old, used, or the reader's own."""
        found = cls.objects.filter(waiting(), letters_digest=digest_of(letters)).exclude(person__user=by).first()
        if found is None:
            return None
        if not cls.objects.filter(waiting(), pk=found.pk).update(answered_at=timezone.now(), answered_by=by):
            return None
        return found.person


def waiting():
    """Which requests can be answered now."""
    return models.Q(answered_at=None, expires_at__gt=timezone.now())


def digest_of(letters):
    """A keyed digest of six letters, however they were typed. Fast: they are worth nothing after fifteen minutes."""
    typed = "".join(letters.upper().replace("-", "").split())
    return salted_hmac("peers.walk_requests", typed, algorithm="sha256").hexdigest()
