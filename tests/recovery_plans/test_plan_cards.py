"""A card that Sam makes for Maya, and her own words: shown once, printed once, kept nowhere."""

import re
from urllib.parse import unquote

import pymupdf
import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.urls import reverse

from peers import card_box
from peers.models import Person, PlanCard
from peers.models.organization import StaffRole
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, Plan
from recovery_plans.views import cards
from tests.cast import staff
from tests.pdfua import assert_pdf_ua


def url(cast, name):
    return reverse(name, kwargs={"plan": cast.plan.pk})


def make(browser, cast, **data):
    """A new card, or Maya's own words: (page, its four words)."""
    answer = browser.post(url(cast, "card-new"), data, follow=True)
    assert answer.redirect_chain == [(url(cast, "card-words"), 302)]
    return answer.content.decode(), answer.context["words"]


def opens(browser, words, **more):
    browser.post(reverse("open"), {"card_words": words, "device": "own", **more})
    return browser.get(reverse("settings")).status_code == 200


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1]).split())


def words_in(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return " ".join(" ".join(page.get_text() for page in document).split())


# --- making one ---


@pytest.mark.parametrize("maker", ["maya", "sam"])
def test_a_card_is_made_and_its_words_open_the_plan(cast, browser_of, maker):
    browser = browser_of(getattr(cast, maker))
    nothing = {"maya": "You have no own words right now.", "sam": "There is no card right now."}
    assert nothing[maker] in text_of(browser.get(url(cast, "card")))
    page, words = make(browser, cast)
    assert page.count(words) == 1
    assert 'src="data:image/svg+xml' in page
    assert re.search(r'<img class="qr[^>]* alt="[^"]{20,}"', page)
    assert opens(browser_of(), words)
    made = LogLine.unguarded.get(what__in=[PlanEvent.CARD_MADE, PlanEvent.OWN_WORDS_MADE], by=getattr(cast, maker).pk)
    assert made.what == {"maya": PlanEvent.OWN_WORDS_MADE, "sam": PlanEvent.CARD_MADE}[maker]
    there_is = {"maya": "You have own words", "sam": "has own words, which you have not seen"}
    assert there_is[maker] in text_of(browser.get(url(cast, "card")))


@pytest.mark.parametrize("reader", ["lee", "noor", "dana", "alex", "rosa", "ines"])
def test_nobody_else_makes_or_turns_off_a_card(cast, browser_of, reader):
    browser = browser_of(getattr(cast, reader))
    assert browser.get(url(cast, "card")).status_code == 404
    for name in ("card-new", "card-off", "card-pdf", "card-pin", "card-written"):
        assert browser.post(url(cast, name)).status_code == 404
    assert not PlanCard.objects.exists()


def test_the_words_are_on_one_page_once_and_nowhere_else(cast, browser_of):
    maya = browser_of(cast.maya)
    _page, words = make(maya, cast)
    for address in (url(cast, "card"), url(cast, "plan"), url(cast, "looks") + "?own=1"):
        assert words not in maya.get(address).content.decode()
    assert maya.get(url(cast, "card-new")).status_code == 405


def test_a_new_card_turns_off_the_one_that_nobody_has_opened(cast, browser_of):
    sam = browser_of(cast.sam)
    _page, old = make(sam, cast)
    assert "It opens once, until" in text_of(sam.get(url(cast, "card")))
    _page, new = make(sam, cast)
    assert not opens(browser_of(), old)
    assert opens(browser_of(), new)


def test_new_own_words_say_what_they_end_and_end_it(cast, browser_of):
    maya, phone = browser_of(cast.maya), browser_of()
    _page, old = make(maya, cast)
    assert opens(phone, old)
    assert "New words turn the old ones off." in text_of(maya.get(url(cast, "card")))
    _page, new = make(maya, cast)
    assert phone.get(reverse("settings")).status_code == 302, "what the old words opened is closed"
    assert not opens(browser_of(), old)
    assert opens(browser_of(), new)


def test_maya_who_makes_new_own_words_stays_where_she_is(cast, browser_of):
    phone = browser_of()
    opens(phone, make(browser_of(cast.maya), cast)[1])
    make(phone, cast)
    make(phone, cast)
    assert phone.get(url(cast, "plan")).status_code == 200
    assert phone.get(url(cast, "share")).status_code == 200


def test_a_lost_card_is_turned_off(cast, browser_of):
    sam = browser_of(cast.sam)
    _page, words = make(sam, cast)
    sam.post(url(cast, "card-off"))
    assert not opens(browser_of(), words)
    assert "There is no card right now." in text_of(sam.get(url(cast, "card")))


def test_a_card_turned_off_twice_is_one_line_in_the_log(cast, browser_of):
    sam = browser_of(cast.sam)
    sam.post(url(cast, "card-off"))
    turned_off = LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.CARD_TURNED_OFF)
    assert not turned_off.exists(), "there was no card"
    make(sam, cast)
    for _tap in range(2):
        assert "It opens nothing now." in sam.post(url(cast, "card-off"), follow=True).content.decode()
    assert turned_off.count() == 1


