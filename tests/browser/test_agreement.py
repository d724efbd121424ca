"""What it costs to agree: two taps from the plan, with script and without; and it can be read by all."""

import pytest

from recovery_plans.models import Agreement
from tests.browser.axe import axe_check
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_friction import at, costs


@pytest.mark.parametrize("runs_script", [True, False])
def test_maya_agrees_in_two_taps(signed_in, cast, plan, runs_script):
    with signed_in(cast.maya, at(plan), java_script_enabled=runs_script) as phone:
        phone.tap("This is my plan")
        phone.tap("Yes, this is my plan")
        phone.sees("Nothing. The plan is as it was.")
        costs(phone, taps=2, loads=2)
    assert Agreement.unguarded.get(plan=plan).is_own


def test_agree_change_compare_and_agree_again(signed_in, cast, plan):
    with signed_in(cast.maya, f"{at(plan)}agree/") as phone:
        phone.tap("Yes, this is my plan")
        phone.sees("Nothing. The plan is as it was.")
        plan.goals.get().rest(by=cast.maya)
        phone.page.reload()
        phone.sees("Then: Working on it. Now: Resting.")
        phone.tap("Agree again")
        phone.tap("Yes, this is my plan")
        phone.sees("Nothing. The plan is as it was.", "My plan on other days")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_its_pages_can_be_read_by_all(signed_in, cast, plan, device):
    """See also test_pages.py, for the demo's plan."""
    with signed_in(cast.maya, f"{at(plan)}agree/", device=device) as reader:
        axe_check(reader.page)
        reader.tap("Yes, this is my plan")
        reader.sees("Nothing. The plan is as it was.")
        plan.goals.get().rest(by=cast.maya)
        plan.add_entry(section="needs", words="A bus pass", by=cast.sam)
        reader.page.reload()
        axe_check(reader.page)
