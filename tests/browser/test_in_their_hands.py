"""In their hands, on a real tablet: one tap there, Back stays inside, other tabs are covered, a PIN takes it back."""

import pytest
from playwright.sync_api import expect

from recovery_plans.models import Draft
from tests.browser.conftest import go_back

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
STORY = "We left at night, with one bag."
PIN = "2468"


@pytest.fixture
def tablet(plan, cast, signed_in):
    """Sam's tablet, at What I bring, with Maya beside him; her story is hers alone."""
    plan.add_entry(section="experiences", words=STORY, by=cast.maya)
    cast.sam.take_device_pin(PIN)

    def open_it(**options):
        return signed_in(cast.sam, f"/plans/{plan.pk}/together/strengths/", device=TABLET, **options)

    return open_it


def is_mayas_turn(device):
    device.sees("Your turn, Maya", "Only your plan is open")
    assert not device.has("Back to Today")


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without script"])
def test_one_tap_there_and_one_with_the_pin_back(tablet, runs_script):
    with tablet(java_script_enabled=runs_script) as device:
        device.tap("Maya writes")
        is_mayas_turn(device)
        assert device.taps == 1
        device.write("In my own words", "I hem dresses.")
        device.tap("Keep this", within="#words", exact=True)
        device.sees("“I hem dresses.”")
        device.start_counting()
        device.tap("Hand it back to Sam")
        expect(device.page.get_by_label("Your PIN")).to_be_focused()
        device.press(*PIN, "Enter")
        device.sees("Maya and Sam", "“I hem dresses.”", "It is back with you.")
        assert device.taps == 1


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without script"])
def test_back_stays_inside_and_a_typed_address_gives_the_same_page(tablet, runs_script):
    with tablet(java_script_enabled=runs_script) as device:
        device.open("/today/")
        device.page.go_back()
        device.tap("Maya writes")
        is_mayas_turn(device)
        for address in ("/today/", "/settings/", "/people/new/", "/"):
            device.open(address)
            is_mayas_turn(device)
        for _time in range(6):
            go_back(device.page)
            device.page.wait_for_timeout(300)
            if device.page.url == "about:blank":
                break
            is_mayas_turn(device)


def test_when_sam_has_it_again_back_shows_nothing_of_her_story(tablet, cast, plan):
    with tablet() as device:
        device.tap("Maya writes")
        is_mayas_turn(device)
        device.open(f"/own-words/?next=/plans/{plan.pk}/together/experiences/")
        device.write("Or your passphrase", "quiet river seven lamps")
        device.tap("Open", within="main", exact=True)
        device.sees(STORY)
        device.tap("Hand it back to Sam")
        device.write("Your PIN", PIN)
        device.tap("Take it back")
        device.sees("Maya and Sam")
        for _time in range(6):
            go_back(device.page)
            device.page.wait_for_timeout(300)
            assert STORY not in device.page.content()
            if device.page.url == "about:blank":
                break


def test_another_tab_of_sams_is_covered_and_uncovers_when_he_has_it_again(tablet):
    with tablet() as device:
        other = device.page.context.new_page()
        other.goto("/today/")
        expect(other.get_by_role("heading", name="People I walk with")).to_be_visible()
        device.tap("Maya writes")
        is_mayas_turn(device)
        expect(other.get_by_role("heading", name="Someone else has come in here")).to_be_visible()
        assert "Maya" not in other.locator("body").inner_text()
        device.tap("Hand it back to Sam")
        device.write("Your PIN", PIN)
        device.tap("Take it back")
        device.sees("Maya and Sam")
        come_to_the_front(other)
        expect(other.get_by_role("heading", name="People I walk with")).to_be_visible()


def come_to_the_front(page):
    """A headless tab is always in front; this says that it was not, and is again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_tab_in_mayas_hands_that_can_not_ask_whose_turn_it_is_shows_nothing(tablet):
    """Without a line Sam, who has the tablet again, is not shown what she had opened in another tab."""
    with tablet() as device:
        device.tap("Maya writes")
        is_mayas_turn(device)
        page = device.page
        be_hidden(page, True)
        page.context.set_offline(True)
        be_hidden(page, False)
        page.wait_for_timeout(1000)
        expect(page.get_by_text("Your turn, Maya")).not_to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("Your turn, Maya")).to_be_visible()


def be_hidden(page, hidden):
    """Another tab comes to the front, or this one does."""
    page.evaluate("hidden => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })", hidden)
    come_to_the_front(page)


def test_what_sam_was_typing_waits_and_maya_can_read_it(tablet):
    with tablet() as device:
        device.write("In Maya’s words", "half a thought")
        device.tap("Maya writes")
        is_mayas_turn(device)
        device.sees("half a thought", "Sam began to write here.")
        assert Draft.unguarded.get().words == ["half a thought"]
        device.tap("Hand it back to Sam")
        device.write("Your PIN", PIN)
        device.tap("Take it back")
        expect(device.page.locator("#words textarea").first).to_have_value("half a thought")
