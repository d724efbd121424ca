"""Side by side: Sam asks, Maya speaks, and every line is typed for Maya."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recovery_plans.models import Grant, LogLine, PromptForLater, Section
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


def test_who_walks_along_is_called_by_first_name_and_the_person_by_the_whole_name_they_chose(cast, sam, at):
    for user, name in ((cast.sam, "Sam Okafor"), (cast.maya, "Lau Po Po")):
        type(user).objects.filter(pk=user.pk).update(name=name)
    cast.plan.add_entry(section="strengths", words="I laugh", by=cast.sam)
    page = " ".join(re.sub(r"<[^>]+>", "", sam.get(at("together-part", "strengths")).content.decode()).split())
    assert "Lau Po Po and Sam Together now" in page
    assert "Sam is writing for Lau Po Po" in page
    assert "Typed for Lau Po Po by Sam. Not read back yet" in page
    assert "Okafor" not in page


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
    assert "Typed for <bdi>Maya</bdi> by <bdi>Sam</bdi>. Not read back yet" in page


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


def test_a_word_tapped_on_a_page_in_spanish_is_kept_as_spanish(cast, sam, at):
    sam.post(at("together-add", "strengths"), {"chips": ["amable", "kind"]})
    assert dict(cast.plan.entries.values_list("words", "language")) == {"amable": "es", "kind": "en"}


def test_sam_can_be_the_first_who_walks_with_her(cast, sam, at):
    offered = '<input type="checkbox" name="chips" value="Sam">'
    assert offered in sam.get(at("together-part", "supporters")).content.decode()
    sam.post(at("together-add", "supporters"), {"chips": ["Sam"]})
    assert words(cast, "supporters") == ["Sam"]
    assert offered not in sam.get(at("together-part", "supporters")).content.decode()


def test_supporters_say_how_they_help(cast, sam, at):
    sam.post(at("together-add", "supporters"), {"words": "Lucia", "helps": "Rides and real talk"})
    assert cast.plan.entries.get().detail == "Rides and real talk"


def test_nothing_said_is_nothing_added(cast, sam, at):
    assert sam.post(at("together-add", "strengths"), {"words": " \n "}).status_code == 302
    assert words(cast, "strengths") == []


@pytest.mark.parametrize("section", ["vision", "strengths", "values", "needs", "supporters"])
def test_another_question_later_and_a_break_keep_what_was_typed_and_save_nothing(cast, sam, at, section):
    typed = {
        "words": "  I was\nsaying <b>this</b>",
        "prompt": bank("en").section(section).prompts[0].id,
        "language": "pt",
    }
    after_break = sam.post(f"{at('together-break')}?part={section}", typed)
    assert "I was" not in re.sub(r"<input[^>]*>", "", after_break.content.decode())
    carried = hidden_in(after_break)
    assert carried["words"] == typed["words"]
    for answer in (
        sam.post(at("together-part", section), {**typed, "ask": bank("en").section(section).prompts[2].id}),
        sam.post(at("together-later", section), typed),
        sam.post(at("together-part", section), carried),
    ):
        assert answer.status_code == 200
        assert ">\n  I was\nsaying &lt;b&gt;this&lt;/b&gt;</textarea>" in answer.content.decode()
        assert re.search(r'<option value="pt" [^>]*selected', answer.content.decode())
    assert words(cast, section) == []


def hidden_in(page):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_tapped_words_stay_tapped_when_another_question_is_asked(sam, at):
    page = sam.post(
        at("together-part", "strengths"), {"chips": ["speaks up", "no such word"], "ask": "s3"}
    ).content.decode()
    assert 'value="speaks up" checked' in page
    assert "no such word" not in page
    assert '<details class="more" open>' in page


def test_with_nothing_typed_another_question_is_a_page_to_come_back_to(sam, at):
    answer = sam.post(at("together-part", "strengths"), {"words": "", "prompt": "s1", "ask": "s2"})
    assert answer["Location"] == at("together-part", "strengths") + "?q=s2"
    assert sam.post(at("together-part", "strengths"), {"ask": "h1"})["Location"] == at("together-part", "strengths")


def test_words_go_on_to_the_next_question_and_a_tapped_word_leaves_it_standing(cast, sam, at):
    part = at("together-part", "strengths")
    assert sam.post(at("together-add", "strengths"), {"words": "I sing", "prompt": "s1"})["Location"] == part + "?q=s2"
    assert sam.post(at("together-add", "strengths"), {"chips": ["calm"], "prompt": "s2"})["Location"] == part + "?q=s2"
    assert dict(cast.plan.entries.values_list("words", "prompt")) == {"I sing": "s1", "calm": ""}


def test_a_made_up_question_is_not_recorded(cast, sam, at):
    sam.post(at("together-add", "strengths"), {"words": "I sing", "prompt": "n7"})
    assert cast.plan.entries.get().prompt == ""


def test_when_a_later_line_can_not_be_kept_none_is(cast, sam, at):
    form = {"words": "I sing", "save_id": "7b6f0a3c-58c0-4a0a-9a51-0d1f0c5f3a11"}
    sam.post(at("together-add", "strengths"), form)
    answer = sam.post(at("together-add", "strengths"), {**form, "words": "I dance", "chips": ["calm"]})
    assert answer.status_code == 422
    assert 'value="calm" checked' in answer.content.decode()
    assert words(cast, "strengths") == ["I sing"]


def test_signs_that_cannot_be_shown_are_taken_out_and_told(cast, sam, at):
    answer = sam.post(at("together-add", "vision"), {"words": "ding\x07 dong"}, follow=True)
    assert "We took out 1 character that cannot be shown." in answer.content.decode()
    answer = sam.post(at("together-add", "vision"), {"words": "before\x00after"})
    assert "That did not save. Your words are still here." in answer.content.decode()
    assert words(cast, "vision") == ["ding dong"]


def test_a_name_is_asked_for_when_only_the_help_was_typed(cast, sam, at):
    page = sam.post(at("together-add", "supporters"), {"helps": "Rides"}).content.decode()
    assert "A name is enough." in page
    assert "Rides</textarea>" in page


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
    assert PromptForLater.unguarded.get(plan=cast.plan).prompt == first


def test_a_part_maya_has_not_opened_is_closed_to_sam_until_she_opens_it(cast, sam, at):
    assert "has not opened this part" in sam.get(at("together-part", "experiences")).content.decode()
    assert sam.post(at("together-add", "experiences"), {"words": "Hers alone"}).status_code == 404
    assert sam.post(at("together-later", "experiences"), {"prompt": "e1"}).status_code == 404
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert sam.post(at("together-add", "experiences"), {"words": "Told to Sam"}).status_code == 302
    assert words(cast, "experiences") == ["Told to Sam"]


def test_a_closed_part_shows_no_form_no_question_and_no_count(cast, sam, at):
    cast.plan.add_entry(section="experiences", words="Hers alone", by=cast.maya)
    page = sam.get(at("together-part", "experiences")).content.decode()
    assert "Hers alone" not in page
    assert "<textarea" not in page
    assert bank("en").prompt("e1").text not in page
    assert "1 answer" not in re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
    assert sam.post(at("together-part", "experiences"), {"words": "x"}).status_code == 404
    assert sam.post(f"{at('together-break')}?part=experiences", {"words": "x"}).status_code == 404


def test_they_never_land_in_a_closed_part(cast, sam, at):
    sam.post(at("together-add", "needs"), {"words": "A ride"})
    cast.plan.add_entry(section="hard_days", words="Hers alone", by=cast.maya)
    assert sam.get(at("together")).headers["Location"] == at("together-part", "needs")


def test_only_what_sam_typed_can_be_changed_from_here(cast, sam, at):
    hers = cast.plan.add_entry(section="vision", words="Hers", by=cast.maya)
    his = cast.plan.add_entry(section="vision", words="Typed by Sam", by=cast.sam)
    page = sam.get(at("together-part", "vision")).content.decode()
    change = [reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": line.pk}) for line in (hers, his)]
    assert change[0] not in page
    assert change[1] in page
    assert "<bdi>Maya</bdi> wrote this" in page


def test_the_parts_say_how_many_answers_they_have_and_the_empty_ones_nothing(cast, sam, at):
    cast.plan.add_entry(section="strengths", words="One", by=cast.sam)
    cast.plan.add_goal(words="A room", by=cast.maya)
    cast.plan.add_goal(words="Never mine", by=cast.maya).disown(by=cast.maya)
    page = sam.get(at("together-part", "vision"))
    chapters = {chapter.slug: (chapter.answers, chapter.is_open) for chapter in page.context["chapters"]}
    assert chapters["strengths"] == chapters["goals"] == (1, True)
    assert chapters["experiences"] == chapters["hard-days"] == (0, False)
    assert not re.search(r'class="c">0', page.content.decode())


def test_goals_are_one_tap_from_any_part(cast, sam, at):
    cast.plan.add_goal(words="A room of my own", by=cast.maya)
    page = sam.get(at("together-part", "goals")).content.decode()
    assert "A room of my own" in page
    assert reverse("goal-new", kwargs={"plan": cast.plan.pk}) in page


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
    assert "Go on" in page
    assert reverse("leave") in page
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
