"""In their hands: Sam's tablet goes to Maya, opens only what is hers, and comes back with Sam's PIN."""

import re

import pytest
from django.urls import URLPattern, get_resolver, reverse

from peers.models import Person, PlanCard
from peers.models.organization_log import Event
from recovery_plans.events import PlanEvent
from recovery_plans.models import Draft, Entry, GrantedPart, LogLine, Plan, Revision, Section
from tests.cast import PASSPHRASE
from tests.hands import PIN, fill_plan, give, lend_tablet, take_back, together
from tests.history import rewriting
from tests.ways import own_words_on, unlock


@pytest.fixture
def plan(cast):
    return fill_plan(cast)


@pytest.fixture
def tablet(cast, plan, browser_of):
    return lend_tablet(cast, plan, browser_of)


def never_came_in(cast):
    """Maya as somebody who has just been met: no passphrase, no words."""
    cast.maya.end_passphrase()
    PlanCard.objects.all().delete()


# --- one tap there, a PIN back ---


def test_one_tap_puts_the_tablet_into_mayas_hands(cast, plan, browser_of):
    page = give(browser_of(cast.sam), plan)
    assert page.request["PATH_INFO"] == together(plan)
    text = page.content.decode()
    assert "Your turn, <bdi>Maya</bdi>" in text
    assert "Hand it back to <bdi>Sam</bdi>" in " ".join(text.split())
    assert reverse("today") not in text
    assert reverse("settings") not in text


def test_the_text_is_larger_than_usual(tablet, plan):
    assert "size-125" in tablet.get(together(plan)).content.decode()


@pytest.mark.parametrize("typed", [{"pin": PIN}, {"passphrase": PASSPHRASE}])
def test_sam_takes_it_back_and_goes_on_where_they_were(tablet, plan, typed):
    page = take_back(tablet, plan, **typed)
    assert page.request["PATH_INFO"] == together(plan)
    assert tablet.get(reverse("today")).status_code == 200


@pytest.mark.parametrize("typed", [{"pin": "1357"}, {"passphrase": "not that at all"}, {"pin": "", "passphrase": ""}])
def test_what_is_wrong_takes_nothing_back(tablet, plan, typed):
    tablet.post(reverse("hands-back", args=[plan.pk]), typed)
    assert tablet.get(reverse("today")).url == together(plan)


