"""The way in with a passphrase: who comes in, who is slowed down, and what nobody learns."""

import uuid
from types import SimpleNamespace

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from peers.models import LoginAttempt, TotpDevice
from tests.cast import PASSPHRASE

ELSEWHERE = "203.0.113.7"


def tries(browser, username="sam", passphrase=PASSPHRASE, **more):
    return browser.post("/sign-in/", {"username": username, "passphrase": passphrase, **more})


def is_in(browser):
    return browser.get("/settings/").status_code == 200


@pytest.mark.parametrize("typed", ["sam", "Sam", " SAM "])
def test_sam_signs_in_however_he_writes_his_name(cast, browser_of, typed):
    browser = browser_of()
    assert tries(browser, typed).headers["Location"] == "/"
    assert is_in(browser)


def test_a_wrong_name_and_a_wrong_passphrase_look_the_same(cast, browser_of):
    def response_to(username, passphrase):
        page = tries(browser_of(), username, passphrase)
        return page.status_code, str(page.context["form"].non_field_errors()), list(page.context["form"].errors)

    assert response_to("sam", "not his passphrase") == response_to("nobody-here", "not his passphrase")
    assert "do not go together" in response_to("sam", "not his passphrase")[1]


def test_what_was_typed_stays_but_never_the_passphrase(cast, browser_of):
    page = tries(browser_of(), "sam", "a wrong but private thing").content.decode()
    assert 'value="sam"' in page
    assert "a wrong but private thing" not in page


def test_the_session_gets_a_new_key_and_is_over_in_half_a_day(cast, browser_of):
    browser = browser_of()
    tries(browser, "sam", "wrong")
    session = browser.session
    session["mark"] = "set before sign-in"
    session.save()
    before = session.session_key
    tries(browser)
    assert browser.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert browser.cookies["alongside"]["max-age"] == ""  # ends with the browser
    left = Session.objects.get(session_key=browser.session.session_key).expire_date - timezone.now()
    assert left.total_seconds() <= 12 * 60 * 60


@pytest.mark.parametrize(
    "asked",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"]
    + ["x", "no-such-page", "settings", ".", "?a=b", "\x00"],
)
def test_the_way_in_never_leads_elsewhere(cast, browser_of, asked):
    assert tries(browser_of(), next=asked).headers["Location"] == "/"
    assert browser_of().get("/sign-in/", {"next": asked}).context["next"] == ""


def test_the_way_in_leads_back_to_the_page_that_was_asked_for(cast, browser_of):
    browser = browser_of()
    page = browser.get("/settings/", follow=True)
    assert page.context["next"] == "/settings/"
    assert tries(browser, next="/settings/").headers["Location"] == "/settings/"


