"""Three things WeasyPrint does not do yet, done from outside: `mend()` once, before anything is printed.

Each is a few lines around a function of WeasyPrint 70; tests/recovery_plans/test_press_scripts.py fails when a newer
version needs another one, or none.
"""

import re
from contextlib import contextmanager
from functools import lru_cache

import pydyf
from weasyprint import pdf
from weasyprint.draw import text as drawing
from weasyprint.pdf.stream import Stream

# Scripts in which several letters become one shape, or one letter several, so that the shapes alone cannot be read
# back: Devanagari to Myanmar, Hangul of single letters, Philippine to Mongolian, Limbu to Vedic, Indic and Javanese
# extensions, those of the second plane; and marks that stand on a letter of any script.
_JOINED = re.compile("[\u0300-\u036f\u0900-\u11ff\u1700-\u18af\u1900-\u1cff\u200d\ua800-\uabff\U00011000-\U00011fff]")
# Text from right to left is left alone: its shapes can be read back, and many readers would turn the letters round.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
NO_WIDTH = "\u200b"


@lru_cache(maxsize=1)
def mend() -> None:
    """Puts all three in place."""
    Stream.marked = _saying_what_it_shows(Stream.marked)
    pdf.build_fonts_dictionary = _with_no_shape_unread(pdf.build_fonts_dictionary)
    drawing.RasterImage = _once_for_each_sign(drawing.RasterImage)


def _saying_what_it_shows(marked):
    """Text in a script whose shapes cannot be read back carries its letters along, for copying and for a voice."""

    @contextmanager
    def marked_and_said(stream, box, tag):
        with marked(stream, box, tag):
            words = getattr(box, "text", "")
            if stream._tags is not None and _JOINED.search(words) and not _FROM_THE_RIGHT.search(words):
                about = stream.stream[-2]  # what was just written: the tag, what there is to know about it, BDC
                about["ActualText"] = pydyf.String(words.replace(NO_WIDTH, ""))
            yield

    return marked_and_said


def _with_no_shape_unread(build):
    """Every shape has a letter in the font's table: where a letter has several shapes, all but one have none of its
    own, and WeasyPrint leaves them empty, which PDF/UA forbids."""

    def build_with_no_shape_unread(printed, fonts, *rest):
        for font in fonts.values():
            for shape, letters in font.to_unicode.items():
                if not letters:
                    font.to_unicode[shape] = NO_WIDTH
        return build(printed, fonts, *rest)

    return build_with_no_shape_unread


def _once_for_each_sign(raster_image):
    """An emoji is a picture in its font. WeasyPrint packs the picture anew each time it stands in a text, 2 ms each."""
    pictures = {}

    def packed(opened, name, *rest):
        if name not in pictures:
            pictures[name] = raster_image(opened, name, *rest)
        return pictures[name]

    return packed
