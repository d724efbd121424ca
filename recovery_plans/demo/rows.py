"""Rows of a plan as the demo writes them: with days in the past, and each line's first text beside it."""

from datetime import timedelta

from django.utils import timezone

from recovery_plans.events import PlanEvent
from recovery_plans.models import Entry, Goal, LogLine, Plan, Revision, Ruler, Step, Voice
from recovery_plans.models.goals import GoalLink

# In the order in which they may be written: what points at another comes after it.
TABLES = (Plan, Entry, Goal, Step, GoalLink, Ruler, Revision, LogLine)


class Rows:
    """Rows waiting to be written together."""

    def __init__(self):
        self.waiting = {table: [] for table in TABLES}
        self.now = timezone.now()

    def add(self, row):
        self.waiting[type(row)].append(row)
        return row

    def day(self, days_ago):
        """A moment that many days ago; lines of one day keep the order they were added in."""
        order = sum(len(rows) for rows in self.waiting.values())
        return self.now - timedelta(days=days_ago) + timedelta(milliseconds=order % 100_000)

    def line(self, table, *, plan, words, by, owner, days_ago, voice=Voice.OWN, detail="", language="", **facts):
        """One line, its first text, and the log's word that it was added."""
        writer = owner if voice == Voice.OWN else by
        at = self.day(days_ago)
        line = self.add(
            table(
                plan=plan,
                words=words,
                detail=detail,
                language=language or owner.language,
                voice=voice,
                created_at=at,
                created_by=writer,
                changed_at=at,
                changed_by=writer,
                **facts,
            )
        )
        self.add(
            Revision(
                plan=plan,
                line=line.pk,
                version=1,
                **line.text,
                language=line.language,
                voice=voice,
                by=writer,
                at=at,
            )
        )
        self.add(LogLine(plan=plan.pk, at=at, what=PlanEvent.LINE_ADDED, by=writer.pk, part=line.part, line=line.pk))
        return line

    def write(self):
        """Write all that waits, in few statements."""
        for table, rows in self.waiting.items():
            table.unguarded.bulk_create(rows, batch_size=2000)
            rows.clear()
