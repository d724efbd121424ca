"""One living recovery plan of one person."""

import uuid

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from peers.asking import Change, given
from recovery_plans.events import Happened
from recovery_plans.models.log import LogLine


class Plan(models.Model):
    """A person's plan: theirs, in their words, one for as long as they like."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField("peers.Person", on_delete=models.PROTECT, related_name="plan")
    # Goes up with every change: a conflict check, an event and a page's mark in one.
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    unguarded = models.Manager()

    def __str__(self):
        return f"plan {self.code}"

    @classmethod
    @transaction.atomic
    def start(cls, *, person, by):
        """Start a person's plan. Whoever walks with them now may open it: all but their story and hard days."""
        from recovery_plans.models.sharing import Grant

        plan, new = cls.unguarded.get_or_create(person=person)
        if new:
            LogLine.note(Happened.PLAN_STARTED, plan=plan, by=by)
        for walk in person.walks_now():
            Grant.for_walk(plan=plan, walk=walk, by=by)
        return plan

    @property
    def owner(self):
        """The user whose plan it is."""
        return self.person.user

    @property
    def language(self):
        """The language the person speaks here; a line that says nothing else is in it."""
        return self.person.user.language

    def add_entry(self, *, section, words, by, helps="", kind="", prompt="", language="", voice=None, save_id=None):
        """Write one statement in a section. `helps` is how a supporter helps; `kind` see EntryKind."""
        from recovery_plans.models.profile import Entry

        return Entry.write(
            plan=self, section=section, words=words, detail=helps, by=by, kind=kind, prompt=prompt,
            language=language, voice=voice, save_id=save_id,
        )  # fmt: skip

    def add_goal(self, *, words, by, why="", look_again_on=None, language="", voice=None, save_id=None):
        """Write down something the person wants. It goes to the end of their list."""
        from recovery_plans.models.goals import Goal

        last = self.goals.aggregate(last=models.Max("position"))["last"] or 0
        return Goal.write(
            plan=self, words=words, detail=why, by=by, look_again_on=look_again_on, position=last + 1,
            language=language, voice=voice, save_id=save_id,
        )  # fmt: skip

    def note_change(self, what, *, by, line=None, part=""):
        """One change happened: the plan's version goes up and the access log says so. Inside the caller's atomic."""
        ONE_VERSION_ON.make(plan=self.pk)
        LogLine.note(what, plan=self, by=by, part=part or (line.part if line else ""), line=line)


ONE_VERSION_ON = Change(lambda: (Plan.unguarded.filter(pk=given("plan")), {"version": F("version") + 1}))
