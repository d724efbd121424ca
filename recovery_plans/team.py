"""A supervisor's lists: the peer specialists of the team, and the people who share their page. No plan content."""

from dataclasses import dataclass

from django.db.models import Count

from peers.models import Role, User, Walk
from peers.models.organization import StaffRole
from peers.pagination import by_name, one_page
from recovery_plans.access import summaries_reached_by
from recovery_plans.summaries import ever_said_to, of_those_who_walk_with, printable_by, supervised_by, walks_now_of

ROWS_ON_A_PAGE = 50
PEERS_TO_PICK = 50  # where there are more, a supervisor goes by the team's own pages
BY_NAME = by_name("plan__person__user")  # the order of yeses


@dataclass(frozen=True)
class SharedPage:
    """Someone who shares their page: the yes, until when, and who walks with them."""

    grant: object
    name: str
    until: object
    walkers: list


@dataclass(frozen=True)
class SummaryList:
    """One page of the people who share, the code to go on from, and what stands around it.

    `total` is how many there are, where all of them are on this page; of a longer list nobody counts them.
    `peer` is the peer specialist who is picked, `peers` are those to pick from; none where they are too many for that.
    """

    rows: list
    after: object
    total: int | None
    peer: object
    peers: list
    has_more_peers: bool


@dataclass(frozen=True)
class PdfPart:
    """One of several PDFs that hold everyone: whose page is its first and last, and after whom it begins."""

    first: str
    last: str
    after: object


def read_team(user, *, after=None):
    """One page of the peer specialists, by name, with how many people each walks with."""
    ever = _peer_roles_of(user)
    page = one_page(
        ever.filter(until=None).select_related("user", "organization"),
        order=by_name("user"),
        limit=ROWS_ON_A_PAGE,
        after=after,
        among=ever,
    )
    listed = {(role.user_id, role.organization_id) for role in page.rows}
    walks = Walk.objects.filter(peer__in={peer for peer, _organization in listed}, ended_at=None)
    counts = {
        (peer, organization): count
        for peer, organization, count in walks.values_list("peer", "organization")
        .annotate(count=Count("pk"))
        .order_by()
    }
    for role in page.rows:
        role.people = counts.get((role.user_id, role.organization_id), 0)
    return page


def read_summary_list(user, *, peer=None, after=None):
    """The people who share their page with this supervisor, by name; with `peer`, those this one walks with.

    Who does not share is not on it and in no number: in a small team a number is a name, a no needs no reason and no
    counting, and most who are not here were never asked.
    """
    grants = summaries_reached_by(user)
    if peer:
        grants = of_those_who_walk_with(grants, peer)
    page = one_page(grants, order=BY_NAME, limit=ROWS_ON_A_PAGE, after=after, among=ever_said_to(user))
    walkers = {}
    for walk in walks_now_of(grant.plan.person_id for grant in page.rows):
        walkers.setdefault((walk.person_id, walk.organization_id), []).append(walk.peer.name)
    peers = list(_peers_of(user).order_by(*by_name())[: PEERS_TO_PICK + 1])
    return SummaryList(
        rows=[
            SharedPage(grant, grant.plan.person.name_for_staff, grant.ends_at, walkers.get(_whose_and_where(grant), []))
            for grant in page.rows
        ],
        after=page.after,
        total=len(page.rows) if page.is_first and page.after is None else None,
        peer=_peers_of(user).filter(pk=peer).first() if peer else None,
        peers=peers if len(peers) <= PEERS_TO_PICK else [],
        has_more_peers=len(peers) > PEERS_TO_PICK,
    )


def read_pdf_parts(user, *, limit, peer=None):
    """The PDFs that everyone who shares is spread over, `limit` people in each; none where one PDF holds them all."""
    grants = printable_by(user)
    if peer:
        grants = of_those_who_walk_with(grants, peer)
    people = list(grants.order_by(*BY_NAME).values_list("pk", "plan__person__user__name"))
    if len(people) <= limit:
        return []
    parts = [people[start : start + limit] for start in range(0, len(people), limit)]
    before = [None, *(part[-1][0] for part in parts)]
    return [PdfPart(part[0][1], part[-1][1], after) for part, after in zip(parts, before, strict=False)]


def _whose_and_where(grant):
    """Whose page it is, and which organization reads it: only who walks along from there is named."""
    return grant.plan.person_id, grant.supervisors_of_id


def _peer_roles_of(user):
    """The work of peer specialists in the organizations this user supervises, today's and what has ended."""
    return Role.objects.filter(organization__in=supervised_by(user), role=StaffRole.PEER_SPECIALIST)


def _peers_of(user):
    """The peer specialists of this user's team today."""
    return User.objects.filter(pk__in=_peer_roles_of(user).filter(until=None).values("user"))
