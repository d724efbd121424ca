"""Ideas: what somebody else offers Maya is nothing until she takes it, and only she answers."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from recovery_plans.models import (
    EditConflict,
    Goal,
    Grant,
    Idea,
    IdeaKind,
    LogLine,
    NotAllowedToChange,
    Revision,
    SaveIdReused,
    TooManyIdeas,
)
from tests.concurrency import all_at_once
from tests.recovery_plans.test_access_parts import say_yes

WORDS, MORE = "Two slow mornings a week", "Naming how many may help."
HAPPENED = ("idea_offered", "idea_answered", "idea_taken_back", "line_changed")


def offer(cast, kind="words", line=None, by=None, **facts):
    facts = {"words": "" if kind == "state" else WORDS} | facts
    return Idea.offer(plan=cast.plan, kind=IdeaKind(kind), line=line, by=by or cast.sam, **facts)


@pytest.fixture
def hers(cast, mornings):
    """What is Maya's own: an entry, a goal and its step."""
    mornings.plan = cast.plan
    entry = cast.plan.add_entry(section="supporters", words="Noor", helps="She calls", phone="555-0142", by=cast.maya)
    return {"entry": entry, "goal": mornings, "step": mornings.steps.get(words="Phone away at night")}


def now(line):
    return type(line).unguarded.get(pk=line.pk)


# --- offered, it is nothing ---


@pytest.mark.parametrize("kind", ["entry", "goal", "step"])
def test_offered_it_changes_nothing_and_taken_the_words_are_mayas(cast, hers, kind):
    line, before = hers[kind], now(hers[kind])
    idea = offer(cast, line=line, why=MORE)
    assert (now(line).words, now(line).version) == (before.words, 1)
    assert idea.take(by=cast.maya, base_version=1)
    after = now(line)
    assert (after.words, after.detail, after.phone) == (WORDS, before.detail, before.phone)
    assert (after.voice, after.version, after.changed_by, after.language) == ("own", 2, cast.maya, before.language)
    assert list(Revision.unguarded.filter(line=line.pk).order_by("version").values_list("words", "by")) == [
        (before.words, cast.maya.pk),
        (WORDS, cast.maya.pk),
    ]
    assert idea.state == "taken"


def test_a_new_step_a_new_goal_and_a_state_are_taken_with_the_verbs_she_would_have_used(cast, hers):
    goal = hers["goal"]
    step, another = offer(cast, "step", line=goal, words="Tea first"), offer(cast, "goal", words="Sing again")
    rest = offer(cast, "state", line=goal, goal_state="resting")
    assert all(idea.take(by=cast.maya, base_version=1) for idea in (step, another))
    assert rest.take(by=cast.maya, base_version=1, base_state=goal.state)
    assert goal.steps.get(words="Tea first").voice == "own"
    assert cast.plan.goals.get(words="Sing again").created_by == cast.maya
    assert (now(goal).state, now(goal).state_by) == ("resting", cast.maya)


def test_keeping_her_words_asks_nothing_and_changes_nothing(cast, hers):
    idea = offer(cast, line=hers["goal"])
    assert idea.keep_mine(by=cast.maya)
    assert not idea.keep_mine(by=cast.maya)
    assert (idea.state, now(hers["goal"]).version) == ("left", 1)


def test_written_her_own_way_it_is_her_text_and_the_idea_is_answered(cast, hers):
    idea, save_id = offer(cast, line=hers["step"]), uuid4()
    for _tap in range(2):
        idea.rewrite(by=cast.maya, words="Slow on Sundays", base_version=1, save_id=save_id)
    assert (now(hers["step"]).words, now(hers["step"]).version) == ("Slow on Sundays", 2)
    assert idea.state == "rewritten"
    state = offer(cast, "state", line=hers["goal"], goal_state="let_go")
    state.rewrite(by=cast.maya, goal_state="resting")
    assert (now(hers["goal"]).state, state.state) == ("resting", "rewritten")


def test_one_form_sent_twice_is_one_idea_and_other_words_under_its_id_are_refused(cast, hers):
    save_id = uuid4()
    first = offer(cast, line=hers["goal"], save_id=save_id)
    assert offer(cast, line=hers["goal"], save_id=save_id) == first
    with pytest.raises(SaveIdReused):
        offer(cast, line=hers["goal"], save_id=save_id, words="Other words")
    with pytest.raises(SaveIdReused):
        offer(cast, line=hers["step"], save_id=save_id)
    assert Idea.unguarded.count() == 1
    assert LogLine.unguarded.filter(what="idea_offered").count() == 1


# --- who offers, and to what ---


