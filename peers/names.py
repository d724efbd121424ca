"""A name letter by letter: what is the same name however it is typed."""

import unicodedata

# Between the parts of a name, or not there at all: O’Brien, O'Brien and O Brien; Mary-Jane and Mary Jane; J. and J.
APOSTROPHES = "'\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\u00b4`\u05f3"
# Letters that Unicode does not take apart into one without a mark and its mark.
WITHOUT_MARK = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
MARKS_ARE_NO_LETTERS = ("LATIN", "GREEK", "CYRILLIC")


def plain_name(name):
    """A name as it counts for asking whether two are one person: Nguyễn Văn Minh and Nguyen Van Minh are alike.

    Apostrophes, hyphens, dots, spaces and capitals make no difference, and marks none in Latin, Greek and Cyrillic
    letters. In other scripts they can be letters: कि is not का.
    """
    name = "".join(character for character in unicodedata.normalize("NFC", name) if not _is_joint(character))
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept, marks_go = [], False
    for character in unicodedata.normalize("NFKD", letters.translate(WITHOUT_MARK)):
        if _is_joint(character):  # also one that stood in another sign
            continue
        if not unicodedata.category(character).startswith("M"):
            marks_go = unicodedata.name(character, "").startswith(MARKS_ARE_NO_LETTERS)
        elif marks_go:
            continue
        kept.append(character)
    return "".join(kept)


def _is_joint(character):
    """Whether a name may be written without it: an apostrophe, a hyphen, a dot, a space, what cannot be seen."""
    return (
        character in APOSTROPHES
        or character == "."
        or character.isspace()
        or unicodedata.category(character) in ("Pd", "Cf")
    )
