"""About me: nine parts, in any order, in Maya's words."""

import re

import pytest
from django.urls import reverse

from recovery_plans.events import PlanEvent
from recovery_plans.models import Entry, Grant, LogLine, Section
from recovery_plans.prompts import bank
from tests.recovery_plans.test_plan import fill, queries_for


def part_url(cast, section, name="part"):
    return reverse(name, kwargs={"plan": cast.plan.pk, "section": Section(section).slug})


def add(browser, cast, section, **typed):
    return browser.post(part_url(cast, section, "entry-add"), typed)


def page_of(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def words_in(cast, section):
    return list(cast.plan.entries.filter(section=section, removed_at=None).values_list("words", flat=True))


def test_nine_parts_in_their_order_and_none_is_counted(cast, browser_of):
    cast.plan.add_entry(section="culture", words="Cape Verde", by=cast.maya)
    page = page_of(browser_of(cast.maya), reverse("about-me", kwargs={"plan": cast.plan.pk}))
    titles = re.findall(r'class="part__t">([^<]+)<', page)
    assert titles == [str(section.label) for section in Section]
    assert "Cape Verde" in page
    assert "Only you can see this." in page
    assert "You and Sam can see this." in page
    assert not re.search(r"\b\d+ of \d+\b|\d ?%", re.sub(r"<svg.*?</svg>", "", page, flags=re.S))


@pytest.mark.parametrize("section", Section.values)
def test_maya_says_something_in_every_part(cast, browser_of, section):
    maya = browser_of(cast.maya)
    answer = add(maya, cast, section, words="  In my own words,\nas I say them ")
    assert answer["Location"] == part_url(cast, section) + "#told"
    assert words_in(cast, section) == ["  In my own words,\nas I say them "]
    page = page_of(maya, part_url(cast, section))
    assert "In my own words" in page
    assert "I wrote it" in page


def test_nothing_said_is_simply_not_added(cast, browser_of):
    for words in ("", "   ", "\n\n"):
        assert add(browser_of(cast.maya), cast, "strengths", words=words).status_code == 302
    assert not Entry.unguarded.exists()


def test_a_word_is_tapped_and_two_taps_say_it_once(cast, browser_of):
    maya = browser_of(cast.maya)
    chip = bank("en").section("strengths").chips[0]
    assert f'value="{chip}"' in page_of(maya, part_url(cast, "strengths"))
    for _tap in range(2):
        assert add(maya, cast, "strengths", chip=chip).status_code == 302
    assert words_in(cast, "strengths") == [chip]
    assert f'value="{chip}"' not in page_of(maya, part_url(cast, "strengths"))


def test_a_word_to_tap_that_stands_there_in_capitals_is_said_already(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="FUNNY", by=cast.maya)
    assert add(browser_of(cast.maya), cast, "strengths", chip="funny").status_code == 302
    assert words_in(cast, "strengths") == ["FUNNY"]


def test_what_lights_maya_up_is_kept_apart_from_what_wears_her_out(cast, browser_of):
    maya = browser_of(cast.maya)
    add(maya, cast, "values", chip="music", kind="lifts")
    add(maya, cast, "values", words="Waiting rooms", kind="drains")
    assert dict(cast.plan.entries.values_list("words", "kind")) == {"music": "lifts", "Waiting rooms": "drains"}


def test_a_need_is_for_the_team_only_when_maya_says_so(cast, browser_of):
    maya = browser_of(cast.maya)
    add(maya, cast, "needs", words="A quiet room")
    add(maya, cast, "needs", words="A bus pass", kind="from_us")
    assert dict(cast.plan.entries.values_list("words", "kind")) == {"A quiet room": "", "A bus pass": "from_us"}


def test_a_supporter_is_a_name_and_how_they_help(cast, browser_of):
    maya = browser_of(cast.maya)
    add(maya, cast, "supporters", words="Noor", helps="My sister. Rides and real talk")
    line = cast.plan.entries.get()
    assert (line.words, line.detail) == ("Noor", "My sister. Rides and real talk")
    answer = add(maya, cast, "supporters", helps="Rides")
    assert "Who is it? A name is enough." in answer.content.decode()
    assert "Rides" in answer.content.decode()


def test_words_in_another_language_are_kept_as_that_language(cast, browser_of):
    maya = browser_of(cast.maya)
    add(maya, cast, "culture", words="Djarfogu", language="pt")
    add(maya, cast, "culture", words="The harbor")
    assert dict(cast.plan.entries.values_list("words", "language")) == {"Djarfogu": "pt", "The harbor": "en"}


def test_a_question_can_be_passed_over_and_all_of_them_come_round(cast, browser_of):
    maya = browser_of(cast.maya)
    url, seen = part_url(cast, "strengths"), []
    page = page_of(maya, url)
    for _turn in range(len(bank("en").section("strengths").prompts)):
        seen.append(re.search(r'id="h-q">([^<]+)<', page).group(1))
        page = page_of(maya, url + re.search(r'href="(\?ask=\w+)"', page).group(1))
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("section", ["experiences", "hard_days"])
def test_a_heads_up_comes_before_what_may_be_hard_and_a_gentle_question_is_never_first(cast, browser_of, section):
    words = bank("en").section(section)
    page = page_of(browser_of(cast.maya), part_url(cast, section))
    assert page.index(words.heads_up) < page.index('id="h-q"')
    first = re.search(r'id="h-q">([^<]+)<', page).group(1)
    assert first not in [prompt.text for prompt in words.prompts if prompt.gentle]


def test_a_heads_up_of_one_question_stands_over_that_question_alone(cast, browser_of):
    maya, words = browser_of(cast.maya), bank("en").section("needs")
    for prompt in words.prompts:
        page = page_of(maya, part_url(cast, "needs") + f"?ask={prompt.id}")
        assert (words.heads_up in page) == prompt.gentle, prompt.id


def test_maya_changes_her_words_and_takes_them_out_and_brings_them_back(cast, browser_of):
    maya = browser_of(cast.maya)
    line = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    ids = {"plan": cast.plan.pk, "line": line.pk}
    maya.post(reverse("entry-change", kwargs=ids), {"words": "I keep my promises", "base_version": 1})
    line.refresh_from_db()
    assert (line.words, line.version) == ("I keep my promises", 2)
    maya.post(reverse("entry-remove", kwargs=ids))
    page = page_of(maya, part_url(cast, "strengths"))
    assert "I keep my promises" not in page
    assert f'action="{reverse("entry-restore", kwargs=ids)}"' in page
    assert "Bring it back" in page
    assert "Bring it back" not in page_of(maya, part_url(cast, "strengths"))  # offered once, here
    maya.post(reverse("entry-restore", kwargs=ids))
    assert words_in(cast, "strengths") == ["I keep my promises"]


def test_the_way_back_holds_codes_and_never_words(cast, browser_of):
    maya = browser_of(cast.maya)
    line = cast.plan.add_entry(section="experiences", words="The year of the fire", by=cast.maya)
    maya.post(reverse("entry-remove", kwargs={"plan": cast.plan.pk, "line": line.pk}))
    assert "fire" not in str(dict(maya.session))
    assert str(line.pk) in str(dict(maya.session))


def test_sam_changes_only_what_sam_typed_until_maya_makes_it_hers(cast, browser_of):
    sam, maya = browser_of(cast.sam), browser_of(cast.maya)
    own = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    typed = cast.plan.add_entry(section="strengths", words="I laff easily", by=cast.sam)
    change = {line: reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": line.pk}) for line in (own, typed)}
    assert sam.get(change[own]).status_code == 404
    assert sam.post(change[own], {"words": "mine now", "base_version": 1}).status_code == 404
    assert sam.post(reverse("entry-remove", kwargs={"plan": cast.plan.pk, "line": own.pk})).status_code == 404
    assert sam.post(change[typed], {"words": "I laugh easily", "base_version": 1}).status_code == 302
    assert maya.post(change[typed], {"words": "I laugh easily", "base_version": 2}).status_code == 302
    assert sam.get(change[typed]).status_code == 404
    assert sam.post(change[typed], {"words": "Sam again", "base_version": 3}).status_code == 409
    own.refresh_from_db()
    typed.refresh_from_db()
    assert (own.words, typed.words) == ("I keep my word", "I laugh easily")


def test_a_closed_part_is_closed_to_sam_in_reading_and_writing(cast, browser_of):
    line = cast.plan.add_entry(section="experiences", words="The year of the fire", by=cast.maya)
    sam = browser_of(cast.sam)
    page = page_of(sam, part_url(cast, "experiences"))
    assert "Maya has not opened this part to you." in page
    assert "fire" not in page
    assert add(sam, cast, "experiences", words="slipped in").status_code == 404
    assert sam.post(reverse("entry-remove", kwargs={"plan": cast.plan.pk, "line": line.pk})).status_code == 404
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert "The year of the fire" in page_of(sam, part_url(cast, "experiences"))
    assert add(sam, cast, "experiences", words="Said out loud").status_code == 302
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert "fire" not in page_of(sam, part_url(cast, "experiences"))


@pytest.mark.parametrize("who", ["lee", "noor", "dana", "alex", "rosa", "ines"])
def test_strangers_find_none_of_it(cast, browser_of, who):
    line = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    stranger = browser_of(getattr(cast, who))
    ids = {"plan": cast.plan.pk, "line": line.pk}
    assert stranger.get(part_url(cast, "strengths")).status_code == 404
    assert add(stranger, cast, "strengths", words="hello").status_code == 404
    for name in ("entry-change", "entry-remove", "entry-restore"):
        typed = {"words": "theirs", "base_version": 1}
        assert stranger.post(reverse(name, kwargs=ids), typed).status_code == 404, name
    assert words_in(cast, "strengths") == ["I keep my word"]


def test_a_part_that_never_was_is_404_and_a_removal_is_never_a_link(cast, browser_of):
    maya = browser_of(cast.maya)
    assert maya.get(f"/plans/{cast.plan.pk}/about/diagnosis/").status_code == 404
    line = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    for name in ("entry-remove", "entry-restore"):
        assert maya.get(reverse(name, kwargs={"plan": cast.plan.pk, "line": line.pk})).status_code == 405
    assert maya.get(part_url(cast, "strengths", "entry-add")).status_code == 405


def test_no_question_is_asked_twice_of_the_database(cast, browser_of):
    maya = browser_of(cast.maya)
    fill(cast, entries=2)
    small = queries_for(maya, part_url(cast, "strengths"))
    fill(cast, entries=40)
    assert len(queries_for(maya, part_url(cast, "strengths"))) == len(small)


def test_that_a_tapped_word_stands_there_already_is_not_found_out_unseen(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="I am kind", by=cast.maya)
    sam = browser_of(cast.sam)
    sam.post(part_url(cast, "strengths") + "add/", {"chip": "I am kind"})
    assert cast.plan.entries.count() == 1
    assert LogLine.unguarded.filter(what=PlanEvent.PLAN_LOOKED, by=cast.sam.pk).count() == 1


@pytest.mark.parametrize("reader, page", [("maya", "part"), ("sam", "together-part")])
def test_what_matters_only_matters_until_somebody_says_more(cast, browser_of, reader, page):
    text = page_of(browser_of(getattr(cast, reader)), part_url(cast, "values", page))
    kinds = re.findall(r'<input[^>]*name="kind"[^>]*>', text)
    assert [re.search(r'value="([^"]*)"', kind)[1] for kind in kinds if "checked" in kind] == [""]


def test_on_a_hard_day_what_helps_comes_first_and_then_the_question(cast, browser_of):
    maya = browser_of(cast.maya)
    before = page_of(maya, part_url(cast, "hard_days"))
    assert before.index('id="h-q"') < before.index('id="h-mine"'), "nothing is there to be read yet"
    cast.plan.add_entry(section="hard_days", words="Ring Noor twice", by=cast.maya)
    page = page_of(maya, part_url(cast, "hard_days"))
    assert page.index("Ring Noor twice") < page.index('id="h-q"') < page.index("<textarea")
    assert page.count('id="h-mine"') == 1


def test_who_needs_someone_now_finds_the_help_lines_before_their_own_people(cast, browser_of):
    cast.plan.add_entry(section="supporters", words="Biscuit the cat", by=cast.maya)
    page = page_of(browser_of(cast.maya), reverse("help-now"))
    assert page.index('href="tel:988"') < page.index("Biscuit the cat") < page.index("Good to know")


def test_the_door_to_a_hard_day_is_on_her_pages_and_on_nobody_elses(cast, browser_of):
    cast.plan.add_entry(section="hard_days", words="CANARY", by=cast.maya)
    door = reverse("part", kwargs={"plan": cast.plan.pk, "section": "hard-days"})

    def doors(user, address):
        return [item for item in browser_of(user).get(address).context["nav"] if item["url"] == door]

    hers = [reverse(name, args=[cast.plan.pk]) for name in ("plan", "about-me", "back", "share", "print", "ways-in")]
    for address in [*hers, reverse("help-now"), reverse("settings"), reverse("safe")]:
        assert [(item["label"], item["current"]) for item in doors(cast.maya, address)] == [("Hard day", False)]
    for address in (*hers[2:], reverse("help-now")):  # the door itself shows nothing of what is there
        assert "CANARY" not in browser_of(cast.maya).get(address).content.decode()
    assert [item["current"] for item in doors(cast.maya, door)] == [True]
    for user in (cast.sam, cast.noor, cast.dana):
        for address in (hers[0], door, reverse("help-now")):
            page = browser_of(user).get(address)
            assert door not in [item["url"] for item in (page.context or {}).get("nav", [])]


def test_on_her_hard_day_page_one_item_is_the_current_one(cast, browser_of):
    page = browser_of(cast.maya).get(reverse("part", kwargs={"plan": cast.plan.pk, "section": "hard-days"}))
    assert [item["label"] for item in page.context["nav"] if item["current"]] == ["Hard day"]
    page = browser_of(cast.sam).get(reverse("part", kwargs={"plan": cast.plan.pk, "section": "hard-days"}))
    assert [item["label"] for item in page.context["nav"] if item["current"]] == ["About me"]


def test_change_and_take_out_are_words_and_name_a_line_by_its_beginning(cast, browser_of):
    long = "I can letter a window freehand, without tape, on the first try, also in the wind and with an audience."
    entry = cast.plan.add_entry(section="strengths", words=long, by=cast.maya)
    page = page_of(browser_of(cast.maya), part_url(cast, "strengths"))
    for address, word in (("entry-change", "Change"), ("entry-remove", "Take out")):
        start = page.index(reverse(address, kwargs={"plan": cast.plan.pk, "line": entry.pk}))
        control = page[start : page.index("</bdi>", start)].split(">", 1)[1]
        in_sight, spoken = re.sub(r"<svg.*?</svg>", "", control, flags=re.S).split('class="vh"')
        assert word in in_sight
        assert spoken.endswith("I can letter a window freehan…")
