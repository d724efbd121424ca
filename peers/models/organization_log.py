"""The organization's log: who did what kind of thing, when. Never a name, never a word of a plan."""

import uuid

from django.db import models
from django.db.models.functions import Now

from peers.events import PeopleEvent
from peers.models.append_only import AppendOnly, AppendOnlyQuerySet


class Event(AppendOnly):
    """One thing that happened. Rows are only ever added, and nothing is built on them but the log's own page."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_default=Now())
    what = models.CharField(max_length=40, choices=PeopleEvent)
    # Codes, not foreign keys: the log outlives what it speaks of.
    by = models.UUIDField(null=True)
    # Whose device it was done on, where its owner had put it into a person's hands.
    on_device_of = models.UUIDField(null=True)
    organization = models.UUIDField(null=True)
    about = models.UUIDField(null=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-at"], name="events_of_an_organization")]

    def __str__(self):
        return f"event {self.code}"

    @classmethod
    def note(cls, what, *, by, organization=None, about=None):
        """Write one line, inside the transaction of the thing that happened."""
        return cls.objects.create(
            what=PeopleEvent(what),
            by=by.pk if by else None,
            on_device_of=by.on_device_of.pk if by and by.on_device_of else None,
            organization=organization.pk if organization else None,
            about=about,
        )
