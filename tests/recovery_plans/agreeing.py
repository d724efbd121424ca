"""Maya agrees to her plan, for stories that begin there."""

from recovery_plans.access import OWNER, find_plan
from recovery_plans.agreement import freeze
from recovery_plans.models import Agreement, HowSaid
from recovery_plans.plan_reading import PlanReading


def reading_of(cast, user=None):
    """The plan as Maya reads it now, or as another does."""
    plan, reach = find_plan(user=user, code=cast.plan.pk) if user else (cast.plan, OWNER)
    return PlanReading(plan, reach=reach, reader=user or cast.maya)


def agree(cast, *, by=None, how=HowSaid.ON_SCREEN, **more):
    """Maya says yes to the plan as it is now; or somebody writes down that she did."""
    by = by or cast.maya
    frozen = freeze(reading_of(cast, None if by == cast.maya else by))
    return Agreement.record(plan=cast.plan, frozen=frozen, by=by, how=how, **more)
