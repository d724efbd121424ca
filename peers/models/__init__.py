"""Users, persons, organizations, and who walks with whom."""

from peers.models.cards import PlanCard
from peers.models.login_attempts import Attempt
from peers.models.organization import Invitation, Organization, Role
from peers.models.organization_log import Event
from peers.models.totp import SecondLock
from peers.models.users import User
from peers.models.walks import Person, Walk

__all__ = [
    "Attempt",
    "Event",
    "Invitation",
    "Organization",
    "Person",
    "PlanCard",
    "Role",
    "SecondLock",
    "User",
    "Walk",
]
