"""Leave: one tap, from anywhere, whatever state the page is in."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse


def is_in(browser):
    return browser.get("/settings/").status_code == 200


def test_leave_ends_the_session_and_shows_the_weather(cast, browser_of, settings):
    browser = browser_of(cast.maya)
    browser.post("/language/", {"language": "es"})
    key = browser.session.session_key
    gone = browser.post("/leave/")
    assert gone.status_code == 303
    assert gone.headers["Location"] == settings.EXIT_SITE
    assert gone.headers["Cache-Control"] == "no-store"
    assert gone.headers["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert not [name for name, cookie in browser.cookies.items() if cookie.value], "nothing of the visit is left"
    assert not is_in(browser)


def test_leave_works_with_an_old_token_and_for_someone_who_is_out_already(cast, browser_of):
    browser = browser_of(cast.maya, enforce_csrf_checks=True)
    assert browser.post("/settings/", {"name": "M"}).status_code == 403, "tokens are asked for everywhere else"
    assert browser.post("/leave/", {"csrfmiddlewaretoken": "old"}).status_code == 303
    assert not is_in(browser)
    assert browser.post("/leave/").status_code == 303


def test_looking_at_the_leave_page_changes_nothing(cast, browser_of):
    browser = browser_of(cast.maya)
    page = browser.get("/leave/")
    assert page.status_code == 200
    assert '<form method="post">' in page.content.decode()
    assert is_in(browser)


def test_after_leaving_the_plan_is_not_there(cast, browser_of):
    browser = browser_of(cast.maya)
    browser.post("/leave/")
    answer = browser.get(reverse("plan", kwargs={"plan": cast.plan.pk}))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_the_content_policy_lets_leave_go_there(cast, browser_of, settings):
    policy = browser_of(cast.maya).get("/settings/").headers["Content-Security-Policy"]
    (forms,) = [rule for rule in policy.split(";") if rule.strip().startswith("form-action")]
    assert settings.EXIT_SITE.rstrip("/") in forms


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/about/",
        "/safe/",
        "/help-now/",
        "/sign-in/",
        "/open/",
        "/o/nothing/",
        "/join/nothing/",
        "/leave/",
        "/healthz",
    ]
    + ["/settings/", "/settings/passphrase/", "/settings/second-lock/", "/before/", "/not-here/", "/not-here"],
)
def test_no_page_is_kept_by_a_browser(cast, browser_of, address):
    for user in (None, cast.maya):
        answer = browser_of(user).get(address)
        assert answer.headers["Cache-Control"] == "no-store", (user, answer.status_code)
        assert answer.status_code < 500 or address == "/healthz"


def test_help_now_shows_mayas_own_people_to_her_alone(cast, browser_of):
    cast.plan.add_entry(section="supporters", words="My aunt Bea", helps="She picks up late", by=cast.maya)
    assert "My aunt Bea" in browser_of(cast.maya).get("/help-now/").content.decode()
    for user in (None, cast.noor, cast.sam, cast.dana):
        assert "My aunt Bea" not in browser_of(user).get("/help-now/").content.decode()
    left_alone = browser_of(cast.maya)
    session = left_alone.session
    session["device"], session["seen"] = "shared", 0
    session.save()
    assert "My aunt Bea" not in left_alone.get("/help-now/").content.decode()


def test_what_was_told_to_maya_is_not_told_to_whoever_comes_after_leave(cast, browser_of):
    shared = browser_of(cast.maya)
    shared.post(f"/plans/{cast.plan.pk}/goals/new/", {"words": "A room of my own"})  # and the page is never read
    shared.post("/leave/")
    assert "on your plan" not in shared.get("/sign-in/").content.decode()


def test_nor_after_ten_quiet_minutes(cast, browser_of):
    shared = browser_of(cast.maya)
    session = shared.session
    session.update({"device": "shared", "seen": int(time.time())})
    session.save()
    shared.post(f"/plans/{cast.plan.pk}/goals/new/", {"words": "A room of my own"})
    session = shared.session
    session["seen"] = 1
    session.save()
    assert "on your plan" not in shared.get("/", follow=True).content.decode()


def test_a_very_long_address_leads_to_sign_in_too(client, cast):
    answer = client.get(f"/plans/{cast.plan.pk}/?{'a' * 16_000}")
    assert answer.status_code == 302
    assert len(answer.headers["Location"]) < 200
