"""Who can see something of a plan right now, as the person reads it on the share page."""

from dataclasses import dataclass

from peers.models import Role
from peers.models.organization import StaffRole
from peers.pagination import by_name
from recovery_plans.access import grants_now
from recovery_plans.access_log import last_looks
from recovery_plans.models import Action
from recovery_plans.models.profile import PRIVATE_SECTIONS


@dataclass(frozen=True)
class PrivatePart:
    """A part that stays closed to the one who walks with the person until the person opens it."""

    section: object
    is_open: bool


@dataclass(frozen=True)
class WalkerRead:
    """A peer specialist who walks with the person: since when, what they see, when they last looked."""

    walk: object
    name: str
    private_parts: list
    last_looked: object


@dataclass(frozen=True)
class SummaryYes:
    """The grant in force to the one page: to whose supervisors, who they are today, until when, the last look."""

    organization: object
    names: list
    until: object
    last_looked: object


class WhoSees:
    """Everyone who can see something of this plan right now."""

    def __init__(self, plan):
        self.plan = plan
        grants, looked = grants_now(plan), last_looks(plan)
        yes = next((grant for grant in grants if grant.supervisors_of_id), None)
        supervisors = supervisors_of(yes.supervisors_of if yes else plan.person.organization)
        self.supervisors = [user.name for user in supervisors]
        self.walkers = _walkers(grants, looked)
        self.summary = _summary(yes, supervisors, looked) if yes else None
        readers = {grant.reader_id for grant in grants if grant.walk_id}
        self.count = len(readers | {user.pk for user in supervisors if yes})


def supervisors_of(organization):
    """Who supports the peer specialists of this organization today; nobody where there is none."""
    held = Role.objects.filter(organization=organization, role=StaffRole.SUPERVISOR, until=None)
    held = held.select_related("user").order_by(*by_name("user"), "code")
    return [role.user for role in held] if organization else []


def _walkers(grants, looked):
    parts, walks = {}, {}
    for grant in grants:
        if grant.walk_id:
            walks.setdefault(grant.walk_id, grant)
            seen = parts.setdefault(grant.walk_id, set())
            seen.update(part.part for part in grant.parts.all() if part.action == Action.SEE)
    return [
        WalkerRead(
            walk=grant.walk,
            name=grant.reader.name,
            private_parts=[PrivatePart(section, section in parts[code]) for section in PRIVATE_SECTIONS],
            last_looked=looked.get(grant.reader_id),
        )
        for code, grant in walks.items()
    ]


def _summary(yes, supervisors, looked):
    looks = [looked[user.pk] for user in supervisors if user.pk in looked]
    return SummaryYes(
        organization=yes.supervisors_of,
        names=[user.name for user in supervisors],
        until=yes.ends_at,
        last_looked=max(looks, default=None),
    )
