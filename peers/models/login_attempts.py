"""Wrong guesses at a way in. They slow down the place they come from, and no other place."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

WINDOW = timedelta(minutes=15)


class Attempt(models.Model):
    """How many wrong guesses came from one place in this window of 15 minutes.

    Kept in the database, so that the count holds over all server processes. The place is a keyed hash: no address
    is stored. Right guesses are never counted. What waits is the place, never the way in: the one it belongs to
    must wait only where they share a place with the guesser, such as a library's network, and for 15 minutes at most.
    """

    key = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["since"], name="attempts_by_age")]

    def __str__(self):
        return f"attempt {self.key[:8]}"

    @staticmethod
    def key_of(kind, place):
        return hashlib.sha256(f"{settings.SECRET_KEY}:{kind}:{place}".encode()).hexdigest()

    @classmethod
    def minutes_to_wait(cls, *, kind, place, most):
        """How many minutes this place should wait before the next guess; 0 when it may guess now."""
        row = cls.objects.filter(key=cls.key_of(kind, place), since__gt=timezone.now() - WINDOW).first()
        if row is None or row.wrong < most:
            return 0
        left = row.since + WINDOW - timezone.now()
        return max(1, round(left.total_seconds() / 60))

    @classmethod
    def count_wrong(cls, *, kind, place):
        """Count one wrong guess. Old windows are cleared on the way."""
        now = timezone.now()
        cls.objects.filter(since__lt=now - WINDOW).delete()
        key = cls.key_of(kind, place)
        if not cls.objects.filter(key=key).update(wrong=F("wrong") + 1):
            row, made = cls.objects.get_or_create(key=key, defaults={"wrong": 1})
            if not made:
                cls.objects.filter(pk=row.pk).update(wrong=F("wrong") + 1)
