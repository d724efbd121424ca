"""Whether a page gets slower when 10,000 people are here instead of a dozen.

Two databases in one PostgreSQL: the demo with its eighteen people and a small crowd, and the same with 10,000 more.
The same readers open the same pages in both, turn by turn. The crowd's supervisor has more than one page of rows in
both, so that what is compared is growth, not how much stands on a page.
"""

import json
import os
import subprocess
import sys
import time

from tests.bench.measure import Measured, ratio
from tests.bench.place import Visitor, open_place

SLOWER_AT_MOST = 1.5
FEW_MORE, MANY_MORE = 130, 10_000
ROUNDS, WARM = 25, 3


def measure(urls):
    """`urls` are the two databases, the small and the large one."""
    few, many = (Place(url, people) for url, people in zip(urls, (FEW_MORE, MANY_MORE), strict=True))
    try:
        names = few.names()
        if names != many.names():
            raise RuntimeError("the two places do not have the same pages")
        for name in names:
            times = {"few": [], "many": []}
            for turn in range(WARM + ROUNDS):
                taken = {"few": few.visit(name), "many": many.visit(name)}
                if turn >= WARM:
                    for place, milliseconds in taken.items():
                        times[place].append(milliseconds)
            if None in times["few"] + times["many"]:
                yield Measured(name=f"{name}: it does not open", value=0, unit="x with a few", target=1.5, ok=False)
            else:
                yield Measured.at_most(name, ratio(times, "many", "few"), "x with a few", SLOWER_AT_MOST)
    finally:
        few.close()
        many.close()


class Place:
    """The app in a process of its own, on one of the two databases: told a page's name, it says how long it took."""

    def __init__(self, url, people):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.scale", str(people)],
            env=os.environ | {"DATABASE_URL": url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _hear(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a place to measure in has ended")
        return json.loads(line)

    def names(self):
        return self._hear()

    def visit(self, name):
        self._process.stdin.write(name + "\n")
        self._process.stdin.flush()
        return self._hear()

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)


# --- inside the process of one place ---


def serve(people):
    from django.core.management import call_command

    open_place()
    call_command("demo", people=people, stdout=sys.stderr)
    _analyze()
    pages = all_pages()
    tell(sorted(pages))
    for line in sys.stdin:
        visitor, path = pages[line.strip()]
        began = time.perf_counter()
        try:
            visitor.get(path)
        except AssertionError:
            tell(None)
        else:
            tell((time.perf_counter() - began) * 1000)


def tell(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _analyze():
    """What autovacuum does by itself a minute later: PostgreSQL learns how much of everything there is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("analyze")


def all_pages():
    """{what it is: (who opens it, its address)}: every page that shows something of the database."""
    from django.urls import reverse

    from peers.models import Organization, User
    from peers.models.organization import StaffRole
    from recovery_plans.access import summaries_reached_by
    from recovery_plans.models import Plan

    of = {name: User.objects.get(username=name) for name in ("maya", "sam", "dana", "ines")}
    crowd = Organization.objects.order_by("-created_at").first()
    of["robin"] = User.objects.welcome(name="Robin", username="robin")
    for role in (StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR):
        crowd.take_on(user=of["robin"], role=role, by=of["robin"])
    plan = {"plan": Plan.unguarded.get(person__user=of["maya"]).pk}
    visitors = {name: Visitor(user) for name, user in of.items()}
    pages = {}

    def page(who, name, address=None, **ids):
        pages[f"{address or name}, {who}"] = (visitors[who], reverse(name, kwargs=ids))

    for name in ("plan", "about-me", "back", "goal-new", "print", "share", "looks", "card"):
        page("maya", name, **plan)
    for name in ("plan", "about-me", "back", "print"):
        page("sam", name, **plan)
    page("sam", "together-part", section="strengths", **plan)
    for who in ("maya", "sam"):
        page(who, "part", section="strengths", **plan)
        page(who, "settings")
    page("sam", "today")
    page("sam", "person-new")
    for who in ("dana", "robin"):
        page(who, "team")
        page(who, "summaries")
        page(who, "summary", grant=summaries_reached_by(of[who]).order_by("pk").first().pk)
    for who in ("ines", "robin"):
        page(who, "organization")
    return pages


if __name__ == "__main__":
    serve(int(sys.argv[1]))
