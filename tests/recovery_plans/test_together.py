"""Side by side: Sam asks, Maya speaks, and every line is typed for Maya."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recovery_plans.models import Grant, KeptQuestion, LogLine, Section
from recovery_plans.prompts import bank


@pytest.fixture
def sam(cast, browser_of):
    return browser_of(cast.sam)


@pytest.fixture
def at(cast):
    def address(name, section=None):
        return reverse(name, kwargs={"plan": cast.plan.pk} | ({"section": section} if section else {}))

    return address


def words(cast, section):
    return [entry.words for entry in cast.plan.entries.filter(section=section, removed_at=None).order_by("created_at")]


def test_a_new_plan_begins_with_where_she_is_heading(sam, at):
    assert sam.get(at("together")).headers["Location"] == at("together-part", "vision")


def test_they_pick_up_where_they_left_off(cast, sam, at):
    sam.post(at("together-add", "culture"), {"words": "My people are from Fogo."})
    assert sam.get(at("together")).headers["Location"] == at("together-part", "culture")


def test_the_question_stands_in_both_languages_with_a_tip_both_can_read(sam, at):
    page = sam.get(at("together-part", "strengths")).content.decode()
    assert "What is something you can do that makes you feel good?" in page
    assert 'lang="es">¿Qué cosa sabes hacer que te hace sentir bien?' in page
    assert "For the one who listens." in page


def test_words_and_tap_words_are_kept_in_one_go_and_are_marked_typed_for_her(cast, sam, at):
    sam.post(
        at("together-add", "strengths"),
        {"words": "I hemmed a dress at 2 in the morning.", "prompt": "s2", "chips": ["loyal", "funny"]},
    )
    assert words(cast, "strengths") == ["I hemmed a dress at 2 in the morning.", "loyal", "funny"]
    lines = cast.plan.entries.all()
    assert {line.voice for line in lines} == {"typed"}
    assert {line.changed_by for line in lines} == {cast.sam}
    assert lines.get(prompt="s2").words.startswith("I hemmed")
    page = sam.get(at("together-part", "strengths")).content.decode()
    assert "Typed for me by Sam" in page


def test_a_tap_word_said_already_is_not_offered_nor_added_twice(cast, sam, at):
    for _twice in range(2):
        sam.post(at("together-add", "strengths"), {"chips": ["loyal"]})
    assert words(cast, "strengths") == ["loyal"]
    assert 'value="loyal"' not in sam.get(at("together-part", "strengths")).content.decode()


def test_what_lights_her_up_and_wears_her_out_keep_apart(cast, sam, at):
    sam.post(at("together-add", "values"), {"lifts": ["dancing"], "drains": ["crowds"]})
    assert set(cast.plan.entries.values_list("words", "kind")) == {("dancing", "lifts"), ("crowds", "drains")}


def test_a_word_that_was_not_offered_is_not_added(cast, sam, at):
    page = sam.post(at("together-add", "strengths"), {"chips": ["noncompliant"], "words": "I keep my word."})
    assert page.status_code == 200
    assert "I keep my word." in page.content.decode()
    assert words(cast, "strengths") == []


def test_supporters_say_how_they_help(cast, sam, at):
    sam.post(at("together-add", "supporters"), {"words": "Lucia", "helps": "Rides and real talk"})
    assert cast.plan.entries.get().detail == "Rides and real talk"


def test_nothing_said_is_nothing_added(cast, sam, at):
    assert sam.post(at("together-add", "strengths"), {"words": " \n "}).status_code == 302
    assert words(cast, "strengths") == []


def test_what_was_typed_stays_when_it_is_too_long(cast, sam, at):
    page = sam.post(at("together-add", "strengths"), {"words": "é" * 15_001, "prompt": "s4"})
    assert "é" * 15_001 in page.content.decode()
    assert bank("en").prompt("s4").text in page.content.decode()
    assert words(cast, "strengths") == []


def test_two_taps_on_keep_are_one_line(cast, sam, at):
    form = {"words": "I keep my word.", "save_id": "7b6f0a3c-58c0-4a0a-9a51-0d1f0c5f3a11"}
    sam.post(at("together-add", "strengths"), form)
    sam.post(at("together-add", "strengths"), form)
    assert words(cast, "strengths") == ["I keep my word."]
    other = sam.post(at("together-add", "strengths"), {**form, "words": "Other words"})
    assert other.status_code == 422
    assert "Other words" in other.content.decode()


@pytest.mark.parametrize("section", [s.slug for s in Section if s not in ("experiences", "hard_days")])
def test_the_first_question_of_a_part_is_never_a_hard_one_and_another_never_sticks(sam, at, section):
    words = bank("en").section(Section.from_slug(section))
    page = sam.get(at("together-part", section))
    first = page.context["talk"].asked.id
    assert not bank("en").prompt(first).gentle
    seen = []
    for _question in words.prompts:
        seen.append(page.context["talk"].asked.id)
        page = sam.get(at("together-part", section), {"q": page.context["talk"].another})
    assert sorted(seen) == sorted(prompt.id for prompt in words.prompts)
    assert page.context["talk"].asked.id == first


def test_a_gentle_question_brings_its_heads_up(sam, at):
    gentle = next(prompt for prompt in bank("en").section("needs").prompts if prompt.gentle)
    page = sam.get(at("together-part", "needs"), {"q": gentle.id}).content.decode()
    assert bank("en").section("needs").heads_up in page


def test_later_keeps_the_question_and_goes_on(cast, sam, at):
    first = sam.get(at("together-part", "vision")).context["talk"].asked.id
    answer = sam.post(at("together-later", "vision"), {"prompt": first}, follow=True)
    assert answer.context["talk"].asked.id != first
    assert KeptQuestion.unguarded.get(plan=cast.plan).prompt == first


def test_a_part_maya_has_not_opened_is_closed_to_sam_until_she_opens_it(cast, sam, at):
    assert "has not opened this part" in sam.get(at("together-part", "experiences")).content.decode()
    assert sam.post(at("together-add", "experiences"), {"words": "Hers alone"}).status_code == 404
    assert sam.post(at("together-later", "experiences"), {"prompt": "e1"}).status_code == 404
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert sam.post(at("together-add", "experiences"), {"words": "Told to Sam"}).status_code == 302
    assert words(cast, "experiences") == ["Told to Sam"]


def test_a_part_that_never_was_is_not_there(sam, at):
    assert sam.get(at("together-part", "diagnoses")).status_code == 404


def test_only_the_one_who_walks_with_her_sits_here(cast, browser_of, at):
    for user in (cast.maya, cast.lee, cast.noor, cast.dana, cast.alex, cast.rosa, cast.ines):
        browser = browser_of(user)
        assert browser.get(at("together-part", "vision")).status_code == 404
        assert browser.post(at("together-add", "vision"), {"words": "x"}).status_code == 404
    assert words(cast, "vision") == []


def test_a_break_shows_nothing_of_the_plan(cast, sam, at):
    sam.post(at("together-add", "vision"), {"words": "Slow mornings"})
    page = sam.get(at("together-break")).content.decode()
    assert "Maya" not in page
    assert "Slow mornings" not in page


def test_maya_can_see_that_sam_looked(cast, sam, at):
    sam.get(at("together-part", "vision"))
    assert LogLine.unguarded.filter(plan=cast.plan.pk, by=cast.sam.pk, what="plan_looked").exists()


def test_a_full_part_asks_no_more_questions_of_the_database(cast, sam, at):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert sam.get(at("together-part", "strengths")).status_code == 200
        return len([q for q in queries if q["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")])

    cast.plan.add_entry(section="strengths", words="One", by=cast.sam)
    sam.get(at("together-part", "strengths"))
    few = asked()
    for number in range(60):
        cast.plan.add_entry(section="strengths", words=f"Strength {number}", by=cast.sam)
    assert asked() == few <= 14
