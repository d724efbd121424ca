"""One's own settings: how I like to read, a passphrase of one's own, the second lock, the language."""

import re

import pyotp
import pytest

from peers.models import PlanCard, TotpDevice, User
from recovery_plans.models import Plan
from tests.cast import PASSPHRASE
from tests.concurrency import all_at_once

NEW = "seven lamps by the quiet river"


def is_in(browser):
    return browser.get("/settings/").status_code == 200


def reads(**changed):
    return {"name": "Maya", "language": "en", "text_size": "100", **changed}


# --- how I like to read ---


def test_maya_is_called_what_she_likes_and_reads_in_large_letters(cast, browser_of):
    browser = browser_of(cast.maya)
    browser.post("/settings/", reads(name=" Maya L. ", text_size="150", plain_font="on", calm="on"))
    cast.maya.refresh_from_db()
    assert (cast.maya.name, cast.maya.text_size, cast.maya.plain_font, cast.maya.calm) == ("Maya L.", 150, True, True)
    (classes,) = re.findall(r'<html[^>]* class="([^"]*)"', browser.get("/settings/").content.decode())
    assert classes.split() == ["size-150", "plain", "calm"]


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "a\x00b"}, {"name": "x" * 81}, {"text_size": "9999"}, {"text_size": "true"}]
    + [{"language": "xx"}, {"name": "two\nlines"}],
)
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(cast, browser_of, wrong):
    answer = browser_of(cast.maya).post("/settings/", reads(**wrong))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)
    kept = User.objects.get(pk=cast.maya.pk)
    assert (kept.name, kept.text_size, kept.language) == ("Maya", 100, "en")


def test_unknown_fields_are_never_applied(cast, browser_of):
    unknown = {"is_active": "", "username": "root", "role": "administrator", "session_version": "9"}
    browser_of(cast.maya).post("/settings/", reads(**unknown))
    kept = User.objects.get(pk=cast.maya.pk)
    assert (kept.username, kept.is_active, kept.session_version) == ("maya", True, cast.maya.session_version)
    assert kept.roles_now() == []


def test_a_control_character_in_a_name_is_taken_out_and_told(cast, browser_of):
    page = browser_of(cast.maya).post("/settings/", reads(name="Ma\x07ya"), follow=True)
    assert User.objects.get(pk=cast.maya.pk).name == "Maya"
    assert "We took out 1 character" in page.content.decode()


# --- language ---


def test_a_language_is_chosen_before_sign_in_and_goes_back_to_the_page(cast, browser_of):
    browser = browser_of()
    answer = browser.post("/language/", {"language": "es", "next": "/about/"})
    assert answer.headers["Location"] == "/about/"
    assert browser.get("/about/").headers["Content-Language"] == "es"
    assert 'lang="es"' in browser.get("/about/").content.decode()


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_choosing_a_language_never_leads_elsewhere(cast, browser_of, asked):
    assert browser_of().post("/language/", {"language": "es", "next": asked}).headers["Location"] == "/"


def test_a_language_stays_with_the_reader_and_looking_changes_nothing(cast, browser_of):
    browser_of(cast.maya).post("/language/", {"language": "es"})
    cast.maya.refresh_from_db()
    assert cast.maya.language == "es"
    assert browser_of(cast.maya).get("/settings/").headers["Content-Language"] == "es"
    assert browser_of(cast.maya).get("/language/").status_code == 405
    browser_of(cast.maya).post("/language/", {"language": "<script>"})
    cast.maya.refresh_from_db()
    assert cast.maya.language == "es"


def test_whoever_speaks_a_language_that_pages_cannot_keeps_it(cast, browser_of):
    User.objects.filter(pk=cast.maya.pk).update(language="ht")
    browser = browser_of(cast.maya)
    browser.post("/language/", {"language": "es"})
    assert browser.get("/settings/").headers["Content-Language"] == "es"
    browser.post("/settings/", reads(language="ht"))
    assert User.objects.get(pk=cast.maya.pk).language == "ht"


# --- a passphrase of one's own ---


def take(browser, username="maya", passphrase=NEW, **more):
    return browser.post("/settings/passphrase/", {"username": username, "passphrase": passphrase, **more})


def test_a_new_passphrase_ends_the_other_sessions_and_keeps_this_one(cast, browser_of):
    phone, library = browser_of(cast.maya), browser_of(cast.maya)
    assert is_in(library)
    assert take(phone, current=PASSPHRASE).headers["Location"] == "/settings/"
    assert is_in(phone)
    assert not is_in(library)
    assert not browser_of().login(username="maya", password=PASSPHRASE)
    assert browser_of().login(username="maya", password=NEW)


def test_an_open_screen_alone_does_not_change_the_lock(cast, browser_of):
    browser = browser_of(cast.maya)
    for given in ({}, {"current": "not hers"}):
        page = take(browser, **given)
        assert "current" in page.context["form"].errors
    assert User.objects.get(pk=cast.maya.pk).check_password(PASSPHRASE)
    codes = [take(browser, current=f"guess {n}").status_code for n in range(12)]
    assert codes[-1] == 429


def by_card_of(maker, cast, browser):
    _card, words, _token = PlanCard.make(person=cast.person, by=maker)
    browser.post("/open/", {"card_words": words, "device": "own"})
    return browser


