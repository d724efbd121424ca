"""Help now on a phone: 988 is in the first screen, whoever looks; Maya's own people follow, to call or to text."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

NOOR_AND_CAT = {"Noor": "(508) 555-0142", "Biscuit the cat": ""}


@pytest.fixture
def her_people(cast, plan):
    for name, number in [*NOOR_AND_CAT.items()] * 4:
        plan.add_entry(section="supporters", words=name, helps="Comes with food", phone=number, by=cast.maya)


def free_height(page):
    """How much of the screen no bar of the navigation covers, in CSS pixels."""
    bar = page.locator("nav.nav-m").bounding_box() if page.locator("nav.nav-m").count() else None
    return bar["y"] if bar else PHONE["viewport"]["height"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("reader", ["maya", "sam", None])
def test_988_is_whole_in_the_first_screen(signed_in, open_device, cast, her_people, reader, language):
    """Measured at 360×740, above the bar of the navigation."""
    cast.maya.language = cast.sam.language = language
    cast.maya.save()
    cast.sam.save()

    def measure(page):
        expect(page.locator("html")).to_have_attribute("lang", language)
        for href in ("tel:988", "sms:988"):
            button = page.locator(f'main a[href="{href}"]').bounding_box()
            assert button["y"] + button["height"] <= free_height(page), href
            assert button["height"] >= 44

    if reader is None:
        with open_device(**PHONE) as page:
            page.goto("/help-now/")
            if language == "es":
                page.get_by_role("button", name="Español").click()
            measure(page)
    else:
        with signed_in(getattr(cast, reader), "/help-now/") as phone:
            measure(phone.page)


@pytest.mark.parametrize("script", [True, False])
def test_each_of_her_people_with_a_number_is_one_tap_away(signed_in, cast, her_people, script):
    with signed_in(cast.maya, "/help-now/", java_script_enabled=script) as phone:
        noor = phone.page.locator(".people li", has_text="Noor").first
        call = noor.get_by_role("link", name="Call (508) 555-0142")
        text = noor.get_by_role("link", name="Text (508) 555-0142")
        expect(call).to_have_attribute("href", "tel:5085550142")
        expect(text).to_have_attribute("href", "sms:5085550142")
        for button in (call, text):
            assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 44
        cat = phone.page.locator(".people li", has_text="Biscuit").first
        expect(cat.get_by_role("link")).to_have_count(0)
        assert noor.bounding_box()["y"] < cat.bounding_box()["y"]
