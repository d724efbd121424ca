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


OF_ANY_LINE = {
    "detail": "",
    "phone": "",
    "language": "en",
    "voice": {"kind": "own", "by_name": "Maya"},
    "version": 1,
}
# A copy as the first schema wrote it, with a fact that lines know no more. Such rows never change: never change this.
FIRST_SCHEMA = {
    "schema": 1,
    "name": "Maya",
    "name_on_paper": "Maya L.",
    "language": "en",
    "parts": ["strengths", "goals"],
    "walkers": [{"pk": "5e4c5ac7-0c35-4b47-8b0b-3f0b2a1f0d11", "name": "Sam"}],
    "sections": {
        "strengths": [
            {
                **OF_ANY_LINE,
                "code": "0d0c3a3e-3f0d-4d57-9d3c-5b0f5b9f1a01",
                "words": "I sew",
                "section": "strengths",
                "kind": "",
                "prompt": "",
                "created_at": "2026-11-27T09:30:00.123456+00:00",
                "forgotten": "a fact of then",
            }
        ]
    },
    "goals": [
        {
            **OF_ANY_LINE,
            "code": "0d0c3a3e-3f0d-4d57-9d3c-5b0f5b9f1a02",
            "words": "Sew for pay",
            "number": 1,
            "state": "now",
            "state_since": "2026-11-27T09:30:00+00:00",
            "look_again_on": "2027-01-01",
            "steps": [
                {
                    **OF_ANY_LINE,
                    "code": "0d0c3a3e-3f0d-4d57-9d3c-5b0f5b9f1a03",
                    "words": "Oil the machine",
                    "who": "me",
                    "state": "done",
                    "state_since": "2026-11-27T09:30:00+00:00",
                    "is_next": False,
                }
            ],
            "uses": ["0d0c3a3e-3f0d-4d57-9d3c-5b0f5b9f1a01"],
            "in_the_way": [],
        }
    ],
}