def test_two_hundred_wrong_guesses_are_slowed_while_the_real_person_gets_in(cast, browser_of):
    stranger, sam = browser_of(), browser_of(REMOTE_ADDR=ELSEWHERE)
    answers = [tries(stranger, "sam", f"guess {n}") for n in range(200)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert {answer.status_code for answer in answers[10:]} == {429}
    assert int(answers[-1].headers["Retry-After"]) <= 15 * 60
    assert "short break" in answers[-1].content.decode()
    assert tries(stranger).status_code == 429, "even the right one must wait here"
    tries(sam)
    assert is_in(sam)


def test_guessing_at_many_names_from_one_place_is_slowed_too(cast, browser_of):
    stranger = browser_of()
    codes = [tries(stranger, f"name{n}", "a guess").status_code for n in range(70)]
    assert codes.count(200) == 60
    assert set(codes[60:]) == {429}


def test_the_wait_ends_by_itself(cast, browser_of):
    stranger = browser_of()
    for n in range(11):
        tries(stranger, "sam", f"guess {n}")
    LoginAttempt.objects.update(since=timezone.now() - timezone.timedelta(minutes=16))
    tries(stranger)
    assert is_in(stranger)


def test_after_the_wait_the_count_begins_anew_and_ends_in_a_wait_again(cast, browser_of):
    stranger = browser_of()

    def codes(guesses):
        return [tries(stranger, "sam", f"guess {n}").status_code for n in range(guesses)]

    assert codes(11) == [200] * 10 + [429]
    LoginAttempt.objects.update(since=timezone.now() - timezone.timedelta(minutes=16))
    assert codes(11) == [200] * 10 + [429]


def test_the_wait_lasts_until_its_last_second_and_is_never_told_as_none(cast, browser_of):
    stranger = browser_of()
    for n in range(10):
        tries(stranger, "sam", f"guess {n}")
    LoginAttempt.objects.update(since=timezone.now() - timezone.timedelta(minutes=14, seconds=40))
    answer = tries(stranger)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert not is_in(stranger)


def test_guesses_at_sam_do_not_make_dana_wait_at_the_same_place(cast, browser_of):
    """They share the computer in the hall."""
    hall = browser_of()
    for n in range(11):
        tries(hall, "sam", f"guess {n}")
    tries(hall, "dana")
    assert is_in(hall)


def test_a_made_up_forwarding_address_buys_no_more_guesses(cast, browser_of, settings):
    def last_of(count, **headers):
        browser = browser_of()
        return [
            browser.post("/sign-in/", {"username": "sam", "passphrase": "x"}, **{k: v % n for k, v in headers.items()})
            for n in range(count)
        ][-1].status_code

    assert last_of(11, HTTP_X_FORWARDED_FOR="198.51.100.%s") == 429
    LoginAttempt.objects.all().delete()
    settings.BEHIND_PROXY = True
    assert last_of(11, HTTP_X_FORWARDED_FOR="198.51.100.%s, 192.0.2.1") == 429, "only our proxy's own entry counts"
    LoginAttempt.objects.all().delete()
    assert last_of(11, HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.%s") == 200


def test_one_house_with_many_ipv6_addresses_is_one_address(cast, browser_of):
    codes = [tries(browser_of(REMOTE_ADDR=f"2001:db8:1:1::{n:x}"), "sam", "guess").status_code for n in range(1, 12)]
    assert codes[-1] == 429
    assert tries(browser_of(REMOTE_ADDR="2001:db8:1:2::1"), "sam", "guess").status_code == 200


def test_an_ipv4_address_in_the_dress_of_ipv6_is_that_address_and_no_network(cast, browser_of):
    codes = [tries(browser_of(REMOTE_ADDR="::ffff:198.51.100.1"), "sam", "guess").status_code for _ in range(11)]
    assert codes[-1] == 429
    assert tries(browser_of(REMOTE_ADDR="198.51.100.1"), "sam", "guess").status_code == 429
    assert tries(browser_of(REMOTE_ADDR="::ffff:198.51.100.2"), "sam", "guess").status_code == 200


def test_behind_a_proxy_that_says_nothing_two_places_are_still_two(cast, browser_of, settings):
    settings.BEHIND_PROXY = True
    codes = [tries(browser_of(), "sam", "guess").status_code for _ in range(11)]
    assert codes[-1] == 429
    assert tries(browser_of(REMOTE_ADDR=ELSEWHERE), "sam", "guess").status_code == 200


def test_whoever_takes_the_table_of_guesses_cannot_find_the_addresses_by_trying_all(cast, browser_of, settings):
    """There are only so many addresses: a hash without the key of this place would be no secret."""
    kept = []
    for key in ("one key" * 10, "another key" * 10):
        settings.SECRET_KEY = key
        LoginAttempt.objects.all().delete()
        tries(browser_of(REMOTE_ADDR=ELSEWHERE), "sam", "guess")
        kept.append(set(LoginAttempt.objects.values_list("key", flat=True)))
    assert len(kept[0]) == len(kept[1]) == 2
    assert not kept[0] & kept[1]


def test_no_address_and_no_name_is_kept_of_a_wrong_guess(cast, browser_of):
    tries(browser_of(REMOTE_ADDR=ELSEWHERE), "sam", "guess")
    kept = "".join(LoginAttempt.objects.values_list("key", flat=True))
    assert kept
    assert ELSEWHERE not in kept
    assert "sam" not in kept


@pytest.mark.parametrize("broken", ["\x00", "a\x07b"])
def test_a_character_that_cannot_be_is_refused_kindly(cast, browser_of, broken):
    page = tries(browser_of(), "sam", broken)
    assert page.status_code == 200
    assert "passphrase" in page.context["form"].errors
    assert tries(browser_of(), f"sam{broken}").status_code in (200, 302)


# --- the second lock ---


@pytest.fixture
def locked(cast):
    """Dana has turned her second lock on."""
    lock = TotpDevice.prepare(user=cast.dana)
    TotpDevice.objects.filter(pk=lock.pk).update(confirmed_at=timezone.now())
    return pyotp.TOTP(lock.secret)


def test_danas_passphrase_alone_opens_nothing(cast, browser_of, locked):
    browser = browser_of()
    assert tries(browser, "dana").headers["Location"] == "/sign-in/code/"
    assert not is_in(browser)
    browser.post("/sign-in/code/", {"code": "000000"})
    assert not is_in(browser)
    now = locked.now()
    assert browser.post("/sign-in/code/", {"code": f"{now[:3]} {now[3:]}"}).headers["Location"] == "/"
    assert is_in(browser)


def test_a_code_opens_once(cast, browser_of, locked):
    first, second = browser_of(), browser_of()
    for browser in (first, second):
        tries(browser, "dana")
    code = locked.now()
    first.post("/sign-in/code/", {"code": code})
    second.post("/sign-in/code/", {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_codes_cannot_be_guessed_fast(cast, browser_of, locked):
    browser, own = browser_of(), browser_of(REMOTE_ADDR=ELSEWHERE)
    tries(own, "dana")
    own.post("/sign-in/code/", {"code": locked.now()})
    own.post("/leave/")
    tries(browser, "dana")
    codes = [browser.post("/sign-in/code/", {"code": f"{n:06}"}).status_code for n in range(8)]
    assert codes == [200] * 5 + [429] * 3
    TotpDevice.objects.update(last_step=0)  # half a minute later
    tries(own, "dana")
    own.post("/sign-in/code/", {"code": locked.now()})
    assert is_in(own), "the real Dana is not kept out of her own computer"


def test_the_second_half_is_nothing_without_the_first(cast, browser_of, locked):
    browser = browser_of()
    assert browser.get("/sign-in/code/").headers["Location"] == "/sign-in/"
    assert browser.post("/sign-in/code/", {"code": locked.now()}).headers["Location"] == "/sign-in/"
    assert not is_in(browser)


def test_a_half_open_way_in_closes_when_the_passphrase_changes(cast, browser_of, locked):
    browser = browser_of()
    tries(browser, "dana")
    cast.dana.take_passphrase(username="dana", passphrase="another long passphrase")
    assert browser.post("/sign-in/code/", {"code": locked.now()}).headers["Location"] == "/sign-in/"
    assert not is_in(browser)


# --- a shared device ---


def test_a_borrowed_computer_closes_after_ten_quiet_minutes(cast, browser_of):
    browser = browser_of()
    tries(browser, "maya", shared="on")
    assert browser.session["device"] == "shared"
    session = browser.session
    session["seen"] -= 11 * 60
    session.save()
    assert not is_in(browser)
    assert "Welcome" in browser.get("/").content.decode()


def test_ten_minutes_are_counted_from_the_last_thing_she_did(cast, browser_of, monkeypatch):
    """Noting it on every page would be a write on every page; but nobody is sent out early for that."""
    browser = browser_of()
    tries(browser, "maya", shared="on")
    began = browser.session["seen"]
    monkeypatch.setattr("peers.doors.time", SimpleNamespace(time=lambda: began + clock))
    clock = 59
    assert is_in(browser)
    clock = 59 + 10 * 60
    assert is_in(browser)
    clock += 11 * 60
    assert not is_in(browser)


def test_a_session_key_that_cannot_be_is_nobodys(cast, browser_of):
    """A cookie is read as it came: in quotes, \\000 is a NUL, which no query may carry."""
    for value in ('"aaaaaaaaaa\\000bbbbbbbbbbbbbbbbbbbbb"', '"' + "\\351" * 32 + '"', "'--" * 11, "é" * 32, ""):
        browser = browser_of(cast.maya)
        assert browser.get("/settings/", HTTP_COOKIE=f"alongside={value}").status_code == 302
        assert browser.get("/settings/").status_code == 200, "only that cookie was nobody's"


# --- what was typed when the session was over ---

WORDS = "I keep my word, and I sing."


def left_open(browser):
    session = browser.session
    session["device"], session["seen"] = "shared", 0
    session.save()
    return browser


@pytest.mark.parametrize("gone", ["signed out", "left alone"])
def test_what_maya_typed_comes_back_when_her_session_was_over(cast, browser_of, gone):
    browser = browser_of() if gone == "signed out" else left_open(browser_of(cast.maya))
    address = reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    answer = browser.post(address, {"words": WORDS, "save_id": str(uuid.uuid4())})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f"{WORDS}</textarea>" in page
    assert 'id="signed-out"' in page
    assert 'href="/sign-in/"' in page
    assert 'href="/open/"' in page, "she may have a card and no passphrase"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not cast.plan.entries.exists()


def test_where_nothing_was_typed_the_way_in_is_asked_at_once(cast, browser_of):
    browser = browser_of()
    assert browser.post("/before/").headers["Location"] == "/sign-in/?next=/"
    hidden = {"passphrase": "a long secret", "current": "another", "save_id": str(uuid.uuid4())}
    assert browser.post("/settings/passphrase/", hidden).status_code == 302


def test_the_start_leads_everyone_to_where_their_day_begins(cast, browser_of):
    def leads(user):
        return browser_of(user).get("/").headers["Location"]

    assert leads(cast.sam) == "/today/"
    assert leads(cast.dana) == "/team/"
    assert leads(cast.ines) == "/organization/"
    assert leads(cast.maya) == reverse("plan", kwargs={"plan": cast.plan.pk})
    assert leads(cast.noor) == "/settings/"
    cast.maya.welcomed_at = None
    cast.maya.save()
    assert leads(cast.maya) == "/before/"
