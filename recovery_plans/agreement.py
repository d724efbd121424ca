"""An agreed copy of a plan: a reading frozen into plain data, read again as it was, and compared with today's plan.

What a copy knows of a line is every field of its reading but those that only say what a reader may do with it: a field
that is added later is in the next copies without a word here.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property, partial
from uuid import UUID

from recovery_plans.line_readings import EntryReading, GoalReading, StepReading, VoiceReading
from recovery_plans.models import GoalState, Section, StepState
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import GOALS, GOALS_LABEL
from recovery_plans.who_sees import Reader

SCHEMA = 1
# What of a line is not frozen: what this reader may do with it, and how it lies on paper.
OF_THE_READER = frozenset({"may_change", "may_state", "may_link", "may_take_out", "offers_done", "may_split"})
# What a goal holds besides its own facts; frozen as lines of their own, or as the codes of lines.
HELD = frozenset({"steps", "uses", "in_the_way"})
DAYS, MOMENTS = ("look_again_on",), ("created_at", "state_since")


@dataclass(frozen=True)
class Frozen:
    """A reading as plain data, and its digest: the same for the same words, whoever reads them, and when."""

    data: dict

    @cached_property
    def digest(self):
        canonical = json.dumps(self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def columns(self):
        """As an agreement keeps it."""
        return {"schema": SCHEMA, "reading": self.data, "digest": self.digest}


# --- freeze ---


def freeze(reading):
    """All that this reading shows, as plain data."""
    entries = {section.section: section.entries for section in reading.sections if section.is_open}
    return Frozen(
        {
            "schema": SCHEMA,
            "name": reading.person.name,
            "name_on_paper": reading.person.paper_name,
            "language": reading.plan.language,
            "parts": [*(section.value for section in entries), *([GOALS] if GOALS in reading.reach.sees else [])],
            "walkers": [{"pk": _plain(walker.pk), "name": walker.name} for walker in reading.walkers],
            "sections": {section.value: [_facts(entry) for entry in found] for section, found in entries.items()},
            "goals": [_goal_facts(goal) for goal in reading.goals],
        }
    )


def _facts(line):
    names = (each.name for each in fields(line))
    return {name: _plain(getattr(line, name)) for name in names if name not in OF_THE_READER | HELD}


def _goal_facts(goal):
    return _facts(goal) | {
        "steps": [_facts(step) for step in goal.steps],
        "uses": [_plain(entry.code) for entry in goal.uses],
        "in_the_way": [_plain(entry.code) for entry in goal.in_the_way],
    }


def _plain(value):
    """A value as JSON has it."""
    if isinstance(value, VoiceReading):
        return {"kind": str(value.kind), "by_name": value.by_name}
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)


# --- read it again ---


class AgreedReading(PlanReading):
    """A plan as it was agreed, for one reader of today: of the copy, only what is open to them now."""

    def __init__(self, agreement, *, plan, reach, reader):
        super().__init__(plan, reach=reach, reader=reader)
        self.agreement = agreement
        self.data = in_sight(agreement.reading, reach.sees)
        self.person = PersonThen(self.data["name"], self.data["name_on_paper"])

    @cached_property
    def _entries(self):
        frozen = self.data["sections"]
        return {section: [thaw(EntryReading, facts) for facts in frozen.get(section, [])] for section in Section}

    @cached_property
    def goals(self):
        entries = {str(entry.code): entry for found in self._entries.values() for entry in found}
        return [thaw_goal(facts, entries) for facts in self.data["goals"]]

    @cached_property
    def walkers(self):
        return [Reader(walker["pk"], walker["name"]) for walker in self.data["walkers"]]


@dataclass(frozen=True)
class PersonThen:
    """Whose plan it is, as they were called then."""

    name: str
    paper_name: str


def thaw(kind, facts, **held):
    """A line of a copy as pages and paper print it. What lines no longer know is left aside; what is new is empty."""
    known = {each.name for each in fields(kind)} - HELD
    facts = {name: value for name, value in facts.items() if name in known}
    facts |= {name: datetime.fromisoformat(facts[name]) for name in MOMENTS if facts.get(name)}
    facts |= {name: date.fromisoformat(facts[name]) for name in DAYS if facts.get(name)}
    return kind(**facts | {"code": UUID(facts["code"]), "voice": VoiceReading(**facts["voice"])}, **held)


def thaw_goal(facts, entries):
    """A goal of a copy with its steps; what goes with it are those of these entries, by their codes."""
    return thaw(
        GoalReading,
        facts,
        steps=[thaw(StepReading, step) for step in facts["steps"]],
        **{name: [entries[code] for code in facts[name] if code in entries] for name in ("uses", "in_the_way")},
    )


def in_sight(data, parts):
    """The same copy with these parts alone; what goes with a goal only where its own part is among them."""
    sections = {section: entries for section, entries in data["sections"].items() if section in parts}
    codes = {entry["code"] for entries in sections.values() for entry in entries}
    goals = data["goals"] if GOALS in parts else []
    return data | {
        "parts": [part for part in data["parts"] if part in parts],
        "sections": sections,
        "goals": [
            goal | {name: [code for code in goal[name] if code in codes] for name in ("uses", "in_the_way")}
            for goal in goals
        ],
    }


# --- compare ---

KEPT, CHANGED, NEW, GONE = "kept", "changed", "new", "gone"
TEXT = ("words", "detail", "phone", "language", "kind", "who")


@dataclass(frozen=True)
class Compared:
    """One line of then or of now, and what became of it.

    `what` names what has changed: "words", "voice", "state", "day", or "goes_with".
    """

    part: str
    mark: str
    then: object  # a reading of the line; None for one that is new
    now: object  # … for one that is gone
    what: tuple = ()
    goal: object = None  # of a step: the goal it is, or was, a step of

    @property
    def line(self):
        return self.now or self.then

    @property
    def heading(self):
        return GOALS_LABEL if self.part == GOALS else Section(self.part).label

    @property
    def state_then(self):
        return state_label(self.then)

    @property
    def state_now(self):
        return state_label(self.now)


def state_label(line):
    """How a goal or a step is, in words."""
    return (GoalState if line.KIND == "goal" else StepState)(line.state).label


@dataclass(frozen=True)
class Comparison:
    """Every line of a copy and of the plan of today, in the order of the plan, what is gone at the end of its part."""

    lines: list
    order_changed: bool = False  # whether the goals of both stand in another order

    @property
    def differences(self):
        """Without the lines that are as they were, and the steps of a goal that is new or gone as a whole."""
        whole = {each.line.code for each in self.lines if each.mark in (NEW, GONE)}
        found = [each for each in self.lines if each.mark != KEPT]
        return [each for each in found if each.goal is None or each.goal.code not in whole]

    @property
    def is_as_it_was(self):
        return not self.order_changed and all(each.mark == KEPT for each in self.lines)


def compare(data, reading):
    """A frozen copy beside the plan of today, as far as both show the same parts. No clock is asked."""
    now = freeze(reading).data
    both = set(data["parts"]) & set(now["parts"])
    then, now = in_sight(data, both), in_sight(now, both)
    lines = []
    for part in now["parts"]:
        if part != GOALS:
            lines += _pairs(part, partial(thaw, EntryReading), then["sections"][part], now["sections"][part])
    goals = list(_pairs(GOALS, partial(thaw_goal, entries={}), then["goals"], now["goals"]))
    steps_then, steps_now = _steps(then["goals"]), _steps(now["goals"])
    for goal in goals:
        lines.append(goal)
        before, after = (steps.get(str(goal.line.code), []) for steps in (steps_then, steps_now))
        lines += _pairs(GOALS, partial(thaw, StepReading), before, after, goal=goal.line)
    return Comparison(lines, order_changed=_order(then, now) != _order(now, then))


def _steps(goals):
    return {goal["code"]: goal["steps"] for goal in goals}


def _order(one, other):
    """The codes of the goals that both have, in the order of one."""
    known = {goal["code"] for goal in other["goals"]}
    return [goal["code"] for goal in one["goals"] if goal["code"] in known]


def _pairs(part, thawed, then, now, goal=None):
    """Each line of a list of now with what it was, and after them those that are gone."""
    before = {line["code"]: line for line in then}
    for line in now:
        old = before.pop(line["code"], None)
        what = _changed(old, line) if old else ()
        mark = NEW if old is None else CHANGED if what else KEPT
        yield Compared(part, mark, old and thawed(old), thawed(line), what, goal)
    for old in before.values():
        yield Compared(part, GONE, thawed(old), None, (), goal)


def _changed(old, new):
    """What of a line is not as it was. With other words its voice is another too: that says nothing more.

    Facts that lines did not have yet when the copy was made differ in nothing; with a new text its version does.
    """
    differs = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    day = differs & {"look_again_on"}
    words = differs & set(TEXT) or ("version" in differs and not day)
    found = {
        "words": words,
        "voice": not words and not day and old["voice"]["kind"] != new["voice"]["kind"],
        "state": differs & {"state"},
        "day": day,
        "goes_with": differs & {"uses", "in_the_way"},
    }
    return tuple(what for what, is_so in found.items() if is_so)
