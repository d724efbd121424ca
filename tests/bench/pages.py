"""What a full plan's page costs, in bare views, and how often it asks the database.

Counted are questions (SELECT, INSERT, UPDATE, DELETE); not what opens and closes a transaction, and not the one word
that tells the database who acts.
"""

from functools import partial

from django.urls import reverse

from tests.bench.measure import Measured, medians, ratio, take_turns
from tests.bench.site import Visitor, load_site, queries_of

PAGE_AT_MOST = 45
QUERIES_AT_MOST = 10
ROUNDS = 200
FEW_GOALS, MANY_GOALS, MANY_GOALS_AT_MOST = 40, 300, 2
ROUNDS_OF_GOALS = 40


def measure():
    from django.db import connection

    from tests.bench.plans import full_plan

    on = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    plan, sam = full_plan()
    longer, _ = full_plan("Maya of many words", times=4)
    bare, maya, walker = Visitor(), Visitor(plan.owner), Visitor(sam)
    maya_too = Visitor(longer.owner)
    page, long_page = (reverse("plan", kwargs={"plan": each.pk}) for each in (plan, longer))
    times = take_turns(
        {
            "bare": lambda: bare.get("/bench/bare/"),
            "page": lambda: maya.get(page),
            "walker": lambda: walker.get(page),
        },
        rounds=ROUNDS,
        warm=10,
    )
    typical = medians(times)
    yield Measured.at_most(f"plan page, {on}", ratio(times, "page", "bare"), "x bare view", PAGE_AT_MOST)
    yield Measured.at_most(
        f"plan page of who walks along, {on}", ratio(times, "walker", "bare"), "x bare view", PAGE_AT_MOST
    )
    yield Measured.info(f"bare view, {on}", typical["bare"], "ms")
    yield Measured.info(f"plan page itself, {on}", typical["page"], "ms")
    for name, visit in (
        ("plan page", lambda: maya.get(page)),
        ("plan page of who walks along", lambda: walker.get(page)),
        ("plan page, four times as full", lambda: maya_too.get(long_page)),
    ):
        asked = queries_of(visit)
        yield Measured.at_most(f"{name}: queries, {on}", len(asked), "queries", QUERIES_AT_MOST)
    yield from many_goals(on)


def many_goals(on):
    """The plan with three hundred goals against the one with forty."""
    from tests.bench.plans import plan_of_goals

    plans = {size: plan_of_goals(f"Maya of {size} goals", size) for size in (FEW_GOALS, MANY_GOALS)}
    owners = {size: Visitor(plan.owner) for size, plan in plans.items()}
    pages = {size: reverse("plan", kwargs={"plan": plan.pk}) for size, plan in plans.items()}
    visits = {size: partial(owners[size].get, pages[size]) for size in plans}
    times = take_turns(visits, rounds=ROUNDS_OF_GOALS)
    grown = ratio(times, MANY_GOALS, FEW_GOALS)
    yield Measured.at_most(f"plan page of {MANY_GOALS} goals, {on}", grown, f"x {FEW_GOALS} goals", MANY_GOALS_AT_MOST)
    yield Measured.info(f"plan page of {FEW_GOALS} goals, {on}", medians(times)[FEW_GOALS], "ms")


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
