"""What a screen reader tells of the ten main pages, kept as text in heard/ to be read: each must tell a sensible story.

After a change that is meant: `HEARD_ANEW=1 python -m pytest tests/browser/test_heard.py`, then read what has changed.
"""

import difflib
import os
import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.browser.conftest import PHONE

FOLDER = Path(__file__).parent / "heard"
MONTHS = "Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec"
# What is another one on another day, or in another run.
A_DAY = re.compile(
    rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:{MONTHS})[a-z]*\.? \d{{1,2}}(?:, \d{{4}})?"
)
AN_ADDRESS = re.compile(r"^\s*- /url: .*\n?", re.MULTILINE)

# Who hears which page. The part and the goal are those of the plan that the tests share.
MAIN_PAGES = {
    "start": (None, "home", {}),
    "plan": ("maya", "plan", {"plan"}),
    "part": ("maya", "part", {"plan", "section=strengths"}),
    "hard-day": ("maya", "part", {"plan", "section=hard-days"}),
    "goal": ("maya", "goal", {"plan", "goal"}),
    "share": ("maya", "share", {"plan"}),
    "help-now": ("maya", "help-now", {}),
    "today": ("sam", "today", {}),
    "together": ("sam", "together-part", {"plan", "section=strengths"}),
    "summaries": ("dana", "summaries", {}),
}


def address_of(name, wanted, plan):
    known = {"plan": plan.pk, "goal": plan.goals.first().pk}
    ids = dict(one.split("=") if "=" in one else (one, known[one]) for one in wanted)
    return reverse(name, kwargs=ids)


def story_of(page):
    """The page as a screen reader goes through it, without addresses and days."""
    return A_DAY.sub("DAY", AN_ADDRESS.sub("", page.locator("body").aria_snapshot())).rstrip() + "\n"


@pytest.mark.parametrize("name", MAIN_PAGES)
def test_each_main_page_tells_the_story_that_was_read(name, signed_in, open_device, site, cast, plan):
    reader, view, wanted = MAIN_PAGES[name]
    address = address_of(view, wanted, plan)
    if reader is None:
        with open_device(**PHONE) as page:
            page.goto(address)
            heard = story_of(page)
    else:
        with signed_in(getattr(cast, reader), address) as device:
            heard = story_of(device.page)
    kept = FOLDER / f"{name}.yaml"
    if os.environ.get("HEARD_ANEW"):
        kept.write_text(heard, encoding="utf-8")
    lines = [text.splitlines() for text in (kept.read_text(encoding="utf-8"), heard)]
    assert lines[0] == lines[1], "\n".join(difflib.unified_diff(*lines, "read before", "heard now", lineterm=""))


def test_every_text_that_is_kept_is_of_a_page():
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(MAIN_PAGES)
