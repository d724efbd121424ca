"""Every page and every printed sheet speaks Spanish to whoever reads in Spanish.

The pages are every page of the app, filled with the demo's people; what these have said stays in their own language.
"""

import re
from html.parser import HTMLParser

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from recovery_plans.access import OWNER
from recovery_plans.models import Entry, Goal, Grant, Idea, Section, Step
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
from recovery_plans.plan_reading import PlanReading
from recovery_plans.print_jobs import sheet as summary_sheet
from recovery_plans.prompts import bank
from recovery_plans.summaries import read_summary
from tests.browser.demo_site import LENDERS, DemoSite
from tests.readability import LAW, PLACEHOLDER, SPANISH, TAGS, every_pair, words

TAGS_AND_MARKS = re.compile(r"<[^>]+>")


@pytest.fixture
def spanish(tmp_path, settings):
    """The catalogue as it stands, compiled aside and in use: no stale file of this folder can answer for it."""
    folder = tmp_path / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    polib.pofile(str(SPANISH)).save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path / "locale"]


class Spoken(HTMLParser):
    """What a page says in its own language, on it or to a screen reader; what is marked with another is left out."""

    EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "aria-description")

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
            self.texts += [attrs[name] for name in self.SPOKEN_ATTRIBUTES if attrs.get(name)]
        if tag not in self.EMPTY:
            self.path.append((tag, speaks, quiet))

    def handle_endtag(self, tag):
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and self.path and self.path[-1][1] == self.language and not self.path[-1][2]:
            self.texts.append(text)

    @staticmethod
    def without(text, own_words):
        for own in own_words:
            text = text.replace(own, " ")
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
        for english, spanish in every_pair():
            text = " ".join(TAGS.sub(" ", english).split())
            if english == spanish or not text:
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


def test_the_parts_are_called_what_the_bank_calls_them(spanish):
    with override("es"):
        for section in Section:
            assert str(section.label) == bank("es").section(section).title


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["/", "/about/", "/open/", "/sign-in/", "/safe/", "/help-now/", "/nothing/here/"])
def test_a_stranger_whose_browser_asks_for_spanish_is_answered_in_spanish(spanish, name):
    page = spoken_on(Client(headers={"accept-language": "es-PR,es;q=0.9,en;q=0.5"}).get(name))
    assert page.language == "es"
    assert EnglishLeft().on(page) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_every_page_for_every_reader_speaks_spanish(spanish, settings):
    demo, english, left = DemoSite(), EnglishLeft(), {}
    every_page = demo.every_page()
    own_words = words_of_people()
    for shown in every_page:
        # The first is for those who build it; a card's four words are English in every language.
        if shown.name in ("components", "card-new", "card-new, own words"):
            continue
        client = demo.client(shown.reader)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
        if shown.reader in LENDERS:  # there the choice of whoever lent the device does not count
            client.post(reverse("language"), {"language": "es"})
        client.handler.enforce_csrf_checks = "csrfmiddlewaretoken" in (shown.sent or {})
        answer = (
            client.get(shown.address) if shown.sent is None else client.post(shown.address, shown.sent, follow=True)
        )
        page = spoken_on(answer)
        own_words = sorted([*own_words, *filter(None, (shown.sent or {}).values())], key=lambda text: -len(str(text)))
        if page.language != "es" or english.on(page, own_words):
            left[str(shown)] = (page.language, english.on(page, own_words))
    assert not left, "\n".join(f"{shown}: {texts}" for shown, texts in left.items())


def words_of_people():
    """All that the demo's people have said, longest first: it stays in their language on every page."""
    found = set()
    for kind in (Entry, Goal, Step):
        for texts in kind.unguarded.values_list("words", "detail"):
            found |= {" ".join(text.split()) for text in texts if text.strip()}
    found |= {text for texts in Idea.unguarded.values_list("words", "why") for text in texts if text}
    return sorted(found, key=len, reverse=True)


@pytest.mark.django_db
def test_the_sheets_that_are_printed_speak_spanish(spanish):
    demo = DemoSite()
    maya, dana = demo.users["maya"], demo.users["dana"]
    grant = Grant.unguarded.get(pk=demo.names["grant"])
    reading = PlanReading(demo.plan, reach=OWNER, reader=maya)
    sheets = [PlanSheet(reading, Choices(language="es"), printed_for=reader).html() for reader in (maya, dana)]
    sheets.append(summary_sheet(read_summary(demo.plan), grant, by=dana, size="regular", language="es"))
    law = next(english for english, other in every_pair() if english == other and LAW in english)
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
    text = " ".join(spoken_on(page).texts)
    assert "Mirar otra vez: 5 de marzo" in text
    assert "A mi lado: Sam y Tía Rosa." in " ".join(TAGS_AND_MARKS.sub("", page.content.decode()).split())
    assert "Aún no hay pasos." in text
