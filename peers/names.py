"""A name letter by letter: what is the same name however it is typed, and which of two names comes first."""

import unicodedata
from functools import lru_cache

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


# --- the order of names ---

# What stands before digits and letters, in the order of the Unicode Collation Algorithm, which PostgreSQL follows.
PUNCTUATION = " _-\u2010\u2011\u2012\u2013\u2014,;:!¡?¿.·'\u2018\u2019\u201c\u201d\"«»()[]{}@*/\\&#%`´^+<=>|~$"
MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304\u0309\u031b\u0323"
STROKE = "\u0338"
# Letters of more than one, or with a stroke; and those that follow all words of the letter before ("{" follows "z").
SORTED_LIKE = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe"}
SORTED_AFTER = {"ŧ": "t{", "ı": "i{", "ŋ": "n{", "ə": "e{", "ɛ": "e|", "ɔ": "o{", "þ": "z{"}
LEVEL, UNMARKED = "\x01", "\x02"  # before whatever stands in a key


@lru_cache(maxsize=10_000)
def sorting_key(name):
    """What a name is sorted by where the database knows no languages: É beside E, small beside capital letters.

    First by letters; then names that have the same by their marks; then small letters before capitals.
    """
    letters, marks, capitals = [], [], []
    for character in unicodedata.normalize("NFC", name):
        for letter, mark in _letters_of(character):
            if letter:
                letters.append(letter)
                marks.append(UNMARKED)
                capitals.append("1" if character != character.lower() else "0")
            marks.append(mark)
    return LEVEL.join(["".join(letters), "".join(marks), "".join(capitals), name])


def _letters_of(character):
    """The letters that a character is sorted as, each with its marks; a mark that follows its letter has none."""
    if character.isspace():
        character = " "
    if character in PUNCTUATION:
        yield f"\x02{chr(0x21 + PUNCTUATION.index(character))}", ""
        return
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()):
        if part in SORTED_LIKE:
            yield from ((letter, STROKE_RANK) for letter in SORTED_LIKE[part])
        elif unicodedata.combining(part):
            yield "", _rank_of(part)
        elif unicodedata.category(part)[0] in "PSZ":
            yield f"\x03{part}", ""
        else:
            yield SORTED_AFTER.get(part) or str(unicodedata.digit(part, part)), ""


def _rank_of(mark):
    return chr(0x21 + MARKS.index(mark)) if mark in MARKS else mark


STROKE_RANK = _rank_of(STROKE)
