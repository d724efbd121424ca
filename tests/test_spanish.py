"""The Spanish is complete, says the same as the English, and is as easy to read.

The catalogue is asked against a fresh extraction from the sources, so that an English string someone adds today fails
here until it has its Spanish. What the pages say is in test_spanish_pages.py.
How plain it is, the INFLESZ scale says (Szigriszt-Pazos): above 80 very easy, 65 to 80 fairly easy, 55 to 65 usual.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys

import polib
import pytest

from recovery_plans.prompts import bank
from tests.readability import (
    LAW,
    PLACEHOLDER,
    ROOT,
    SPANISH,
    TAGS,
    every_pair,
    pairs_of,
    plain,
    spanish_entries,
    strings_within,
    words,
)

SOURCES = ["config", "peers", "recovery_plans", "templates", "manage.py"]
NEW_STRING = "A string that someone adds today and nobody has said in Spanish"

THE_SAME = {"A4", "Regular"}
LONG_ENOUGH = 8
EASY_EACH, EASY_ALL = 60, 70
# What a line of help calls itself; people have to find it under that name.
NAMES = {"Massachusetts Behavioral Health Help Line"}
# The bank says these in another place with another sense; each has its reason.
TRANSLATED_OTHERWISE = {"Keep my words": "a button that saves; in the bank it turns down someone's idea"}


# --- complete ---


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """Every English string of the sources as they are now, and one more that a template has just got."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.html.py"))
        else:
            shutil.copy(source, copy / name)
    (copy / "templates" / "new.html").write_text(f'{{% load i18n %}}{{% translate "{NEW_STRING}" %}}', "utf-8")
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--locale", "es", "--no-wrap"]
    env = {**os.environ, "VAR_DIR": str(copy / "var"), "PYTHONPATH": ""}
    result = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return polib.pofile(str(copy / "locale" / "es" / "LC_MESSAGES" / "django.po"))


def without_spanish(extracted):
    """What stands in the sources and has no finished Spanish in the catalogue."""
    done = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in spanish_entries() if finished(entry)}
    return [
        f"{entry.msgid}  ({entry.occurrences[0][0]})"
        for entry in extracted
        if (entry.msgctxt, entry.msgid, entry.msgid_plural) not in done
    ]


def finished(entry):
    return not entry.fuzzy and all(translation.strip() for _, translation in pairs_of(entry))


def test_every_english_string_of_the_sources_has_its_spanish(extracted):
    left = [text for text in without_spanish(extracted) if NEW_STRING not in text]
    how = "Run manage.py makemessages as the head of the catalogue says, and write the Spanish of:\n"
    assert not left, how + "\n".join(left)


def test_a_string_added_today_would_be_found(extracted):
    assert f"{NEW_STRING}  (templates/new.html)" in without_spanish(extracted)


def test_the_catalogue_holds_nothing_that_the_sources_no_longer_say(extracted):
    extracted_ids = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in extracted}
    assert [e.msgid for e in spanish_entries() if (e.msgctxt, e.msgid, e.msgid_plural) not in extracted_ids] == []


def test_nothing_in_the_catalogue_is_empty_a_guess_or_still_english():
    assert [entry.msgid for entry in spanish_entries() if not finished(entry)] == []
    assert {one for one, other in every_pair() if one == other and LAW not in one} == THE_SAME


def test_scripts_say_nothing_that_would_need_a_catalogue_of_their_own():
    speaking = [path.name for path in (ROOT / "static" / "js").glob("*.js") if "gettext(" in path.read_text("utf-8")]
    assert speaking == []


# --- the same ---


def pairs_that(differ):
    return [(english, spanish) for english, spanish in every_pair() if differ(english, spanish)]


@pytest.mark.parametrize("kept", [PLACEHOLDER, TAGS], ids=["what is filled in", "marks around names"])
def test_what_the_app_fills_in_and_the_marks_around_it_are_in_both(kept):
    assert pairs_that(lambda english, spanish: set(kept.findall(english)) != set(kept.findall(spanish))) == []


@pytest.mark.parametrize("end", ["?", ":", " "])
def test_a_question_stays_a_question_and_a_label_a_label(end):
    assert pairs_that(lambda english, spanish: english.endswith(end) != spanish.endswith(end)) == []


