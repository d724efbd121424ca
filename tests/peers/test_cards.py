"""Maya's own words, and a card that Sam made: four words or a square, no mail, no phone.

What a card of another hand opens, and what is hers alone, is in test_own_words.py.
"""

import base64
import hashlib
import re

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from peers.models import PlanCard, TotpDevice
from tests.concurrency import all_at_once
from tests.ways import is_in

ELSEWHERE = "203.0.113.7"


@pytest.fixture
def card(cast):
    """Maya's own words: (card, four words, token)."""
    return PlanCard.make(person=cast.person, by=cast.maya)


def opens(browser, words, device="own", **more):
    return browser.post("/open/", {"card_words": words, "device": device, **more})


def test_maya_opens_her_plan_with_four_words(cast, browser_of, card):
    browser = browser_of()
    assert opens(browser, card[1]).headers["Location"] == "/"
    assert browser.get("/").headers["Location"].startswith(f"/plans/{cast.plan.pk}/")


def test_words_are_forgiven_their_spelling_out(cast, browser_of, card):
    browser = browser_of()
    opens(browser, "  " + card[1].upper().replace(" ", " - ") + " ")
    assert is_in(browser)


def test_the_square_on_the_card_shows_one_letter_of_her_name_and_opens(cast, browser_of, card):
    browser = browser_of()
    page = browser.get(f"/o/{card[2]}/")
    assert page.context["initial"] == "M"
    assert "Maya" not in page.content.decode()
    assert "pin" not in page.context["form"].fields
    assert not is_in(browser), "looking at the square opens nothing"
    assert browser.post(f"/o/{card[2]}/", {"device": "own"}).headers["Location"] == "/"
    assert is_in(browser)


def test_new_own_words_turn_off_the_old_and_their_open_screens(cast, browser_of, card):
    library, phone = browser_of(), browser_of()
    opens(library, card[1])
    phone.post(f"/o/{card[2]}/", {"device": "own"})
    assert is_in(library)
    assert is_in(phone)
    _card, new_words, _token = PlanCard.make(person=cast.person, by=cast.maya)
    assert not is_in(library)
    assert not is_in(phone)
    assert opens(library, card[1]).status_code == 200
    assert not is_in(library)
    opens(library, new_words)
    assert is_in(library)


@pytest.mark.parametrize("how", ["off", "opened", "old"])
def test_a_card_that_opens_no_more_and_one_that_never_was_are_the_same_page(cast, browser_of, how):
    card = PlanCard.make(person=cast.person, by=cast.sam)
    if how == "off":
        card[0].turn_off(by=cast.sam)
    elif how == "opened":
        card[0].open()
    else:
        PlanCard.objects.update(expires_at=timezone.now())

    def page(token):
        answers = [browser_of().get(f"/o/{token}/"), browser_of().post(f"/o/{token}/", {"device": "own"})]
        return [
            (answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode()).replace(token, ""))
            for answer in answers
        ]

    assert page(card[2]) == page("x" * len(card[2]))
    assert "does not open any more" in page(card[2])[0][1]
    assert "Your plan is safe" in page(card[2])[0][1]


def test_two_hundred_wrong_words_are_slowed_while_maya_gets_in(cast, browser_of, card):
    stranger, maya = browser_of(), browser_of(REMOTE_ADDR=ELSEWHERE)
    codes = [opens(stranger, f"river lamp cotton seven{'x' * n}").status_code for n in range(200)]
    assert codes[:60] == [200] * 60
    assert set(codes[60:]) == {429}
    assert opens(stranger, card[1]).status_code == 429
    assert not is_in(stranger)
    opens(maya, card[1])
    assert is_in(maya)


def test_wrong_words_stay_on_the_page_so_that_one_can_be_mended(cast, browser_of, card):
    page = opens(browser_of(), "river lamp cotton sevn")
    assert "river lamp cotton sevn" in page.content.decode()
    assert "do not match" in str(page.context["form"].errors["card_words"])


