"""Turning HTML into a tagged PDF. Everything here runs in a child that can be killed, save the warming up."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from weasyprint import CSS, Document
from weasyprint.text.fonts import FontConfiguration

from recovery_plans.press.fonts import ClosedDoor, Letters, OpeningDoor
from recovery_plans.press.mending import mend
from recovery_plans.press.sheet import Sheet

VARIANT = "pdf/ua-1"
WARM_UP = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Warm</title></head><body>'
    "<h1>Warm</h1><p>A <b>line</b> and <em>another</em>.</p><ul><li>One</li></ul>"
    '<table><tr><th scope="col">Goal</th></tr><tr><td>Step</td></tr></table></body></html>'
)
LONG_RUN = 80
SOFT_BREAK_EVERY = 40
# Scripts that are written without spaces find their own places to break.
_BREAKS_BY_ITSELF = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
_LONG_RUN = re.compile(rf"[^\s\u200b{_BREAKS_BY_ITSELF}]{{{LONG_RUN + 1},}}")
_LINE_END = "(?:\r\n|[\n\r\v\f\x85\u2028\u2029])"
_MANY_LINE_ENDS = re.compile(rf"(?:{_LINE_END}[ \t\xa0]*){{4,}}")
_NOT_FOR_READING = {"style", "script", "title", "head"}


class Unprintable(Exception):
    """The job asks for something the press does not do."""


class Shop:
    """The warm print shop: fonts found, stylesheets read, one page printed. Every child inherits it by fork."""

    def __init__(self, *, stylesheets: dict[str, Path], fonts_folder: Path):
        mend()
        door = OpeningDoor(fonts_folder)
        self._fonts = FontConfiguration()
        self._styles = {
            name: [CSS(filename=path.resolve(), font_config=self._fonts, url_fetcher=door)]
            for name, path in stylesheets.items()
        }
        if door.refused:
            raise FileNotFoundError("a stylesheet names a font or a picture that is not there")
        warm_up = Sheet(WARM_UP, url_fetcher=ClosedDoor())
        _write(self._lay_out(warm_up, self._fonts, next(iter(self._styles.values()))))

    def print_pages(self, pages: Iterable[str], *, css: str) -> bytes:
        """One tagged PDF of one or more HTML documents, in their order. Its title is the first one's."""
        styles = self._styles.get(css)
        if styles is None:
            raise Unprintable("no such stylesheet")
        fonts, door, pictures = Letters(self._fonts), ClosedDoor(), {}
        sheets = Sheet.of_several(pages, url_fetcher=door)
        documents = [self._lay_out(sheet, fonts, styles, pictures) for sheet in sheets]
        whole = documents[0].copy([page for document in documents for page in document.pages])
        printed = _write(whole)
        if door.refused:
            raise Unprintable("something from elsewhere")
        return printed

    def _lay_out(self, sheet, fonts, styles, pictures=None) -> Document:
        soften(sheet.etree_element)
        return sheet.render(font_config=fonts, stylesheets=styles, pdf_variant=VARIANT, cache=pictures)


def _write(document: Document) -> bytes:
    return document.write_pdf(pdf_variant=VARIANT, finisher=name_header_cells)


def name_header_cells(document: Document, pdf) -> None:
    """Says of every header cell whether it heads a column or a row.

    WeasyPrint ties data cells to their headers but writes no Scope, so that the header over a column of row headers
    belonged to nothing. It keeps each cell's structure element in `mark`.
    """
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element_tag == "th" and isinstance(getattr(box, "mark", None), dict):
                row = box.element is not None and box.element.get("scope") == "row"
                box.mark["A"]["Scope"] = "/Row" if row else "/Column"


def soften(root) -> None:
    """Makes any text quick to lay out: places to break very long words, no towers of empty lines.

    A word of 100,000 letters took over a minute, 100,000 line ends 51 seconds. Breaking places are zero-width spaces,
    which WeasyPrint leaves out of the PDF, so that copied text stays as it was written.
    """
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.startswith("{"):
            continue
        if element.text and element.tag not in _NOT_FOR_READING:
            element.text = _soft(element.text)
        for child in element:
            if child.tail:
                child.tail = _soft(child.tail)


def _soft(text: str) -> str:
    if len(text) <= LONG_RUN and text.count("\n") < 4:
        return text
    return _LONG_RUN.sub(_with_soft_breaks, _MANY_LINE_ENDS.sub("\n\n\n", text))


def _with_soft_breaks(match: re.Match) -> str:
    """A long run with a place to break every forty characters, never inside what is read as one character."""
    pieces, since = [], 0
    run = match[0]
    for place, character in enumerate(run):
        if since >= SOFT_BREAK_EVERY and not _joined(run[place - 1], character):
            pieces.append("\u200b")
            since = 0
        pieces.append(character)
        since += 1
    return "".join(pieces)


def _joined(before: str, after: str) -> bool:
    """Whether two neighbours are parts of one character: marks, emoji families and skin tones, flags."""
    return (
        unicodedata.category(after)[0] == "M"
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")
        or "\U000e0020" <= after <= "\U000e007f"
    )
