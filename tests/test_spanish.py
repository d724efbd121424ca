"""The Spanish is complete, says the same as the English, and is as easy to read.

The catalogue is asked against a fresh extraction from the sources, so that an English string someone adds today fails
here until it has its Spanish. The pages are every page of the app, filled with the demo's people, read in Spanish.
How plain it is, the INFLESZ scale says (Szigriszt-Pazos): above 80 very easy, 65 to 80 fairly easy, 55 to 65 usual.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import polib
import pytest
from django.test import Client
from django.utils.translation import override

from recovery_plans.access import OWNER
from recovery_plans.models import Entry, Goal, Grant, Section, Step
from recovery_plans.pdf import Choices, PlanSheet
from recovery_plans.print_jobs import sheet as summary_sheet
from recovery_plans.prompts import bank
from recovery_plans.reading import PlanReading
from recovery_plans.summaries import read_summary
from tests.browser.every_page import Place
from tests.reading import CATALOGUES, PLACEHOLDER, ROOT, plain, strings_within, words

CATALOGUE = CATALOGUES / "django.po"
SOURCES = ["config", "peers", "recovery_plans", "templates", "manage.py"]
NEW_STRING = "A string that someone adds today and nobody has said in Spanish"

THE_SAME = {"A4", "Regular"}
LONG_ENOUGH = 8
EASY_EACH, EASY_ALL = 60, 70
# The law words this notice; it may not be said otherwise, in no language.
LAW = "42 CFR"
# What a line of help calls itself; people have to find it under that name.
NAMES = {"Massachusetts Behavioral Health Help Line"}
# The bank says these in another place with another sense; each has its reason.
SAID_OTHERWISE = {"Keep my words": "a button that saves; in the bank it turns down someone's idea"}
TAGS_AND_MARKS = re.compile(r"<[^>]+>")
TAGS = re.compile(r"</?\w+[^>]*>")


def entries():
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def pairs(entry):
    """(English, Spanish) of one entry; one becomes one, many become many."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def every_pair():
    return [pair for entry in entries() for pair in pairs(entry)]


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
    told = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return polib.pofile(str(copy / "locale" / "es" / "LC_MESSAGES" / "django.po"))


def without_spanish(extracted):
    """What stands in the sources and has no finished Spanish in the catalogue."""
    done = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries() if finished(entry)}
    return [
        f"{entry.msgid}  ({entry.occurrences[0][0]})"
        for entry in extracted
        if (entry.msgctxt, entry.msgid, entry.msgid_plural) not in done
    ]


def finished(entry):
    return not entry.fuzzy and all(said.strip() for _, said in pairs(entry))


def test_every_english_string_of_the_sources_has_its_spanish(extracted):
    left = [text for text in without_spanish(extracted) if NEW_STRING not in text]
    how = "Run manage.py makemessages as the head of the catalogue says, and write the Spanish of:\n"
    assert not left, how + "\n".join(left)


def test_a_string_added_today_would_be_found(extracted):
    assert f"{NEW_STRING}  (templates/new.html)" in without_spanish(extracted)


