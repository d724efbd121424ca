"""What saving one line costs (the policy, the new text, its revision, the log) against one durable row."""

import uuid
from itertools import count

from django.urls import reverse

from tests.bench.measure import Measured, medians, ratio, take_turns
from tests.bench.site import Visitor, load_site, queries_of

SAVING_AT_MOST = 6
# Whoever types for someone also finds and locks the grant they write by: two queries, and a plan that is not their own.
TYPED_AT_MOST = 9
ROUNDS = 150


class Pen:
    """Someone who changes one line again and again, each time from the version that stands."""

    def __init__(self, user, plan, entry):
        self._visitor, self._entry = Visitor(user), entry
        self._path = reverse("entry-change", kwargs={"plan": plan.pk, "line": entry.pk})
        self._numbers = count(1)

    def change(self):
        number = next(self._numbers)
        # A browser reads a page after each save; its message is shown then, and not once more.
        self._visitor.cookies.pop("messages", None)
        self._visitor.post(
            self._path,
            words=f"I say it in other words now, for the {number}th time.",
            base_version=number,
            save_id=uuid.uuid4(),
            draft_version=0,  # as the page says that was never held as a draft
            kind=self._entry.kind,
            language="",
        )


def measure():
    from django.db import connection

    from recovery_plans.models import Revision, Section
    from tests.bench.plans import full_plan

    on = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    plan, sam = full_plan()
    entry = plan.entries.filter(section=Section.STRENGTHS, voice="own").first()
    typed = plan.entries.filter(section=Section.STRENGTHS, voice="typed").first()
    floor, maya, walker = Visitor(), Pen(plan.owner, plan, entry), Pen(sam, plan, typed)
    times = take_turns(
        {"floor": lambda: floor.get("/bench/one-row/"), "saving": maya.change, "walker": walker.change},
        rounds=ROUNDS,
        warm=10,
    )
    typical = medians(times)
    for who, name, limit in (
        ("saving", "saving one line", SAVING_AT_MOST),
        ("walker", "saving one line typed for someone", TYPED_AT_MOST),
    ):
        yield Measured.at_most(f"{name}, {on}", ratio(times, who, "floor"), "x one durable row", limit)
    yield Measured.info(f"one durable row, {on}", typical["floor"], "ms")
    yield Measured.info(f"saving one line itself, {on}", typical["saving"], "ms")
    yield Measured.info(f"saving one line: queries, {on}", len(queries_of(maya.change)), "queries")
    # Every one of them was kept: the first text, and one for each change.
    kept = Revision.unguarded.filter(line=entry.pk).exclude(version=None).count()
    assert kept == 1 + 10 + ROUNDS + 1, kept


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
