"""An agreed copy: all of a reading is in it, it is read again as it was, and each change shows as exactly that."""

import json
import uuid
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_plans import agreement
from recovery_plans.access import OWNER
from recovery_plans.agreement import AgreedReading, compare, freeze, in_sight, thaw, thaw_goal
from recovery_plans.line_readings import EntryReading, GoalReading, SectionReading, StepReading, VoiceReading
from recovery_plans.models import Agreement, GoalState, Grant, NotAllowedToChange, SaveIdReused, Section, StepState
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import GOALS
from tests.recovery_plans.agreeing import FIRST_SCHEMA, agree, reading_of

# --- any plan ---

MOMENT = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
words = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
voices = st.builds(VoiceReading, kind=st.sampled_from(["own", "typed", "paper", "read_back"]), by_name=words)
line = {
    "code": st.uuids(version=4),
    "words": words,
    "detail": st.one_of(st.just(""), words),
    "language": st.sampled_from(["en", "es", "ar"]),
    "voice": voices,
    "version": st.integers(min_value=1, max_value=9),
}
steps = st.builds(StepReading, **line, state=st.sampled_from(StepState.values), state_since=st.just(MOMENT))
goals = st.builds(
    GoalReading,
    **line,
    state=st.sampled_from(GoalState.values),
    state_since=st.just(MOMENT),
    look_again_on=st.one_of(st.none(), st.dates()),
    number=st.one_of(st.none(), st.integers(min_value=1, max_value=9)),
    steps=st.lists(steps, max_size=3),
)


def entries_of(section):
    entry = st.builds(EntryReading, **line, section=st.just(section.value), created_at=st.just(MOMENT))
    return st.lists(entry, max_size=3)


class AnyReading:
    """What is frozen of a reading, and no database."""

    def __init__(self, entries, goals):
        self.entries, self.goals = dict(entries), list(goals)
        self.person = SimpleNamespace(name="Maya", paper_name="Maya L.")
        self.plan, self.reach, self.walkers = SimpleNamespace(language="en"), OWNER, []

    @property
    def sections(self):
        facts = {"is_open": True, "may_write": True, "readers": []}
        return [SectionReading(section=section, entries=self.entries.get(section, []), **facts) for section in Section]


@st.composite
def readings(draw):
    entries = {section: draw(entries_of(section)) for section in (Section.STRENGTHS, Section.NEEDS, Section.HARD_DAYS)}
    written, found = [entry for lines in entries.values() for entry in lines], draw(st.lists(goals, max_size=3))
    if written:
        found = [
            replace(goal, uses=draw(st.lists(st.sampled_from(written), unique_by=id, max_size=2))) for goal in found
        ]
    return AnyReading(entries, found)


@given(readings())
def test_a_plan_is_as_it_was_one_second_and_one_year_later(reading):
    comparison = compare(freeze(reading).data, reading)
    assert comparison.is_as_it_was
    assert {each.mark for each in comparison.lines} <= {"kept"}
    assert len(comparison.lines) == sum(map(len, reading.entries.values())) + sum(
        1 + len(goal.steps) for goal in reading.goals
    )


def rewritten(line):
    return replace(line, words=line.words + "!", version=line.version + 1, voice=VoiceReading("own", "Maya"))


def another_state(line, states):
    return replace(line, state=next(state for state in states if state != line.state))


ENTRY_CHANGES = {
    "other words": (rewritten, ("words",)),
    "changed, and changed back": (lambda e: replace(e, version=e.version + 1), ("words",)),
    "a number": (lambda e: replace(e, phone=e.phone + "1", version=e.version + 1), ("words",)),
    "another kind": (lambda e: replace(e, kind="from_us", version=e.version + 1), ("words",)),
    "whose words": (
        lambda e: replace(e, voice=VoiceReading("own" if e.voice.kind != "own" else "read_back", "")),
        ("voice",),
    ),
}
GOAL_CHANGES = {
    "other words": (rewritten, ("words",)),
    "another state": (lambda g: another_state(g, GoalState.values), ("state",)),
    "another day": (lambda g: replace(g, look_again_on=date(9999, 1, 2), version=g.version + 1), ("day",)),
    "what goes with it": (lambda g: replace(g, uses=[], in_the_way=g.uses), ("goes_with",)),
}
STEP_CHANGES = {
    "other words": (rewritten, ("words",)),
    "another state": (lambda s: another_state(s, StepState.values), ("state",)),
    "somebody else does it": (lambda s: replace(s, who="other", version=s.version + 1), ("words",)),
}


