"""Wrong guesses at a way in, counted by the address they come from. Only that address has to wait."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

WINDOW = timedelta(minutes=15)


class LoginAttempt(models.Model):
    """How many wrong guesses came from one address in this window of 15 minutes.

    Kept in the database, so that the count holds over all server processes. The key is a keyed hash: no address is
    stored. Right guesses are never counted. The address waits, never the account: its owner must wait only where they
    share an address with the guesser, such as a library's network, and for 15 minutes at the longest.
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
    def minutes_to_wait(cls, *, kind, address, limit):
        """How many minutes this address should wait before the next guess; 0 when it may guess now."""
        row = cls.objects.filter(key=cls.key_of(kind, address), since__gt=timezone.now() - WINDOW).first()
        if row is None or row.wrong < limit:
            return 0
        left = row.since + WINDOW - timezone.now()
        return max(1, round(left.total_seconds() / 60))

    @classmethod
    def count_wrong(cls, *, kind, address):
        """Count one wrong guess, and delete the counts of old windows."""
        now = timezone.now()
        cls.objects.filter(since__lt=now - WINDOW).delete()
        key = cls.key_of(kind, address)
        if not cls.objects.filter(key=key).update(wrong=F("wrong") + 1):
            row, created = cls.objects.get_or_create(key=key, defaults={"wrong": 1})
            if not created:
                cls.objects.filter(pk=row.pk).update(wrong=F("wrong") + 1)
