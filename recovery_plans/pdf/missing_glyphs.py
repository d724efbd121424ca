"""Which characters of a text no font on this machine has a glyph for, so that the sheet can say so and not show boxes.

The PDF is printed with every font that fontconfig knows; so fontconfig's own list is read, once in a process.
"""

import subprocess
import sys
import unicodedata
from functools import cache

FC_LIST = ("fc-list", ":", "charset")
TIMEOUT_SECONDS = 60
# Every font the app brings along has these: fontconfig need not be asked.
_ALWAYS_THERE_BELOW = "\u0250"
# Characters that need no glyph: spaces, marks of direction, joiners, tags, choices of a variant.
_WITHOUT_GLYPH = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def missing_glyphs(text):
    """The characters of the text without a glyph, each once, in order; empty where there is no fontconfig."""
    unusual = [char for char in dict.fromkeys(text) if char >= _ALWAYS_THERE_BELOW and _needs_glyph(char)]
    return [char for char in unusual if not _covered()[ord(char)]]


def _needs_glyph(char):
    return unicodedata.category(char) not in _WITHOUT_GLYPH and not "\ufe00" <= char <= "\ufe0f" and char < "\U000e0000"


@cache
def _covered():
    """For each code point whether some installed font has it: one byte each, 1 MB. All of them without fontconfig."""
    try:
        listed = subprocess.run(FC_LIST, capture_output=True, text=True, check=True, timeout=TIMEOUT_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return b"\x01" * (sys.maxunicode + 1)
    return covered_by(listed.stdout)


def covered_by(listed):
    """The same from the lines of `fc-list : charset`, such as `:charset=20-7e a0 1d2e0-1d2f3`."""
    covered = bytearray(sys.maxunicode + 1)
    for line in listed.splitlines():
        for span in line.rpartition("=")[2].split():
            first, _, last = span.partition("-")
            start, end = int(first, 16), int(last or first, 16) + 1
            covered[start:end] = b"\x01" * (end - start)
    return bytes(covered)
