"""Every text on a page can be read at grade 6 and calls people what they call themselves.

What is measured: every English string marked for translation (the Spanish catalogue holds each as a msgid) and every
English text of the conversation bank. The rule, for Flesch-Kincaid is unsteady on fragments (the button "Organization"
alone would be grade 44):

- a text of 8 words or more is measured on its own and is at grade 6 or below; so is every question, however short;
- shorter ones are joined with the other short ones of the same file and read as if in sentences of ten words (as
  buttons they would all be "short sentences" and nothing could fail); each such passage is at grade 6 or below.
  Files with fewer than 60 such words are joined with one another;
- no text whatever uses a word of five beats or more, but for the few below that have a reason.

Only the notice that the law itself words (42 CFR Part 2) is left out of all this: it may not be reworded.
"""

import re
from collections import defaultdict
from functools import cache

import polib
import pytest

from recovery_plans.prompts import bank
from tests.readability import ROOT, catalogues, grade, page_strings, plain, strings_within, syllables, words

HIGHEST_GRADE = 6.0
LONG_ENOUGH = 8
PASSAGE = 60
AS_IF_IN_SENTENCES_OF = 10
MAX_BEATS = 4
KNOWN_LONG_WORDS = {
    "organization": "what each place calls itself; the word stands on its sign",
    "administrator": "a role of staff; the person never reads it",
    "administrators": "the same",
}


def law_words_it(text):
    return "42 CFR" in text


@cache
def pages():
    if not catalogues():
        pytest.fail("No catalogue in locale/es/LC_MESSAGES. Run: manage.py makemessages --locale es")
    return tuple((text, where) for text, where in page_strings() if not law_words_it(text))


@cache
def english_bank():
    """What people read in the bank. The words to avoid are quoted there, so they are no part of this."""
    found = []
    for text, name in strings_within(bank("en"), "bank"):
        if ".avoid." not in name:
            # What to say instead is a row of short offers with semicolons between them.
            found += [(part, name) for part in (text.split("; ") if name.endswith(".use") else [text])]
    return tuple(found)


def passages(found):
    """Short texts, joined file by file; small files together, so that every passage is long enough to measure."""
    by_file = defaultdict(list)
    for text, where in found:
        if 0 < len(words(text)) < LONG_ENOUGH:
            by_file[where].append(plain(text))
    small, joined = [], {}
    for where, texts in by_file.items():
        if len(words(" ".join(texts))) < PASSAGE:
            small += texts
        else:
            joined[where] = "\n".join(texts)
    return joined | ({"small files": "\n".join(small)} if small else {})


def too_hard(found, **how):
    graded = [(grade(text, **how), text, where) for text, where in found]
    return [f"{number:.1f}  {text}  ({where})" for number, text, where in graded if number > HIGHEST_GRADE]


def too_hard_when_joined(found):
    return too_hard([(text, where) for where, text in passages(found).items()], words_a_sentence=AS_IF_IN_SENTENCES_OF)


def too_long_words(found):
    return sorted(
        {
            (word.lower(), where)
            for text, where in found
            for word in words(text)
            if syllables(word) > MAX_BEATS and re.sub(r"['’]s$", "", word.lower()) not in KNOWN_LONG_WORDS
        }
    )


# --- the measure itself ---


def test_the_measure_knows_how_words_are_said():
    beats = {"strength": 1, "people": 2, "together": 3, "organization": 5, "peer’s": 1, "warmline": 2, "2026": 1}
    assert {word: syllables(word) for word in beats} == beats


def test_the_measure_gives_the_grades_the_formula_gives():
    # 9 words, 1 sentence, 10 beats: 0.39 * 9 + 11.8 * 10 / 9 - 15.59
    assert grade("What do you want more of in your life, Sam?") == pytest.approx(0.39 * 10 + 11.8 - 15.59)
    hard = "Individuals experiencing behavioral difficulties may request modification of their documentation."
    assert grade(hard) > 15
    assert grade("") == 0.0


def test_hard_words_on_buttons_are_found_though_each_stands_alone():
    buttons = [(text, "a.html") for text in ("Modification Authorization", "Organization Documentation", "Accept")] * 20
    assert len(too_hard_when_joined(buttons)) == 1
    assert {word for word, _ in too_long_words(buttons)} == {"modification", "authorization", "documentation"}


