"""Who someone was at a moment: for logs, which keep codes and never a name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from peers.models import FormerName, Role, User
from peers.models.organization import StaffRole

# The end of a role is noted just after it; and a log has the database's clock, a role the app's.
NEARLY = timedelta(minutes=1)


@dataclass(frozen=True)
class WhoThen:
    """The name and the staff roles that someone had at one moment."""

    name: str
    roles: tuple


def who_then(moments, *, organization=None):
    """Who each user was, by (code of the user, moment); users who are not there are left out.

    Their roles are those they held in this organization at that moment, or where they held none there, those they held
    elsewhere. Three queries, however many moments.
    """
    codes = {user for user, _at in moments}
    names = dict(User.objects.filter(pk__in=codes).values_list("pk", "name"))
    former, held = _former_names(moments), _roles(codes)
    return {
        (user, at): WhoThen(
            name=next((name for name, until in former[user] if at < until), names[user]),
            roles=_roles_at(at, held[user], organization),
        )
        for user, at in moments
        if user in names
    }


def _former_names(moments):
    """For each user the names they have had since the first of these moments, each with until when, oldest first."""
    former = defaultdict(list)
    if moments:
        since = FormerName.objects.filter(
            user__in={user for user, _at in moments}, until__gt=min(at for _user, at in moments)
        )
        for row in since.order_by("until").values_list("user", "name", "until", named=True):
            former[row.user].append((row.name, row.until))
    return former


def _roles(codes):
    held = defaultdict(list)
    rows = Role.objects.filter(user__in=codes).order_by("since", "code")
    for row in rows.values_list("user", "role", "organization", "since", "until", named=True):
        held[row.user].append(row)
    return held


def _roles_at(at, held, organization):
    then = _held(held, at, at) or _held(held, at - NEARLY, at + NEARLY)
    in_it = [role for role in then if organization is not None and role.organization == organization.pk]
    return tuple(dict.fromkeys(StaffRole(role.role).label for role in in_it or then))


def _held(roles, first, last):
    return [role for role in roles if role.since <= last and (role.until is None or first < role.until)]
