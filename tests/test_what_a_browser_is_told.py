"""The headers and cookies every browser gets, as values: what may run, who may frame a page, how long a visit lasts."""

import runpy
from pathlib import Path

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from peers.models import TotpDevice
from tests.cast import PASSPHRASE

ROOT = Path(__file__).resolve().parent.parent

# Nothing from elsewhere, nothing inline, no frame; Leave alone may lead away (peers/views/leave.py).
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self' https://www.weather.gov",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(answer):
    rules = answer.headers["Content-Security-Policy"].split(";")
    return dict(rule.strip().split(" ", 1) for rule in rules if rule.strip())


def sign_in(browser, username):
    return browser.post("/sign-in/", {"username": username, "passphrase": PASSPHRASE})


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/settings/", "/plans/{plan}/", "/leave/", "/nothing/here/"])
def test_every_page_carries_the_whole_policy(cast, browser_of, address):
    answer = browser_of(cast.maya).get(address.format(plan=cast.plan.pk), follow=True)
    assert policy_of(answer) == POLICY
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Content-Security-Policy-Report-Only" not in answer.headers


def test_no_script_of_any_page_can_read_who_is_here(cast):
    browser = Client()
    browser.get("/sign-in/")
    sign_in(browser, "maya")
    browser.post("/language/", {"language": "es"})
    cookies = {name: cookie for name, cookie in browser.cookies.items() if cookie.value}
    assert set(cookies) == {"alongside", "been-here", "csrftoken", "language"}
    for name, cookie in cookies.items():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
        assert cookie["domain"] == "", f"{name} goes to this place alone"
    for name in ("alongside", "language"):
        assert (cookies[name]["max-age"], cookies[name]["expires"]) == ("", ""), f"{name} ends with the browser"


def test_a_way_in_that_is_only_half_open_ends_with_the_browser_too(cast):
    """Dana's passphrase was right; her code has not been asked for yet, and she closes the browser."""
    lock = TotpDevice.prepare(user=cast.dana)
    TotpDevice.objects.filter(pk=lock.pk).update(confirmed_at=timezone.now())
    browser = Client()
    assert sign_in(browser, "dana").headers["Location"] == "/sign-in/code/"
    cookie = browser.cookies["alongside"]
    assert cookie.value
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    browser.post("/sign-in/code/", {"code": pyotp.TOTP(lock.secret).now()})
    cookie = browser.cookies["alongside"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


# --- where there is TLS ---


@pytest.fixture
def settings_of(monkeypatch):
    """The settings as a site with this environment reads them."""

    def read(**environment):
        for name in ("HSTS_SUBDOMAINS", "BEHIND_PROXY", "STATIC_MANIFEST", "CARD_PEPPER"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return read


def test_in_real_use_nothing_goes_without_tls(settings_of):
    settings = settings_of(MODE="production")
    year = 365 * 24 * 60 * 60
    expected = {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
        "SECURE_HSTS_SECONDS": year,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SECURE_HSTS_PRELOAD": False,
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$"],
        "SESSION_COOKIE_AGE": 12 * 60 * 60,
    }
    assert {name: settings.get(name) for name in expected} == expected
    assert "SECURE_PROXY_SSL_HEADER" not in settings, "anybody could say that they came by TLS"
    asked_for = settings_of(MODE="production", HSTS_SUBDOMAINS="true")
    assert asked_for["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert asked_for["SECURE_HSTS_PRELOAD"]
    behind = settings_of(MODE="production", BEHIND_PROXY="true")
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_in_real_use_a_short_key_is_refused(settings_of):
    with pytest.raises(Exception, match="50 or more random characters"):
        settings_of(MODE="production", SECRET_KEY="short")
    with pytest.raises(Exception, match="SECRET_KEY is not set"):
        settings_of(SECRET_KEY="")


def test_a_card_has_a_pepper_though_no_one_set_one_and_another_place_has_another(settings_of):
    own, other = (settings_of(SECRET_KEY=key * 60)["CARD_PEPPER"] for key in "ab")
    assert len(own) == 64
    assert own != other
    assert settings_of(CARD_PEPPER="chosen", SECRET_KEY="a" * 60)["CARD_PEPPER"] == "chosen"
