"""Whether the database still takes what is written: asked by /healthz, as a full disk is not seen by reading."""

from django.db import models
from django.utils import timezone


class WriteProbe(models.Model):
    """One row, written again and again. It says nothing but when."""

    at = models.DateTimeField()

    def __str__(self):
        return "write probe"

    @classmethod
    def write(cls):
        cls.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
