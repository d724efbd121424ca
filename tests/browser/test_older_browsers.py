"""Safari before 16 does not say which button sent a form, nor sends one for a script: each button does its own."""

from contextlib import contextmanager

import pytest

from recovery_plans.models import Draft
from tests.browser.test_friction import at

AS_OLDER_SAFARI = """
delete SubmitEvent.prototype.submitter;
delete HTMLFormElement.prototype.requestSubmit;
const TakesNoButton = window.FormData;
window.FormData = function (form) { return new TakesNoButton(form); };
"""


@pytest.fixture
def sitting(signed_in, cast, plan):
    """Sam's older tablet at What I bring, with words typed."""

    @contextmanager
    def open_it():
        with signed_in(cast.sam, f"{at(plan)}together/strengths/") as device:
            device.page.context.add_init_script(AS_OLDER_SAFARI)
            device.page.reload()
            assert device.page.evaluate("!document.forms[0].requestSubmit && !('submitter' in SubmitEvent.prototype)")
            device.write("In Maya’s words", "I listen well")
            yield device

    return open_it


def kept(plan):
    return plan.entries.filter(words="I listen well").exists()


def test_a_break_is_no_keeping(sitting, plan):
    with sitting() as tablet:
        tablet.tap("Take a break")
        tablet.sees("Take your time")
    assert not kept(plan)


def test_the_device_goes_into_mayas_hands_and_what_was_typed_waits(sitting, plan):
    with sitting() as tablet:
        tablet.tap("Maya writes")
        tablet.sees("Your turn, Maya")
    assert Draft.unguarded.get().words == ["I listen well"]
    assert not kept(plan)


def test_keep_this_keeps(sitting, plan):
    with sitting() as tablet:
        tablet.tap("Keep this", within="#words", exact=True)
        tablet.sees("“I listen well”")
    assert kept(plan)
