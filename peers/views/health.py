"""Whether the app works. It says "well" or "not well", and nothing about why: anyone may ask."""

from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from peers.signals import health_checks_requested


@require_safe
def healthz(request):
    """200 when every part works, else 503; each part by name."""
    checks = {"database": database_works}
    for _receiver, more in health_checks_requested.send(None):
        checks |= more
    works = {name: _works(check) for name, check in checks.items()}
    states = {name: "well" if is_well else "not well" for name, is_well in works.items()}
    return JsonResponse(states, status=200 if all(works.values()) else 503)


def database_works():
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def _works(check):
    try:
        return bool(check())
    except (Error, OSError):
        return False
