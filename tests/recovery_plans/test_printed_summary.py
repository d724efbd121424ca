"""The one page on paper: for whom it is, what it says, and that it stays one page."""

import re
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.urls import reverse

from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.test_summaries import LAW, body, words_in


def test_dana_prints_one_page_that_says_for_whom_until_when_and_the_law(cast, browser_of, shared, pdf_service):
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="summary-[0-9a-f]{8}\.pdf"', answer.headers["Content-Disposition"])
    assert_pdf_ua(answer.content)
    (sheet,) = words_in(answer.content)
    for words in (
        "One-page summary",
        "Maya chose to share this page",
        "Harbor Street Peer Center",
        "Printed for Dana on",
        LAW,
        "2 steps done",
        "(typed for me)",
    ):
        assert words in sheet, words
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert "Maya" not in str(pdf.docinfo.get("/Title"))
        assert "recover" not in str(pdf.docinfo.get("/Title")).lower()
    line = LogLine.unguarded.get(plan=cast.plan.pk, what=PlanEvent.SUMMARY_PRINTED)
    assert (line.by, line.under) == (cast.dana.pk, shared.pk)


def test_each_line_that_sam_typed_says_so_on_the_sheet_and_the_parts_are_in_order(cast, browser_of, pdf_service):
    for section in ("vision", "strengths"):
        cast.plan.add_entry(section=section, words=f"Said of {section}", by=cast.sam)
    cast.plan.add_entry(section="needs", kind="from_us", words="Said of us", by=cast.sam)
    cast.plan.add_goal(words="Said of goals", by=cast.sam).add_step(words="Said of steps", by=cast.sam)
    grant = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[grant.pk]))
    (sheet,) = words_in(answer.content)
    for kind in ("strengths", "goals", "steps", "us"):
        assert f"Said of {kind} (typed for me)" in sheet
    assert "“Said of vision” (typed for me)" in sheet
    parts = ["Said of vision", "What Maya brings", "What Maya is working on", "Who walks with Maya", "What would help"]
    indexes = [sheet.index(part) for part in parts]
    assert indexes == sorted(indexes)


def test_large_print_is_large(cast, browser_of, shared, pdf_service):
    pdf = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]), {"size": "large"}).content
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        spans = [
            span["size"]
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
            if span["text"].strip()
        ]
    assert min(spans) >= 17.9


def test_prints_are_never_merged(cast, browser_of, shared, pdf_service):
    for _ in range(2):
        browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.SUMMARY_PRINTED).count() == 2


def test_a_press_that_does_not_run_is_told_kindly(cast, browser_of, shared, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert answer.status_code == 503
    assert "It is not your fault" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asked, again", [("large", "large"), ("regular", "regular"), ("?", "regular")])
def test_trying_again_asks_for_the_same_size(cast, browser_of, shared, settings, tmp_path, asked, again):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    page = body(browser_of(cast.dana), reverse("summary", args=[shared.pk]))
    assert 'name="size" value="large"' in page, "what the failed page repeats is what this page asks for"
    page = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]), {"size": asked}).content.decode()
    assert re.findall(r'<input type="hidden" name="size" value="(\w+)">', page) == [again]


def test_a_sheet_is_not_made_by_looking(cast, browser_of, shared):
    assert browser_of(cast.dana).get(reverse("summary-pdf", args=[shared.pk])).status_code == 405
    assert not LogLine.unguarded.filter(what=PlanEvent.SUMMARY_PRINTED).exists()
