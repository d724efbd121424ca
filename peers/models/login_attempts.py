"""Guesses at a way in, counted before anyone looks whether they are right."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

WINDOW = timedelta(minutes=15)


class LoginAttempt(models.Model):
    """How many guesses of one kind came from one place, or at one account, in this window of 15 minutes.

    Kept in the database, so that the count holds over all server processes. The key is a keyed hash: no address is
    stored. A guess is counted first, in one statement, and given back when it was right: of sixteen at once no more are
    looked at than of sixteen in a row.
    """

    key = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["since"], name="attempts_by_age")]

    def __str__(self):
        return f"login attempt {self.key[:8]}"

    @staticmethod
    def key_of(kind, address):
        return hashlib.sha256(f"{settings.SECRET_KEY}:{kind}:{address}".encode()).hexdigest()

    @classmethod
    def count(cls, *, kind, address, limit):
        """Count one guess, unless there have been as many as the limit. Returns whether it may be looked at.

        The one UPDATE asks and counts: two guesses at once cannot both be the last one. Counts of old windows go.
        """
        now = timezone.now()
        cls.objects.filter(since__lt=now - WINDOW).delete()
        key = cls.key_of(kind, address)
        cls.objects.bulk_create([cls(key=key, since=now)], ignore_conflicts=True)
        return bool(cls.objects.filter(key=key, wrong__lt=limit).update(wrong=F("wrong") + 1))

    @classmethod
    def give_back(cls, *, kind, address):
        """Take one guess back: it was right, or it was not looked at."""
        cls.objects.filter(key=cls.key_of(kind, address), wrong__gt=0).update(wrong=F("wrong") - 1)

    @classmethod
    def minutes_to_wait(cls, *, kind, address):
        """How many minutes until the window of this count is over; at least one."""
        row = cls.objects.filter(key=cls.key_of(kind, address)).first()
        left = row.since + WINDOW - timezone.now() if row else timedelta()
        return max(1, round(left.total_seconds() / 60))