@pytest.mark.parametrize("typed", ["", "   ", "one two", "a b c d e", "\x00 a b c", "ア イ ウ エ", "x" * 501])
def test_what_cannot_be_four_words_opens_nothing(cast, browser_of, card, typed):
    browser = browser_of()
    assert opens(browser, typed).status_code == 200
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("maker", ["sam", "maya"])
def test_two_cards_made_at_once_leave_one_and_no_error(cast, maker):
    all_at_once(lambda: PlanCard.make(person=cast.person, by=getattr(cast, maker)), times=4)
    assert PlanCard.objects.filter(person=cast.person).count() == 4
    assert PlanCard.objects.filter(person=cast.person, turned_off_at=None).count() == 1


# --- with a second lock ---


def test_mayas_second_lock_asks_for_its_code_after_the_card_too(cast, browser_of, card):
    lock = TotpDevice.prepare(user=cast.maya)
    TotpDevice.objects.update(confirmed_at=timezone.now())
    browser = browser_of()
    assert opens(browser, card[1], "own").headers["Location"] == "/sign-in/code/"
    assert not is_in(browser)
    browser.post("/sign-in/code/", {"code": pyotp.TOTP(lock.secret).now()})
    assert is_in(browser)
    assert browser.cookies["alongside"]["max-age"] == 30 * 24 * 60 * 60, "it is still her own phone"


# --- the PIN ---


@pytest.fixture
def card_with_pin(cast):
    return PlanCard.make(person=cast.person, by=cast.maya, pin="4417")


def test_a_pin_is_asked_for_only_when_the_card_has_one(cast, browser_of, card_with_pin):
    browser = browser_of()
    assert "pin" not in browser.get("/open/").context["form"].fields
    page = opens(browser, card_with_pin[1], "shared")
    assert page.status_code == 200
    assert not page.context["form"].errors
    assert page.context["form"]["card_words"].value() == card_with_pin[1]
    assert page.context["form"]["device"].value() == "shared"
    assert "pin" in page.context["form"].fields
    assert not is_in(browser)
    opens(browser, card_with_pin[1], "shared", pin="0000")
    assert not is_in(browser)
    opens(browser, card_with_pin[1], "shared", pin="")
    assert not is_in(browser)
    opens(browser, card_with_pin[1], "shared", pin="4417")
    assert is_in(browser)


def test_the_pin_cannot_be_guessed_fast_and_maya_is_not_kept_out(cast, browser_of, card_with_pin):
    finder, maya = browser_of(), browser_of(REMOTE_ADDR=ELSEWHERE)
    address = f"/o/{card_with_pin[2]}/"
    maya.post(address, {"device": "own", "pin": "4417"})
    maya.post("/leave/")
    codes = [finder.post(address, {"device": "own", "pin": f"{n:04}"}).status_code for n in range(8)]
    assert codes == [200] * 5 + [429] * 3
    assert opens(finder, card_with_pin[1], pin="4417").status_code == 429, "by words it is the same card"
    assert not is_in(finder)
    maya.post(address, {"device": "own", "pin": "4417"})
    assert is_in(maya)


# --- whose phone is this ---


def test_on_her_own_phone_it_stays_for_a_month(cast, browser_of, card):
    browser = browser_of()
    opens(browser, card[1], "own")
    assert browser.cookies["alongside"]["max-age"] == 30 * 24 * 60 * 60
    assert browser.session["device"] == "own"


def test_on_a_shared_computer_it_ends_with_the_browser_or_ten_quiet_minutes(cast, browser_of, card):
    browser = browser_of()
    opens(browser, card[1], "shared")
    assert browser.cookies["alongside"]["max-age"] == ""
    assert browser.session["device"] == "shared"
    left = Session.objects.get(session_key=browser.session.session_key).expire_date - timezone.now()
    assert left.total_seconds() <= 12 * 60 * 60
    session = browser.session
    session["seen"] -= 11 * 60
    session.save()
    assert not is_in(browser)


def test_her_phone_once_her_own_and_then_lent_does_not_stay_open(cast, browser_of, card):
    browser = browser_of()
    opens(browser, card[1], "own")
    opens(browser, card[1], "shared")
    assert browser.cookies["alongside"]["max-age"] == ""


@pytest.mark.parametrize("device", ["", "mine", "owned\x00"])
def test_whose_phone_has_two_answers(cast, browser_of, card, device):
    browser = browser_of()
    assert "device" in opens(browser, card[1], device).context["form"].errors
    assert not is_in(browser)


