"""How many rows words take on paper: measured with the letters of the very fonts they are printed in."""

import re
import unicodedata
from enum import StrEnum
from functools import cache

from django.conf import settings
from fontTools.ttLib import TTFont

from recovery_plans.pdf_service.soft_breaks import soft

FONTS_FOLDER = settings.ROOT / "static" / "fonts"
# Scripts that our own fonts have not come from fonts of the machine: their letters are about so wide, in em.
ARABIC, WIDE, EMOJI, OTHER = 0.41, 1.0, 1.25, 0.75
# Chinese and Japanese rows end between any two characters; others between words.
_PIECES = re.compile(
    "[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]|[^\\s\u200b\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]+|[\\s\u200b]+"
)


class Face(StrEnum):
    """A font that lines are printed in, by the name of its file."""

    REGULAR = "source-sans-3-regular"
    SEMIBOLD = "source-sans-3-semibold"
    SERIF = "literata-medium"
    SERIF_SEMIBOLD = "literata-semibold"


def rows_of_words(words, *, face, per_row, mark=0):
    """How many rows these words take in one that is `per_row` em wide, with a mark behind them that does not break."""
    widths = _widths(face)
    if sum(map(widths.__getitem__, words)) + (mark and widths[" "] + mark) <= per_row:
        return 1
    pieces = [
        (piece[0].isspace() or piece[0] == "\u200b", sum(map(widths.__getitem__, piece)))
        for piece in _PIECES.findall(soft(words))
    ]
    if mark:
        pieces += [(True, widths[" "]), (False, mark)]
    count, left = 1, per_row
    for is_space, width in pieces:
        if width <= left or is_space:
            left -= width
        elif width <= per_row:
            count, left = count + 1, per_row - width
        else:  # a word as long as this begins a row, and breaks wherever the rows end
            more, used = divmod(width, per_row)
            count, left = count + (left < per_row) + int(more), per_row - used
    return count


def width_of(words, *, face):
    """How wide these words are in one row, in em."""
    return sum(map(_widths(face).__getitem__, words))


@cache
def _widths(face):
    """The width of each letter of a face, in em; read from its file once in a process."""
    with TTFont(FONTS_FOLDER / f"{face}.ttf", lazy=True) as font:
        em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        return _Widths({chr(code): advances[glyph][0] / em for code, glyph in font.getBestCmap().items()})


class _Widths(dict):
    """Widths by letter. One that is not in the font is told by its script, and then known."""

    def __missing__(self, letter):
        self[letter] = _about(letter)
        return self[letter]


def _about(letter):
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me", "Cc"):
        return 0
    if unicodedata.category(letter) == "So":
        return EMOJI
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    return ARABIC if "\u0600" <= letter <= "\u08ff" else OTHER