def test_the_measure_reads_what_a_person_reads():
    assert plain("Hello, <b>%(name)s</b>. You picked {n}.") == "Hello,  Sam . You picked Sam."
    assert words("Don’t worry: call 988.") == ["Don’t", "worry", "call", "988"]


# --- the pages ---


def test_every_longer_text_of_a_page_is_at_grade_six_or_below():
    assert too_hard([found for found in pages() if len(words(found[0])) >= LONG_ENOUGH]) == []


def test_the_headings_buttons_and_labels_of_a_page_are_at_grade_six_or_below():
    assert too_hard_when_joined(pages()) == []


def test_no_page_uses_a_word_that_is_long_to_say():
    assert too_long_words(pages()) == []


def test_no_page_raises_its_voice():
    assert [found for found in pages() if "!" in plain(found[0])] == []


# --- the conversation bank ---


def test_every_question_of_the_bank_is_at_grade_six_or_below():
    asked = [(prompt.text, prompt.id) for section in bank("en").sections for prompt in section.prompts]
    assert len(asked) == 90
    assert too_hard(asked) == []


def test_every_longer_text_of_the_bank_is_at_grade_six_or_below():
    assert too_hard([found for found in english_bank() if len(words(found[0])) >= LONG_ENOUGH]) == []


def test_the_short_texts_of_the_bank_are_at_grade_six_or_below():
    by_part = [(text, name.split(".")[1]) for text, name in english_bank()]
    assert too_hard_when_joined(by_part) == []
    assert too_long_words(english_bank()) == []


# --- words that hurt: docs/words.md is the list ---


def table(language):
    """The rows of one table of docs/words.md: (words no page uses, what they are fine in)."""
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    part = text.split(f"### {language}\n", 1)[1].split("\n### ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return [(commas(row[0]), commas(row[2])) for row in rows[2:]]


def commas(cell):
    return [word.strip() for word in cell.split(",") if word.strip()]


def hurting_words(found, language):
    """Where a word of the table stands, outside of what it is fine in."""
    hits = []
    for avoid, fine in table(language):
        either = "|".join(re.escape(word) for word in sorted(avoid, key=len, reverse=True))
        hurts = re.compile(rf"\b(?:{either})(?:s|es|['’]s)?\b", re.IGNORECASE)
        allowed = re.compile("|".join(rf"\b{re.escape(words)}\b" for words in fine) or r"(?!)", re.IGNORECASE)
        for text, where in found:
            hit = hurts.search(allowed.sub(" ", plain(text)))
            if hit:
                hits.append((hit.group(), text, where))
    return hits


def test_the_table_of_words_no_page_uses_is_read_and_finds_them():
    english = {word for avoid, _ in table("English") for word in avoid}
    must = {
        "client",
        "patient",
        "consumer",
        "case",
        "case manager",
        "caseload",
        "overdue",
        "compliance",
        "peer",
        "admin",
    }
    assert must <= english
    assert {"paciente", "cliente", "caso", "cumplimiento"} <= {word for avoid, _ in table("Spanish") for word in avoid}
    texts = [
        ("Your Clients’ plans", "a"),
        ("In case you forget", "b"),
        ("Sam is a peer", "c"),
        ("peer specialists", "d"),
    ]
    assert [where for _, _, where in hurting_words(texts, "English")] == ["a", "c"]


def test_no_page_calls_a_person_what_they_do_not_call_themselves():
    assert hurting_words(pages(), "English") == []


def test_no_text_of_the_bank_does_in_either_language():
    # The rows that tell staff what to say instead speak of these words and may quote them.
    assert hurting_words([found for found in english_bank() if ".words." not in found[1]], "English") == []
    spanish = [found for found in strings_within(bank("es"), "bank") if ".words." not in found[1]]
    assert hurting_words(spanish, "Spanish") == []


def test_no_spanish_page_does():
    pages()  # says what to run when there is no catalogue
    texts = [
        (text, entry.msgid)
        for catalogue in catalogues()
        for entry in polib.pofile(str(catalogue))
        if not entry.obsolete and not law_words_it(entry.msgid)
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
    ]
    assert hurting_words(texts, "Spanish") == []


def test_every_word_that_is_let_through_is_still_needed():
    # Read without them, the pages and the bank must still stumble over each; else its reason is stale.
    used = {re.sub(r"['’]s$", "", word.lower()) for text, _ in (*pages(), *english_bank()) for word in words(text)}
    assert set(KNOWN_LONG_WORDS) - used - {"administrators"} == set()
