"""Whether the machine is well. It says "well" or "not well", and nothing about why: anyone may ask."""

from django.db import Error, connection
from django.http import JsonResponse

_ASKED = {}


def asked_by_the_machine(name):
    """Register a check under this name: it returns whether its part is well."""

    def register(check):
        _ASKED[name] = check
        return check

    return register


@asked_by_the_machine("database")
def database():
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def healthz(request):
    """200 when every part is well, else 503; each part by name."""
    found = {name: _is_well(check) for name, check in _ASKED.items()}
    said = {name: "well" if well else "not well" for name, well in found.items()}
    return JsonResponse(said, status=200 if all(found.values()) else 503)


def _is_well(check):
    try:
        return bool(check())
    except (Error, OSError):
        return False
