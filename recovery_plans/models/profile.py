"""The profile: the sections, each a list of statements in the person's words."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from peers.phone_numbers import PHONE_LIMIT
from recovery_plans.models.lines import Line, words_fit
from recovery_plans.sections import EntryKind, Section, kind_fits_section


def as_tapped(words):
    """A word as chips compare it: one that stands there in capitals is known already."""
    return words.casefold()


class Entry(Line):
    """One statement in a section, in the person's words. For a supporter, `detail` is how they help."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="entries")
    section = models.CharField(max_length=20, choices=Section)
    kind = models.CharField(max_length=10, choices=EntryKind, default=EntryKind.PLAIN, blank=True)
    # Which question of the bank it answers, where one was asked.
    prompt = models.CharField(max_length=10, blank=True)
    # A number to call or text, as it was typed; in some sections only.
    phone = models.CharField(max_length=PHONE_LIMIT, blank=True)

    class Meta(Line.Meta):
        abstract = False
        constraints = [
            *Line.Meta.constraints,
            words_fit("entry"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="entry_section_is_known"),
            models.CheckConstraint(condition=kind_fits_section(), name="entry_kind_fits_its_section"),
        ]
        indexes = [models.Index(fields=["plan", "section", "created_at"], name="entries_of_a_plan")]

    @property
    def part(self):
        return self.section

    def rewrite(self, *, phone="", **new):
        """As every line, with the number that belongs to it: no number is as much a text as one."""
        return super().rewrite(phone=phone, **new)


class PromptForLater(models.Model):
    """A prompt someone put aside with "Later". It is offered again before those already used."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="prompts_for_later")
    section = models.CharField(max_length=20, choices=Section)
    prompt = models.CharField(max_length=10)
    kept_at = models.DateTimeField(default=timezone.now)

    unguarded = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "prompt"], name="a_prompt_is_kept_once")]

    def __str__(self):
        return f"prompt for later {self.prompt}"

    @classmethod
    @transaction.atomic
    def keep(cls, *, plan, section, prompt):
        cls.unguarded.update_or_create(
            plan=plan, prompt=prompt, defaults={"section": section, "kept_at": timezone.now()}
        )
