"""Long lists, a page at a time, and names in the order in which people look for them.

A page goes on from the last row that was shown, never from "row 5,000". So a page far down costs no more than the
first, and whoever comes or goes meanwhile, nobody is shown twice or passed over.
"""

import uuid
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Func, Q


class Page(NamedTuple):
    """Some rows of a list, and the code to go on from: the last row's, or None at the end."""

    rows: list
    after: object
    is_first: bool = True


class ByName(Func):
    """A name as it is sorted: big and small letters alike, and on PostgreSQL letters with marks beside those without.

    SQLite does so for the letters of English only. The index behind long lists (`User.Meta`) is in the order of this
    very expression; sorted by anything else, a list of names is read whole before its first page is there.
    """

    template = '%(expressions)s COLLATE "und-x-icu"'
    arity = 1

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template="LOWER(%(expressions)s)", **more)


def by_name(user=""):
    """The order of people, for `one_page` and `order_by`: by name, then by code. `user` leads to the user of a row."""
    path = f"{user}__" if user else ""
    return [ByName(f"{path}name").asc(), F(f"{path}pk").asc()]


def one_page(rows, *, order, most, after=None, among=None):
    """One page of these rows, at most `most`, in this `order`: expressions with a way, such as `F("at").desc()`.

    `after` is the code of the last row of the page before, as it came with the address. It is looked for `among` rows
    of the same kind, which may hold some that have left the list since. Where it is not found, or nothing is behind it
    any more, the page is the first. Rows that are equal in `order` follow by their own code.
    """
    _plan_for_these_values()
    keys = {f"key_{place}": way for place, way in enumerate(order)}
    values = {name: way.expression for name, way in keys.items()}
    code = code_in(after)
    shown = (rows if among is None else among).filter(pk=code).order_by().annotate(**values)
    last = shown.values(*keys).first() if code else None
    rows = rows.annotate(**values)
    rows = rows.order_by(*[f"-{name}" if way.descending else name for name, way in keys.items()], "pk")
    if last and connection.vendor == "sqlite":  # it keeps a time as text, with fewer digits than Python would send
        last = {name: shown.values(name)[:1] for name in keys}
    found = list(_beyond(rows, last, keys, code)[: most + 1]) if last else []
    is_first = not found
    if is_first:
        found = list(rows[: most + 1])
    return Page(found[:most], found[most - 1].pk if len(found) > most else None, is_first)


def _beyond(rows, last, keys, code):
    """The rows behind the last one shown: in nothing before it, and in something behind. An index can begin there."""
    behind = Q()
    for name, way in keys.items():
        further = "lt" if way.descending else "gt"
        rows = rows.filter(behind | Q(**{f"{name}__{further}e": last[name]}))
        behind |= Q(**{f"{name}__{further}": last[name]})
    return rows.filter(behind | Q(pk__gt=code))


def _plan_for_these_values():
    """Let PostgreSQL look at what is asked for, until this transaction ends.

    Asked the same thing often, it makes one plan for whatever may be asked: that one reads and sorts the whole list.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("set local plan_cache_mode = force_custom_plan")


def code_in(text):
    """The code in what came with a request; None where there is none."""
    try:
        return uuid.UUID(str(text or ""))
    except ValueError:
        return None
