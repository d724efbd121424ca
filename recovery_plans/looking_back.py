"""Looking back: what was reached, done, added, let go or taken out, one moment after the other, newest first.

It is computed from the lines as they are, so nothing is kept twice. Nobody is measured: no number and no lateness.
"""

from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from recovery_plans.access import agreements_of
from recovery_plans.history import taken_out, tellings_in
from recovery_plans.line_readings import voice_of
from recovery_plans.models import GoalState, HowSaid, Section, Telling
from recovery_plans.sections import PRIVATE_SECTIONS

MOMENTS_ON_A_PAGE = 40
SHOWN_STATES = {
    GoalState.REACHED: ("star", lambda: _("I reached this goal")),
    GoalState.LET_GO: ("leaf", lambda: _("I let this goal go")),
    GoalState.NOT_MINE: ("x", lambda: _("This was never my goal")),
}


@dataclass
class Moment:
    """One thing on the way so far, in the person's words: a line and what happened to it, or an agreed copy."""

    at: object
    icon: str
    what: str
    line: object = None
    voice: object = None
    goal: object = None  # the code of the goal it is, or is a step of
    section: object = None  # the section of an entry
    is_gone: bool = False
    may_bring_back: bool = False
    copy: object = None
    tellings: list = field(default_factory=list)
    is_newest: bool = False  # of those of its line
    may_tell: bool = False  # whether the person may say here how it went
    url: str = ""
    restore_url: str = ""

    @property
    def key(self):
        """Which moment it is; a page of older ones goes on after it."""
        return f"{self.icon}-{(self.copy or self.line).pk}"

    @property
    def offers_telling(self):
        return self.may_tell and not self.tellings and not self.is_gone

    @property
    def has_history(self):
        """Whether its line has had other words before."""
        return self.is_newest and self.line.version > 1

    @property
    def leads_on(self):
        return self.offers_telling or self.has_history

    @property
    def told_at(self):
        """Where the page tells what was done with how it went."""
        return f"of-{self.line.pk}" if self.may_tell else ""


@dataclass(frozen=True)
class Looked:
    """One page of moments by month, and the key to go on from; "" at the end."""

    months: list
    older: str
    is_first: bool


def look_back(reading, *, after="", at=""):
    """One page of moments: those after this key, or with `at` those among which the line with this code is."""
    moments = [*_of_goals(reading), *_of_entries(reading), *_gone(reading), *_agreed(reading)]
    told_of = tellings_in(reading)
    moments += _told_alone(told_of, {moment.line.pk for moment in moments if moment.line})
    moments.sort(key=lambda moment: (moment.at, moment.key), reverse=True)
    start = _start(moments, after=after, at=at)
    shown = moments[start : start + MOMENTS_ON_A_PAGE]
    _add_tellings(moments, shown, told_of, reading)
    by_month = groupby(shown, key=lambda moment: timezone.localdate(moment.at).replace(day=1))
    older = shown[-1].key if start + MOMENTS_ON_A_PAGE < len(moments) else ""
    return Looked([(month, list(found)) for month, found in by_month], older, start == 0)


def _start(moments, *, after, at):
    """Where the page begins. What is not there, or is the last, leads to the first page."""
    if at:
        index = next((index for index, each in enumerate(moments) if each.line and str(each.line.pk) == at), 0)
        return index // MOMENTS_ON_A_PAGE * MOMENTS_ON_A_PAGE
    start = next((index + 1 for index, moment in enumerate(moments) if moment.key == after), 0)
    return start if start < len(moments) else 0


def _add_tellings(moments, shown, told_of, reading):
    """How it went stands with the newest thing that happened to its line, and can be told there."""
    newest = {}
    for moment in moments:
        if moment.line:
            newest.setdefault(moment.line.pk, moment)
    for moment in shown:
        moment.is_newest = moment.line is not None and newest[moment.line.pk] is moment
        if moment.is_newest and not isinstance(moment.line, Telling):
            moment.tellings = told_of.get(moment.line.pk, [])
            moment.may_tell = reading.is_owner


def _of_goals(reading):
    for goal in reading.goals:
        of_goal = {"line": goal, "voice": goal.voice, "goal": goal.pk}
        if goal.state in SHOWN_STATES:
            icon, what = SHOWN_STATES[goal.state]
            yield Moment(at=goal.state_since, icon=icon, what=what(), **of_goal)
        if goal.state != GoalState.NOT_MINE:
            yield Moment(at=goal.created_at, icon="compass", what=_("A new goal"), **of_goal)
        for step in goal.steps:
            if step.is_done:
                done = {"line": step, "voice": step.voice, "goal": goal.pk}
                yield Moment(at=step.state_since, icon="check", what=_("I did this step"), **done)


def _of_entries(reading):
    # What is private stands behind its own door: a phone that lies open on this page shows nothing of it.
    for section in (section for section in Section if section not in PRIVATE_SECTIONS):
        is_strength = section == Section.STRENGTHS
        what = _("I found this strength") if is_strength else section.label
        for entry in reading.entries(section):
            yield Moment(
                at=entry.created_at,
                icon="sprout" if is_strength else "plus",
                what=what,
                line=entry,
                voice=entry.voice,
                section=section,
            )


def _told_alone(told_of, lines):
    """What was told of a line that nothing stands of on this page, such as a step that is not done any more."""
    for about in told_of.keys() - lines:
        for telling in told_of[about]:
            yield Moment(at=telling.created_at, icon="message-circle", what=_("How it went"), line=telling)


def _gone(reading):
    for gone in taken_out(reading):
        yield Moment(
            at=gone.line.removed_at,
            icon="trash-2",
            what=_("Taken out"),
            line=gone.line,
            voice=voice_of(gone.line),
            is_gone=True,
            may_bring_back=gone.may_bring_back,
        )


def _agreed(reading):
    for copy in agreements_of(reading.plan).defer("reading"):
        what = _("We could not ask") if copy.how == HowSaid.NOT_ASKED else _("Yes, this is my plan")
        yield Moment(at=copy.at, icon="file-text", what=what, copy=copy)