def test_sam_turns_off_no_own_words(cast, browser_of):
    _page, words = make(browser_of(cast.maya), cast)
    browser_of(cast.sam).post(url(cast, "card-off"))
    assert opens(browser_of(), words)


def test_who_works_here_is_told_that_a_card_would_open_nothing(cast, browser_of):
    sam = browser_of(cast.sam)
    sam.post(reverse("my-plan-start"))
    own = reverse("card", args=[cast.sam.person.plan.pk])
    assert "a card would open nothing" in text_of(sam.get(own))
    assert sam.post(own + "new/").headers["Location"] == own
    assert not PlanCard.objects.exists()


# --- the PIN ---


def test_a_card_with_a_pin_asks_for_it(cast, browser_of):
    page, words = make(browser_of(cast.maya), cast, pin="40 71 93 82")
    assert "Then comes the PIN. It is not on the card." in page
    assert "40719382" not in page
    assert not opens(browser_of(), words)
    assert not opens(browser_of(), words, pin="1111")
    assert opens(browser_of(), words, pin="40719382")


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "𝟙𝟚𝟛𝟜", "-", "12.4"])
def test_a_pin_that_is_none_is_asked_again_and_no_card_is_made(cast, browser_of, pin):
    answer = browser_of(cast.maya).post(url(cast, "card-new"), {"pin": pin})
    if pin == "-":  # nothing but a gap is no PIN
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert "4 to 8 digits" in answer.content.decode()
    assert f'value="{pin}"' in answer.content.decode()
    assert not PlanCard.objects.exists()


# --- on paper ---


def test_sam_prints_the_card_for_maya_and_it_says_nothing_of_what_it_opens(cast, browser_of, pdf_service):
    cast.plan.add_entry(section="vision", words="CANARY-VISION", by=cast.maya)
    sam = browser_of(cast.sam)
    _page, words = make(sam, cast)
    answer = sam.post(url(cast, "card-pdf"))
    assert re.fullmatch(r'attachment; filename="card-[0-9a-f]{8}\.pdf"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert_pdf_ua(answer.content)
    printed = words_in(answer.content)
    assert words in printed
    assert "For Maya" in printed
    assert "Open at testserver/open/" in printed
    assert "555-0100" in printed
    assert "My own words" in printed, "with lines to write them on"
    for telling in ("CANARY", "recover", "Harbor", "plan", "health", "peer", "Sam"):
        # One of its four words may be "planet".
        assert telling.lower() not in printed.replace(words, "").lower().replace("/open/", ""), telling


@pytest.mark.parametrize("who", ["sam", "maya"])
def test_the_card_has_a_large_twin_one_tap_away(cast, browser_of, pdf_service, who):
    browser = browser_of(getattr(cast, who))
    page, words = make(browser, cast)
    assert re.search(r'<button[^>]+name="size" value="large">\s*(<svg.*?</svg>)?\s*Print in large letters', page, re.S)
    pdf = browser.post(url(cast, "card-pdf"), {"size": "large"}).content
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf) as document:
        (sheet,) = document
        lines = [line for block in sheet.get_text("dict")["blocks"] for line in block.get("lines", [])]
    spans = [span for line in lines for span in line["spans"]]
    assert words in words_in(pdf)
    assert min(span["size"] for span in spans if span["text"].strip()) >= 17.9
    assert [span["text"].strip() for span in spans if span["size"] > 31] == words.split()


def test_a_second_tap_on_print_is_told_the_true_reason(cast, browser_of, pdf_service):
    sam = browser_of(cast.sam)
    sam.post(url(cast, "card-new"))
    assert sam.post(url(cast, "card-pdf")).status_code == 200
    again = sam.post(url(cast, "card-pdf"), follow=True).content.decode()
    assert "It was printed already." in again
    assert "kept for ten minutes" not in again


