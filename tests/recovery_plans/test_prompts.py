"""The conversation bank: nothing missing in either language, and no one's first question is the hardest."""

import re
from dataclasses import FrozenInstanceError, fields, is_dataclass
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_plans.prompts import LANGUAGES, bank, next_prompt, other_language
from recovery_plans.prompts.order import following, offering

SECTIONS = [
    "vision",
    "strengths",
    "resilience",
    "culture",
    "values",
    "needs",
    "experiences",
    "supporters",
    "hard_days",
]
IDS = {key: [prompt.id for prompt in bank("en").section(key).prompts] for key in SECTIONS}

sections = st.sampled_from(SECTIONS)
languages = st.sampled_from(LANGUAGES)


@st.composite
def talks(draw):
    """A section as two people find it: some questions used, some kept for later, one perhaps on the screen."""
    section = draw(sections)
    ids = st.sampled_from([*IDS[section], "gone-from-the-bank"])
    return section, {
        "used": draw(st.sets(ids)),
        "later": draw(st.lists(ids, unique=True)),
        "language": draw(languages),
    }


def shape(value):
    """What a text looks like without its words: names, order, counts and placeholders."""
    if is_dataclass(value):
        return {field.name: shape(getattr(value, field.name)) for field in fields(value) if field.name != "language"}
    if isinstance(value, tuple):
        return [shape(inner) for inner in value]
    if hasattr(value, "items"):
        return {name: shape(inner) for name, inner in value.items()}
    return sorted(re.findall(r"\{\w*\}", value)) if isinstance(value, str) else value


def texts(value, name=""):
    """Every text in a bank, with the name it stands under."""
    if is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner, name)
    elif hasattr(value, "items"):
        for key, inner in value.items():
            yield from texts(inner, key)
    elif isinstance(value, str):
        yield name, value


# --- the bank ---


def test_the_bank_holds_ninety_questions_in_nine_sections_and_each_has_a_heading():
    for language in LANGUAGES:
        found = bank(language)
        assert [section.key for section in found.sections] == SECTIONS
        assert all(len(section.prompts) == 10 for section in found.sections)
        assert all(section.title and section.intro and section.empty for section in found.sections)


def test_whoever_reads_spanish_is_asked_all_that_is_asked_in_english():
    english, spanish = bank("en"), bank("es")
    for section in english.sections:
        there = spanish.section(section.key)
        # In the same order too: the two languages stand under one another on a shared screen.
        asked = [(prompt.id, prompt.gentle) for prompt in section.prompts]
        assert asked == [(prompt.id, prompt.gentle) for prompt in there.prompts]
        assert bool(section.heads_up) == bool(there.heads_up)
        for chips in ("chips", "chips_lifts", "chips_drains"):
            assert len(getattr(section, chips)) == len(getattr(there, chips)), (section.key, chips)
    for part in ("tips", "rulers", "goals", "steps", "ideas", "celebrations", "errors"):
        assert shape(getattr(english, part)) == shape(getattr(spanish, part)), part


