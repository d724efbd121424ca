"""Two people called Sky, met on one day: what was chosen with them tells them apart wherever staff read the name.

Nobody is asked who has no namesake; nothing has to be chosen; and each reads, changes and takes out what was chosen.
"""

import re
from uuid import uuid4

import pymupdf
import pytest
from django.urls import reverse

from peers.models import Person
from recovery_plans import print_jobs
from recovery_plans.models import Grant, LogLine, Plan

TODAY, NEW = reverse("today"), reverse("person-new")
ASKED = "A word that tells them apart, if you both like"


@pytest.fixture
def skies(cast):
    """Two people called Sky, met by Sam on one day."""
    return [Plan.meet(name="Sky", language="en", peer=cast.sam, organization=cast.harbor) for _each in range(2)]


@pytest.fixture
def with_a_cap(cast, skies):
    skies[1].person.take_known_by("blue cap", by=cast.sam)
    return skies


def page_of(plan, name="person"):
    return reverse(name, kwargs={"plan": plan.pk})


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def meets_sky(sam, **chosen):
    return sam.post(NEW, {"name": "Sky", "language": "en", "save_id": str(uuid4()), "someone_new": "Sky", **chosen})


# --- meeting another Sky ---


def test_nobody_is_asked_who_has_no_namesake(cast, browser_of):
    sam = browser_of(cast.sam)
    assert ASKED not in text_of(sam.get(NEW))
    sam.post(NEW, {"name": "Sky", "language": "en"})
    assert Person.objects.get(user__name="Sky").known_by == ""
    assert "Tell the two apart" not in text_of(sam.get(TODAY))


def test_where_there_are_two_a_word_or_a_picture_is_asked_for_and_may_be_left_empty(cast, browser_of, skies):
    sam = browser_of(cast.sam)
    asked = sam.post(NEW, {"name": "Sky", "language": "en"})
    assert ASKED in text_of(asked)
    assert "🐢 turtle" in text_of(asked)
    assert meets_sky(sam).status_code == 302
    assert sorted(Person.objects.filter(user__name="Sky").values_list("known_by", flat=True)) == ["", "", ""]


@pytest.mark.parametrize(
    "chosen, kept",
    [
        ({"known_by": "blue cap"}, "blue cap"),
        ({"picture": "🐢"}, "🐢"),
        ({"known_by": "blue cap", "picture": "🐢"}, "🐢 blue cap"),
        ({"known_by": "   "}, ""),
        ({"known_by": "x" * 40}, "x" * 40),
        ({"known_by": "x" * 38, "picture": "🐢"}, "🐢 " + "x" * 38),
    ],
)
def test_what_the_two_chose_is_kept_and_she_can_read_that_it_was_chosen(cast, browser_of, skies, chosen, kept):
    meets_sky(browser_of(cast.sam), **chosen)
    plan = Plan.unguarded.order_by("-created_at").first()
    assert plan.person.known_by == kept
    noted = LogLine.unguarded.filter(plan=plan.pk, what="known_by_chosen").exists()
    assert noted == bool(kept)


