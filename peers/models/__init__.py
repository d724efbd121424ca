"""Users, persons, organizations, and who walks with whom."""

from peers.models.cards import PlanCard
from peers.models.former_names import FormerName
from peers.models.hand_overs import HandOver
from peers.models.login_attempts import LoginAttempt
from peers.models.organization import Invitation, Organization, Role
from peers.models.organization_log import Event
from peers.models.passphrase_links import PassphraseLink
from peers.models.recovery_codes import RecoveryCode
from peers.models.totp import TotpDevice
from peers.models.users import User
from peers.models.walk_requests import WalkRequest
from peers.models.walks import Person, Walk
from peers.models.write_probes import WriteProbe

__all__ = [
    "LoginAttempt",
    "Event",
    "FormerName",
    "HandOver",
    "Invitation",
    "Organization",
    "PassphraseLink",
    "Person",
    "PlanCard",
    "RecoveryCode",
    "Role",
    "TotpDevice",
    "User",
    "Walk",
    "WalkRequest",
    "WriteProbe",
]