def test_nothing_in_the_catalogue_is_empty_a_guess_or_still_english():
    assert [entry.msgid for entry in entries() if not finished(entry)] == []
    assert {english for english, said in every_pair() if english == said and LAW not in english} == THE_SAME


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
    command = ["msgfmt", "--check-format", "--check-domain", "-o", str(made), str(CATALOGUE)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert polib.pofile(str(CATALOGUE)).metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    with made.open("rb") as file:
        spanish = gettext.GNUTranslations(file)
    for entry in entries():
        if entry.msgid_plural and not entry.msgctxt:
            assert set(entry.msgstr_plural) == {0, 1}
            said = [spanish.ngettext(entry.msgid, entry.msgid_plural, count) for count in (0, 1, 2)]
            assert said == [entry.msgstr_plural[1], entry.msgstr_plural[0], entry.msgstr_plural[1]]


def test_the_parts_are_called_what_the_bank_calls_them(spanish):
    with override("es"):
        for section in Section:
            assert str(section.label) == bank("es").section(section).title


def test_a_text_that_stands_on_pages_and_in_the_bank_is_said_the_same():
    of_the_bank = {}
    known = {name: text for text, name in strings_within(bank("es"), "bank")}
    for text, name in strings_within(bank("en"), "bank"):
        if ".words." not in name and name in known:
            of_the_bank.setdefault(text, set()).add(known[name])
    different = [
        (english, said, of_the_bank[english])
        for english, said in every_pair()
        if english in of_the_bank and said not in of_the_bank[english] and english not in SAID_OTHERWISE
    ]
    assert different == []


# --- how it speaks ---


def test_it_says_tu_with_no_raised_voice_and_whole_marks():
    wrong = [
        said
        for _, said in every_pair()
        if re.search(r"\b(usted|vosotros|os)\b", said, re.IGNORECASE)
        or re.search(r"[!¡\"«»]|(?<!\w)'|'(?!\w)", TAGS.sub("", said))
        or any(said.count(begin) != said.count(end) for begin, end in ("¿?", "“”"))
    ]
    assert wrong == []


def test_it_does_not_guess_who_is_a_man_or_a_woman():
    gendered = r"\b(bienvenid[oa]s? a|segur[oa] de|list[oa] para|nosotr[oa]s|amig[oa]s?|supervisor(es|as?)?)\b"
    assert [said for _, said in every_pair() if re.search(gendered, said, re.IGNORECASE)] == []


def beats(word):
    """Syllables of a Spanish word: a strong vowel or a weak one with an accent is one, weak ones lean on them."""
    word = re.sub(r"q[uü]|gu(?=[eéií])", lambda found: found.group()[0], word.lower())
    word = re.sub(r"y\b", "i", word)
    found = 0
    for group in re.findall(r"[aeiouáéíóúü]+", word):
        found += max(1, len(re.findall(r"[aeoáéóíú]", group)))
    return max(1, found)


def inflesz(text):
    said = words(text)
    ends = re.split(r"[.?!…:;]+(?=[\s”)]|$)|\n+", plain(text))
    sentences = max(1, sum(bool(re.search(r"\w", part)) for part in ends))
    return 206.835 - 62.3 * sum(map(beats, said)) / len(said) - len(said) / sentences


def test_the_measure_counts_as_spanish_is_said():
    said = {1: "plan quien muy y", 2: "día guía ciudad leer aún siguen", 3: "historia pingüino"}
    assert {count: {beats(word) for word in text.split()} for count, text in said.items()} == {1: {1}, 2: {2}, 3: {3}}
    # 5 words, 1 sentence, 7 beats
    assert inflesz("Tu plan está a salvo.") == pytest.approx(206.835 - 62.3 * 7 / 5 - 5)
    assert inflesz("La implementación de procedimientos administrativos requiere documentación institucional.") < 0


def easy_to_measure():
    told = [said for english, said in every_pair() if LAW not in english and english not in NAMES]
    return [said for said in told if len(words(said)) >= LONG_ENOUGH]


def test_every_longer_text_is_easy_to_read():
    hard = [f"{inflesz(said):.0f}  {said}" for said in easy_to_measure() if inflesz(said) <= EASY_EACH]
    assert not hard, "\n".join(hard)


def test_all_of_it_together_is_easier_still():
    assert inflesz("\n".join(easy_to_measure())) > EASY_ALL


# --- on the pages ---


@pytest.fixture
def spanish(tmp_path, settings):
    """The catalogue as it stands, compiled aside and in use: no stale file of this folder can answer for it."""
    place = tmp_path / "locale" / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    polib.pofile(str(CATALOGUE)).save_as_mofile(str(place / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path / "locale"]


class Spoken(HTMLParser):
    """What a page says in its own language, on it or to a screen reader; what is marked with another is left out."""

    EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    SAID_ALOUD = ("alt", "aria-label", "title", "placeholder", "aria-description")

    def __init__(self):
        super().__init__()
        self.texts, self.path, self.language = [], [], None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "html":
            self.language = attrs.get("lang")
        speaks = attrs.get("lang", self.path[-1][1] if self.path else None)
        quiet = tag in ("script", "style") or bool(self.path and self.path[-1][2])
        if speaks == self.language and not quiet:
            self.texts += [attrs[name] for name in self.SAID_ALOUD if attrs.get(name)]
        if tag not in self.EMPTY:
            self.path.append((tag, speaks, quiet))

    def handle_endtag(self, tag):
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data):
        said = " ".join(data.split())
        if said and self.path and self.path[-1][1] == self.language and not self.path[-1][2]:
            self.texts.append(said)

    @staticmethod
    def without(text, own_words):
        for said in own_words:
            text = text.replace(said, " ")
        return " ".join(text.split())


def spoken_on(answer):
    page = Spoken()
    page.feed(answer.content.decode())
    return page


class EnglishLeft:
    """What no Spanish page may say: English texts of the catalogue, and English that nobody ever marked."""

    # English words that are no Spanish ones.
    PLAINLY = re.compile(
        r"\b(the|your|you|and|with|are|this|that|of|from|what|who|is|to|for|we|it|not)\b", re.IGNORECASE
    )
    # A language is offered in its own words.
    FINE = {"English"}

    def __init__(self):
        self.whole, inside = set(), []
        for english, said in every_pair():
            text = " ".join(TAGS.sub(" ", english).split())
            if english == said or not text:
                continue
            if len(words(PLACEHOLDER.sub(" ", text))) >= 4:
                inside.append(".{1,80}?".join(re.escape(part) for part in PLACEHOLDER.split(text)))
            elif not PLACEHOLDER.search(text):
                self.whole.add(text)
        self.inside = re.compile("|".join(inside))

    def on(self, page, own_words=()):
        """What is left on this page; people's own words (longest first) are in whatever language they are."""
        texts = [page.without(text, own_words) for text in page.texts]
        found = [text for text in texts if (text in self.whole or self.PLAINLY.search(text)) and text not in self.FINE]
        return found + self.inside.findall(" ".join(texts))


def test_a_page_that_still_speaks_english_would_be_found():
    page = Spoken()
    page.feed(
        '<html lang="es"><p>Tu plan</p><p lang="en">What do you want?</p><a aria-label="Looking back">Mirando atrás</a>'
        "<b>Your plan is safe. Call <bdi>555</bdi> for a new card.</b><i>Nobody marked this</i><script>the</script>"
    )
    assert EnglishLeft().on(page) == [
        "Looking back",
        "Your plan is safe. Call",
        "for a new card.",
        "Nobody marked this",
        "Your plan is safe. Call 555 for a new card.",
    ]
    own_words = ["Your plan is safe. Call", "for a new card.", "Nobody marked this"]
    assert EnglishLeft().on(page, own_words) == ["Looking back"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["/", "/about/", "/open/", "/sign-in/", "/safe/", "/help-now/", "/nothing/here/"])
def test_a_stranger_whose_browser_asks_for_spanish_is_answered_in_spanish(spanish, name):
    page = spoken_on(Client(headers={"accept-language": "es-PR,es;q=0.9,en;q=0.5"}).get(name))
    assert page.language == "es"
    assert EnglishLeft().on(page) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_every_page_for_every_reader_speaks_spanish(spanish, settings):
    place, english, left = Place(), EnglishLeft(), {}
    every_page = place.every_page()
    own_words = words_of_people()
    for shown in every_page:
        # The first is for those who build it; a card's four words are English in every language.
        if shown.name in ("components", "card-new"):
            continue
        client = place.client(shown.reader)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
        client.handler.enforce_csrf_checks = "csrfmiddlewaretoken" in (shown.sent or {})
        answer = client.get(shown.address) if shown.sent is None else client.post(shown.address, shown.sent)
        page = spoken_on(answer)
        own_words = sorted([*own_words, *filter(None, (shown.sent or {}).values())], key=lambda said: -len(str(said)))
        if page.language != "es" or english.on(page, own_words):
            left[str(shown)] = (page.language, english.on(page, own_words))
    assert not left, "\n".join(f"{shown}: {said}" for shown, said in left.items())


def words_of_people():
    """All that the demo's people have said, longest first: it stays in their language on every page."""
    found = set()
    for kind in (Entry, Goal, Step):
        for said in kind.unguarded.values_list("words", "detail"):
            found |= {" ".join(text.split()) for text in said if text.strip()}
    return sorted(found, key=len, reverse=True)


@pytest.mark.django_db
def test_the_sheets_that_are_printed_speak_spanish(spanish):
    place = Place()
    maya, dana = place.users["maya"], place.users["dana"]
    grant = Grant.unguarded.get(pk=place.names["grant"])
    reading = PlanReading(place.plan, reach=OWNER, reader=maya)
    sheets = [PlanSheet(reading, Choices(language="es"), printed_for=reader).html() for reader in (maya, dana)]
    sheets.append(summary_sheet(read_summary(place.plan), grant, by=dana, size="regular", language="es"))
    law = next(english for english, said in every_pair() if english == said and LAW in english)
    for sheet in sheets:
        page = Spoken()
        page.feed(sheet)
        assert page.language == "es"
        assert EnglishLeft().on(page, [*words_of_people(), law]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/open/", "/sign-in/"])
def test_the_messages_of_forms_speak_spanish(spanish, address):
    client = Client(headers={"accept-language": "es"})
    page = spoken_on(client.post(address, {"card_words": "", "username": "", "passphrase": ""}))
    assert any("por favor" in text for text in page.texts)
    assert EnglishLeft().on(page) == []


@pytest.mark.django_db
def test_days_and_lists_are_said_the_spanish_way(spanish, cast, browser_of):
    cast.plan.add_goal(words="Quiero cantar en la iglesia", by=cast.maya, look_again_on="2031-03-05")
    cast.plan.add_entry(section="supporters", words="Tía Rosa", by=cast.maya)
    client = browser_of(cast.maya)
    client.cookies["language"] = "es"
    page = client.get(f"/plans/{cast.plan.pk}/")
    said = " ".join(spoken_on(page).texts)
    assert "Mirar otra vez: 5 de marzo" in said
    assert "A mi lado: Sam y Tía Rosa." in TAGS_AND_MARKS.sub("", page.content.decode())
    assert "Aún no hay pasos." in said