WRONG = [
    {"known_by": "x" * 41},
    {"known_by": "x" * 39, "picture": "🐢"},  # with the picture and the space between them, one too many
    {"known_by": "two\nlines"},
    {"picture": "🔥"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_kept_begins_no_plan_and_stays_on_the_page(cast, browser_of, skies, wrong):
    answer = meets_sky(browser_of(cast.sam), **wrong)
    assert answer.status_code == 200
    assert Person.objects.filter(user__name="Sky").count() == 2
    assert "field--err" in answer.content.decode()


# --- afterwards ---


def test_sam_tells_apart_two_he_walks_with_already_until_it_is_theirs(cast, browser_of, skies):
    sam, sky = browser_of(cast.sam), skies[0]
    sky.owner.arrive()
    assert page_of(sky) in sam.get(TODAY).content.decode()
    page = sam.get(page_of(sky)).content.decode()
    assert ASKED in page
    assert 'name="name"' not in page
    assert sam.post(page_of(sky), {"do": "tell_apart", "known_by": "blue cap"}).headers["Location"] == TODAY
    sky.person.refresh_from_db()
    assert sky.person.known_by == "blue cap"
    assert sam.get(page_of(sky)).status_code == 404
    assert sam.post(page_of(sky), {"do": "tell_apart", "known_by": "other"}).status_code == 404
    assert sam.post(page_of(sky), {"name": "Skye"}).status_code == 404


def test_whoever_walks_with_one_sky_alone_is_asked_nothing_and_learns_nothing(cast, browser_of, skies):
    theirs = Plan.meet(name="Sky", language="en", peer=cast.alex, organization=cast.harbor)
    page = text_of(browser_of(cast.alex).get(page_of(theirs)))
    assert "two of this name" not in page
    theirs.owner.arrive()
    alex = browser_of(cast.alex)
    assert alex.post(page_of(theirs), {"do": "tell_apart", "known_by": "x"}).status_code == 404
    assert Person.objects.get(pk=theirs.person.pk).known_by == ""


def test_the_person_changes_it_and_takes_it_out(cast, browser_of, with_a_cap):
    sky, other = with_a_cap[1].owner, with_a_cap[0].owner
    settings = {"name": "Sky", "language": "en", "text_size": "100"}
    assert 'name="known_by"' not in browser_of(other).get(reverse("settings")).content.decode()
    browser = browser_of(sky)
    assert 'value="blue cap"' in browser.get(reverse("settings")).content.decode()
    for chosen in ("🌻", "", "z" * 40):
        browser.post(reverse("settings"), {**settings, "known_by": chosen})
        assert Person.objects.get(user=sky).known_by == chosen


def test_each_change_of_hers_stands_in_her_log_and_a_save_that_changes_nothing_does_not(cast, browser_of, with_a_cap):
    def noted():
        lines = LogLine.unguarded.filter(plan=sky.pk, what="known_by_chosen").order_by("at")
        return [line.by for line in lines]

    sky = with_a_cap[1]
    browser, settings = browser_of(sky.owner), {"name": "Sky", "language": "en", "text_size": "100"}
    for chosen in ("blue cap", "🌻", "🌻", "", ""):
        browser.post(reverse("settings"), {**settings, "known_by": chosen})
    assert noted() == [cast.sam.pk, sky.owner.pk, sky.owner.pk]
    assert "chose what tells me from someone of the same name" in text_of(browser.get(page_of(sky, "looks")))


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("chosen", ["🌻", ""])
def test_what_she_set_or_took_out_herself_is_hers_alone_from_then_on(cast, browser_of, with_a_cap, arrived, chosen):
    sky, sam = with_a_cap[1], browser_of(cast.sam)
    if arrived:
        sky.owner.arrive()
    settings = {"name": "Sky", "language": "en", "text_size": "100"}
    browser_of(sky.owner).post(reverse("settings"), {**settings, "known_by": chosen})
    link = f'href="{page_of(sky)}"'
    assert (link in sam.get(TODAY).content.decode()) != arrived  # only a name is still to be corrected
    page = sam.get(page_of(sky))
    assert page.status_code == (404 if arrived else 200)
    assert ASKED not in page.content.decode()
    sam.post(page_of(sky), {"do": "tell_apart", "known_by": "red cap"})
    assert not sky.person.take_known_by("green cap", by=cast.sam), "nor where the two save at once"
    assert Person.objects.get(pk=sky.person.pk).known_by == chosen


def test_settings_saved_without_a_change_leave_it_to_the_two(cast, browser_of, with_a_cap):
    sky = with_a_cap[1]
    settings = {"name": "Sky", "language": "es", "text_size": "100"}
    browser_of(sky.owner).post(reverse("settings"), {**settings, "known_by": "blue cap"})
    assert sky.person.take_known_by("red cap", by=cast.sam)


def test_a_page_of_settings_that_was_open_for_long_brings_no_older_one_back(cast, browser_of, with_a_cap):
    sky = with_a_cap[1]
    browser = browser_of(sky.owner)
    page = browser.get(reverse("settings")).content.decode()
    (was,) = re.findall(r'name="known_by_was" value="([^"]*)"', page)
    sent = {"name": "Sky", "language": "es", "text_size": "100", "known_by_was": was}
    assert sky.person.take_known_by("red cap", by=cast.sam)
    browser.post(reverse("settings"), {**sent, "known_by": "blue cap"})
    assert Person.objects.get(pk=sky.person.pk).known_by == "red cap"
    assert sky.person.take_known_by("green cap", by=cast.sam), "it is not hers alone either"
    browser.post(reverse("settings"), {**sent, "known_by": ""})
    assert Person.objects.get(pk=sky.person.pk).known_by == ""


def test_sam_is_told_where_she_has_chosen_it_herself_meanwhile(cast, browser_of, with_a_cap, monkeypatch):
    sky, take = with_a_cap[1], Person.take_known_by

    def hers_first(person, known_by, *, by):
        take(Person.objects.get(pk=person.pk), "🌻", by=sky.owner)
        return take(person, known_by, by=by)

    monkeypatch.setattr(Person, "take_known_by", hers_first)
    page = text_of(browser_of(cast.sam).post(page_of(sky), {"do": "tell_apart", "known_by": "red cap"}, follow=True))
    assert "They have chosen something since. That stays." in page
    assert "Saved." not in page


def test_settings_of_someone_who_has_none_takes_none(cast, browser_of):
    browser_of(cast.maya).post(
        reverse("settings"), {"name": "M", "language": "en", "text_size": "100", "known_by": "x"}
    )
    assert Person.objects.get(user=cast.maya).known_by == ""


# --- wherever the name stands for staff ---


def test_the_two_are_told_apart_wherever_sam_meets_the_name(cast, browser_of, with_a_cap):
    sam, (other, sky) = browser_of(cast.sam), with_a_cap
    assert text_of(sam.get(TODAY)).count("blue cap") >= 2  # the card, and what its buttons are called
    asked = sam.post(NEW, {"name": "Sky", "language": "en"}).content.decode()
    links = dict(re.findall(r'<a class="btn btn--2" href="/plans/([^/]+)/">(.*?)</a>', asked, re.S))
    assert "blue cap" in links[str(sky.pk)]
    assert "blue cap" not in links[str(other.pk)]
    for name in ("plan", "card"):
        assert "blue cap" in text_of(sam.get(page_of(sky, name)))
        assert "blue cap" not in text_of(sam.get(page_of(other, name)))
    beside = reverse("together-part", kwargs={"plan": sky.pk, "section": "strengths"})
    assert "Together now · blue cap" in text_of(sam.get(beside))


def test_and_where_a_supervisor_and_an_administrator_meet_it(cast, browser_of, with_a_cap, paper):
    grants = [Grant.say_yes_to_summary(plan=sky, organization=cast.harbor, by=sky.owner) for sky in with_a_cap]
    dana = browser_of(cast.dana)
    assert "Sky · blue cap" in text_of(dana.get(reverse("summaries")))
    pages = [text_of(dana.get(reverse("summary", kwargs={"grant": grant.pk}))) for grant in grants]
    assert ["blue cap" in page for page in pages] == [False, True]
    for sky in with_a_cap:
        sky.person.walks_now().get().end(by=cast.sam)
    assert "Sky · blue cap" in text_of(browser_of(cast.ines).get(reverse("organization-alone")))


def test_it_stands_on_the_printed_pages_of_the_summaries(cast, browser_of, with_a_cap, paper):
    grants = [Grant.say_yes_to_summary(plan=sky, organization=cast.harbor, by=sky.owner) for sky in with_a_cap]
    from_dana = {"grant": [str(grant.pk) for grant in grants], "size": "regular", "language": "en"}
    browser_of(cast.dana).post(reverse("print-job-new"), from_dana)
    assert print_jobs.print_next()
    cover, *sheets = paper[-1]
    assert "Sky · blue cap" in cover
    assert sum("blue cap" in sheet for sheet in sheets) == 1


def test_her_own_pages_call_her_by_her_name_alone(cast, browser_of, with_a_cap):
    sky = with_a_cap[1]
    assert "blue cap" not in text_of(browser_of(sky.owner).get(page_of(sky, "plan")))


@pytest.mark.parametrize("size", ["regular", "large"])
@pytest.mark.parametrize("who", ["sam", "sky"])
def test_a_card_that_lies_about_does_not_carry_it(cast, browser_of, with_a_cap, pdf_service, who, size):
    sky = with_a_cap[1]
    browser = browser_of(cast.sam if who == "sam" else sky.owner)
    browser.post(page_of(sky, "card-new"))
    pdf = browser.post(page_of(sky, "card-pdf"), {"size": size}).content
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        printed = " ".join(page.get_text() for page in document)
    assert "/open/" in printed
    assert "cap" not in printed.split()
