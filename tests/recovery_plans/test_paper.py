"""Very different plans on paper: each can be read by ear, and lies well on its pages."""

import pymupdf
import pytest

from recovery_plans.models import Section
from recovery_plans.pdf.plan_sheet import print_one
from recovery_plans.sections import PRINTED_PARTS
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import (
    bare,
    headings_that_end_a_page,
    on_paper,
    one_line,
    share_filled,
    torn_boxes,
    words_near_the_edge,
)
from tests.recovery_plans.paper_plans import LONGEST, PLANS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# How much of a page is filled at least, as a share of the room on it: below that a page looks forgotten.
FILLED_AT_LEAST = 0.14


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_can_be_read_by_ear_and_lies_well_on_its_pages(db, pdf_service, name):
    sheet, pdf = on_paper(name)
    assert_pdf_ua(pdf)
    assert headings_that_end_a_page(pdf) == []
    with pymupdf.open(stream=pdf) as document:
        pages = [one_line(page.get_text()) for page in document]
        filled = [share_filled(page) for page in document]
        assert [word for page in document for word in words_near_the_edge(page)] == []
    # The hard-day sheet stands alone, however little is on it.
    hard = [number for number, page in enumerate(pages) if "988" in page]
    forgotten = [number for number, share in enumerate(filled) if share < FILLED_AT_LEAST and number not in hard]
    assert forgotten == [], filled
    assert torn_boxes(sheet, pages) == []


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("size", ["large", "extra_large"])
def test_the_last_page_of_a_blank_sheet_is_written_on_to_its_foot(db, pdf_service, size, paper):
    without_story = [part for part in PRINTED_PARTS if part != Section.EXPERIENCES]
    for parts in (PRINTED_PARTS, without_story):
        _, pdf = on_paper("empty", size=size, paper=paper, parts=parts)
        with pymupdf.open(stream=pdf) as document:
            *_, last, hard = document
            assert "988" in hard.get_text()
            assert share_filled(last) > 0.7


def test_nothing_of_the_longest_line_is_cut_off(db, pdf_service):
    _, pdf = on_paper("very long lines")
    with pymupdf.open(stream=pdf) as document:
        text = bare("".join(page.get_text() for page in document))
    assert text.count("Theend.") == 1
    assert text.count("W" * 30) > 10
    assert len(text) > LONGEST * 0.7


def test_words_from_the_right_stand_at_the_right_and_their_marks_too(db, pdf_service):
    sheet, pdf = on_paper("Arabic")
    with pymupdf.open(stream=pdf) as document:
        middle = document[0].rect.width / 2
        words = {bare(word[4]): word for page in document for word in page.get_text("words")}
        boxes = [shape["rect"] for shape in document[1].get_drawings() if 12 < shape["rect"].width < 22]
    assert words["الفجر"][0] > middle
    assert words["swim"][2] < middle
    assert sum(box.x0 > middle for box in boxes) >= 3  # a box to tick stands before its step: at the right
    assert sheet.goals[0].language == "ar"


def test_hostile_words_are_printed_as_they_were_written(db, pdf_service):
    _, pdf = on_paper("hostile markup")
    with pymupdf.open(stream=pdf) as document:
        text = bare("".join(page.get_text() for page in document))
    assert text.count("<script>alert(1)</script>") == 7
    assert "{{x}}{%y%}&lt;&amp;" in text
    assert '"><svgonload=x>' in text


def test_only_words_for_a_hard_day_still_make_a_sheet_of_their_own(db, pdf_service):
    _, pdf = on_paper("only a hard day")
    with pymupdf.open(stream=pdf) as document:
        first, last = (one_line(page.get_text(sort=True)) for page in document)
    assert "Sit with me." not in first
    assert last.startswith("On a hard day This page is yours to keep apart from the rest. Sit with me.")
    assert "988" in last


def test_what_lies_badly_is_found(db, pdf_service):
    """The looks below would be worth nothing if they found nothing."""
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"/><title>x</title><style>'
    css = "@page{size:Letter;@bottom-right{content:counter(page)}}h2{break-after:page}.out{margin-left:-2in}"
    words = "<p>Slow mornings.</p>" * 9
    pdf = print_one(
        f"{head}{css}</style></head><body><h1>M</h1>{words}<h2>Left</h2><p class='out'>Alone</p></body></html>"
    )
    assert headings_that_end_a_page(pdf) == [("/H2", 0)]
    with pymupdf.open(stream=pdf) as document:
        assert share_filled(document[0]) > FILLED_AT_LEAST > share_filled(document[1])
        assert words_near_the_edge(document[1]) == ["Alone"]
