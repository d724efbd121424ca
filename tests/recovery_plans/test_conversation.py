"""The conversation: a hopeful question first, Later comes again, and one person's list never goes in circles."""

import pytest

from recovery_plans.access import OWNER, find_plan
from recovery_plans.conversation import Conversation, languages_of_chips, question_after, where_we_left_off
from recovery_plans.models import Grant, PromptForLater, Section
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import bank
from recovery_plans.sections import PRIVATE_SECTIONS


@pytest.fixture
def talk(cast):
    """What Sam and Maya are asked in a section now."""

    def talk(section, *, wanted="", language="en"):
        plan, reach = find_plan(user=cast.sam, code=cast.plan.pk)
        return Conversation(PlanReading(plan, reach=reach, reader=cast.sam), section, language=language, wanted=wanted)

    return talk


def answer(cast, section, prompt):
    cast.plan.add_entry(section=section, words=f"About {prompt}", prompt=prompt, by=cast.sam)


def open_to_sam(cast):
    for section in ("experiences", "hard_days"):
        Grant.open_part(plan=cast.plan, walk=cast.walk, section=section, by=cast.maya)


@pytest.mark.parametrize("section", Section.values)
def test_however_much_was_answered_no_part_begins_with_a_gentle_question(cast, talk, section):
    open_to_sam(cast)
    for prompt in bank("en").section(section).prompts:
        assert not bank("en").prompt(talk(section).asked.id).gentle
        answer(cast, section, prompt.id)
    assert not bank("en").prompt(talk(section).asked.id).gentle


@pytest.mark.parametrize("section", Section.values)
def test_answering_each_question_leads_through_all_of_them(cast, talk, section):
    open_to_sam(cast)
    seen, prompt = [], talk(section).asked.id
    for _question in bank("en").section(section).prompts:
        seen.append(prompt)
        goes_on = question_after(cast.plan, section, prompt, language="en")
        answer(cast, section, prompt)
        prompt = goes_on
    assert sorted(seen) == sorted(known.id for known in bank("en").section(section).prompts)


def test_answers_first_then_what_was_put_aside_then_round_again(cast, talk):
    PromptForLater.keep(plan=cast.plan, section="vision", prompt="h4")
    PromptForLater.keep(plan=cast.plan, section="vision", prompt="h2")
    seen, prompt = [], "h3"
    for _question in range(11):
        seen.append(prompt)
        goes_on = question_after(cast.plan, "vision", prompt, language="en")
        answer(cast, "vision", prompt)
        prompt = goes_on
    assert seen == ["h3", "h5", "h6", "h7", "h8", "h9", "h10", "h1", "h4", "h2", "h1"]


def test_a_question_put_aside_comes_after_the_fresh_ones_and_before_the_answered(cast, talk):
    PromptForLater.keep(plan=cast.plan, section="vision", prompt="h1")
    answer(cast, "vision", "h2")
    order, prompt = [], talk("vision").asked.id
    for _question in bank("en").section("vision").prompts:
        order.append(prompt)
        prompt = talk("vision", wanted=prompt).another
    assert order[-2:] == ["h1", "h2"]
    assert order[0] == "h3"


def test_a_question_of_another_part_is_not_asked_here(talk):
    assert talk("vision", wanted="n7").asked.id == "h1"
    assert talk("vision", wanted="' or 1=1").asked.id == "h1"


def test_both_languages_stand_together_whichever_the_page_is_in(talk):
    english, spanish = talk("strengths").asked, talk("strengths", language="es").asked
    assert (english.text, english.second, english.second_language) == (spanish.second, spanish.text, "es")
    assert spanish.second_language == "en"


def test_a_heads_up_comes_with_every_gentle_question_and_with_all_of_the_private_parts(cast, talk):
    open_to_sam(cast)
    for section in Section:
        for prompt in bank("en").section(section).prompts:
            heads_up = talk(section, wanted=prompt.id).asked.heads_up
            assert bool(heads_up) == (prompt.gentle or section in ("experiences", "hard_days")), prompt.id


def test_the_tip_changes_with_each_answer(cast, talk):
    tips = set()
    for number in range(len(bank("en").tips)):
        tips.add(talk("vision", wanted="h1").tip)
        cast.plan.add_entry(section="vision", words=f"Hope {number}", by=cast.sam)
    assert tips == set(bank("en").tips)


def test_words_on_the_list_are_not_offered_again_in_any_case(cast, talk):
    cast.plan.add_entry(section="strengths", words="FUNNY", by=cast.maya)
    [chip_set] = talk("strengths").chip_sets(tapped={}, peer="Sam")
    offered = [chip.words for chip in [*chip_set.in_sight, *chip_set.more]]
    assert "funny" not in offered
    assert len(offered) == len(bank("en").section("strengths").chips) - 1


def test_a_word_tapped_before_the_page_changed_its_language_is_not_lost(talk):
    [chip_set] = talk("strengths", language="es").chip_sets(tapped={"chips": ["kind", "<script>"]}, peer="Sam")
    assert [chip.words for chip in chip_set.chips if chip.tapped] == ["kind"]


def test_every_tap_word_knows_its_language():
    spoken_in = languages_of_chips("values", "lifts", language="en")
    assert spoken_in["dancing"] == "en"
    assert spoken_in["bailar"] == "es"


def test_maya_and_sam_left_off_where_the_newest_words_are(cast):
    _plan, reach = find_plan(user=cast.sam, code=cast.plan.pk)
    assert where_we_left_off(cast.plan, reach=reach) == Section.VISION
    gone = cast.plan.add_entry(section="values", words="Taken out again", by=cast.sam)
    cast.plan.add_entry(section="culture", words="Fogo", by=cast.sam)
    assert where_we_left_off(cast.plan, reach=reach) == Section.CULTURE
    cast.plan.add_entry(section="hard_days", words="Not for Sam", by=cast.maya)
    gone.take_out(by=cast.sam)
    assert where_we_left_off(cast.plan, reach=reach) == Section.CULTURE


def test_nobody_sits_down_to_a_story_or_to_hard_days(cast):
    cast.plan.add_entry(section="culture", words="Sunday dinners", by=cast.maya)
    for section in PRIVATE_SECTIONS:
        cast.plan.add_entry(section=section, words="The long winter", by=cast.maya)
    assert where_we_left_off(cast.plan, reach=OWNER) == Section.CULTURE