def test_with_a_card_from_another_hand_there_is_no_passphrase_to_change(cast, browser_of):
    browser = by_card_of(cast.sam, cast, browser_of())
    assert "This opens with your own words" in browser.get("/settings/passphrase/").content.decode()
    assert take(browser).status_code == 403
    assert take(browser, current=PASSPHRASE).status_code == 403
    assert User.objects.get(pk=cast.maya.pk).check_password(PASSPHRASE)


def test_with_her_own_words_maya_takes_a_new_passphrase_when_she_forgot_the_old(cast, browser_of):
    browser = by_card_of(cast.maya, cast, browser_of())
    assert "current" not in browser.get("/settings/passphrase/").context["form"].fields
    take(browser)
    assert is_in(browser)
    assert browser_of().login(username="maya", password=NEW)


@pytest.mark.parametrize("taken", ["sam", "Sam", " SAM "])
def test_a_name_that_someone_has_is_refused_kindly(cast, browser_of, taken):
    page = take(browser_of(cast.maya), username=taken, current=PASSPHRASE)
    assert "Someone here has that" in str(page.context["form"].errors["username"])
    assert User.objects.get(pk=cast.sam.pk).check_password(PASSPHRASE)
    assert NEW not in page.content.decode()


@pytest.mark.parametrize(
    "passphrase, message",
    [("short one", "12 characters"), ("password1234", "easy to guess"), ("mayamayamaya1", "too close"), ("", "choose")]
    + [("x" * 1001, "longer"), ("with a \x00 in it, long", "cannot keep")],
)
def test_a_passphrase_that_is_easy_to_guess_is_refused_in_plain_words(cast, browser_of, passphrase, message):
    page = take(browser_of(cast.maya), username="mayamayamaya", passphrase=passphrase, current=PASSPHRASE)
    assert message in str(page.context["form"].errors["passphrase"])


@pytest.mark.parametrize("username", ["maya l", "", "a/b", "<b>", "\ufdfa" * 100, "x" * 151, "a\x00b"])
def test_a_sign_in_name_that_cannot_be_is_refused(cast, browser_of, username):
    page = take(browser_of(cast.maya), username=username, current=PASSPHRASE)
    assert "username" in page.context["form"].errors


def test_a_name_taken_in_the_same_moment_is_told_too(cast, browser_of, monkeypatch):
    monkeypatch.setattr("peers.forms.NewPassphraseForm.name_is_taken", lambda form, username: False)
    browser = browser_of(cast.maya)
    page = take(browser, username="sam", current=PASSPHRASE)
    assert "Someone here has that" in str(page.context["form"].errors["username"])
    assert is_in(browser)


def test_whether_a_name_is_taken_is_told_to_maya_alone_and_not_many_times(cast, browser_of):
    browser = browser_of(cast.maya)
    page = take(browser, username="sam", current="not hers")
    assert "username" not in page.context["form"].errors
    assert "current" in page.context["form"].errors
    codes = [take(browser, username="sam", current=PASSPHRASE).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2


# --- the second lock ---


def test_dana_turns_her_second_lock_on_with_a_first_code_and_off_with_another(cast, browser_of):
    browser = browser_of(cast.dana)
    page = browser.get("/settings/second-lock/")
    assert page.context["qr"].startswith("data:image/svg+xml")
    assert "<script" not in page.context["qr"]
    secret = page.context["secret"]
    assert browser.get("/settings/second-lock/").context["secret"] == secret, "a reload keeps the QR code"
    browser.post("/settings/second-lock/", {"code": "000000"})
    assert not TotpDevice.objects.filter(confirmed_at__isnull=False).exists()
    browser.post("/settings/second-lock/", {"code": pyotp.TOTP(secret).now()})
    assert TotpDevice.objects.filter(user=cast.dana, confirmed_at__isnull=False).exists()
    on = browser.get("/settings/second-lock/")
    assert on.context["has_second_lock"]
    assert secret not in on.content.decode()
    browser.post("/settings/second-lock/", {"code": pyotp.TOTP(secret).now()})
    assert TotpDevice.objects.exists(), "the code that turned it on is spent"
    TotpDevice.objects.update(last_step=0)
    browser.post("/settings/second-lock/", {"code": pyotp.TOTP(secret).now()})
    assert not TotpDevice.objects.exists()


def test_the_second_lock_goes_with_a_passphrase(cast, browser_of):
    User.objects.filter(pk=cast.maya.pk).update(username=None)
    cast.maya.refresh_from_db()
    assert browser_of(cast.maya).get("/settings/second-lock/").headers["Location"] == "/settings/passphrase/"


@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_second_lock_opened_twice_at_once_is_one_lock(cast, browser_of):
    browsers = iter([browser_of(cast.dana) for _ in range(4)])
    answers = all_at_once(lambda: next(browsers).get("/settings/second-lock/"), times=4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert TotpDevice.objects.count() == 1


# --- a plan of one's own ---


def test_sam_begins_a_plan_of_his_own_and_his_organization_sees_nothing_of_it(cast, browser_of):
    browser = browser_of(cast.sam)
    assert browser.get("/my-plan/start/").status_code == 405
    first = browser.post("/my-plan/start/")
    second = browser.post("/my-plan/start/")
    assert first.headers["Location"] == second.headers["Location"]
    plan = Plan.unguarded.get(person__user=cast.sam)
    assert plan.person.organization is None
    assert not plan.person.walks.exists()
    for user in (cast.dana, cast.ines, cast.alex, cast.maya):
        assert browser_of(user).get(first.headers["Location"]).status_code == 404
    log = browser_of(cast.ines).get("/organization/").context["events"]
    assert not [event for event in log if event.about in (plan.pk, plan.person.pk)]