def test_only_who_walks_with_her_and_writes_in_the_part_offers_and_never_maya(cast, hers):
    for other in (cast.maya, cast.lee, cast.noor, cast.dana, cast.alex, cast.rosa, cast.ines):
        for kind, facts in {
            "words": {"line": hers["entry"]},
            "step": {"line": hers["goal"]},
            "goal": {},
            "state": {"line": hers["goal"], "goal_state": "resting"},
        }.items():
            with pytest.raises(NotAllowedToChange):
                offer(cast, kind, by=other, **facts)
    story = cast.plan.add_entry(section="experiences", words="My story", by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        offer(cast, line=story)
    cast.walk.end(by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        offer(cast, line=hers["goal"])
    assert not Idea.unguarded.exists()


def test_who_only_reads_a_part_offers_nothing_there(cast, hers):
    say_yes(cast, {"supporters": ("see",), "goals": ("see", "write")})
    with pytest.raises(NotAllowedToChange):
        offer(cast, line=hers["entry"])
    assert offer(cast, line=hers["goal"]).state == "waiting"


def test_where_sam_still_has_the_pen_there_is_nothing_to_offer(cast):
    typed = cast.plan.add_goal(words="Sew for pay", by=cast.sam)
    for kind, facts in {"words": {}, "step": {}, "state": {"goal_state": "resting"}}.items():
        with pytest.raises(NotAllowedToChange):
            offer(cast, kind, line=typed, **facts)
    typed.read_back(by=cast.maya, base_version=1)
    assert offer(cast, line=typed).state == "waiting"


def test_to_a_line_that_was_taken_out_nothing_is_offered(cast, hers):
    hers["goal"].take_out(by=cast.maya)
    for line in (now(hers["goal"]), now(hers["step"])):
        line.plan = cast.plan
        with pytest.raises(NotAllowedToChange):
            offer(cast, line=line)


def test_three_wait_at_once_and_an_answer_makes_room(cast, hers):
    first, *_others = [offer(cast, line=line) for line in hers.values()]
    with pytest.raises(TooManyIdeas):
        offer(cast, "goal")
    first.keep_mine(by=cast.maya)
    second = offer(cast, "goal")
    with pytest.raises(TooManyIdeas):
        offer(cast, "step", line=hers["goal"])
    assert second.take_back(by=cast.sam)
    assert offer(cast, "step", line=hers["goal"])


@pytest.mark.django_db(transaction=True)
def test_six_offered_in_one_moment_are_three(cast, hers):
    def one_more():
        try:
            return offer(cast, "goal", words=f"Goal {uuid4()}").slot
        except TooManyIdeas:
            return None

    slots = all_at_once(one_more, times=6)
    assert sorted(filter(None, slots)) == [1, 2, 3]
    assert Idea.unguarded.filter(state="waiting").count() == now(cast.plan).open_ideas == 3


@pytest.mark.django_db(transaction=True)
def test_one_form_that_comes_four_times_in_one_moment_is_one_idea(cast, hers):
    save_id = uuid4()
    found = all_at_once(lambda: offer(cast, line=hers["goal"], save_id=save_id).pk, times=4)
    assert len(set(found)) == 1
    assert Idea.unguarded.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_idea_that_is_taken_and_kept_out_in_one_moment_has_one_answer(cast, hers):
    idea = offer(cast, "step", line=hers["goal"], words="Tea first")

    def take():
        return Idea.unguarded.get(pk=idea.pk).take(by=cast.maya, base_version=1)

    assert sorted(all_at_once(take, times=4)) == [False, False, False, True]
    assert hers["goal"].steps.filter(words="Tea first").count() == 1
    assert now(cast.plan).open_ideas == 0


# --- who answers, and when ---


def test_nobody_but_maya_answers_and_nobody_but_sam_takes_it_back(cast, hers):
    idea = offer(cast, line=hers["goal"])
    for other in (cast.sam, cast.lee, cast.noor, cast.dana, cast.alex, cast.rosa, cast.ines):
        for answer, facts in (
            (idea.take, {"base_version": 1}),
            (idea.rewrite, {"words": "Mine", "base_version": 1}),
            (idea.keep_mine, {}),
        ):
            with pytest.raises(NotAllowedToChange):
                answer(by=other, **facts)
    for other in (cast.maya, cast.lee, cast.dana):
        with pytest.raises(NotAllowedToChange):
            idea.take_back(by=other)
    assert (now(idea).state, now(hers["goal"]).version) == ("waiting", 1)


def test_a_stale_idea_is_taken_only_with_the_words_that_stand_now(cast, hers):
    idea, goal = offer(cast, line=hers["goal"]), hers["goal"]
    goal.rewrite(words="Mornings, slowly", by=cast.maya, base_version=1)
    assert not idea.take(by=cast.maya, base_version=1)
    assert (now(goal).words, idea.state) == ("Mornings, slowly", "waiting")
    assert not Revision.unguarded.filter(line=goal.pk, version=None).exists(), "nothing was kept beside it"
    assert idea.take(by=cast.maya, base_version=2)
    assert now(goal).words == WORDS


def test_another_state_is_taken_only_in_place_of_the_one_she_saw(cast, hers):
    goal = hers["goal"]
    idea, seen = offer(cast, "state", line=goal, goal_state="resting"), goal.state
    goal.reach(by=cast.maya)
    for old in (seen, ""):
        assert not idea.take(by=cast.maya, base_version=1, base_state=old)
    assert (now(goal).state, idea.state) == ("reached", "waiting")
    assert idea.take(by=cast.maya, base_version=1, base_state="reached")
    assert now(goal).state == "resting"


def test_her_own_way_on_words_that_changed_keeps_both_and_the_idea_waits(cast, hers):
    idea, goal = offer(cast, line=hers["goal"]), hers["goal"]
    goal.rewrite(words="Mornings, slowly", by=cast.maya, base_version=1)
    with pytest.raises(EditConflict):
        idea.rewrite(by=cast.maya, words="My way", base_version=1)
    assert Revision.unguarded.get(line=goal.pk, version=None).words == "My way"
    assert (now(goal).words, now(idea).state) == ("Mornings, slowly", "waiting")


def test_taken_back_meanwhile_it_is_not_taken_but_her_own_words_are_kept(cast, hers):
    idea = offer(cast, line=hers["goal"])
    assert now(idea).take_back(by=cast.sam)
    assert not idea.take(by=cast.maya, base_version=1)
    assert not idea.keep_mine(by=cast.maya)
    idea.rewrite(by=cast.maya, words="My way", base_version=1)
    assert (now(hers["goal"]).words, now(idea).state) == ("My way", "taken_back")
    assert not now(idea).take_back(by=cast.sam)


@pytest.mark.parametrize("kind", ["words", "step", "state"])
def test_of_a_goal_that_was_taken_out_nothing_is_answered_until_it_is_back(cast, hers, kind):
    goal = hers["goal"]
    idea = offer(cast, kind, line=goal, goal_state="resting" if kind == "state" else "")
    goal.take_out(by=cast.maya)
    assert not idea.take(by=cast.maya, base_version=1)
    assert not idea.keep_mine(by=cast.maya)
    goal.bring_back(by=cast.maya)
    assert idea.take(by=cast.maya, base_version=1, base_state=now(goal).state)


def test_of_a_step_whose_goal_was_taken_out_neither(cast, hers):
    idea = offer(cast, line=hers["step"])
    hers["goal"].take_out(by=cast.maya)
    assert not idea.take(by=cast.maya, base_version=1)
    assert not Idea.unguarded.filter(Idea.still_waiting()).exists()


def test_when_the_walk_is_over_its_ideas_wait_no_more(cast, hers):
    idea = offer(cast, line=hers["goal"])
    assert Idea.unguarded.filter(Idea.still_waiting()).exists()
    cast.walk.end(by=cast.maya)
    assert not Idea.unguarded.filter(Idea.still_waiting()).exists()
    assert not idea.take(by=cast.maya, base_version=1)
    assert not idea.keep_mine(by=cast.maya)
    assert now(hers["goal"]).version == 1


# --- what the database itself refuses ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"goal_state": "resting"},
        {"kind": "state"},
        {"kind": "state", "words": "", "goal_state": "not_mine"},
        {"kind": "goal"},
        {"kind": "poem"},
        {"goal": None},
        {"state": "lost"},
        {"state": "taken"},
        {"slot": 4},
        {"slot": None},
        {"answered_at": "2026-01-01T00:00Z"},
        {"words": "x" * 15_001},
    ],
    ids=str,
)
def test_the_database_refuses_an_idea_that_is_none(cast, hers, wrong):
    idea = offer(cast, line=hers["goal"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.unguarded.filter(pk=idea.pk).update(**wrong)


def test_the_database_refuses_a_fourth_and_a_second_of_one_form(cast, hers):
    first, second = offer(cast, line=hers["goal"]), offer(cast, line=hers["step"])
    for wrong in ({"slot": first.slot}, {"save_id": first.save_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Idea.unguarded.filter(pk=second.pk).update(**wrong)


def test_an_idea_about_two_lines_is_refused(cast, hers):
    idea = offer(cast, line=hers["goal"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.unguarded.filter(pk=idea.pk).update(step=hers["step"])


def test_each_thing_that_happens_is_one_line_of_the_log_beside_what_it_changed(cast, hers):
    idea = offer(cast, line=hers["entry"])
    idea.take(by=cast.maya, base_version=1)
    offer(cast, "goal").take_back(by=cast.sam)
    lines = LogLine.unguarded.filter(plan=cast.plan.pk, what__in=HAPPENED)
    found = sorted(lines.values_list("what", "by", "part", "line"), key=str)
    entry = hers["entry"].pk
    assert found == sorted(
        [
            ("idea_offered", cast.sam.pk, "supporters", entry),
            ("line_changed", cast.maya.pk, "supporters", entry),
            ("idea_answered", cast.maya.pk, "supporters", entry),
            ("idea_offered", cast.sam.pk, "goals", None),
            ("idea_taken_back", cast.sam.pk, "goals", None),
        ],
        key=str,
    )


def test_closed_to_sam_again_it_is_still_hers_to_answer(cast):
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="hard_days", by=cast.maya)
    line = cast.plan.add_entry(section="hard_days", words="A walk by the water", by=cast.maya)
    idea = offer(cast, line=line)
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="hard_days", by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        offer(cast, line=line)
    assert idea.take(by=cast.maya, base_version=1)
    assert Goal.unguarded.count() == 0
