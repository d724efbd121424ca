"""Whether the app works. It names what is not well, and says nothing about why: anyone may ask."""

import shutil
import time

from django.conf import settings
from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from peers.faults import is_disk_full
from peers.models import WriteProbe
from peers.signals import health_checks_requested

# Less than this, and the disk is as good as full: a backup, a print or an upgrade would fill it.
ROOM_NEEDED = 100 << 20
# Anyone may ask, and each write waits for the disk: once in so many seconds is enough.
WRITES_EVERY = 10
_last = {"write": -WRITES_EVERY}


@require_safe
def healthz(request):
    """200 when every part works, else 503; each part by name.

    While the database is away nothing else is asked, as that would only wait for it again: monitoring hears within
    seconds.
    """
    states = {"database": "not well", "disk": "well" if has_room() else "full"}
    try:
        if database_answers():
            states["database"] = "well"
            write_now_and_then()
    except Error as error:
        states["database"] = "not well"
        if is_disk_full(error):
            states["disk"] = "full"
    if states["database"] == "well":
        states |= _other_parts()
    return JsonResponse(states, status=200 if set(states.values()) == {"well"} else 503)


def _other_parts():
    checks = {}
    for _receiver, more in health_checks_requested.send(None):
        checks |= more
    return {name: "well" if _works(check) else "not well" for name, check in checks.items()}


def database_answers():
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def write_now_and_then():
    """Write a row that counts for nothing. Raises what the database says when it cannot."""
    if time.monotonic() - _last["write"] < WRITES_EVERY:
        return
    WriteProbe.write()
    _last["write"] = time.monotonic()


def has_room():
    """Whether there is room where the app writes."""
    return shutil.disk_usage(settings.VAR_DIR).free >= ROOM_NEEDED


def _works(check):
    try:
        return bool(check())
    except (Error, OSError):
        return False
