"""Looking at the plan again: when its person asks for it, and quietly when the last yes is long ago."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

LONG_AGO = timedelta(days=334)  # eleven months; nobody must


@dataclass(frozen=True)
class Review:
    """What a page says of it. `asked_on` is the day of asking; without it, `agreed_on` is long ago."""

    asked_on: object = None
    seen_by: str = ""  # to the person, the name of who has seen that they ask
    agreed_on: object = None


def review_of(reading):
    """What stands on this plan of looking at it again, from what is fetched already; None where nothing does."""
    plan = reading.plan
    if plan.review_asked_at:
        names = {walker.pk: walker.name for walker in reading.walkers} if plan.review_seen_by_id else {}
        return Review(asked_on=plan.review_asked_at, seen_by=names.get(plan.review_seen_by_id, ""))
    if reading.is_owner and plan.agreed_at and plan.agreed_at < timezone.now() - LONG_AGO:
        return Review(agreed_on=plan.agreed_at)
    return None
