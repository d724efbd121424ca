"""The app with one fault put in: now and then it says "saved" and takes the save back. The harness must see it."""

import itertools

from django.db import transaction

from config.wsgi import application
from recovery_plans.models.lines import Line

__all__ = ["application"]

_rewrite, _turn = Line.rewrite, itertools.count(1)


def forget_now_and_then(self, **values):
    before = transaction.savepoint()
    answer = _rewrite(self, **values)
    if next(_turn) % 5 == 0:
        transaction.savepoint_rollback(before)
    return answer


Line.rewrite = forget_now_and_then
