"""What people of a team were called before: a log keeps codes only, and shows the name that its reader had then."""

import uuid

from django.db import models
from django.db.models.functions import Now

from peers.models.append_only import AppendOnly, AppendOnlyQuerySet


class FormerName(AppendOnly):
    """What someone was called until a moment. Rows are only ever added."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.UUIDField()
    name = models.CharField(max_length=80)
    until = models.DateTimeField(db_default=Now())  # by the clock of the log

    class Meta:
        indexes = [models.Index(fields=["user", "until"], name="former_names_of_a_user")]

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self):
        return f"former name {self.code}"
