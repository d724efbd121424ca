"""The whole story in a browser, as three people live it: a tablet between two, a phone, an office computer."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.device import Device
from tests.browser.journey import Journey, the_team


@pytest.mark.slow
def test_from_the_first_question_to_a_page_in_danas_hand(transactional_db, harbor, millbrook, pdf_service, open_device):
    team = the_team(harbor, millbrook)
    # Leave asks this place to end the session, and is told where to go next; the browser notes that as asked.
    on_her_phone = {**PHONE, "lets_pass": ("weather.gov",)}
    with open_device(**DESKTOP) as tablet, open_device(**on_her_phone) as phone, open_device(**DESKTOP) as office:
        story = Journey(tablet=Device(tablet), phone=Device(phone), office=Device(office), **team)
        story.tell()
        for who in ("lee", "alex", "rosa"):
            with open_device(**PHONE) as page:
                story.find_nothing(Device(page), who)
        story.maya_leaves_and_back_shows_nothing()
