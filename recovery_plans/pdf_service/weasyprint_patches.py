"""What WeasyPrint 70 does not do yet, done from outside: `apply()` once, before anything is printed.

Each patch is a few lines around a function of WeasyPrint and says when it may go. `apply()` refuses any other version:
a new one is tried with tests/recovery_plans/test_pdf_service_patches.py, which fails when a patch is no longer needed.
"""

import re
from contextlib import contextmanager
from functools import lru_cache

import pydyf
import weasyprint
from weasyprint import pdf
from weasyprint.draw import text as drawing
from weasyprint.layout import inline
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

PATCHED_VERSION = "70.0"
# Scripts in which several letters become one shape, or one letter several, so that the shapes alone cannot be read
# back: Devanagari to Myanmar, Hangul of single letters, Philippine to Mongolian, Limbu to Vedic, Indic and Javanese
# extensions, those of the second plane; and marks that stand on a letter of any script.
_JOINED = re.compile("[\u0300-\u036f\u0900-\u11ff\u1700-\u18af\u1900-\u1cff\u200d\ua800-\uabff\U00011000-\U00011fff]")
# Text from right to left is left alone: its shapes can be read back, and many readers would turn the letters round.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
NO_WIDTH = "\u200b"
_NOTES = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}
_PSEUDO_ELEMENT = 3  # where cssselect2's Matcher keeps it in what it knows of a selector


@lru_cache(maxsize=1)
def apply() -> None:
    """Puts all patches in place, for the one version of WeasyPrint they were written for."""
    if weasyprint.__version__ != PATCHED_VERSION:
        raise RuntimeError(f"weasyprint_patches.py is for WeasyPrint {PATCHED_VERSION}, not {weasyprint.__version__}")
    Stream.marked = _with_actual_text(Stream.marked)
    pdf.build_fonts_dictionary = _with_no_shape_unread(pdf.build_fonts_dictionary)
    drawing.RasterImage = _once_for_each_picture(drawing.RasterImage)
    tags._build_box_tree = _with_language(tags._build_box_tree)
    inline.split_first_line = _with_a_space_that_hangs(inline.split_first_line)
    _leave_out_the_styles_of_notes(weasyprint.UA_STYLESHEET.matcher.other_selectors)


def _with_a_space_that_hangs(split):
    """Correctness: a text that fits on a line, but for the space at its end, stays on that line. WeasyPrint breaks it
    after its first word, which then stands alone: "Friday" above "chai at my place".

    May go when no machine has Pango 1.50 (Debian 12): with 1.56 (Debian 13) the space hangs.
    """

    def split_with_a_space_that_hangs(text, style, context, max_width, *rest, **more):
        first = split(text, style, context, max_width, *rest, **more)
        is_short = max_width is not None and len(text) < max_width  # a longer one does not fit anyhow
        if first[2] is None or not is_short or not text.endswith(" ") or style["white_space"] != "normal":
            return first
        _layout, _length, resume_at, width, *_ = split(text.rstrip(" "), style, context, max_width, *rest, **more)
        if resume_at is None and width <= max_width:
            return split(text, style, context, None, *rest, **more)
        return first

    return split_with_a_space_that_hangs


def _leave_out_the_styles_of_notes(selectors):
    """Speed: WeasyPrint's own stylesheet has five rules for footnotes and notes, and for each of them every element of
    a page gets a style of its own, four of five styles in all. No sheet of ours has a note. It buys 6 to 9 % of a
    print, less than a patch should (docs/decisions/0003-the-pdf-service.md says why it is here all the same).

    May go when WeasyPrint makes these styles for notes alone.
    """
    selectors[:] = [selector for selector in selectors if selector[_PSEUDO_ELEMENT] not in _NOTES]


def _with_language(build):
    """PDF/UA (ISO 14289-1, 7.2): words in another language than the sheet's say so on their tag, so that they are read
    aloud as what they are.

    May go when WeasyPrint writes Lang on tags.
    """

    def build_with_language(box, *rest):
        element = getattr(box, "element", None)  # none on a page's own boxes
        language = None if element is None or element.tag in ("html", "body") else element.get("lang")
        return _all_in(language, build(box, *rest)) if language else build(box, *rest)

    return build_with_language


def _all_in(language, built):
    for tag in built:
        tag["Lang"] = pydyf.String(language)
        yield tag


def _with_actual_text(marked):
    """Correctness: text in a script whose shapes cannot be read back carries its letters along (ActualText).

    May go when WeasyPrint writes ActualText itself.
    """

    @contextmanager
    def marked_with_actual_text(stream, box, tag):
        with marked(stream, box, tag):
            text = getattr(box, "text", "")
            if stream._tags is not None and _JOINED.search(text) and not _FROM_THE_RIGHT.search(text):
                properties = stream.stream[-2]  # what was just written: the tag, its properties, BDC
                properties["ActualText"] = pydyf.String(text.replace(NO_WIDTH, ""))
            yield

    return marked_with_actual_text


def _with_no_shape_unread(build):
    """PDF/UA: every shape has a letter in the font's table. Where a letter has several shapes, all but one have none
    of their own, and WeasyPrint leaves them empty, which PDF/UA forbids.

    May go when Khmer text printed by WeasyPrint alone passes PDF/UA.
    """

    def build_with_no_shape_unread(document, fonts, *rest):
        for font in fonts.values():
            for shape, letters in font.to_unicode.items():
                if not letters:
                    font.to_unicode[shape] = NO_WIDTH
        return build(document, fonts, *rest)

    return build_with_no_shape_unread


def _once_for_each_picture(raster_image):
    """Correctness: an emoji is a picture in its font. WeasyPrint packs it anew each time it stands in a text, 2 ms of
    processor time each, so that a line of 15,000 of them, which anyone may write, would be too large to print.

    May go when WeasyPrint keeps these pictures itself.
    """
    pictures = {}

    def packed(opened, name, *rest):
        if name not in pictures:
            pictures[name] = raster_image(opened, name, *rest)
        return pictures[name]

    return packed


def name_header_cells(document, pdf) -> None:
    """PDF/UA: says of every header cell whether it heads a column or a row. To be given as `finisher`.

    WeasyPrint ties data cells to their headers but writes no Scope, so that the header over a column of row headers
    belongs to nothing. It keeps each cell's structure element in `mark`. May go when WeasyPrint writes Scope.
    """
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element_tag == "th" and isinstance(getattr(box, "mark", None), dict):
                is_row = box.element is not None and box.element.get("scope") == "row"
                box.mark["A"]["Scope"] = "/Row" if is_row else "/Column"
