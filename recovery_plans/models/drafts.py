"""Words that were typed and are not kept yet. The person's own are seen by them alone.

What somebody else begins to type for the person, the person can read at once, and it goes after a day.
"""

import hashlib
import json
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from recovery_plans.models.lines import Revision

OTHERS_ARE_KEPT_FOR = timedelta(days=1)
# What a form has beside a person's words: choices, and the version that the words were read at.
NOT_WORDS = ("kind", "language", "who", "days", "base_version", "day", "time", "how", "instead_of")


class Draft(models.Model):
    """One text that somebody began in one box of a plan, by the save id that it will be kept under.

    `box` is the address that the form goes to, within the plan: a new form has a box without anyone adding one.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey("peers.User", on_delete=models.CASCADE, related_name="+")
    box = models.CharField(max_length=200)
    part = models.CharField(max_length=20)
    save_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField(default=dict)  # the values typed and chosen, a list for each name
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    unguarded = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "author", "save_id"], name="one_draft_a_text")]

    def __str__(self):
        return f"draft {self.code}"

    @property
    def words(self):
        """What was typed and tapped, text by text."""
        return [text for name, values in self.fields.items() if name not in NOT_WORDS for text in values if text]

    # --- verbs ---

    @classmethod
    @transaction.atomic
    def hold(cls, *, plan, author, box, part, fields, save_id, version):
        """Hold this text, if it was changed nowhere else since `version`; nothing typed is nothing held.

        Returns the draft, or None where none is left. Changed in two places, both are held: this text under a save id
        of its own. A text that is kept already is not held once more; what goes on from it elsewhere is another text.
        """
        cls.clear_old()
        kept = Revision.unguarded.filter(save_id=save_id, plan=plan, by=author).first()
        if kept is not None:
            if not _goes_on(fields, kept):
                return None
            save_id, version = uuid.uuid5(save_id, _digest(fields)), 0
        mine = cls.unguarded.filter(plan=plan, author=author, save_id=save_id)
        if not fields:
            mine.filter(version=version).delete()
            return None
        text = {"fields": fields, "box": box, "part": part}
        if mine.filter(version=version).update(**text, version=F("version") + 1, updated_at=timezone.now()):
            return mine.get()
        draft, _new = mine.get_or_create(plan=plan, author=author, save_id=save_id, defaults=text)
        if draft.fields != fields:
            other_id = uuid.uuid5(save_id, _digest(fields))
            draft, _new = cls.unguarded.get_or_create(plan=plan, author=author, save_id=other_id, defaults=text)
        return draft

    @classmethod
    def take_out(cls, *, plan, author, save_id, version=None):
        """Take a text out: it was kept, or its author wants it gone.

        Where it was typed on meanwhile on another screen, after this `version`, that is held as a text of its own.
        """
        mine = cls.unguarded.filter(plan=plan, author=author, save_id=save_id)
        if version is not None and mine.filter(version__gt=version).update(save_id=uuid.uuid4()):
            return
        mine.delete()

    @classmethod
    def clear_old(cls):
        """Throw away what somebody else began for the person more than a day ago."""
        cls.unguarded.exclude(author=F("plan__person__user")).filter(~_fresh()).delete()

    @classmethod
    def clear_kept(cls):
        """Throw away what was kept while its page did not know that it was held. Nobody reads it meanwhile."""
        cls.unguarded.filter(_was_kept()).delete()

    # --- who reads which ---

    @classmethod
    def read_by(cls, reader, *, plan):
        """The drafts in this plan that this reader may read, newest first: one's own, and to the person everyone's."""
        begun = cls.unguarded.filter(plan=plan)
        if not begun.exists():  # as on most pages; what follows costs five times as much
            return []
        is_owner = reader.pk == plan.person.user_id
        may_read = Q(author=reader) | _fresh() if is_owner else Q(author=reader) & _fresh()
        # One that was on its way while it was kept is not shown as something still to keep.
        found = begun.filter(~_was_kept(), may_read)
        return list(found.select_related("author").order_by("-updated_at", "code"))


def _goes_on(fields, kept):
    """Whether these words are more than an earlier state of what was kept, which was only late on its way."""
    words = " ".join(fields.get("words", [])).strip()
    return bool(words) and not kept.words.startswith(words)


def _was_kept():
    return Exists(Revision.unguarded.filter(save_id=OuterRef("save_id"), plan=OuterRef("plan"), by=OuterRef("author")))


def _fresh():
    return Q(updated_at__gt=timezone.now() - OTHERS_ARE_KEPT_FOR)


def _digest(fields):
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
