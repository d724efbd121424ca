"""What is asked and written behind every page: worded once as a queryset, said ever after.

Django works out the SQL of a queryset anew each time. For the few questions that every page asks, and the few rows that
every save writes, that is most of what they cost. A `Question`, a `Change` and an `Addition` keep the SQL; what changes
from time to time stands in it as `given("name")`. The filters stay what they are: nothing is kept but the wording.
"""

from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery


class Given(models.Expression):
    """A place in a question where a value will stand when it is asked."""

    def __init__(self, name, field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def ready(self, values, connection):
        return self.output_field.get_db_prep_save(values[self.name], connection)


def given(name, field=None):
    """A value told when the question is asked; a code (UUID) where no field says otherwise."""
    return Given(name, field or models.UUIDField())


def _filled(params, values, connection):
    return [part.ready(values, connection) if type(part) is Given else part for part in params]


class _Said:
    """Anything that is worded once for each kind of database, and said many times."""

    def __init__(self, build):
        self._build = build
        self._worded = {}

    def _say(self, values):
        """The cursor it was said with, the wording, and the connection."""
        connection = connections[DEFAULT_DB_ALIAS]
        worded = self._worded.get(connection.vendor)
        if worded is None:
            worded = self._worded[connection.vendor] = self._word(connection)
        cursor = connection.cursor()
        cursor.execute(worded.sql, _filled(worded.params, values, connection))
        return cursor, worded, connection


class Question(_Said):
    """One question, asked many times. `build` makes its queryset, when it is asked for the first time.

    The rows of the tables in `held` stay as they were found until the transaction ends; others may still read them.
    SQLite has one writer at a time anyway.
    """

    def __init__(self, build, *, held=()):
        super().__init__(build)
        self._held = held

    def _word(self, connection):
        worded = _Worded(self._build().query, connection)
        if self._held and connection.vendor == "postgresql":
            # Django knows FOR UPDATE only, which would let one writer wait for another.
            worded.sql += f" FOR SHARE OF {', '.join(map(connection.ops.quote_name, self._held))}"
        return worded

    def rows(self, **values):
        """What is found, as rows of values in the queryset's order."""
        cursor, worded, connection = self._say(values)
        with cursor:
            found = cursor.fetchall()
        return worded.read(found, connection)

    def instances(self, **values):
        """What is found, as the queryset's models, with what it selects beside them."""
        cursor, worded, connection = self._say(values)
        with cursor:
            found = cursor.fetchall()
        return worded.made(worded.read(found, connection))

    def first(self, **values):
        """The first model found, or None."""
        found = self.instances(**values)
        return found[0] if found else None


class Change(_Said):
    """One change of rows, said many times. `build` makes the queryset and the new values: `(rows, {"name": value})`."""

    def _word(self, connection):
        rows, new = self._build()
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(new)
        return _Sentence(*query.get_compiler(connection=connection).as_sql())

    def make(self, **values):
        """Change the rows; how many there were."""
        cursor, _worded, _connection = self._say(values)
        with cursor:
            return cursor.rowcount


class Addition(_Said):
    """One new row, written many times. `build` is its model; every column is given, or the database's own default."""

    def _word(self, connection):
        fields = self._build._meta.concrete_fields
        row = self._build(
            **{each.attname: given(each.attname, kept_as(each)) for each in fields if not each.has_db_default()}
        )
        query = InsertQuery(self._build)
        query.insert_values(fields, [row])
        ((sql, params),) = query.get_compiler(connection=connection).as_sql()
        return _Sentence(sql, params)

    def make(self, **values):
        """Write the row."""
        cursor, _worded, _connection = self._say(values)
        cursor.close()


class Together:
    """Changes and additions of one moment, each on a table of its own. PostgreSQL hears them as one sentence."""

    def __init__(self, *said):
        self._said = said
        self._worded = {}

    def make(self, *values):
        """Make them all; the values of each stand in the place it has here."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            for said, own in zip(self._said, values, strict=True):
                said.make(**own)
            return
        if not self._worded:
            parts = [said._word(connection) for said in self._said]
            before = ", ".join(f"part_{number} AS ({part.sql})" for number, part in enumerate(parts[:-1]))
            self._worded = {"sql": f"WITH {before} {parts[-1].sql}", "params": [part.params for part in parts]}
        each = zip(self._worded["params"], values, strict=True)
        filled = [value for params, own in each for value in _filled(params, own, connection)]
        with connection.cursor() as cursor:
            cursor.execute(self._worded["sql"], filled)


def kept_as(field):
    """The kind of value a column holds: for a link to another row, that row's code."""
    return field.target_field if field.is_relation else field


class _Sentence(NamedTuple):
    sql: str
    params: tuple


class _Worded:
    """The SQL of one question for one kind of database, and how to read the answer."""

    def __init__(self, query, connection):
        compiler = query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        columns = [selected[0] for selected in compiler.select]
        self._converters = [(place, *how) for place, how in compiler.get_converters(columns).items()]
        self._model = compiler.klass_info
        if self._model:
            found = self._model["select_fields"]
            self._start, self._end = found[0], found[-1] + 1
            self._names = [columns[place].target.attname for place in found]
            self._beside = get_related_populators(self._model, compiler.select, DEFAULT_DB_ALIAS)

    def read(self, found, connection):
        if not self._converters:
            return found
        rows = [list(row) for row in found]
        for place, converters, expression in self._converters:
            for converter in converters:
                for row in rows:
                    row[place] = converter(row[place], expression, connection)
        return rows

    def made(self, rows):
        made = []
        for row in rows:
            one = self._model["model"].from_db(DEFAULT_DB_ALIAS, self._names, row[self._start : self._end])
            for other in self._beside:
                other.populate(row, one)
            made.append(one)
        return made


def columns(model, path=""):
    """The names under which `values_list` finds every column of a model; `path` leads to it, such as "person__"."""
    return [path + field.attname for field in model._meta.concrete_fields]


def made_of(model, values):
    """A model from a row's values, in the order of `columns`; None for what was not there."""
    if values[0] is None:
        return None
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in model._meta.concrete_fields], values)