def differences(before, after):
    return [(each.mark, each.line.code, each.what) for each in compare(before.data, after).lines if each.mark != "kept"]


@pytest.mark.parametrize("change, what", ENTRY_CHANGES.values(), ids=ENTRY_CHANGES)
@given(readings(), st.data())
def test_a_change_of_an_entry_shows_as_exactly_that(change, what, reading, data):
    section = data.draw(st.sampled_from([*reading.entries]))
    before = freeze(reading)
    if not (lines := reading.entries[section]):
        return
    at = data.draw(st.integers(0, len(lines) - 1))
    old, new = lines[at], change(lines[at])
    reading.entries[section] = [*lines[:at], new, *lines[at + 1 :]]
    assert differences(before, reading) == [("changed", old.code, what)]


@pytest.mark.parametrize("change, what", GOAL_CHANGES.values(), ids=GOAL_CHANGES)
@given(readings(), st.data())
def test_a_change_of_a_goal_shows_as_exactly_that(change, what, reading, data):
    before = freeze(reading)
    if not reading.goals:
        return
    at = data.draw(st.integers(0, len(reading.goals) - 1))
    old = reading.goals[at]
    reading.goals[at] = change(old)
    expected = [] if what == ("goes_with",) and not old.uses else [("changed", old.code, what)]
    assert differences(before, reading) == expected


@pytest.mark.parametrize("change, what", STEP_CHANGES.values(), ids=STEP_CHANGES)
@given(readings(), st.data())
def test_a_change_of_a_step_shows_as_exactly_that(change, what, reading, data):
    before = freeze(reading)
    with_steps = [goal for goal in reading.goals if goal.steps]
    if not with_steps:
        return
    goal = data.draw(st.sampled_from(with_steps))
    at = data.draw(st.integers(0, len(goal.steps) - 1))
    old = goal.steps[at]
    if what == ("words",) and change(old).who == old.who and change(old).words == old.words:
        return
    goal.steps[at] = change(old)
    assert differences(before, reading) == [("changed", old.code, what)]


@given(readings(), st.data())
def test_what_is_new_and_what_is_gone_show_as_exactly_that(reading, data):
    smaller = AnyReading(reading.entries, reading.goals)
    section = data.draw(st.sampled_from([*reading.entries]))
    if not reading.entries[section]:
        return
    *rest, last = reading.entries[section]
    smaller.entries[section] = rest
    smaller.goals = [replace(goal, uses=[each for each in goal.uses if each is not last]) for goal in reading.goals]
    unlinked = {goal.code for goal in reading.goals if any(each is last for each in goal.uses)}
    linked = [("changed", goal.code, ("goes_with",)) for goal in reading.goals if goal.code in unlinked]
    assert differences(freeze(smaller), reading) == [("new", last.code, ()), *linked]
    gone = [("gone", last.code, ()), *linked]
    assert differences(freeze(reading), smaller) == gone


@given(readings())
def test_another_order_of_the_goals_is_that_and_nothing_else(reading):
    before = freeze(reading)
    reading.goals.reverse()
    comparison = compare(before.data, reading)
    assert comparison.order_changed == (len(reading.goals) > 1)
    assert {each.mark for each in comparison.lines} <= {"kept"}


