"""Pagination of long lists, and the order of names in which people look for them.

A page begins after the last row that was shown (keyset pagination), never at "row 5,000". So a page far down costs no
more than the first, and whoever is added or removed meanwhile, nobody is shown twice or left out.
"""

import uuid
from typing import NamedTuple

from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import F, Func, Q
from django.dispatch import receiver

from peers.names import sorting_key


class Page(NamedTuple):
    """Some rows of a list, and the code to go on from: the last row's, or None at the end."""

    rows: list
    after: object
    is_first: bool = True


class ByName(Func):
    """A name as the index on names has it (`User.Meta`): on PostgreSQL in the order of languages.

    On SQLite it is in small letters only. An index on a function of ours there could be read by nothing else: no copy
    of the database could be made or looked at with `sqlite3`.
    """

    template = '%(expressions)s COLLATE "und-x-icu"'
    arity = 1

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template="LOWER(%(expressions)s)", **more)


class InOrderOfNames(ByName):
    """A name as it is sorted: upper and lower case alike, letters with marks beside those without.

    PostgreSQL reads the list along its index: this is the very expression that the index is on. SQLite, which is for
    one organization, works out each name's place and sorts the list.
    """

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template="alongside_sorting_key(%(expressions)s)", **more)


@receiver(connection_created)
def teach_sqlite_to_sort(connection, **more):
    """Let each new connection to SQLite sort names."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("alongside_sorting_key", 1, sorting_key, deterministic=True)


def by_name(user=""):
    """The order of people, for `one_page` and `order_by`: by name, then by code. `user` leads to the user of a row."""
    path = f"{user}__" if user else ""
    return [InOrderOfNames(f"{path}name").asc(), F(f"{path}pk").asc()]


def one_page(rows, *, order, limit, after=None, among=None):
    """One page of up to `limit` of these rows, in this `order`: expressions such as `F("at").desc()`.

    `after` is the code of the last row of the page before, as it came with the request. It is looked for `among` rows
    of the same kind, which may hold some that have left the list since. Where it is not found, or nothing follows it
    any more, the page is the first. Rows that are equal in `order` follow by their own code.
    """
    _plan_for_these_parameters()
    keys = {f"key_{index}": ordering for index, ordering in enumerate(order)}
    values = {name: ordering.expression for name, ordering in keys.items()}
    code = code_in(after)
    shown = (rows if among is None else among).filter(pk=code).order_by().annotate(**values)
    last = shown.values(*keys).first() if code else None
    rows = rows.annotate(**values)
    rows = rows.order_by(*[f"-{name}" if ordering.descending else name for name, ordering in keys.items()], "pk")
    if last and connection.vendor == "sqlite":  # it keeps a time as text, with fewer digits than Python would send
        last = {name: shown.values(name)[:1] for name in keys}
    found = list(_rows_after(rows, last, keys, code)[: limit + 1]) if last else []
    is_first = not found
    if is_first:
        found = list(rows[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None, is_first)


def _rows_after(rows, last, keys, code):
    """The rows that follow the last one shown; worded key by key, so that the database can begin there in an index."""
    follows = Q()
    for name, ordering in keys.items():
        lookup = "lt" if ordering.descending else "gt"
        rows = rows.filter(follows | Q(**{f"{name}__{lookup}e": last[name]}))
        follows |= Q(**{f"{name}__{lookup}": last[name]})
    return rows.filter(follows | Q(pk__gt=code))


def _plan_for_these_parameters():
    """Let PostgreSQL plan each query for its parameters, until this transaction ends.

    For a statement that is prepared and run often it would make one generic plan: that reads and sorts the whole list.
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
