"""What is not in the plan any more and is not lost: lines that were taken out, and words kept beside a line.

Who may read it again stands here: the person all of it; anyone else only what was in their own hand.
"""

from collections import defaultdict
from dataclasses import dataclass

from recovery_plans.models import Entry, Goal, Revision, Section, Step, Telling, Voice
from recovery_plans.sections import GOALS, GOALS_LABEL

KEPT_IN_SIGHT = 50


@dataclass(frozen=True)
class TakenOut:
    """A line that was taken out, and whether this reader may bring it back."""

    line: object
    may_bring_back: bool


def taken_out(reading):
    """Lines that were taken out. The person sees all of theirs; anyone else only what they took out themself."""
    sees, gone = reading.reach.sees, {"plan": reading.plan, "removed_at__isnull": False}
    if not reading.is_owner:
        gone |= {"removed_by": reading.reader, "voice__in": [Voice.TYPED, Voice.PAPER]}
    sections = [section for section in Section.values if section in sees]
    rows = [*Entry.unguarded.filter(section__in=sections, **gone).select_related("changed_by")]
    if GOALS in sees:
        rows += Goal.unguarded.filter(**gone).select_related("changed_by")
        rows += Step.unguarded.filter(goal__removed_at=None, **gone).select_related("changed_by")
    if reading.is_owner:  # nobody else writes one, or takes one out
        rows += Telling.unguarded.filter(of_part__in=sees, **gone).select_related("changed_by")
    return [TakenOut(line, _may_write(line, reading)) for line in rows]


def tellings_in(reading):
    """How it went, as the person told it: of the lines this reader may see, oldest first, by the line's code.

    With a line that was taken out, what was told of it is out of everybody else's sight as well.
    """
    found = defaultdict(list)
    rows = Telling.unguarded.filter(plan=reading.plan, removed_at=None, of_part__in=reading.reach.sees)
    rows = rows if reading.is_owner else rows.filter(Telling.of_what_stands(reading.plan))
    for telling in rows.order_by("created_at", "code"):
        found[telling.about].append(telling)
    return found


@dataclass(frozen=True)
class KeptText:
    """Words that came too late to be a line's, the line they were for, and whether this reader may change that."""

    text: Revision
    line: object
    may_change: bool

    @property
    def heading(self):
        """The heading under which the line stands."""
        return GOALS_LABEL if self.line.part == GOALS else Section(self.line.part).label


def kept_words(reading):
    """The newest words that were kept beside a line. The person reads all of theirs, anyone else only their own."""
    kept = Revision.unguarded.filter(plan=reading.plan, version=None).select_related("by").order_by("-at", "save_id")
    kept = list((kept if reading.is_owner else kept.filter(by=reading.reader))[:KEPT_IN_SIGHT])
    lines = _lines_in_sight(reading, {text.line for text in kept}) if kept else {}
    return [
        KeptText(text, line, may_change=not line.is_gone and _may_write(line, reading))
        for text, line in ((text, lines[text.line]) for text in kept if text.line in lines)
    ]


def _lines_in_sight(reading, codes):
    """Lines this reader may see, also those that were taken out, by their codes."""
    asked, sees = {"plan": reading.plan, "pk__in": codes}, reading.reach.sees
    lines = [*Entry.unguarded.filter(section__in=sees, **asked)]
    if GOALS in sees:
        lines += [*Goal.unguarded.filter(**asked), *Step.unguarded.filter(**asked).select_related("goal")]
    lines += Telling.unguarded.filter(of_part__in=sees, **asked)
    return {line.pk: line for line in lines}


def _may_write(line, reading):
    line.plan = reading.plan
    return may_write(line, reach=reading.reach, reader=reading.reader)


def may_write(line, *, reach, reader):
    """Whether this reader may change the line, take it out, or bring it back."""
    return line.part in reach.writes and line.may_be_changed_by(reader)
