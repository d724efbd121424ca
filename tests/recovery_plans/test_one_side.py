"""One side of the paper: nobody's paper is the back of somebody else's, and the hard-day sheet of nothing."""

from io import BytesIO

import pikepdf
import pytest

from recovery_plans.pdf.plan_sheet import print_many, print_one
from recovery_plans.sections import PRINTED_PARTS, Section
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import sheet_of
from tests.recovery_plans.pdf_service_process import page

ONE, TWO = page("<h1>Maya</h1><p>Slow mornings.</p>"), page("<h1>Sam</h1><p>The water.</p>")
WITHOUT_HARD_DAYS = [part for part in PRINTED_PARTS if part != Section.HARD_DAYS]


def duplex_of(pdf):
    """What the file asks of a printer, or None."""
    assert_pdf_ua(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        return document.Root.ViewerPreferences.get("/Duplex")


def printed(plan, **chosen):
    return print_one(sheet_of(plan, **chosen).html())


def test_papers_of_more_than_one_person_are_printed_on_one_side(pdf_service):
    assert duplex_of(print_many([ONE, TWO], while_waiting=lambda: None)) == "/Simplex"
    assert duplex_of(print_one(ONE)) is None


def test_neighbours_of_one_page_that_are_laid_out_together_are_too(pdf_service):
    sheets = [sheet.replace("<body", '<body data-pages="1"') for sheet in (ONE, ONE)]
    assert duplex_of(print_many(sheets, while_waiting=lambda: None)) == "/Simplex"


@pytest.mark.parametrize("size", ["regular", "large"])
def test_a_plan_with_a_sheet_for_hard_days_is_printed_on_one_side(cast, pdf_service, size):
    cast.plan.add_entry(section="strengths", words="I keep my word.", by=cast.maya)
    assert duplex_of(printed(cast.plan, size=size)) is None
    cast.plan.add_entry(section="hard_days", words="Sit with me.", by=cast.maya)
    assert duplex_of(printed(cast.plan, size=size)) == "/Simplex"
    assert duplex_of(printed(cast.plan, size=size, parts=WITHOUT_HARD_DAYS)) is None


def test_so_is_a_blank_sheet_that_has_one(cast, pdf_service):
    assert duplex_of(printed(cast.plan)) == "/Simplex"
    assert duplex_of(printed(cast.plan, parts=WITHOUT_HARD_DAYS)) is None
