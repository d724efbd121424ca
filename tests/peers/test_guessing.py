"""Guesses: counted before anyone looks, so that many at once are no more than many in a row; and nobody locks out."""

from types import SimpleNamespace

import pyotp
import pytest
from django.test import Client

from peers import known_browsers, throttling
from peers.models import PlanCard, TotpDevice
from peers.views import signin
from tests.cast import PASSPHRASE
from tests.concurrency import all_at_once

AT_ONCE = 16
FAR_AWAY = [f"198.51.100.{number}" for number in range(1, 61)]


def tries(browser, username="sam", passphrase="a guess", **more):
    return browser.post("/sign-in/", {"username": username, "passphrase": passphrase, **more})


def types_words(browser, words="none of these words", **more):
    return browser.post("/open/", {"card_words": words, "device": "own", **more})


def is_in(browser):
    return browser.get("/settings/").status_code == 200


@pytest.fixture
def card(cast):
    """A card that Maya made herself, with a PIN."""
    made, words, token = PlanCard.make(person=cast.person, by=cast.maya, pin="4711")
    return SimpleNamespace(card=made, words=words, token=token)


@pytest.fixture
def app(cast):
    """Sam's second lock, and the app that shows its codes."""
    device = TotpDevice.prepare(user=cast.sam)
    device.confirmed_at = device.user.created_at
    device.save()
    return pyotp.TOTP(device.secret)


# --- many at once ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [0, 7])
def test_sixteen_guesses_at_once_are_never_more_than_the_limit(cast, monkeypatch, earlier):
    looked = []
    monkeypatch.setattr(signin, "authenticate", lambda *args, **kwargs: looked.append(1))
    for _turn in range(earlier):
        tries(Client())
    codes = all_at_once(lambda: tries(Client()).status_code, times=AT_ONCE)
    assert len(looked) == throttling.LIMITS["passphrase"]
    assert codes.count(200) == throttling.LIMITS["passphrase"] - earlier
    assert set(codes) == {200, 429}


@pytest.mark.django_db(transaction=True)
def test_sixteen_guesses_at_once_at_the_pin_of_a_card_neither(card, monkeypatch):
    looked = []
    monkeypatch.setattr(PlanCard, "fits_pin", lambda card, pin: looked.append(pin))
    all_at_once(lambda: types_words(Client(), card.words, pin="0000").status_code, times=AT_ONCE)
    assert len(looked) == throttling.LIMITS["pin"]


def test_what_was_right_is_given_back(cast, browser_of):
    for _turn in range(3 * throttling.LIMITS["passphrase"]):
        assert tries(browser_of(), passphrase=PASSPHRASE).status_code == 302
    codes = [tries(browser_of()).status_code for _turn in range(throttling.LIMITS["passphrase"] + 1)]
    assert codes == [200] * throttling.LIMITS["passphrase"] + [429]


def test_a_guess_that_had_to_wait_takes_nothing_of_the_other_counts(cast, browser_of):
    """Sam's name is guessed at all day; the address's own count for all names stays where it was."""
    for _turn in range(100):
        tries(browser_of())
    tries(browser_of(), "dana", PASSPHRASE)
    others = [tries(browser_of(), f"name{number}").status_code for number in range(60)]
    assert others.count(200) == throttling.LIMIT_PER_ADDRESS - throttling.LIMITS["passphrase"]


# --- doors of their own ---


def test_guesses_at_cards_close_no_door_to_those_who_have_a_passphrase(cast, browser_of):
    hall = browser_of()
    codes = [types_words(hall, f"guess {number} of many").status_code for number in range(70)]
    assert set(codes[60:]) == {429}
    assert tries(hall, passphrase=PASSPHRASE).status_code == 302
    assert is_in(hall)


def test_guesses_at_passphrases_close_no_door_to_those_who_have_a_card(card, browser_of):
    hall = browser_of()
    for number in range(70):
        tries(hall, f"name{number}")
    assert tries(hall).status_code == 429
    assert types_words(hall, card.words, pin="4711").status_code == 302


# --- a browser that has come in before ---


