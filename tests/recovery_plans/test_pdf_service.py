"""The PDF service prints what it is given, also what is hard to print."""

import contextlib
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pymupdf
import pytest

from recovery_plans.pdf_service import client, limits, protocol
from recovery_plans.pdf_service.soft_breaks import soft
from tests.pdfua import assert_pdf_ua, defects, walk
from tests.recovery_plans.pdf_service_process import (
    MAYAS_PAGE,
    cpu_seconds_of_workers,
    page,
    peak_memory,
    reason_of,
    text_of,
    wait_until,
)

pytestmark = pytest.mark.slow  # a real PDF service, and inputs made to be slow


# --- what it prints ---


def test_mayas_page_can_be_read_aloud(own_pdf_service):
    pdf = own_pdf_service.print(MAYAS_PAGE)
    assert_pdf_ua(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == "My plan"
        tags = list(walk(document.Root.StructTreeRoot))
    assert [str(tag.Alt) for tag in tags if tag.S == "/Figure"] == ["A path to a sunrise", "A dot"]
    scopes = [str(tag.A.Scope) for tag in tags if tag.S == "/TH" and "/Scope" in tag.get("/A", {})]
    assert scopes == ["/Column"] * 3 + ["/Row"] * 3


@pytest.mark.parametrize(
    "spoilt, defect",
    [
        (MAYAS_PAGE.replace('<html lang="en">', "<html>"), "no language"),
        (MAYAS_PAGE.replace("<title>My plan</title>", ""), "no title"),
        (MAYAS_PAGE.replace('alt="A dot"', ""), "a figure without alternative text"),
        (MAYAS_PAGE.replace("h2>", "h3>"), "a heading of level 3 after level 1"),
    ],
)
def test_the_validator_finds_what_was_spoilt(own_pdf_service, spoilt, defect):
    assert spoilt != MAYAS_PAGE
    found = defects(own_pdf_service.print(spoilt))
    assert defect in found
    assert any(":" in line for line in found), "outloud saw nothing"


@pytest.mark.parametrize(
    "take_away, defect",
    [
        (lambda pdf: pdf.Root.__delattr__("StructTreeRoot"), "no tags"),
        (lambda pdf: pdf.Root.__delattr__("MarkInfo"), "does not say that it is tagged"),
        (lambda pdf: pdf.Root.__delattr__("ViewerPreferences"), "does not show its title"),
        (lambda pdf: pdf.attachments.__setitem__("a.txt", b"words"), "carries an attachment"),
        (lambda pdf: setattr(pdf.pages[0].obj, "StructParents", 7), "a page that leads to no tags"),
    ],
)
def test_the_validator_finds_what_was_taken_out_of_the_pdf(own_pdf_service, take_away, defect):
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(own_pdf_service.print(MAYAS_PAGE))) as document:
        take_away(document)
        document.save(spoilt)
    assert defect in defects(spoilt.getvalue())


@pytest.mark.parametrize(
    "lang, words",
    [
        ("vi", "Tôi muốn những buổi sáng thật chậm rãi"),
        ("ar", "صباح هادئ"),
        ("am", "ቀስ ያለ ጠዋት"),
        ("zh", "我想要慢慢的早晨"),
        ("ht", "Mwen vle maten dousman"),
    ],
)
def test_other_scripts_have_letters(own_pdf_service, lang, words):
    """Each worker meets these fonts for the first time: the parent has printed English only."""
    pdf = own_pdf_service.print(page(f'<h1>{words}</h1><p dir="auto" lang="{lang}">{words}</p>', lang=lang))
    assert_pdf_ua(pdf)
    if lang != "ar":  # the order of Arabic letters in extracted text is the reader's own matter
        assert text_of(pdf).replace("\n", " ").count(words) == 2


def test_our_own_letters_are_embedded(own_pdf_service):
    with pikepdf.open(BytesIO(own_pdf_service.print(MAYAS_PAGE))) as document:
        names = " ".join(str(font.BaseFont) for font in document.pages[0].Resources.Font.values())
    assert "Literata" in names
    assert "Source-Sans-3" in names or "SourceSans3" in names.replace(" ", "")