def test_the_pin_is_guessed_five_times_and_the_passphrase_still_takes_it_back(tablet, plan):
    back = reverse("hands-back", args=[plan.pk])
    statuses = [tablet.post(back, {"pin": f"135{number}"}).status_code for number in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert tablet.post(back, {"pin": PIN}).status_code == 429
    take_back(tablet, plan, passphrase=PASSPHRASE)
    assert tablet.get(reverse("today")).status_code == 200


def test_without_a_pin_only_the_passphrase_is_asked_for(cast, plan, browser_of):
    browser = browser_of(cast.sam)
    give(browser, plan)
    page = browser.get(reverse("hands-back", args=[plan.pk])).content.decode()
    assert 'name="passphrase"' in page
    assert 'name="pin"' not in page
    browser.post(reverse("hands-back", args=[plan.pk]), {"pin": ""})
    assert browser.get(reverse("today")).status_code == 302


def test_a_second_tap_on_each_changes_nothing(tablet, plan):
    assert give(tablet, plan, slug="needs").request["PATH_INFO"] == together(plan)
    take_back(tablet, plan)
    assert take_back(tablet, plan).status_code == 200


def test_signing_in_anew_as_sam_takes_it_back_too(tablet, cast, plan):
    tablet.post(reverse("sign-in"), {"username": "sam", "passphrase": PASSPHRASE})
    assert tablet.get(reverse("today")).status_code == 200
    assert LogLine.unguarded.filter(plan=plan.pk, what=PlanEvent.HANDS_BACK, by=cast.sam.pk).count() == 1


# --- nothing else opens ---


ANY_CODE = "5f0f4d4e-8f0f-4b3e-9c39-1f5f3f1d2a11"


def patterns(resolver=None, names=()):
    """Every address that has a name, with the names in it."""
    for entry in (resolver or get_resolver()).url_patterns:
        found = [*names, *entry.pattern.converters]
        if isinstance(entry, URLPattern):
            yield entry, found
        else:
            yield from patterns(entry, found)


def addresses(plan):
    """Every address with a door; where it names a line, one of Maya's story."""
    story = Entry.unguarded.filter(plan=plan, section=Section.EXPERIENCES).first()
    known = {"plan": plan.pk, "section": "experiences", "line": story.pk, "token": "x", "box": "x"}
    for pattern, names in patterns():
        if hasattr(pattern.callback, "door"):
            values = {name: known.get(name, ANY_CODE) for name in names}
            yield pattern.callback, reverse(pattern.name, kwargs=values)


def test_every_address_that_is_not_marked_gives_the_page_in_hand(tablet, cast, plan):
    tried = 0
    for view, address in addresses(plan):
        if view.door == "public" or view.in_hands:
            continue
        for answer in (tablet.get(address), tablet.post(address)):
            assert (answer.status_code, answer.url) == (302, together(plan)), address
            tried += 1
    assert tried > 80
    assert tablet.get(reverse("home")).url == together(plan)


def test_another_plan_that_sam_walks_with_is_not_there(tablet, cast, harbor):
    other = Plan.start(person=Person.meet(name="Quique", peer=cast.sam, organization=harbor), by=cast.sam)
    for name in ("plan", "about-me", "together"):
        assert tablet.get(reverse(name, args=[other.pk])).status_code == 404


def test_what_is_mayas_alone_stays_closed_until_she_types_her_own_words(tablet, cast, plan):
    seen = tablet.get(together(plan)).content.decode()
    for view, address in addresses(plan):
        if view.door != "public" and view.in_hands:
            seen += tablet.get(address).content.decode()
    for slug in ("experiences", "hard-days"):
        seen += tablet.get(together(plan, slug)).content.decode()
        tablet.post(together(plan, slug, "together-add"), {"words": "slipped in", "save_id": ANY_CODE})
    assert "I listen" in seen
    assert "Mine alone" not in seen
    assert not Entry.unguarded.filter(plan=plan, words="slipped in").exists()


def test_a_part_that_is_closed_to_sam_opens_to_nobody_before_own_words(tablet, cast, plan):
    """It could be Sam who holds it."""
    plan.add_entry(section=Section.NEEDS, words="a room of my own", by=cast.maya)
    with rewriting(GrantedPart) as parts:
        parts.filter(part=Section.NEEDS).delete()
    page = tablet.get(together(plan, "needs")).content.decode()
    assert "a room of my own" not in page
    unlock(tablet, passphrase=PASSPHRASE)
    assert "a room of my own" in tablet.get(together(plan, "needs")).content.decode()


# --- own words there ---


def test_maya_opens_her_story_there_with_her_passphrase_and_it_is_closed_when_the_tablet_is_back(tablet, plan):
    assert "Mine alone" in unlock(tablet, passphrase=PASSPHRASE, next=together(plan, "experiences")).content.decode()
    page = take_back(tablet, plan)
    assert "Mine alone" not in page.content.decode()
    for slug in ("experiences", "hard-days"):
        assert "Mine alone" not in tablet.get(together(plan, slug)).content.decode()
    give(tablet, plan)
    assert "Mine alone" not in tablet.get(together(plan, "experiences")).content.decode()


def test_someone_who_never_had_own_words_makes_them_there_and_opens_their_story(tablet, cast, plan):
    never_came_in(cast)
    closed = tablet.get(together(plan, "experiences")).content.decode()
    assert "Make my own words" in closed
    page = tablet.post(reverse("hands-own-words", args=[plan.pk]), follow=True)
    words = own_words_on(page)
    card = PlanCard.objects.get(kind="own")
    assert card.given_through.created_by == cast.sam
    tablet.post(reverse("card-written", args=[plan.pk]))
    assert words not in tablet.get(reverse("card-words", args=[plan.pk]), follow=True).content.decode()
    unlock(tablet, card_words=words)
    tablet.post(together(plan, "experiences", "together-add"), {"words": "I came by boat", "save_id": ANY_CODE})
    assert Entry.unguarded.get(words="I came by boat").voice == "own"


def test_who_has_had_own_words_makes_no_others_there(tablet, cast, plan):
    assert "Make my own words" not in tablet.get(together(plan, "experiences")).content.decode()
    tablet.post(reverse("hands-own-words", args=[plan.pk]))
    assert not PlanCard.objects.exists()


def test_words_that_were_shown_there_are_gone_when_sam_has_the_tablet(tablet, cast, plan):
    never_came_in(cast)
    words = own_words_on(tablet.post(reverse("hands-own-words", args=[plan.pk]), follow=True))
    take_back(tablet, plan)
    assert words not in tablet.get(reverse("card-words", args=[plan.pk]), follow=True).content.decode()


def test_what_sam_had_begun_waits_until_the_tablet_is_back(cast, plan, browser_of):
    browser = browser_of(cast.sam)
    browser.post(reverse("card-new", args=[plan.pk]), {"pin": ""})
    words = own_words_on(browser.get(reverse("card-words", args=[plan.pk])))
    cast.sam.take_device_pin(PIN)
    give(browser, plan)
    assert words not in browser.get(reverse("card-words", args=[plan.pk]), follow=True).content.decode()
    take_back(browser, plan)
    assert words in browser.get(reverse("card-words", args=[plan.pk])).content.decode()


# --- what is recorded is what happened ---


def test_what_maya_writes_there_is_hers_on_sams_tablet(tablet, cast, plan):
    tablet.post(together(plan, name="together-add"), {"words": "I hem dresses", "save_id": ANY_CODE})
    entry = Entry.unguarded.get(words="I hem dresses")
    assert (entry.voice, entry.created_by) == ("own", cast.maya)
    text = Revision.unguarded.get(line=entry.pk)
    assert (text.by, text.on_device_of) == (cast.maya, cast.sam)
    line = LogLine.unguarded.get(line=entry.pk)
    assert (line.by, line.on_device_of) == (cast.maya.pk, cast.sam.pk)


def test_who_has_looked_says_when_and_on_whose_tablet(tablet, cast, plan, browser_of):
    tablet.post(together(plan, name="together-add"), {"words": "I hem dresses", "save_id": ANY_CODE})
    take_back(tablet, plan)
    what = list(LogLine.unguarded.filter(plan=plan.pk, by=cast.sam.pk).values_list("what", flat=True))
    assert {PlanEvent.HANDS_GIVEN, PlanEvent.HANDS_BACK} <= set(what)
    page = " ".join(browser_of(cast.maya).get(reverse("looks", args=[plan.pk])).content.decode().split())
    assert "put their device into my hands" in page
    assert "took their device back" in page
    assert "Me, on <bdi>Sam</bdi>’s device" in page


def test_own_words_made_there_are_recorded_as_made_on_sams_device(tablet, cast, plan):
    never_came_in(cast)
    tablet.post(reverse("hands-own-words", args=[plan.pk]))
    made = Event.objects.get(what="own_words_made")
    assert (made.by, made.on_device_of) == (cast.maya.pk, cast.sam.pk)
    assert LogLine.unguarded.get(what="own_words_made").on_device_of == cast.sam.pk


# --- it ends ---


def test_when_maya_stops_walking_with_sam_the_tablet_in_her_hands_closes(tablet, cast, plan):
    cast.walk.end(by=cast.maya)
    assert reverse("sign-in") in tablet.get(together(plan)).url
    assert reverse("sign-in") in tablet.get(reverse("today")).url


def test_when_sams_role_ends_the_tablet_closes(tablet, cast, plan):
    cast.sam.end_all_sessions()
    assert reverse("sign-in") in tablet.get(together(plan)).url


def test_leave_ends_all_of_it(tablet, plan):
    tablet.post(reverse("leave"))
    assert reverse("sign-in") in tablet.get(together(plan)).url
    assert reverse("sign-in") in tablet.get(reverse("today")).url


# --- words ---


def test_what_sam_was_typing_is_not_lost_without_script(cast, plan, browser_of):
    browser = browser_of(cast.sam)
    typed = {"words": "half a thought", "save_id": ANY_CODE}
    browser.post(reverse("hands", args=[plan.pk]) + "?part=strengths", typed)
    assert Draft.unguarded.get().words == ["half a thought"]
    assert Draft.unguarded.get().author == cast.sam


@pytest.mark.parametrize("part, name", [("strengths", "words"), ("goals", "words")])
def test_what_cannot_be_kept_stays_on_sams_screen_and_the_tablet_with_him(cast, plan, browser_of, part, name):
    browser, words = browser_of(cast.sam), "too long " * 2000
    answer = browser.post(reverse("hands", args=[plan.pk]) + f"?part={part}", {name: words, "save_id": ANY_CODE})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words.strip() in page
    assert "is-wrong" in page or "errors" in page
    assert "Your turn, Maya" not in page
    assert browser.get(reverse("today")).status_code == 200, "the device is still in his hands"
    assert not LogLine.unguarded.filter(plan=plan.pk, what="hands_given").exists()


def test_mayas_language_and_sams_do_not_mix(tablet, cast, plan):
    tablet.post(reverse("language"), {"language": "es"})
    assert 'lang="es"' in tablet.get(together(plan)).content.decode()
    page = take_back(tablet, plan)
    assert re.search(r'<html\s+lang="en"', page.content.decode())


def test_a_page_of_sams_sends_nothing_once_the_tablet_is_in_mayas_hands(cast, plan, browser_of):
    browser = browser_of(cast.sam, enforce_csrf_checks=True)
    page = browser.get(together(plan)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    browser.post(reverse("hands", args=[plan.pk]) + "?part=strengths", {"csrfmiddlewaretoken": token})
    late = {"words": "sent too late", "save_id": ANY_CODE, "csrfmiddlewaretoken": token}
    assert browser.post(together(plan, name="together-add"), late).status_code == 403
    assert not Entry.unguarded.filter(words="sent too late").exists()
