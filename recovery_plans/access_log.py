"""Who has looked: the access log as the person reads it. Names of that day are found when the page is shown."""

from dataclasses import dataclass

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from peers.models import PlanCard
from peers.pagination import Page, one_page
from peers.who_then import who_then
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, Section
from recovery_plans.models.access_log import LOOKS

LINES_ON_A_PAGE = 30
# Shown even when the person did it: a copy on paper is out in the world, and whoever came in may have been another.
WAYS_IN = (
    PlanEvent.CARD_MADE,
    PlanEvent.CARD_OPENED,
    PlanEvent.CARD_RIGHT,
    PlanEvent.CARD_TURNED_OFF,
    PlanEvent.CARD_USED,
    PlanEvent.CARD_WRONG,
    PlanEvent.OTHER_WAYS_ENDED,
    PlanEvent.OWN_WORDS_MADE,
    PlanEvent.OWN_WORDS_USED,
    PlanEvent.PASSPHRASE_ENDED,
    PlanEvent.PASSPHRASE_TAKEN,
    PlanEvent.SECOND_LOCK_OFF,
    PlanEvent.SECOND_LOCK_ON,
)
ALWAYS_SHOWN = (PlanEvent.PLAN_PRINTED, PlanEvent.SUMMARY_PRINTED, *WAYS_IN)
ICONS = {
    PlanEvent.PLAN_LOOKED: "eye",
    PlanEvent.SUMMARY_LOOKED: "eye",
    PlanEvent.PLAN_PRINTED: "printer",
    PlanEvent.SUMMARY_PRINTED: "printer",
    PlanEvent.PLAN_NOT_PRINTED: "printer",
    PlanEvent.SUMMARY_NOT_PRINTED: "printer",
    PlanEvent.SUMMARY_REFUSED: "lock",
    PlanEvent.PART_OPENED: "lock-open",
    PlanEvent.PART_CLOSED: "lock",
    PlanEvent.SUMMARY_YES: "share-2",
    PlanEvent.SUMMARY_STOPPED: "lock",
    **dict.fromkeys(WAYS_IN, "key-round"),
    PlanEvent.WALK_ENDED: "users",
    PlanEvent.WALK_OVER: "users",
    PlanEvent.CARD_OFF_TOO: "key-round",
    PlanEvent.HANDS_GIVEN: "hand-helping",
    PlanEvent.HANDS_BACK: "hand-helping",
}


@dataclass(frozen=True)
class LookRead:
    """One line of the log in plain words: who, by the name and roles of that day; what, in which part, when."""

    at: object
    by: object
    who: str
    roles: tuple
    is_own: bool
    on_device_of: str  # by whose device, where it was in the person's hands; else empty
    what: str
    part: str
    icon: str


def read_looks(plan, *, before=None, with_own=False):
    """One page of the log, newest first.

    Without `with_own`, only what others did, every print, what happened to the ways in, and what was done in the
    person's hands on a device that is not theirs. Asks the same few questions however long the log is.
    """
    log = LogLine.unguarded.filter(plan=plan.pk)
    by_others = ~Q(by=plan.person.user_id) | Q(on_device_of__isnull=False)
    lines = log if with_own else log.filter(by_others | Q(what__in=ALWAYS_SHOWN))
    page = one_page(lines, order=[F("at").desc()], limit=LINES_ON_A_PAGE, after=before, among=log)
    cards = _cards_opened(page.rows)
    moments = {(line.by, line.at) for line in page.rows} | set(cards.values())
    moments |= {(line.on_device_of, line.at) for line in page.rows if line.on_device_of}
    people = who_then(moments, organization=plan.person.organization)
    makers = {card: people[made].name for card, made in cards.items()}
    return Page([_read(line, plan, people, makers) for line in page.rows], page.after, page.is_first)


def _cards_opened(lines):
    """By whom and when each card was made that these lines say was opened."""
    opened = {line.under for line in lines if line.what == PlanEvent.CARD_OPENED and line.under}
    cards = PlanCard.objects.filter(pk__in=opened).values_list("pk", "created_by", "created_at") if opened else []
    return {card: (maker, made_at) for card, maker, made_at in cards}


def _read(line, plan, people, makers):
    what = PlanEvent(line.what)
    who = people.get((line.by, line.at))
    is_own = line.by == plan.person.user_id
    return LookRead(
        at=line.at,
        by=line.by,
        who=who.name if who else "",
        roles=who.roles if who and not is_own else (),
        is_own=is_own,
        on_device_of=people[(line.on_device_of, line.at)].name if line.on_device_of else "",
        what=_("opened the plan with the card that %(name)s made") % {"name": makers[line.under]}
        if line.under in makers
        else what.label,
        part=Section(line.part).label if line.part in Section.values else "",
        icon=ICONS.get(what, "pencil"),
    )


def last_looks(plan):
    """When each reader last looked at the plan or its summary, by the reader's code."""
    looks = LogLine.unguarded.filter(plan=plan.pk, what__in=LOOKS).exclude(by=plan.person.user_id)
    return dict(looks.values_list("by").annotate(last=Max("at")).order_by())
