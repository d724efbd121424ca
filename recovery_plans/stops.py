"""What was stopped, kept beside the database, so that a restored backup does not bring it back.

A backup of last night knows nothing of a yes that was stopped this morning. The file has a line for each: what kind,
its code, when. No names, no words. It only grows; `manage.py stopped --replay` ends all of it again after a restore.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peers.models import PlanCard, Role, User, Walk
from recovery_plans.models import Grant

# Each kind: its rows, and the column that says when it ended.
STOPPED = {
    "yes": (Grant.unguarded, "revoked_at"),
    "walk": (Walk.objects, "ended_at"),
    "card": (PlanCard.objects, "turned_off_at"),
    "role": (Role.objects, "until"),
}
# What was ended and goes on again, as the end was undone: such an end is not done once more.
GONE, GOES_ON = "user", "-resumed"
RESUMED = {f"role{GOES_ON}": (Role.objects, "resumed_at"), f"walk{GOES_ON}": (Walk.objects, "resumed_at")}


LONG_AGO, LOOKED_AT_AGAIN = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)


def stops_file():
    return Path(settings.VAR_DIR) / "stopped.txt"


def write_stops(path=None):
    """Add what has been stopped since the last time. How many lines were added.

    Asked for is what was stopped since the newest line, and a day before it: a clock may have been set back, and what
    began earlier may be committed later.
    """
    path = path or stops_file()
    known = set(path.read_text().splitlines()) if path.exists() else set()
    new = [line for line in _lines_since(_newest(known) - LOOKED_AT_AGAIN) if line not in known]
    if not new:
        return 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stops:
        stops.writelines(f"{line}\n" for line in new)
        stops.flush()
        os.fsync(stops.fileno())
    return len(new)


def _newest(lines):
    """When the newest of these was stopped, now at the latest; long ago where none of them says it."""
    moments = [_moment(at) for _kind, _code, *at in map(str.split, lines) if at]
    return min(max(moments, default=LONG_AGO), timezone.now())


def _lines_since(moment):
    for kind, (rows, column) in (STOPPED | RESUMED).items():
        for code, at in rows.filter(**{f"{column}__gte": moment}).order_by(column).values_list("pk", column):
            yield f"{kind} {code} {at.isoformat()}"
    for code in User.objects.filter(is_active=False).values_list("pk", flat=True):
        yield f"{GONE} {code}"


@transaction.atomic
def replay_stops(path):
    """End again whatever the file says was ended. How many it was; what is not here at all is passed over."""
    ended, lines = 0, [line.split() for line in path.read_text().splitlines()]
    resumed = {(kind, code): at for kind, code, *at in lines if kind in RESUMED}
    for kind, code, *at in lines:
        if kind == GONE:
            ended += User.objects.filter(pk=code, is_active=True).update(is_active=False)
        elif kind not in RESUMED and _moment(at) > _moment(resumed.get((kind + GOES_ON, code))):
            rows, column = STOPPED[kind]
            ended += rows.filter(**{"pk": code, column: None}).update(**{column: _moment(at)})
    return ended


def _moment(at):
    return datetime.fromisoformat(*at) if at else LONG_AGO
