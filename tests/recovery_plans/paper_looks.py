"""Very different plans printed, and what a machine can see of their pages."""

import re
from io import BytesIO

import pikepdf
import pymupdf

from recovery_plans.access import find_plan
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, print_one
from recovery_plans.plan_reading import PlanReading
from tests.pdfua import HEADINGS, walk
from tests.recovery_plans.paper_plans import build

EDGE = 12  # nothing but the page itself comes closer to the edge of the paper, in points


def sheet_of(plan, *, reader=None, **chosen):
    """A reader's sheet of a plan, the owner's own where nobody else is named, printed as it is chosen here."""
    reader = reader or plan.owner
    plan, reach = find_plan(user=reader, code=plan.pk)
    return PlanSheet(PlanReading(plan, reach=reach, reader=reader), Choices(**chosen), printed_for=reader)


def on_paper(name, **chosen):
    """The reader's sheet of one of the plans, and the PDF; printed as it says, but for what is chosen here."""
    plan, choices = build(name)
    sheet = sheet_of(plan, **choices | chosen)
    return sheet, print_one(sheet.html())


def one_line(text):
    return " ".join(text.split())


def bare(text):
    return re.sub(r"[\s\u200b]", "", text)


def headings_that_end_a_page(pdf):
    """The headings after which, on the same page, there is nothing to be read.

    One of the same level may follow on the next page: a very long one that goes on there, or a box that has no more.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        read = []  # what is read, in order: the page, and the heading it belongs to or None
        inside = {}
        for tag in walk(document.Root.StructTreeRoot):
            above = inside.get(tag.P.objgen) if "/P" in tag else None
            inside[tag.objgen] = above or (str(tag.S) if str(tag.S) in HEADINGS else None)
            if any(isinstance(kid, int) for kid in tag.get("/K", [])):
                read.append((pages[tag.Pg.objgen], inside[tag.objgen]))
    return [
        (heading, page)
        for (page, heading), (next_page, next_heading) in zip(read, read[1:], strict=False)
        if heading and next_page != page and next_heading != heading
    ]


def share_filled(page):
    """How far down the page anything stands, words, lines or pictures, as a share of the room above the foot."""
    foot = max(word[1] for word in page.get_text("words"))  # the last line is the page number
    bottoms = [block[3] for block in page.get_text("blocks") if block[3] < foot]
    bottoms += [shape["rect"].y1 for shape in page.get_drawings() if shape["rect"].y1 < foot]
    return max(bottoms, default=0) / foot


def share_written(page):
    """How far down the page words stand, as a share of the room above the foot."""
    foot = max(word[1] for word in page.get_text("words"))
    return max(word[3] for word in page.get_text("words") if word[3] < foot) / foot


def words_near_the_edge(page):
    inside = page.rect + (EDGE, EDGE, -EDGE, -EDGE)
    words = page.get_text("words", clip=pymupdf.INFINITE_RECT())  # also those that lie beside the page
    return [word[4] for word in words if not inside.contains(word[:4])]


def torn_boxes(sheet, pages):
    """The goals whose box would have fitted on a page, and yet begins on one page and ends on another."""
    torn = []
    for goal in sheet.goals:
        ends = [line.words for line in (goal, *goal.steps[-1:])]
        whole = [all(bare(end) in bare(page) for end in ends) for page in pages]
        if not goal.may_split and not any(whole):
            torn.append(goal.number)
    return torn
