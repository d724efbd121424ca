"""Leave, and Back shows nothing: with the back-forward cache on, as people have it, with script and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, go_back
from tests.browser.device import Device
from tests.browser.journey import come_in

WORDS = "I get up before the sun."
# Leave asks this place to end the session, and is told where to go next; the browser notes that as asked.
LETS_PASS = ("weather.gov",)


@pytest.fixture
def plan(transactional_db, cast):
    cast.plan.add_entry(section="strengths", words=WORDS, by=cast.maya)
    cast.plan.add_goal(words="Slow mornings", by=cast.maya)
    return cast.plan


def read_my_plan(page):
    """Maya has signed in and walked through a few pages of her plan."""
    device = Device(page)
    device.open("/sign-in/")
    come_in(device, "maya")
    device.sees(WORDS)
    device.tap("About me", within="nav.nav-m")
    device.sees_heading("About me")
    device.tap("What I bring", within="main")
    device.sees(WORDS)
    return device


def nothing_is_to_be_seen(page):
    page.wait_for_timeout(300)
    assert WORDS not in page.content()
    assert "Maya" not in page.content()


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without script"])
def test_after_leave_back_and_back_again_show_nothing(plan, open_device, other_sites, runs_script):
    with open_device(**PHONE, java_script_enabled=runs_script, lets_pass=LETS_PASS) as page:
        device = read_my_plan(page)
        device.tap("Leave", within="form#leave")
        expect(page.locator("h1")).to_have_text("Somewhere else")
        assert [host for host, path, _headers in other_sites.asked if path == "/"] == ["www.weather.gov"]
        for _time in range(3):
            go_back(page)
            nothing_is_to_be_seen(page)


def test_leave_tells_the_other_site_nothing_of_where_she_was(plan, open_device, other_sites):
    with open_device(**PHONE, lets_pass=LETS_PASS) as page:
        read_my_plan(page).tap("Leave", within="form#leave")
        expect(page.locator("h1")).to_have_text("Somewhere else")
    referers = [headers.get("Referer", "") for host, _path, headers in other_sites.asked if host == "www.weather.gov"]
    assert referers
    assert all(line in ("", "https://www.weather.gov/") for line in referers)  # its own icon may say where it stands


def test_shift_three_times_leaves_from_any_page(plan, open_device):
    with open_device(**PHONE, lets_pass=LETS_PASS) as page:
        read_my_plan(page).press("Shift", "Shift", "Shift")
        expect(page.locator("h1")).to_have_text("Somewhere else")
        go_back(page)
        nothing_is_to_be_seen(page)


def test_what_was_typed_and_not_saved_is_gone_too(plan, open_device):
    with open_device(**PHONE, lets_pass=LETS_PASS) as page:
        device = read_my_plan(page)
        device.write("In my own words", "something half said")
        device.tap("Leave", within="form#leave")
        expect(page.locator("h1")).to_have_text("Somewhere else")
        go_back(page)
        page.wait_for_timeout(300)
        boxes = page.locator("textarea").all()
        assert "something half said" not in page.content()
        assert all(box.input_value() == "" for box in boxes)


def test_a_link_to_another_site_leaves_nothing_behind_for_back(plan, open_device):
    """Someone types another address over the plan and signs out elsewhere: Back asks this place again."""
    with open_device(**PHONE, lets_pass=LETS_PASS) as page:
        device = read_my_plan(page)
        device.open("https://weather.example/")
        page.context.clear_cookies()
        go_back(page)
        nothing_is_to_be_seen(page)


def test_leaving_on_one_device_keeps_the_other_open(plan, open_device):
    with open_device(**PHONE, lets_pass=LETS_PASS) as mine, open_device(**PHONE) as at_the_library:
        read_my_plan(mine)
        there = read_my_plan(at_the_library)
        Device(mine).tap("Leave", within="form#leave")
        expect(mine.locator("h1")).to_have_text("Somewhere else")
        there.tap("My plan", within="nav.nav-m")
        there.sees(WORDS)
