"""Which signs of a text no font of this machine can print, so that the sheet can say so instead of showing boxes.

The PDF service prints with every font that fontconfig knows; so it is fontconfig that is asked, once in a process.
"""

import ctypes
import unicodedata
from functools import cache

# Every font the app brings along covers these: nobody needs to be asked.
_PLAIN_UNTIL = "\u0250"
# Signs that have no shape of their own: spaces, marks of direction, joiners, tags, choices of a variant.
_SHAPELESS = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def unprintable(text):
    """The signs of the text that no installed font has, each once, in order; empty where fontconfig cannot be asked."""
    unusual = [sign for sign in dict.fromkeys(text) if sign >= _PLAIN_UNTIL and _has_a_shape(sign)]
    return [sign for sign in unusual if not _can_be_printed(sign)]


def _has_a_shape(sign):
    return unicodedata.category(sign) not in _SHAPELESS and not "\ufe00" <= sign <= "\ufe0f" and sign < "\U000e0000"


@cache
def _can_be_printed(sign):
    covered = _covered()
    return covered is None or bool(_fontconfig().FcCharSetHasChar(covered, ord(sign)))


@cache
def _covered():
    """Every sign of every installed font, as one set of fontconfig's; None without fontconfig."""
    config = _fontconfig()
    if config is None:
        return None
    pattern, wanted = config.FcPatternCreate(), config.FcObjectSetCreate()
    config.FcObjectSetAdd(wanted, b"charset")
    found = config.FcFontList(None, pattern, wanted).contents
    covered, charset, changed = config.FcCharSetCreate(), ctypes.c_void_p(), ctypes.c_int()
    for font in found.fonts[: found.nfont]:
        if config.FcPatternGetCharSet(font, b"charset", 0, ctypes.byref(charset)) == 0:
            config.FcCharSetMerge(covered, charset, ctypes.byref(changed))
    config.FcObjectSetDestroy(wanted)
    config.FcPatternDestroy(pattern)
    return covered


class _FontSet(ctypes.Structure):
    _fields_ = [("nfont", ctypes.c_int), ("sfont", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p))]


@cache
def _fontconfig():
    """fontconfig itself, which every machine that prints has; None on one that does not."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return None
    pointer = ctypes.c_void_p
    for name, takes, gives in (
        ("FcPatternCreate", [], pointer),
        ("FcPatternDestroy", [pointer], None),
        ("FcObjectSetCreate", [], pointer),
        ("FcObjectSetAdd", [pointer, ctypes.c_char_p], ctypes.c_int),
        ("FcObjectSetDestroy", [pointer], None),
        ("FcFontList", [pointer, pointer, pointer], ctypes.POINTER(_FontSet)),
        ("FcCharSetCreate", [], pointer),
        ("FcCharSetMerge", [pointer, pointer, pointer], ctypes.c_int),
        ("FcCharSetHasChar", [pointer, ctypes.c_uint32], ctypes.c_int),
        ("FcPatternGetCharSet", [pointer, ctypes.c_char_p, ctypes.c_int, pointer], ctypes.c_int),
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = takes, gives
    return library
