"""A supervisor's lists: the peer specialists of the team, and the people who share their page. No plan content."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from peers.models import Role, User
from peers.models.organization import StaffRole
from recovery_plans.access import summaries_reached_by
from recovery_plans.summaries import of_those_who_walk_with, said_no_to, supervised_by, walks_now_of

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class SharedPage:
    """Someone who shares their page: the yes, until when, and who walks with them."""

    grant: object
    name: str
    until: object
    walkers: list


@dataclass(frozen=True)
class SummaryList:
    """One page of the people who share, the code to go on from, and what stands around it."""

    rows: list
    after: object
    total: int
    not_shared: int
    peers: list


def read_team(user, *, after=None):
    """One page of the peer specialists, by name, with how many people each walks with; and the code to go on from."""
    held = Role.objects.filter(
        organization__in=supervised_by(user), role=StaffRole.PEER_SPECIALIST, until=None
    ).select_related("user", "organization")
    now = Q(user__walks__ended_at=None, user__walks__organization=F("organization"))
    held = held.annotate(people=Count("user__walks", filter=now))
    return _page(held, by="user__name", after=after)


def read_summary_list(user, *, peer=None, after=None):
    """The people who share their page with this supervisor, by name; with `peer`, those this one walks with."""
    grants = summaries_reached_by(user)
    if peer:
        grants = of_those_who_walk_with(grants, peer)
    total = grants.count()
    page, after = _page(grants, by="plan__person__user__name", after=after)
    walkers = {}
    for walk in walks_now_of(grant.plan.person_id for grant in page):
        walkers.setdefault((walk.person_id, walk.organization_id), []).append(walk.peer.name)
    return SummaryList(
        rows=[
            SharedPage(grant, grant.plan.person.name, grant.ends_at, walkers.get(_whose_and_where(grant), []))
            for grant in page
        ],
        after=after,
        total=total,
        not_shared=said_no_to(user),
        peers=_peers_of(user),
    )


def _whose_and_where(grant):
    """Whose page it is, and which organization reads it: only who walks along from there is named."""
    return grant.plan.person_id, grant.supervisors_of_id


def _peers_of(user):
    held = {"organization__in": supervised_by(user), "role": StaffRole.PEER_SPECIALIST, "until": None}
    return list(User.objects.filter(pk__in=Role.objects.filter(**held).values("user")).order_by("name", "code"))


def _page(rows, *, by, after):
    """One page in the order of a name, and the code to go on from (None at the end)."""
    name = rows.filter(pk=after).values_list(by, flat=True).first() if after else None
    if name is not None:
        rows = rows.filter(Q(**{f"{by}__gt": name}) | Q(**{by: name, "pk__gt": after}))
    page = list(rows.order_by(by, "pk")[: ROWS_ON_A_PAGE + 1])
    page, more = page[:ROWS_ON_A_PAGE], len(page) > ROWS_ON_A_PAGE
    return page, page[-1].pk if more else None
