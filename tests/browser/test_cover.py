"""The cover: the session is over while somebody types, a shared device is quiet for ten minutes, somebody leaves.

Nothing of the plan stays on the page, no word is lost, and none is sent for somebody else.
"""

import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from recovery_plans.models import Draft
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.device import Device
from tests.browser.journey import come_in
from tests.cast import PASSPHRASE

WORDS = "I mend what others throw away"
LETS_PASS = ("weather.gov",)


def part_of(plan):
    return reverse("part", kwargs={"plan": plan.pk, "section": "strengths"})


def box(device):
    return device.page.get_by_label("In my own words")


def comes_in_here(device, name):
    """Sign in on the cover."""
    device.tap("Sign in", within="[data-cover]")
    device.write("Sign-in name", name)
    device.write("Passphrase", PASSPHRASE)
    device.page.locator("[data-place] button[type=submit]").click()


def held(plan):
    return [text for draft in Draft.unguarded.filter(plan=plan) for text in draft.words]


def is_held(plan, words):
    for _try in range(50):
        if words in held(plan):
            return True
        time.sleep(0.1)
    return False


# --- the session is over ---


def test_when_the_session_ends_while_she_types_she_comes_in_again_in_place_and_it_is_held(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan)) as phone:
        Session.objects.all().delete()
        box(phone).press_sequentially(WORDS)
        phone.sees_heading("Please come in once more")
        assert "I keep my word." not in phone.page.content()
        assert WORDS not in phone.page.content()
        comes_in_here(phone, "maya")
        expect(box(phone)).to_have_value(WORDS)
        phone.sees("Saved. Not on the plan yet.")
        assert is_held(plan, WORDS)
        phone.tap("Add", exact=True)
        phone.sees(WORDS, within=".kept")
    assert plan.entries.filter(words=WORDS).count() == 1


def test_when_the_session_ends_before_the_tap_it_is_kept_after_coming_in(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan)) as phone:
        box(phone).press_sequentially(WORDS)
        phone.sees("Saved. Not on the plan yet.")
        Session.objects.all().delete()
        phone.tap("Add", exact=True)
        phone.sees_heading("Please come in once more")
        comes_in_here(phone, "maya")
        phone.sees(WORDS, within=".kept")
    assert held(plan) == []


def test_what_maya_typed_is_never_sent_for_whoever_comes_in_instead(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan)) as phone:
        Session.objects.all().delete()
        box(phone).press_sequentially(WORDS)
        phone.sees_heading("Please come in once more")
        comes_in_here(phone, "sam")
        phone.sees_heading("Someone else has come in here")
        assert held(plan) == []
        comes_in_here(phone, "maya")
        expect(box(phone)).to_have_value(WORDS)
        assert is_held(plan, WORDS)
    assert Draft.unguarded.get().author_id == cast.maya.pk


def test_a_wrong_passphrase_on_the_cover_is_told_there(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan)) as phone:
        Session.objects.all().delete()
        box(phone).press_sequentially(WORDS)
        phone.tap("Sign in", within="[data-cover]")
        phone.write("Sign-in name", "maya")
        phone.write("Passphrase", "not this one at all")
        phone.page.locator("[data-place] button[type=submit]").click()
        expect(phone.page.locator("[data-place] .errors")).to_be_visible()


# --- a shared device ---


@pytest.fixture
def shared_phone(open_device, cast, plan):
    """A borrowed phone on which Maya has said that it is one; its clock is ours."""
    with open_device(**PHONE, lets_pass=LETS_PASS) as page:
        page.clock.install()
        device = Device(page)
        device.open(f"/sign-in/?next={part_of(plan)}")
        device.tap("This phone or computer is shared")
        come_in(device, "maya")
        device.sees("I keep my word.")
        # The clock is not to jump before the scripts are there that keep the words.
        expect(box(device)).to_have_attribute("autocomplete", "off")
        yield device


def test_after_ten_quiet_minutes_a_shared_device_shows_no_word_and_the_words_are_safe(shared_phone, plan):
    phone = shared_phone
    box(phone).fill(WORDS)
    phone.page.clock.fast_forward("09:00")
    expect(box(phone)).to_have_value(WORDS)
    phone.page.clock.fast_forward("01:30")
    phone.sees_heading("This page is covered")
    for word in (WORDS, "I keep my word.", "Maya"):
        assert word not in phone.page.content()
    assert phone.page.locator("textarea").count() == 0
    assert phone.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert is_held(plan, WORDS)
    assert not phone.page.context.request.get("/still-signed-in/").ok
    comes_in_here(phone, "maya")
    expect(box(phone)).to_have_value(WORDS)
    assert Session.objects.get().get_decoded()["device"] == "shared"


def test_before_a_shared_device_is_covered_words_that_did_not_get_through_are_sent_again(shared_phone, plan):
    phone = shared_phone
    dropped = []

    def drop_once(route):
        dropped.append(route.request.url)
        route.abort() if len(dropped) == 1 else route.continue_()

    phone.page.route("**/drafts/**", drop_once)
    box(phone).fill(WORDS)
    phone.page.clock.fast_forward("10:30")
    phone.sees_heading("This page is covered")
    assert is_held(plan, WORDS)
    assert len(dropped) > 1


def test_whoever_is_busy_is_not_covered_and_ones_own_phone_never_is(shared_phone, signed_in, cast, plan):
    for _minute in range(12):
        shared_phone.page.clock.fast_forward("01:00")
        shared_phone.press("Shift")
        shared_phone.press("a")
    shared_phone.sees("I keep my word.")
    with signed_in(cast.maya, "/safe/") as own:
        own.page.clock.install()
        own.open(part_of(plan))
        own.page.clock.fast_forward("30:00")
        own.sees("I keep my word.")


# --- other tabs ---


def test_leave_in_one_tab_covers_every_other(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan), device=DESKTOP, lets_pass=LETS_PASS) as first:
        second = first.page.context.new_page()
        second.goto(part_of(plan))
        Device(second).tap("Leave", within="form#leave")
        first.sees_heading("This page is closed")
        assert "I keep my word." not in first.page.content()
        assert "Maya" not in first.page.content()


def test_a_tab_that_comes_to_the_front_asks_whether_it_is_still_signed_in(signed_in, cast, plan):
    with signed_in(cast.maya, part_of(plan)) as phone:
        Session.objects.all().delete()
        phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        phone.sees_heading("Please come in once more")
        assert "I keep my word." not in phone.page.content()
