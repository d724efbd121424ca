"""Tables whose rows are only ever added: what happened stays as it was written.

The app itself refuses to change them, on every database; PostgreSQL refuses it to the app, whatever code asks
(migrations `append_only`). Nothing but its owner, who migrates, could.
"""

from django.db import models


class OnlyAdded(Exception):
    """Somebody tried to change or delete a row of a table that only grows."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows can be read and added."""

    def update(self, **values):
        raise OnlyAdded(self.model.__name__)

    def bulk_update(self, objs, fields, batch_size=None):
        raise OnlyAdded(self.model.__name__)

    def delete(self):
        raise OnlyAdded(self.model.__name__)

    # As Django's own: a template must not call them.
    update.alters_data = bulk_update.alters_data = delete.alters_data = True


class AppendOnly(models.Model):
    """What a model of such a table inherits."""

    class Meta:
        abstract = True

    def save(self, **options):
        """Add the row. One that is there already is refused by the database: its key is taken."""
        super().save(**options | {"force_insert": True})

    def delete(self, **options):
        raise OnlyAdded(type(self).__name__)
