"""A box for a person's words leaves them alone: no browser mends, keeps or translates what is typed there."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

LEFT_ALONE = {"dir": "auto", "spellcheck": "false", "translate": "no"}
# A browser offers to the next one who types what was typed on one line, never what was typed in a textarea. There "off"
# would take the words away that a dropped line leaves to Back.
NOT_OFFERED_AGAIN = {"input": "off", "textarea": None}


class Boxes(HTMLParser):
    """The boxes of a page in which one types."""

    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "textarea" or tag == "input" and attrs.get("type") == "text":
            self.found[attrs["name"]] = attrs | {"tag": tag}


def boxes_on(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    page = Boxes()
    page.feed(answer.content.decode())
    return page.found


@pytest.fixture
def addresses(cast):
    goal = cast.plan.add_goal(words="Slow mornings", by=cast.maya)
    step = goal.add_step(words="Coffee on the steps", by=cast.maya)
    line = cast.plan.add_entry(section="supporters", words="My aunt", by=cast.maya)
    plan = {"plan": cast.plan.pk}
    of_step = {**plan, "goal": goal.pk, "step": step.pk}
    return {
        "part": (cast.maya, reverse("part", kwargs={**plan, "section": "supporters"}), {"words", "helps"}),
        "entry-change": (cast.maya, reverse("entry-change", kwargs={**plan, "line": line.pk}), {"words", "helps"}),
        "goal-new": (cast.maya, reverse("goal-new", kwargs=plan), {"words", "why", "step"}),
        "goal": (cast.maya, reverse("goal", kwargs={**plan, "goal": goal.pk}), {"words", "why"}),
        "step-change": (cast.maya, reverse("step-change", kwargs=of_step), {"words", "other"}),
        "share-summary": (cast.maya, reverse("share-summary", kwargs=plan), {"from_us"}),
        "together-part": (cast.sam, reverse("together-part", kwargs={**plan, "section": "strengths"}), {"words"}),
        "person-new": (cast.sam, reverse("person-new"), {"name"}),
    }


@pytest.mark.parametrize(
    "page", ["part", "entry-change", "goal-new", "goal", "step-change", "share-summary", "together-part", "person-new"]
)
def test_what_maya_types_is_neither_mended_nor_kept_nor_translated_by_a_browser(cast, browser_of, addresses, page):
    reader, address, expected = addresses[page]
    boxes = boxes_on(browser_of(reader), address)
    assert expected <= set(boxes)
    for name, attrs in boxes.items():
        assert {key: attrs.get(key) for key in LEFT_ALONE} == LEFT_ALONE, name
        assert attrs.get("autocomplete") == NOT_OFFERED_AGAIN[attrs["tag"]], name
