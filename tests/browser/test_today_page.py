"""Today with forty people: somebody is found by name, without script too, and the whole card is one target."""

import re

import pytest
from playwright.sync_api import expect

from recovery_plans.models import Plan
from tests.browser.conftest import PHONE

MANY = 40


@pytest.fixture
def many(transactional_db, cast):
    for number in range(MANY):
        name = "Nguyễn Văn Minh" if number == 7 else f"Person {number}"
        Plan.meet(name=name, language="en", peer=cast.sam, organization=cast.harbor)


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without"])
def test_somebody_is_found_among_forty_and_no_name_is_in_the_address(signed_in, cast, many, runs_script):
    with signed_in(cast.sam, "/today/", java_script_enabled=runs_script) as phone:
        phone.write("Find someone by name", "van minh")
        phone.tap("Find", exact=True)
        phone.sees("People with “van minh” in their name")
        expect(phone.page.locator(".walker")).to_have_count(1)
        assert phone.address.partition("#")[0] == "/today/"
        phone.tap("Everyone I walk with")
        expect(phone.page.locator(".walker")).to_have_count(MANY + 1)


def test_the_whole_card_sits_the_two_together_and_the_plan_has_a_link_of_its_own(signed_in, cast, many):
    with signed_in(cast.sam, "/today/") as phone:
        assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
        card = phone.page.locator(".walker").last
        name = card.locator("h2").inner_text()
        card.click(position={"x": 20, "y": 20})
        expect(phone.page).to_have_url(re.compile("/together/"))
        phone.open("/today/")
        phone.page.locator(".walker").filter(has_text=name).get_by_role("link", name="The plan").first.click()
        expect(phone.page.locator("h1")).to_contain_text(f"{name}’s plan")
