"""What a person and a peer specialist make together."""

from recovery_plans.models.access_log import LogLine
from recovery_plans.models.agreement import Agreement, HowSaid, WalkedAgreement
from recovery_plans.models.drafts import Draft
from recovery_plans.models.goals import Goal, GoalState, Ruler, Step, StepState, StepWho
from recovery_plans.models.ideas import Idea, IdeaKind, IdeaState, TooManyIdeas
from recovery_plans.models.lines import EditConflict, NotAllowedToChange, Revision, SaveIdReused, Voice
from recovery_plans.models.plan import Plan
from recovery_plans.models.print_jobs import PrintChoice, PrintJob, PrintTurn
from recovery_plans.models.profile import Entry, PromptForLater
from recovery_plans.models.sharing import Action, Grant, GrantedPart, Purpose
from recovery_plans.models.tellings import Telling
from recovery_plans.models.visits import How, Visit, VisitMoved
from recovery_plans.sections import EntryKind, Section

__all__ = [
    "Action",
    "Agreement",
    "Draft",
    "EditConflict",
    "Entry",
    "EntryKind",
    "Goal",
    "GoalState",
    "Grant",
    "GrantedPart",
    "How",
    "HowSaid",
    "Idea",
    "IdeaKind",
    "IdeaState",
    "PromptForLater",
    "LogLine",
    "NotAllowedToChange",
    "Plan",
    "PrintChoice",
    "PrintJob",
    "PrintTurn",
    "Purpose",
    "Revision",
    "Ruler",
    "SaveIdReused",
    "Section",
    "Step",
    "StepState",
    "StepWho",
    "Telling",
    "Visit",
    "VisitMoved",
    "TooManyIdeas",
    "Voice",
    "WalkedAgreement",
]