def test_what_maya_prints_carries_one_letter_of_her_name(cast, browser_of, pdf_service):
    maya = browser_of(cast.maya)
    make(maya, cast)
    printed = words_in(maya.post(url(cast, "card-pdf")).content)
    assert "Maya" not in printed
    assert " M " in printed


def test_the_square_on_paper_and_on_screen_is_the_same_way_in(cast, browser_of, monkeypatch):
    squares = []
    monkeypatch.setattr(cards, "qr_code", lambda link: squares.append(link) or "data:image/svg+xml,%3Csvg%3E")
    monkeypatch.setattr(cards, "print_one", lambda html: b"%PDF-")
    maya = browser_of(cast.maya)
    make(maya, cast)
    maya.post(url(cast, "card-pdf"))
    assert squares[0] == squares[1]
    assert squares[0].startswith("http://testserver/o/")
    token = unquote(squares[0]).rstrip("/").split("/")[-1]
    assert PlanCard.by_token(token).person_id == cast.person.pk


def test_a_card_is_printed_once_and_then_its_words_are_on_paper_only(cast, browser_of, pdf_service):
    maya = browser_of(cast.maya)
    make(maya, cast)
    assert card_box.BOX in maya.session
    assert maya.post(url(cast, "card-pdf")).headers["Content-Type"] == "application/pdf"
    assert card_box.BOX not in maya.session
    assert maya.post(url(cast, "card-pdf")).headers["Location"] == url(cast, "card")


def test_the_words_wait_ten_minutes_boxed_and_in_nobody_elses_session(cast, browser_of, monkeypatch):
    monkeypatch.setattr(cards, "print_one", lambda html: b"%PDF-")
    maya = browser_of(cast.maya)
    _page, words = make(maya, cast)
    for session in Session.objects.all():
        # One of them may be "card", which the session says too.
        assert not all(word in str(session.get_decoded()) for word in words.split())
    assert browser_of(cast.sam).post(url(cast, "card-pdf")).headers["Location"] == url(cast, "card")
    monkeypatch.setattr(card_box, "SECONDS", -1)
    assert maya.post(url(cast, "card-pdf")).headers["Location"] == url(cast, "card")


def test_going_back_to_the_card_page_forgets_the_words(cast, browser_of):
    maya = browser_of(cast.maya)
    make(maya, cast)
    maya.get(url(cast, "card"))
    assert card_box.BOX not in maya.session
    make(maya, cast)
    maya.post(url(cast, "card-written"))
    assert card_box.BOX not in maya.session
    sam = browser_of(cast.sam)
    make(sam, cast)
    sam.post(url(cast, "card-off"))
    assert card_box.BOX not in sam.session


def test_sam_cannot_print_mayas_words_under_another_plan(cast, browser_of, monkeypatch):
    monkeypatch.setattr(cards, "print_one", lambda html: b"%PDF-")
    other = Plan.start(person=Person.meet(name="Teo", peer=cast.sam, organization=cast.harbor), by=cast.sam)
    sam = browser_of(cast.sam)
    make(sam, cast)
    assert sam.post(reverse("card-pdf", args=[other.pk])).status_code == 302
    assert sam.post(url(cast, "card-pdf")).status_code == 200


def test_words_boxed_with_another_key_are_nobodys(cast, browser_of, monkeypatch):
    maya = browser_of(cast.maya)
    make(maya, cast)
    other = Fernet(Fernet.generate_key())
    monkeypatch.setattr(card_box, "fernet_for", lambda purpose: other)
    assert maya.post(url(cast, "card-pdf")).headers["Location"] == url(cast, "card")


def test_a_pdf_service_that_does_not_run_keeps_the_words_for_another_try(
    cast, browser_of, settings, tmp_path, pdf_service
):
    works = settings.PDF_SERVICE_SOCKET
    maya = browser_of(cast.maya)
    make(maya, cast)
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    answer = maya.post(url(cast, "card-pdf"))
    assert answer.status_code == 503
    assert "It is not your fault" in answer.content.decode()
    settings.PDF_SERVICE_SOCKET = works
    assert maya.post(url(cast, "card-pdf")).status_code == 200


def test_a_supervisor_who_also_walks_with_maya_makes_her_card_as_one_who_walks(cast, browser_of):
    both = staff("Bo", cast.harbor, StaffRole.PEER_SPECIALIST, StaffRole.SUPERVISOR)
    browser = browser_of(both)
    assert browser.post(url(cast, "card-new")).status_code == 404
    walk = cast.person.start_walk(peer=both, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=walk, by=cast.maya)
    make(browser, cast)