def test_the_right_words_open_in_a_browser_that_came_in_before_whatever_others_do_at_its_address(card, browser_of):
    phone = browser_of()
    types_words(phone, card.words, pin="4711")
    phone.post("/leave/")
    for number in range(70):
        types_words(browser_of(), f"guess {number} of many")
    assert types_words(browser_of(), card.words, pin="4711").status_code == 429
    assert types_words(phone, card.words, pin="4711").status_code == 302


def test_the_right_passphrase_too(cast, browser_of):
    laptop = browser_of()
    tries(laptop, passphrase=PASSPHRASE)
    laptop.post("/leave/")
    for _turn in range(70):
        tries(browser_of())
    assert tries(browser_of(), passphrase=PASSPHRASE).status_code == 429
    assert tries(laptop, passphrase=PASSPHRASE).status_code == 302


def test_a_browser_that_came_in_before_has_no_more_guesses_than_others(cast, browser_of):
    laptop = browser_of()
    tries(laptop, passphrase=PASSPHRASE)
    laptop.post("/leave/")
    codes = [tries(laptop).status_code for _turn in range(12)]
    assert codes == [200] * 10 + [429] * 2


def test_that_it_came_in_as_sam_helps_it_nothing_with_dana(cast, browser_of):
    for _turn in range(10):
        tries(browser_of(), "dana")
    laptop = browser_of()
    tries(laptop, passphrase=PASSPHRASE)
    assert tries(laptop, "dana").status_code == 429


def test_a_shared_computer_does_not_remember_who_came_in(cast, browser_of):
    hall = browser_of()
    tries(hall, passphrase=PASSPHRASE, shared="on")
    assert is_in(hall)
    assert known_browsers.COOKIE not in hall.cookies


def test_what_the_browser_keeps_names_nobody_and_cannot_be_made_up(cast, browser_of):
    laptop = browser_of()
    tries(laptop, passphrase=PASSPHRASE)
    kept = laptop.cookies[known_browsers.COOKIE]
    assert kept["httponly"]
    assert "sam" not in kept.value
    assert str(cast.sam.pk) not in kept.value
    laptop.cookies[known_browsers.COOKIE] = kept.value[:-4] + "AAAA"
    for _turn in range(10):
        tries(browser_of())
    assert tries(laptop, passphrase=PASSPHRASE).status_code == 429


# --- codes and PINs ---


def test_a_pin_is_counted_for_its_card_wherever_the_guesses_come_from(card, browser_of):
    codes = [types_words(browser_of(REMOTE_ADDR=far), card.words, pin="0000").status_code for far in FAR_AWAY]
    assert codes.count(200) == throttling.LIMITS["pin"]
    links = [
        browser_of(REMOTE_ADDR=far).post(f"/o/{card.token}/", {"pin": "0000", "device": "own"}).status_code
        for far in FAR_AWAY
    ]
    assert set(links) == {429}


def test_the_right_pin_opens_in_the_browser_that_came_in_before(card, browser_of):
    phone = browser_of()
    types_words(phone, card.words, pin="4711")
    for far in FAR_AWAY:
        types_words(browser_of(REMOTE_ADDR=far), card.words, pin="0000")
    assert types_words(phone, card.words, pin="4711").status_code == 302


def test_six_numbers_are_counted_for_their_account_wherever_the_guesses_come_from(cast, app, browser_of):
    codes = []
    for far in FAR_AWAY:
        browser = browser_of(REMOTE_ADDR=far)
        tries(browser, passphrase=PASSPHRASE)
        codes.append(browser.post("/sign-in/code/", {"code": "000000"}).status_code)
    assert codes.count(200) == throttling.LIMITS["code"]
    assert set(codes[throttling.LIMITS["code"] :]) == {429}


def test_the_right_numbers_open_in_the_browser_that_came_in_before(cast, app, browser_of):
    laptop = browser_of()
    tries(laptop, passphrase=PASSPHRASE)
    laptop.post("/sign-in/code/", {"code": app.now()})
    assert is_in(laptop)
    laptop.post("/leave/")
    for far in FAR_AWAY:
        browser = browser_of(REMOTE_ADDR=far)
        tries(browser, passphrase=PASSPHRASE)
        browser.post("/sign-in/code/", {"code": "000000"})
    TotpDevice.objects.update(last_step=0)
    tries(laptop, passphrase=PASSPHRASE)
    assert laptop.post("/sign-in/code/", {"code": app.now()}).status_code == 302
    assert is_in(laptop)