@given(readings())
def test_a_copy_is_read_again_as_it_was(reading):
    data = json.loads(json.dumps(freeze(reading).data))
    for section, entries in reading.entries.items():
        for entry, facts in zip(entries, data["sections"][section], strict=True):
            assert vars(thaw(EntryReading, facts)) == vars(entry)
    entries = {str(entry.code): entry for lines in reading.entries.values() for entry in lines}
    for goal, facts in zip(reading.goals, data["goals"], strict=True):
        again = thaw_goal(facts, entries)
        assert [vars(step) for step in again.steps] == [vars(step) for step in goal.steps]
        assert {**vars(again), "steps": []} == {**vars(goal), "steps": []}
    assert agreement.Frozen(data).digest == freeze(reading).digest


# --- complete ---


@pytest.mark.parametrize("kind", [EntryReading, GoalReading, StepReading])
def test_every_fact_of_a_line_is_frozen_or_only_says_what_its_reader_may_do(kind):
    known = {each.name for each in fields(kind)}
    held = known & agreement.HELD
    filled = kind(code=uuid.uuid4(), words="a", language="en", voice=VoiceReading("own", "Maya"))
    frozen = agreement._goal_facts(filled) if held else agreement._facts(filled)
    assert known - set(frozen) <= agreement.OF_THE_READER
    assert all(name.startswith(("may_", "offers_")) for name in agreement.OF_THE_READER)
    moments = {name for name in known if name.endswith(("_at", "_since", "_on"))}
    assert moments <= {*agreement.MOMENTS, *agreement.DAYS}, "a moment comes back as one"


def test_a_copy_knows_all_that_a_reading_tells_of_a_plan():
    """What a reading has besides its lines: each is in the copy, made of what is, or not the plan's words."""
    known = {name for name in vars(PlanReading) if not name.startswith("_")}
    frozen = {"sections", "goals", "walkers"}
    made_of_it = set(
        "section entries entries_wait vision strengths supporters lifts drains other_values from_us goals_title goal "
        "goals_on_path goals_wait".split()
    )
    of_today = {"readers", "ruler_of", "prompts_for_later", "ideas_from"}
    assert known == frozen | made_of_it | of_today
    assert {each.name for each in fields(SectionReading)} == {"section", "entries", "is_open", "may_write", "readers"}


def test_a_copy_of_the_first_schema_is_read_compared_and_printed(cast):
    made = SimpleNamespace(reading=FIRST_SCHEMA, at=MOMENT, is_own=True)
    then = AgreedReading(made, plan=cast.plan, reach=OWNER, reader=cast.maya)
    assert [entry.words for entry in then.strengths] == ["I sew"]
    [goal] = then.goals_on_path
    assert [entry.words for entry in goal.uses] == ["I sew"]
    assert (goal.look_again_on, goal.steps[0].is_done) == (date(2027, 1, 1), True)
    assert [each.mark for each in compare(FIRST_SCHEMA, reading_of(cast)).differences] == ["gone", "gone"]
    sheet = PlanSheet(then, Choices(), printed_for=cast.maya, agreement=made).html()
    assert all(words in sheet for words in ("Maya L.", "I sew", "Sew for pay", "Oil the machine", "Sam"))


def test_facts_that_lines_did_not_have_yet_differ_in_nothing():
    reading = AnyReading({Section.STRENGTHS: [EntryReading(**plain_line())]}, [GoalReading(**plain_line())])
    data = json.loads(json.dumps(freeze(reading).data))
    for line_then in (data["sections"]["strengths"][0], data["goals"][0]):
        del line_then["phone"]
    assert compare(data, reading).is_as_it_was


def plain_line():
    return {"code": uuid.uuid4(), "words": "I sew", "language": "en", "voice": VoiceReading("own", "Maya")}


# --- Maya's plan ---


