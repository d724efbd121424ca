"""Who is here and who walks with whom."""

from peers.models.attempts import Attempt
from peers.models.audit import Event
from peers.models.cards import PlanCard
from peers.models.organization import Invitation, Organization, Role
from peers.models.people import Person, User, Walk
from peers.models.second_lock import SecondLock
from peers.models.sessions import Session

__all__ = [
    "Attempt",
    "Event",
    "Invitation",
    "Organization",
    "Person",
    "PlanCard",
    "Role",
    "SecondLock",
    "Session",
    "User",
    "Walk",
]
