"""Two people called Sky, met on one day: what was chosen with them tells them apart wherever staff read the name.

Nobody is asked who has no namesake; nothing has to be chosen; and each reads, changes and takes out what was chosen.
"""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from peers.models import Person, PlanCard
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
    skies[1].tell_apart(known_by="blue cap", by=cast.sam)
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
    ],
)
def test_what_the_two_chose_is_kept_and_she_can_read_that_it_was_chosen(cast, browser_of, skies, chosen, kept):
    meets_sky(browser_of(cast.sam), **chosen)
    plan = Plan.unguarded.order_by("-created_at").first()
    assert plan.person.known_by == kept
    noted = LogLine.unguarded.filter(plan=plan.pk, what="known_by_chosen").exists()
    assert noted == bool(kept)


@pytest.mark.parametrize("wrong", [{"known_by": "x" * 39}, {"known_by": "two\nlines"}, {"picture": "🔥"}])
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
    browser.post(reverse("settings"), {**settings, "known_by": "🌻"})
    assert Person.objects.get(user=sky).known_by == "🌻"
    browser.post(reverse("settings"), {**settings, "known_by": ""})
    assert Person.objects.get(user=sky).known_by == ""


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


def test_her_printed_card_carries_it_beside_the_first_letter(cast, browser_of, with_a_cap, monkeypatch):
    printed = []
    monkeypatch.setattr("recovery_plans.views.cards.print_one", lambda html: printed.append(html) or b"%PDF")
    sam, sky = browser_of(cast.sam), with_a_cap[1]
    sam.post(page_of(sky, "card-new"))
    sam.post(page_of(sky, "card-pdf"))
    assert "blue cap" in printed[0]
    assert PlanCard.objects.filter(person=sky.person).exists()
