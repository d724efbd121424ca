"""Finding somebody by their name, or a part of it."""

from peers.models.users import as_called
from peers.names import plain_name


def with_this_in_the_name(rows, *, name, column):
    """Those of these rows whose name has this in it, however it is typed (`plain_name`). `column` leads to the name."""
    looked_for = plain_name(name) or as_called(name)
    names = rows.order_by().values_list("pk", column)
    return rows.filter(pk__in=[code for code, called in names if looked_for in plain_name(called)])