def test_the_next_one_at_the_computer_comes_into_their_own_plan(cast, browser_of, card):
    browser = browser_of(cast.noor)
    opens(browser, card[1], "shared")
    assert browser.get("/settings/").context["user"] == cast.maya


def test_sams_card_opens_nothing_of_his_work(cast, browser_of):
    """Four words without a passphrase must not be a way to everyone Sam walks with."""
    browser = browser_of(cast.sam)
    browser.post("/my-plan/start/")
    cast.sam.refresh_from_db()
    _card, words, token = PlanCard.make(person=cast.sam.person, by=cast.sam)
    finder = browser_of()
    assert "sign in" in str(opens(finder, words).context["form"].non_field_errors())
    finder.post(f"/o/{token}/", {"device": "own"})
    assert not is_in(finder)


# --- before the first time ---


def test_the_first_time_maya_is_told_who_can_see_and_then_never_again(cast, browser_of, card):
    cast.maya.welcomed_at = None
    cast.maya.save()
    browser = browser_of()
    assert opens(browser, card[1]).headers["Location"] == "/"
    page = browser.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/before/"
    assert [walker.name for walker in page.context["sees"].walkers] == ["Sam"], "Lee used to walk with her"
    assert browser.get("/").headers["Location"] == "/before/", "reading it is not yet going on"
    assert browser.post("/before/").headers["Location"] == "/"
    assert browser.get("/").headers["Location"] == f"/plans/{cast.plan.pk}/"


# --- how strong it is ---

LAST_YEARS_WORDS = "maple river otter lantern"


def test_a_card_that_was_printed_last_year_still_opens_and_was_never_cheap_to_guess(cast, browser_of, card, settings):
    """The words are in a drawer, on paper: how they are kept can not become weaker, or other, from one day to the next.

    41 bits are few; what makes guessing them from a stolen database dear is 16 MB and 2**14 rounds for each guess.
    """
    settings.CARD_PEPPER = "the pepper of this place"
    kept = hashlib.scrypt(LAST_YEARS_WORDS.encode(), salt=b"the pepper of this place", n=2**14, r=8, p=1, dklen=32)
    PlanCard.objects.filter(pk=card[0].pk).update(words_hash=kept.hex())
    opens(browser := browser_of(), LAST_YEARS_WORDS)
    assert is_in(browser)


def test_the_words_open_nothing_without_the_pepper_of_this_place(cast, browser_of, card, settings):
    """Whoever takes the database away has no card: the pepper is not in it."""
    settings.CARD_PEPPER = "another pepper"
    opens(browser := browser_of(), card[1])
    assert not is_in(browser)


def test_the_square_carries_192_bits_and_each_card_has_its_own(cast, card):
    tokens = [card[2], *(PlanCard.make(person=cast.person, by=cast.sam)[2] for _ in range(9))]
    assert len(set(tokens)) == 10
    for token in tokens:
        assert len(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))) >= 24


def test_a_stolen_table_of_cards_says_neither_words_nor_token_nor_pin(cast):
    PlanCard.make(person=cast.person, by=cast.sam, pin="4417")
    _card, words, token = PlanCard.make(person=cast.person, by=cast.sam, pin="4417")
    kept = " ".join(str(value) for row in PlanCard.objects.values_list() for value in row)
    assert words not in kept
    assert token not in kept
    assert "4417" not in [row.pin_hash for row in PlanCard.objects.all()]
    hashes = PlanCard.objects.values_list("words_hash", "token_hash", "pin_hash")
    assert len({value for row in hashes for value in row}) == 6, "the same PIN twice is not the same hash twice"


def test_whoever_may_not_come_in_any_more_has_no_card(cast, browser_of, card):
    """To the finder it is a card that never was, by its words and by its square."""
    cast.maya.is_active = False
    cast.maya.save()
    browser = browser_of()
    page = opens(browser, card[1])
    assert page.status_code == 200
    assert "do not match" in str(page.context["form"].errors["card_words"])
    assert "initial" not in browser.get(f"/o/{card[2]}/").context
    assert browser.post(f"/o/{card[2]}/", {"device": "own"}).status_code == 200
    assert not Session.objects.exists()
