"""Questions behind every page: written as a queryset, put into SQL once, asked ever after.

Django works out the SQL of a queryset anew each time it is asked. For the few questions that every page asks, that is
most of what they cost. A `Question` keeps the SQL; what changes from time to time stands in it as `given("name")`. The
filters stay what they are: nothing is left out, and nothing is kept but the wording.
"""

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators


class Given(models.Expression):
    """A place in a question where a value will stand when it is asked."""

    def __init__(self, name, field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def ready(self, values, connection):
        return self.output_field.get_db_prep_value(values[self.name], connection)


def given(name, field=None):
    """A value told when the question is asked; a code (UUID) where no field says otherwise."""
    return Given(name, field or models.UUIDField())


class Question:
    """One question, asked many times. `build` makes its queryset, when it is asked for the first time."""

    def __init__(self, build):
        self._build = build
        self._worded = {}

    def rows(self, **values):
        """What is found, as rows of values in the queryset's order."""
        connection = connections[DEFAULT_DB_ALIAS]
        worded = self._worded.get(connection.vendor) or self._word(connection)
        asked = [part.ready(values, connection) if type(part) is Given else part for part in worded.params]
        with connection.cursor() as cursor:
            cursor.execute(worded.sql, asked)
            found = cursor.fetchall()
        return worded.read(found, connection)

    def instances(self, **values):
        """What is found, as the queryset's models, with what it selects beside them."""
        rows = self.rows(**values)
        return self._worded[connections[DEFAULT_DB_ALIAS].vendor].made(rows)

    def first(self, **values):
        """The first model found, or None."""
        found = self.instances(**values)
        return found[0] if found else None

    def _word(self, connection):
        self._worded[connection.vendor] = worded = _Worded(self._build().query, connection)
        return worded


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