def test_many_pages_become_one_tagged_pdf(own_pdf_service):
    pages = [MAYAS_PAGE.replace("<h1>Maya</h1>", f"<h1>Person {number}</h1>") for number in range(102)]
    pdf = client.print_many(pages, socket_path=own_pdf_service.socket)
    assert_pdf_ua(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 102
        with document.open_outline() as outline:
            assert [mark.title for mark in outline.root] == [f"Person {number}" for number in range(102)]
        tags = list(walk(document.Root.StructTreeRoot))
        names = [str(tag.ID) for tag in tags if "/ID" in tag]
        headers = {str(header) for tag in tags for header in tag.get("/A", {}).get("/Headers", [])}
    assert len([tag for tag in names if tag]) == len(set(names)) == 102 * 6
    assert headers <= set(names)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        assert [f"Person {n}\n" in document[n].get_text() for n in range(102)] == [True] * 102


@pytest.mark.parametrize("count", [0, protocol.MAX_DOCUMENTS + 1])
def test_nothing_to_print_and_too_much_for_one_pdf_are_refused(own_pdf_service, count):
    with pytest.raises(ValueError, match="one PDF holds 1 to 201 documents"):
        client.print_many([MAYAS_PAGE] * count, socket_path=own_pdf_service.socket)


# --- what is hard to print ---


@contextlib.contextmanager
def uses_little(service, *, seconds):
    """What is printed in this block takes less processor time than that, whatever else the machine does."""
    before = cpu_seconds_of_workers(service)
    yield
    wait_until(lambda: cpu_seconds_of_workers(service) > before)
    assert cpu_seconds_of_workers(service) - before < seconds


def test_a_very_long_word_is_printed_as_it_was_written(own_pdf_service):
    word = "abcdefghij" * 10_000
    with uses_little(own_pdf_service, seconds=10):
        pdf = own_pdf_service.print(page(f"<h1>Maya</h1><p>{word}</p>"))
    lines = [line for line in text_of(pdf).splitlines() if re.fullmatch("[a-j]+", line)]  # no heading, no page number
    assert "".join(lines) == word


def test_one_hundred_thousand_empty_lines_are_a_gap(own_pdf_service):
    body = "<h1>Maya</h1><div style='white-space:pre-wrap'>before" + "\n \t" * 100_000 + "after</div>"
    with uses_little(own_pdf_service, seconds=5):
        pdf = own_pdf_service.print(page(body))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1


def test_twenty_thousand_marks_on_one_letter(own_pdf_service):
    assert own_pdf_service.print(page(f"<h1>Maya</h1><p>a{chr(0x301) * 20_000}</p>")).startswith(b"%PDF-1.7")


def test_what_is_read_as_one_character_stays_together():
    family, flag, accent = "👩‍👩‍👧‍👦", "🇲🇽", "e\u0301"
    for one in (family, flag, accent):
        softened = soft(one * 100)
        assert set(softened.split("\u200b")) <= {one * count for count in range(1, 101)}
        assert softened.replace("\u200b", "") == one * 100
    assert "\u200b" in soft(accent * 100)
    assert "\u200b" in soft(family * 100)
    assert soft("我想要慢慢的早晨" * 50) == "我想要慢慢的早晨" * 50
    assert soft("a short line\n\nand another") == "a short line\n\nand another"


def test_elements_nested_without_end_are_refused_kindly(own_pdf_service):
    assert reason_of(page("<div>" * 900 + "x" + "</div>" * 900), own_pdf_service) == "too_large"
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))


def test_too_much_html_is_refused_before_it_is_sent(own_pdf_service):
    assert reason_of("x" * (protocol.MAX_HTML + 1), own_pdf_service) == "too_large"


def test_what_cannot_be_printed_is_too_large_and_keeps_to_its_limits(own_pdf_service):
    """A table without end eats memory, twenty thousand nested elements eat time; both at once."""
    row = "<tr>" + "<td>x</td>" * 20 + "</tr>"
    hard = [page("<table>" + row * 10_000 + "</table>"), page("<div>" * 20_000 + "x" + "</div>" * 20_000)]
    before = cpu_seconds_of_workers(own_pdf_service)
    with peak_memory(own_pdf_service) as peak, ThreadPoolExecutor(2) as both:
        reasons = list(both.map(lambda html: reason_of(html, own_pdf_service), hard))
    assert reasons == ["too_large", "too_large"]
    assert cpu_seconds_of_workers(own_pdf_service) - before < 2 * (limits.CPU_SECONDS + limits.CPU_GRACE)
    assert 100 < peak[0] <= 1024
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))
    assert "xx" not in own_pdf_service.log.read_text()
