"""The app with one fault put in: it says "saved" and takes some saves back. The harness must see it."""

from django.db import transaction

from config.wsgi import application
from recovery_plans.models.lines import Line

__all__ = ["application"]

TAKEN_BACK = "7"  # the end of the words; a count in each worker would hang on which of them was asked

_rewrite = Line.rewrite


def forget_some(self, *, words, **values):
    before = transaction.savepoint()
    answer = _rewrite(self, words=words, **values)
    if words.endswith(TAKEN_BACK):
        transaction.savepoint_rollback(before)
    return answer


Line.rewrite = forget_some
