"""Who has looked: the person reads who looked, printed and changed, in plain words."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone

from recovery_plans.access_log import read_looks


def access_log(request, plan):
    """Looks and prints, and what others changed; with ?own=1 what the person did too. Newest first."""
    with_own = "own" in request.GET
    log = read_looks(plan, before=request.GET.get("before"), with_own=with_own)
    shown = {"plan": plan, "lines": log.rows, "older": log.after, "with_own": with_own}
    return render(request, "recovery_plans/access_log/access_log.html", shown | {"rows": by_day_and_person(log.rows)})


@dataclass(frozen=True)
class DayOfOne:
    """What one reader did on one day: a row of its own, with each line of the log in it."""

    lines: list

    @property
    def newest(self):
        return self.lines[0]

    @property
    def actions(self):
        """What was done that day, each kind of it once."""
        return list(dict.fromkeys(line.what for line in self.lines))


def by_day_and_person(lines):
    """The lines of one page as rows, one for each day of each reader; the row with the newest line comes first.

    Who was called otherwise, or had another role, later on the same day has a row of its own for it.
    """
    rows = {}
    for line in lines:
        rows.setdefault(_row(line), []).append(line)
    return [DayOfOne(found) for found in rows.values()]


def _row(line):
    return timezone.localdate(line.at), line.by, line.who, line.roles, line.on_device_of