def test_no_question_stands_under_two_ids_and_none_was_left_in_the_other_language():
    ids = [prompt_id for key in SECTIONS for prompt_id in IDS[key]]
    assert len(set(ids)) == len(ids) == 90
    for prompt_id in ids:
        assert bank("en").prompt(prompt_id).text != bank("es").prompt(prompt_id).text
    for language in LANGUAGES:
        asked = [prompt.text for section in bank(language).sections for prompt in section.prompts]
        assert len(set(asked)) == len(asked)
    assert all(re.search(r"[¿?]|\.$", bank("es").prompt(prompt_id).text) for prompt_id in ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_bank_is_blank_or_raises_its_voice(language):
    for name, text in texts(bank(language)):
        if name in ("heads_up", "sense"):  # may be absent; a present one is looked at below
            assert text == text.strip()
            continue
        assert text, name
        assert text == text.strip(), name
        assert "!" not in text, name
        assert "¡" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gentle_question_always_brings_its_heads_up_and_others_bring_none(language):
    gentle = 0
    for section in bank(language).sections:
        for prompt in section.prompts:
            assert prompt.heads_up == (section.heads_up if prompt.gentle else "")
            assert bool(prompt.heads_up) == prompt.gentle
            gentle += prompt.gentle
    assert gentle == 5


def test_the_pages_that_start_closed_say_so_and_promise_nobody_but_the_person():
    for key in ("experiences", "hard_days"):
        assert "Only you see it, until you open it" in bank("en").section(key).intro
        assert "Solo tú la ves, hasta que se la abras a alguien" in bank("es").section(key).intro


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_a_goal_can_be_has_a_word_a_button_and_a_line_under_it(language):
    goals = bank(language).goals
    assert set(goals.choices) == set(goals.choice_hints) == {"now", "resting", "reached", "let_go", "not_mine"}
    assert set(goals.states) == set(goals.choices) | {"idea"}
    assert goals.not_mine == goals.states["not_mine"]
    assert set(bank(language).steps.states) == {"not_yet", "done", "cannot_yet"}


def test_a_page_that_maya_did_not_share_reads_as_if_it_were_not_there():
    for language in LANGUAGES:
        errors = bank(language).errors
        assert errors["no_access"].split(".")[0] == errors["not_found"].split(".")[0]


def test_noor_reads_french_and_is_asked_in_english_until_there_is_a_french_file():
    assert bank("fr") is bank("en")
    assert bank(None) is bank("en")
    assert bank("../../secrets") is bank("en")
    assert bank("es-MX") is bank("es_mx") is bank("ES") is bank("es")


def test_the_line_under_the_question_is_in_the_other_language():
    assert other_language("en") == "es"
    assert other_language("es-PR") == "en"
    assert other_language("fr") == "es"


def test_one_bank_serves_everyone_so_no_one_can_change_it():
    english = bank("en")
    with pytest.raises(FrozenInstanceError):
        english.sections[0].title = "Other"
    with pytest.raises(TypeError):
        english.errors["server"] = "Other"
    with pytest.raises(TypeError):
        english.goals.states["now"] = "Other"
    with pytest.raises(TypeError):
        english.celebrations["step_done"][0] = "Other"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_bank_can_be_added_to_or_taken_away(language):
    def what_can_change(value, name):
        if is_dataclass(value):
            for field in fields(value):
                yield from what_can_change(getattr(value, field.name), f"{name}.{field.name}")
        elif hasattr(value, "items"):
            yield from [name] if hasattr(value, "__setitem__") else []
            for key, inner in value.items():
                yield from what_can_change(inner, f"{name}.{key}")
        elif isinstance(value, tuple):
            for inner in value:
                yield from what_can_change(inner, name)
        elif not isinstance(value, str | bool):
            yield name

    assert list(what_can_change(bank(language), "bank")) == []


def test_a_name_nobody_wrote_is_an_error_and_not_an_empty_page():
    with pytest.raises(KeyError):
        bank("en").section("hard-days")
    with pytest.raises(KeyError):
        bank("en").prompt("z1")
    with pytest.raises(KeyError):
        bank("en").errors["no such thing"]


# --- which question comes next ---


@given(talks())
def test_no_ones_first_question_is_a_gentle_one(talk):
    section, found = talk
    assert not next_prompt(section, **found).gentle
    # Also when the one on the screen has meanwhile gone from the bank.
    assert not next_prompt(section, **found, after="gone-from-the-bank").gentle


@given(talks(), st.integers(0, 9))
def test_another_shows_every_question_once_and_then_comes_round(talk, start):
    section, found = talk
    first = on_screen = IDS[section][start]
    shown = []
    for _ in IDS[section]:
        after = next_prompt(section, **found, after=on_screen).id
        assert after != on_screen
        on_screen = after
        shown.append(on_screen)
    assert sorted(shown) == sorted(IDS[section])
    assert on_screen == first


@given(talks())
def test_fresh_questions_come_before_those_put_aside_and_used_ones_sink(talk):
    section, found = talk
    prompts = bank(found["language"]).section(section).prompts
    order = [prompt.id for prompt in offering(prompts, used=found["used"], later=found["later"])]
    used = [prompt_id for prompt_id in IDS[section] if prompt_id in found["used"]]
    kept = [prompt_id for prompt_id in found["later"] if prompt_id in IDS[section] and prompt_id not in used]
    fresh = [prompt_id for prompt_id in IDS[section] if prompt_id not in used and prompt_id not in kept]
    by_rule = fresh + kept + used
    if bank("en").prompt(by_rule[0]).gentle:  # the one exception: somebody else leads, the rest stay as they are
        by_rule.remove(order[0])
        assert order[1:] == by_rule
    else:
        assert order == by_rule


@given(talks(), st.integers(0, 9))
def test_both_languages_ask_the_same_question_at_the_same_time(talk, start):
    section, found = talk
    after = IDS[section][start]
    asked = {next_prompt(section, **found | {"language": language}, after=after).id for language in LANGUAGES}
    assert len(asked) == 1


def test_maya_says_later_and_the_question_waits_behind_the_fresh_ones():
    shown = next_prompt("strengths", language="en")
    assert shown.id == "s1"
    after = next_prompt("strengths", after="s1", language="en")
    assert after.id == "s2"
    kept = [prompt.id for prompt in offering(bank("en").section("strengths").prompts, used={"s3"}, later=["s1"])]
    assert kept == ["s2", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s1", "s3"]


def test_when_only_gentle_questions_are_fresh_a_kinder_one_is_asked_first():
    prompts = bank("en").section("hard_days").prompts
    used = {prompt.id for prompt in prompts if not prompt.gentle}
    order = [prompt.id for prompt in offering(prompts, used=used, later=[])]
    assert order[:3] == ["d3", "d1", "d4"]


def test_a_section_without_questions_asks_none_and_one_question_stays_on_the_screen():
    assert following((), None) is None
    only = SimpleNamespace(id="s1", gentle=True)
    assert following(offering([only], used=set(), later=[]), "s1") is only


def test_a_question_kept_twice_is_offered_once():
    prompts = bank("en").section("vision").prompts
    order = offering(prompts, used=set(), later=["h2", "h1", "h2"])
    assert [prompt.id for prompt in order][-2:] == ["h2", "h1"]
    assert len(order) == len(prompts)