@pytest.fixture
def plan(cast):
    """A strength, a need, a line of her story, and a goal with two steps that uses what she brings and her story."""
    plan = cast.plan
    strength = plan.add_entry(section="strengths", words="I keep my word 😀", by=cast.sam)
    plan.add_entry(section="needs", words="A bus pass", by=cast.maya)
    story = plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    goal = plan.add_goal(words="Slow mornings", why="I breathe", by=cast.maya)
    goal.add_step(words="Coffee on the steps", by=cast.maya)
    goal.add_step(words="Phone away", by=cast.maya).do(by=cast.maya)
    goal.go_with(entries=[strength, story], by=cast.maya)
    return plan


def test_the_copy_in_the_database_is_what_was_read(cast, plan):
    made = agree(cast)
    kept = Agreement.unguarded.get(pk=made.pk)
    assert kept.reading == freeze(reading_of(cast)).data
    assert agreement.Frozen(kept.reading).digest == kept.digest == freeze(reading_of(cast)).digest
    assert compare(kept.reading, reading_of(cast)).is_as_it_was


def test_a_word_changed_one_second_later_is_a_change(cast, plan):
    made = agree(cast)
    strength = plan.entries.get(section="strengths")
    strength.rewrite(words="I keep my word.", by=cast.maya, base_version=1)
    comparison = compare(made.reading, reading_of(cast))
    assert [(each.mark, each.then.words, each.now.words) for each in comparison.differences] == [
        ("changed", "I keep my word 😀", "I keep my word.")
    ]


def test_a_goal_with_its_steps_is_one_difference(cast, plan):
    made = agree(cast)
    plan.goals.get().take_out(by=cast.maya)
    plan.add_goal(words="Sew for pay", steps={"step": "Oil the machine"}, by=cast.maya)
    assert [(each.mark, each.line.words) for each in compare(made.reading, reading_of(cast)).differences] == [
        ("new", "Sew for pay"),
        ("gone", "Slow mornings"),
    ]


def test_of_a_copy_sam_reads_only_what_is_open_to_him_now(cast, plan):
    made = agree(cast)
    assert "CANARY-STORY" in json.dumps(made.reading)
    sams = reading_of(cast, cast.sam)
    copy = AgreedReading(made, plan=plan, reach=sams.reach, reader=cast.sam)
    assert not copy.section("experiences").entries
    assert "CANARY-STORY" not in str(copy.data)
    assert compare(made.reading, sams).is_as_it_was, "what he does not see is neither gone nor there"
    Grant.open_part(plan=plan, walk=cast.walk, section="experiences", by=cast.maya)
    sams = reading_of(cast, cast.sam)
    copy = AgreedReading(made, plan=plan, reach=sams.reach, reader=cast.sam)
    assert [entry.words for entry in copy.section("experiences").entries] == ["CANARY-STORY"]


def test_what_goes_with_a_goal_goes_where_its_part_is_closed(cast, plan):
    data = in_sight(agree(cast).reading, {GOALS})
    assert data["goals"][0]["uses"] == []
    assert data["sections"] == {}


# --- who says it ---


@pytest.mark.parametrize("how", ["on_screen", "in_hands"])
def test_nobody_but_maya_says_yes_on_a_screen(cast, how):
    with pytest.raises(NotAllowedToChange):
        agree(cast, by=cast.sam, how=how)


@pytest.mark.parametrize("how", ["on_paper", "aloud", "not_asked"])
def test_what_was_said_elsewhere_is_written_down_as_that(cast, how):
    made = agree(cast, by=cast.sam, how=how)
    assert (made.is_own, made.is_yes, made.by) == (False, how != "not_asked", cast.sam)
    with pytest.raises(NotAllowedToChange):
        agree(cast, how=how)


def test_the_same_tap_twice_is_one_agreement(cast):
    save_id = uuid.uuid4()
    first, second = agree(cast, save_id=save_id), agree(cast, save_id=save_id)
    assert first.pk == second.pk
    assert Agreement.unguarded.count() == 1
    with pytest.raises(SaveIdReused):
        agree(cast, save_id=save_id, others="Noor")
    assert agree(cast).pk != first.pk, "she may agree again any time"
