"""What stands on a printed plan, and where: the parts in their order, and at every line whose words it is."""

import re

import pymupdf
import pytest
from django.urls import reverse
from django.utils import timezone

from recovery_plans.models import Entry, Goal, Grant, Section, Step

# From hope to hard days: what is strong stands before what is hard, and hard days are last.
IN_ORDER = [
    "Where I am heading",
    "What I bring",
    "Who walks with me",
    "What I am working on",
    "What matters to me",
    "How I get through",
    "Where I come from",
    "What I need right now",
    "My story so far",
    "On a hard day",
]
# The vision stands under the name at the top, and needs no heading there; the place to sign is a heading too.
ON_A_FULL_SHEET = [*IN_ORDER[1:-1], "This is my plan, in my words", IN_ORDER[-1]]
TYPED = "(typed for me by Sam)"


def printed(browser, cast, **choices):
    answer = browser.post(reverse("print-pdf", kwargs={"plan": cast.plan.pk}), choices)
    assert answer.headers["Content-Type"] == "application/pdf"
    return answer.content


def words_of(pdf, *, top_to_bottom=False):
    """The words of a sheet; `by_place`: from the top of each page to its foot."""
    with pymupdf.open(stream=pdf) as document:
        return " ".join(" ".join(page.get_text(sort=top_to_bottom) for page in document).split())


def headings_of(words, known):
    """The headings of these that stand on the sheet, in the order in which they are read."""
    found = sorted((words.index(heading), heading) for heading in known if heading in words)
    return [heading for _index, heading in found]


@pytest.fixture
def full(cast):
    """One line in every part, and a goal with a step, all typed by Sam while Maya talked."""
    for section in ("experiences", "hard_days"):
        Grant.open_part(plan=cast.plan, walk=cast.walk, section=section, by=cast.maya)
    for section in Section.values:
        cast.plan.add_entry(section=section, words=f"Said of {section}", by=cast.sam)
    for kind in ("lifts", "drains"):
        cast.plan.add_entry(section="values", kind=kind, words=f"Said of what {kind}", by=cast.sam)
    cast.plan.add_goal(words="Said of a goal", by=cast.sam).add_step(words="Said of a step", by=cast.sam)
    return cast


# --- the order ---


def test_the_parts_are_printed_in_their_order_from_hope_to_hard_days(full, browser_of, pdf_service):
    words = words_of(printed(browser_of(full.maya), full), top_to_bottom=True)
    assert headings_of(words, ON_A_FULL_SHEET) == ON_A_FULL_SHEET
    kind = re.findall(r"Said of (?:a |what )?(\w+)", words)
    assert kind == [
        "vision",
        "strengths",
        "supporters",
        "goal",
        "step",
        "lifts",
        "drains",
        "values",
        "resilience",
        "culture",
        "needs",
        "experiences",
        "hard_days",
    ]


def test_an_empty_plan_asks_in_the_same_order(cast, browser_of, pdf_service):
    words = words_of(printed(browser_of(cast.maya), cast), top_to_bottom=True)
    assert headings_of(words, IN_ORDER) == IN_ORDER


def test_whatever_order_the_parts_were_ticked_in_they_are_printed_in_theirs(full, browser_of, pdf_service):
    asked = ["hard_days", "needs", "goals", "strengths", "culture"]
    more = {"size": "regular", "paper": "letter", "language": "en"}
    words = words_of(printed(browser_of(full.maya), full, parts=asked, **more), top_to_bottom=True)
    assert headings_of(words, IN_ORDER) == [
        "What I bring",
        "What I am working on",
        "Where I come from",
        "What I need right now",
        "On a hard day",
    ]


# --- whose words ---


def test_every_line_that_sam_typed_says_so_on_paper(full, browser_of, pdf_service):
    words = words_of(printed(browser_of(full.maya), full))
    for kind in (
        "strengths",
        "supporters",
        "values",
        "what lifts",
        "what drains",
        "a goal",
        "resilience",
        "culture",
        "needs",
        "experiences",
        "hard_days",
    ):
        assert f"Said of {kind} {TYPED}" in words
    assert f"“Said of vision” {TYPED}" in words
    assert f"Said of a step Next {TYPED}" in words
    assert words.count(TYPED) == 13


@pytest.mark.parametrize(
    "how,mark",
    [
        ({"voice": "paper"}, "(from my paper sheet)"),
        ({"read_back_at": timezone.now()}, "(typed for me, read back, yes)"),
        ({"voice": "own"}, ""),
    ],
    ids=["from paper", "read back", "own"],
)
def test_each_way_a_line_came_here_has_its_own_mark_at_an_entry_a_goal_and_a_step(
    full, browser_of, pdf_service, how, mark
):
    for lines in (Entry, Goal, Step):
        lines.unguarded.filter(plan=full.plan).update(**how)
    words = words_of(printed(browser_of(full.maya), full))
    assert TYPED not in words
    for kind in ("Said of strengths", "Said of a goal", "Said of a step Next"):
        assert f"{kind} {mark}" in words
    marked = [other for other in (TYPED, "(from my paper sheet)", "(typed for me, read back, yes)") if other in words]
    assert marked == [mark] * bool(mark)
