"""Large print: no page half empty, and whatever goes on over a page says so."""

import pymupdf
import pytest
from django.core.management import call_command

from peers.models import Person
from recovery_plans.pdf.plan_sheet import print_one
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import on_paper, one_line, share_filled, share_written, sheet_of
from tests.recovery_plans.paper_plans import own_plan_of, say, want

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FULL = 0.6  # of a page's room, before it looks forgotten
FULL_OF_WORDS = 0.75
PAGES_OF_MAYA = 9


def fullness_of(pdf):
    """How full each page is but the hard-day sheet and the one before it, which is the last of the plan."""
    with pymupdf.open(stream=pdf) as document:
        pages = list(document)
        if "988" in pages[-1].get_text():
            pages.pop()
        return [round(share_filled(page), 2) for page in pages[:-1]]


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("demo", verbosity=0)
    return {person.name: person.plan for person in Person.objects.filter(plan__isnull=False)}


@pytest.mark.parametrize("size", ["large", "extra_large"])
def test_no_page_of_the_demos_plans_in_large_print_is_half_empty(demo, pdf_service, size):
    for name, plan in demo.items():
        pdf = print_one(sheet_of(plan, size=size).html())
        least = FULL - 0.05 * (size == "extra_large")  # where the few rows of the signatures need a page more
        assert min(fullness_of(pdf), default=1) >= least, (name, fullness_of(pdf))
        if name == "Maya" and size == "large":
            assert_pdf_ua(pdf)
            with pymupdf.open(stream=pdf) as document:
                assert len(document) <= PAGES_OF_MAYA


def test_a_box_that_goes_on_is_not_left_white_to_the_end_of_the_page(demo, pdf_service):
    """The frame goes down to there; so it is the words that are measured."""
    pdf = print_one(sheet_of(demo["Maya"], size="extra_large").html())
    with pymupdf.open(stream=pdf) as document:
        pages = list(document)
        goes_on = [page for page, following in zip(pages, pages[1:], strict=False) if "goes on" in following.get_text()]
        written = [round(share_written(page), 2) for page in goes_on]
    assert len(written) > 1
    assert min(written) >= FULL_OF_WORDS, written


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("size", ["large", "extra_large"])
@pytest.mark.parametrize("name", ["twelve goals", "Arabic", "Chinese", "Spanish", "all goals reached"])
def test_no_page_of_a_very_different_plan_is_half_empty(db, pdf_service, name, size, paper):
    _, pdf = on_paper(name, size=size, paper=paper)
    assert min(fullness_of(pdf), default=1) >= FULL - 0.1 * (size == "extra_large"), fullness_of(pdf)


def long_goal(plan):
    say(plan, "strengths", "I keep my word.")
    want(plan, "Get my license back", *[f"A small thing, number {index}, said in a line" for index in range(40)])
    want(plan, "Learn to swim", "Ask at the pool")


@pytest.mark.parametrize("size", ["regular", "large", "extra_large"])
@pytest.mark.parametrize("language, goes_on", [("en", "Goal 1 goes on"), ("es", "La meta 1 sigue")])
def test_a_goal_that_goes_on_over_a_page_says_so_at_the_top(db, pdf_service, size, language, goes_on):
    plan = own_plan_of("Maya")
    long_goal(plan)
    pdf = print_one(sheet_of(plan, size=size, language=language).html())
    with pymupdf.open(stream=pdf) as document:
        pages = [one_line(page.get_text(sort=True)) for page in document]
    begins = next(number for number, page in enumerate(pages) if "Get my license back" in page)
    ends = next(number for number, page in enumerate(pages) if "number 39, said" in page)
    assert ends > begins
    for number, page in enumerate(pages):
        assert (goes_on in page) == (begins < number <= ends), (number, page)
        assert "2 goes on" not in page


def test_who_typed_is_said_once_in_large_print_and_at_each_line_in_regular(cast, pdf_service):
    for index in range(3):
        cast.plan.add_entry(section="strengths", words=f"Typed {index}", by=cast.sam)
    cast.plan.add_entry(section="strengths", words="My own", by=cast.maya)
    regular, large = (sheet_of(cast.plan, size=size).html() for size in ("regular", "large"))
    assert regular.count("(typed for me by Sam)") == 3
    assert large.count("(typed for me)") == 3
    assert one_line(large).count("Typed for me by Sam.") == 1


@pytest.mark.parametrize("size", ["regular", "large"])
def test_on_a_blank_sheet_the_first_question_comes_before_what_the_sheet_is_for(cast, pdf_service, size):
    pdf = print_one(sheet_of(cast.plan, reader=cast.sam, size=size).html())
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf) as document:
        first, *others = list(document)
        words = one_line(first.get_text(sort=True))
        assert not any("42 CFR" in page.get_text() for page in others)
        assert words.index("Where I am heading") < words.index("Printed for Sam")
        (notice,) = [block for block in first.get_text("blocks") if "42 CFR" in block[4]]
        assert notice[3] > first.rect.height * 0.85
