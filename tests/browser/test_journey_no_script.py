"""The same story with script off, on every device: each action is a plain form, and each page can be read."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.device import Device
from tests.browser.journey import Journey, the_team

TABLET = {**DESKTOP, "java_script_enabled": False}
ON_HER_PHONE = {**PHONE, "java_script_enabled": False}


@pytest.mark.slow
def test_the_whole_story_without_script(transactional_db, harbor, millbrook, pdf_service, open_device):
    team = the_team(harbor, millbrook)
    with open_device(**TABLET) as tablet, open_device(**ON_HER_PHONE) as phone, open_device(**TABLET) as office:
        devices = {"tablet": tablet, "phone": phone, "office": office}
        story = Journey(**{name: Device(page, runs_script=False) for name, page in devices.items()}, **team)
        story.tell()
        for who in ("lee", "alex", "rosa"):
            with open_device(**ON_HER_PHONE) as page:
                story.find_nothing(Device(page, runs_script=False), who)
        story.maya_leaves_and_back_shows_nothing()