def test_the_spanish_compiles_and_knows_one_and_many(tmp_path):
    made = tmp_path / "django.mo"
    command = ["msgfmt", "--check-format", "--check-domain", "-o", str(made), str(SPANISH)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert polib.pofile(str(SPANISH)).metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    with made.open("rb") as file:
        spanish = gettext.GNUTranslations(file)
    for entry in spanish_entries():
        if entry.msgid_plural and not entry.msgctxt:
            assert set(entry.msgstr_plural) == {0, 1}
            translation = [spanish.ngettext(entry.msgid, entry.msgid_plural, count) for count in (0, 1, 2)]
            assert translation == [entry.msgstr_plural[1], entry.msgstr_plural[0], entry.msgstr_plural[1]]


def test_a_text_that_stands_on_pages_and_in_the_bank_is_said_the_same():
    of_the_bank = {}
    known = {name: text for text, name in strings_within(bank("es"), "bank")}
    for text, name in strings_within(bank("en"), "bank"):
        if ".words." not in name and name in known:
            of_the_bank.setdefault(text, set()).add(known[name])
    different = [
        (english, translation, of_the_bank[english])
        for english, translation in every_pair()
        if english in of_the_bank and translation not in of_the_bank[english] and english not in TRANSLATED_OTHERWISE
    ]
    assert different == []


# --- how it speaks ---


def test_it_says_tu_with_no_raised_voice_and_whole_marks():
    wrong = [
        translation
        for _, translation in every_pair()
        if re.search(r"\b(usted|vosotros|os)\b", translation, re.IGNORECASE)
        or re.search(r"[!¡\"«»]|(?<!\w)'|'(?!\w)", TAGS.sub("", translation))
        or any(translation.count(begin) != translation.count(end) for begin, end in ("¿?", "“”"))
    ]
    assert wrong == []


def test_it_does_not_guess_who_is_a_man_or_a_woman():
    gendered = r"\b(bienvenid[oa]s? a|segur[oa] de|list[oa] para|nosotr[oa]s|amig[oa]s?|supervisor(es|as?)?)\b"
    assert [translation for _, translation in every_pair() if re.search(gendered, translation, re.IGNORECASE)] == []


def beats(word):
    """Syllables of a Spanish word: a strong vowel or a weak one with an accent is one, weak ones lean on them."""
    word = re.sub(r"q[uü]|gu(?=[eéií])", lambda found: found.group()[0], word.lower())
    word = re.sub(r"y\b", "i", word)
    found = 0
    for group in re.findall(r"[aeiouáéíóúü]+", word):
        found += max(1, len(re.findall(r"[aeoáéóíú]", group)))
    return max(1, found)


def inflesz(text):
    found = words(text)
    ends = re.split(r"[.?!…:;]+(?=[\s”)]|$)|\n+", plain(text))
    sentences = max(1, sum(bool(re.search(r"\w", part)) for part in ends))
    return 206.835 - 62.3 * sum(map(beats, found)) / len(found) - len(found) / sentences


def test_the_measure_counts_as_spanish_is_said():
    examples = {1: "plan quien muy y", 2: "día guía ciudad leer aún siguen", 3: "historia pingüino"}
    for count, text in examples.items():
        assert {beats(word) for word in text.split()} == {count}
    # 5 words, 1 sentence, 7 beats
    assert inflesz("Tu plan está a salvo.") == pytest.approx(206.835 - 62.3 * 7 / 5 - 5)
    assert inflesz("La implementación de procedimientos administrativos requiere documentación institucional.") < 0


def easy_to_measure():
    translations = [translation for english, translation in every_pair() if LAW not in english and english not in NAMES]
    return [translation for translation in translations if len(words(translation)) >= LONG_ENOUGH]


def test_every_longer_text_is_easy_to_read():
    hard = [f"{inflesz(text):.0f}  {text}" for text in easy_to_measure() if inflesz(text) <= EASY_EACH]
    assert not hard, "\n".join(hard)


def test_all_of_it_together_is_easier_still():
    assert inflesz("\n".join(easy_to_measure())) > EASY_ALL
