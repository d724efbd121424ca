"""What cannot be read is refused kindly, typed words are given back, and the log stays silent about words."""

import html
import io
import logging
import re
import sys

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from peers.log_formatting import LineFormatter, NoWords
from peers.models import Organization, User
from peers.views import problems
from recovery_plans.models import Entry, PrintJob

FORM = "application/x-www-form-urlencoded"


def sends(browser, body, kind=FORM, address="/settings/"):
    return browser.generic("POST", address, body, content_type=kind)


# --- bodies ---


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"name=Ma\xffya&language=en&text_size=100", FORM),
        (b"name=Ma%FFya&language=en&text_size=100", FORM),
        (b"name=Ma%C3&language=en&text_size=100", FORM),
        (b"name=%ED%A0%80&language=en&text_size=100", FORM),
        ("name=Maya&language=en&text_size=100".encode("utf-16"), FORM),
        ("name=Maya&language=en&text_size=100".encode("utf-16-le"), FORM),
        (b"name=Maya&language=en&text_size=100", FORM + "; charset=utf-16"),
        (b"name=Maya&language=en&text_size=100", FORM + "; charset=latin-1"),
        (b"name=Maya&language=en&text_size=100", FORM + "; charset=no-such-thing"),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nMa\xffya\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"anything", "multipart/form-data"),
        (b'{"name": "\xff"}', "application/json"),
    ],
)
def test_a_body_that_is_not_text_is_refused_and_changes_nothing(cast, browser_of, body, kind):
    assert sends(browser_of(cast.maya), body, kind).status_code == 400
    assert User.objects.get(pk=cast.maya.pk).name == "Maya"


@pytest.mark.parametrize("body", [b"name=Ma%FFya", "name=Maya".encode("utf-16")])
def test_broken_bytes_and_other_encodings_are_a_400_with_a_kind_page_and_leave_on_it(cast, browser_of, body):
    answer = sends(browser_of(cast.maya), body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "We could not read that" in page
    assert 'action="/leave/"' in page
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json"])
def test_three_megabytes_are_a_413_that_says_what_to_do(cast, browser_of, kind):
    answer = sends(browser_of(cast.maya), b"name=" + b"a" * 3_000_000, kind)
    assert answer.status_code == 413
    assert "two shorter pieces" in answer.content.decode()
    assert User.objects.get(pk=cast.maya.pk).name == "Maya"


def test_too_many_fields_are_refused(cast, browser_of):
    assert sends(browser_of(cast.maya), b"&".join(b"a=%d" % n for n in range(1100))).status_code == 400


def test_characters_of_every_language_pass(cast, browser_of):
    name = "Maya 🌱‍🧵 مايا 麻雅 e\u0301"
    browser_of(cast.maya).post("/settings/", {"name": name, "language": "en", "text_size": "100"})
    assert User.objects.get(pk=cast.maya.pk).name == name


# --- a wrong host, a wrong origin, an old page ---


def test_a_forged_host_is_a_quiet_400(cast, browser_of):
    log = listen_to_the_log()
    answer = browser_of(cast.maya).get("/settings/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
    assert log() == ""


def test_an_old_page_gives_the_words_back_but_never_a_secret(cast, browser_of):
    browser = browser_of(cast.ines, enforce_csrf_checks=True)
    answer = browser.post("/organization/edit/", {"name": "<b>Harbor</b> & co", "town": "x", "phone": "555-0100"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "&lt;b&gt;Harbor&lt;/b&gt; &amp; co" in page
    assert "send that once more" in page
    assert Organization.objects.get(pk=cast.harbor.pk).name == "Harbor Street Peer Center"
    secrets = {"passphrase": "quiet river", "current": "seven lamps", "pin": "4417", "code": "123456"}
    for address, typed in (
        ("/sign-in/", secrets),
        ("/open/", {"card_words": "river lamp cotton seven", **secrets}),
    ):
        page = browser.post(address, typed).content.decode()
        for secret in typed.values():
            assert secret not in page


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_another_origin_is_refused(cast, browser_of, origin):
    browser = browser_of(cast.maya, enforce_csrf_checks=True)
    token = browser.get("/settings/").cookies["csrftoken"].value
    data = {"name": "Mallory", "language": "en", "text_size": "100", "csrfmiddlewaretoken": token}
    assert browser.post("/settings/", data, headers={"origin": origin}).status_code == 403
    assert User.objects.get(pk=cast.maya.pk).name == "Maya"
    assert browser.post("/settings/", data, headers={"origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize(
    "status, ask",
    [
        (400, lambda browser: sends(browser, b"name=Ma%FFya")),
        (400, lambda browser: browser.get("/settings/", headers={"host": "evil.example"})),
        (403, lambda browser: browser.post("/settings/", {"name": "Maya"})),
        (404, lambda browser: browser.get("/no-such-page/")),
        (404, lambda browser: browser.get("/today/")),
        (405, lambda browser: browser.get("/language/")),
        (405, lambda browser: browser.generic("PUT", "/plans/00000000-0000-4000-8000-000000000000/")),
        (413, lambda browser: sends(browser, b"name=" + b"a" * 3_000_000)),
        (500, lambda browser: browser.get("/about/")),
    ],
)
def test_no_problem_page_is_kept_by_a_browser(cast, browser_of, monkeypatch, status, ask):
    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("peers.views.safety.render", break_down)
    answer = ask(browser_of(cast.maya, enforce_csrf_checks=status == 403, raise_request_exception=False))
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"


def test_not_there_and_not_yours_are_the_same_page(cast, browser_of):
    browser = browser_of(cast.alex)
    theirs = browser.get(reverse("plan", kwargs={"plan": cast.plan.pk}))
    never = browser.get("/plans/00000000-0000-4000-8000-000000000000/")
    assert theirs.status_code == never.status_code == 404

    def without_what_changes(page):
        address = page.wsgi_request.path
        return re.sub(r'value="[^"]{64}"', "", page.content.decode().replace(address, ""))

    assert without_what_changes(theirs) == without_what_changes(never)


def test_even_where_everything_broke_leave_goes_where_it_always_goes(settings, rf):
    assert 'href="https://www.weather.gov/"' in problems.server_error(rf.get("/")).content.decode()
    settings.EXIT_SITE = "https://weather.example/"
    page = problems.server_error(rf.get("/")).content.decode()
    assert 'href="https://weather.example/"' in page
    assert 'data-exit="https://weather.example/"' in page
    assert "weather.gov" not in page


@pytest.mark.parametrize("minutes, sentence", [(1, "in 1 minute."), (12, "in 12 minutes.")])
def test_who_must_wait_reads_how_long(rf, minutes, sentence):
    request = rf.get("/")
    request.user = AnonymousUser()
    answer = problems.too_many(request, minutes=minutes)
    assert sentence in answer.content.decode()
    assert answer.headers["Retry-After"] == str(minutes * 60)


# --- the log ---


def listen_to_the_log():
    """The app's own handler, as the settings make it, on every logger that has one; returns what it wrote so far."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(NoWords())
    handler.setFormatter(LineFormatter())
    for name in ("", "django", "django.request", "django.security", "django.server"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
    return written.getvalue


@pytest.fixture(autouse=True)
def _same_handlers_afterwards():
    names = ("", "django", "django.request", "django.security", "django.server")
    before = {name: logging.getLogger(name).handlers for name in names}
    yield
    for name, handlers in before.items():
        logging.getLogger(name).handlers = handlers


SECRET = "I drank on Tuesday"


def test_when_something_breaks_the_log_tells_where_and_never_what(cast, browser_of, monkeypatch):
    def break_down(*args, **kwargs):
        try:
            raise DatabaseError(f"Failing row contains ({SECRET})")
        except DatabaseError as error:
            raise RuntimeError(SECRET) from error

    monkeypatch.setattr("peers.views.safety.render", break_down)
    log = listen_to_the_log()
    browser = browser_of(cast.maya, raise_request_exception=False)
    answer = browser.get("/about/", {"q": SECRET})
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in answer.content.decode()
    assert "RuntimeError at break_down (test_problems.py" in log()
    for word in ("drank", "Tuesday", "Maya", "q="):
        assert word not in log()


def test_another_formatter_that_wrote_first_puts_no_words_into_ours():
    record = logging.LogRecord("app", logging.ERROR, "x.py", 1, "saving %s", (SECRET,), None)
    try:
        raise ValueError(SECRET)
    except ValueError:
        record.exc_info = sys.exc_info()
    logging.Formatter().format(record)
    assert SECRET in record.exc_text
    assert SECRET not in LineFormatter().format(record)
    assert "builtins.ValueError" in LineFormatter().format(record)


def test_keys_of_cards_and_what_was_searched_stay_out_of_the_log(cast, browser_of):
    log = listen_to_the_log()
    browser = browser_of(None, enforce_csrf_checks=True)
    browser.post("/o/a-very-secret-token/?words=river+lamp", {"device": "own"})
    browser.get("/o/a-very-secret-token/no-such-page")
    browser.post("/open/", {"card_words": "river lamp cotton seven"})
    logging.getLogger("django.request").error("%s: %s", "Service Unavailable", "/o/a-very-secret-token/")
    assert "answered with 403" in log()
    for secret in ("secret", "river", "/o/", "/open/"):
        assert secret not in log()


def test_the_settings_hang_the_quiet_log_on_every_handler(settings):
    assert all(
        "no_words" in handler["filters"] and handler["formatter"] == "line"
        for handler in settings.LOGGING["handlers"].values()
    )


# --- is it well? ---


def test_the_machine_learns_that_all_is_well(cast, browser_of, pdf_service):
    answer = browser_of().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "well", "disk": "well", "pdf service": "well", "printer": "well"}


def test_the_machine_learns_which_part_is_not_well_and_nothing_more(cast, browser_of, settings):
    settings.PDF_SERVICE_SOCKET = "/nowhere/pdf.sock"
    answer = browser_of().get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "well", "disk": "well", "pdf service": "not well", "printer": "well"}
    assert "nowhere" not in answer.content.decode()


def test_a_printer_that_lets_jobs_wait_is_not_well(cast, browser_of, pdf_service):
    job = PrintJob.unguarded.create(by=cast.dana, organization=cast.harbor)
    assert browser_of().get("/healthz").json()["printer"] == "well"
    PrintJob.unguarded.filter(pk=job.pk).update(asked_at=timezone.now() - timezone.timedelta(minutes=3))
    assert browser_of().get("/healthz").json()["printer"] == "not well"


def test_nothing_is_amiss_in_the_settings():
    call_command("check")


PAGES_TO_READ = ["/", "/about/", "/safe/", "/help-now/", "/healthz", "/organization/", "/team/", "/summaries/"]


@pytest.mark.parametrize("path", PAGES_TO_READ)
def test_a_page_that_has_no_form_takes_none(cast, browser_of, path):
    for user in (cast.ines, cast.dana):
        browser = browser_of(user)
        if browser.get(path).status_code != 404:
            assert browser.post(path, {"words": "x"}).status_code == 405
            assert browser.delete(path).status_code == 405


# --- words given back when the session is over ---


def given_back(page):
    boxes = re.findall(
        r'<label class="lab" for="(typed-\d+)">(.*?)</label>.*?<textarea.*?id="\1".*?>(.*?)</textarea>', page, re.S
    )
    return {html.unescape(label): html.unescape(words) for _code, label, words in boxes}


@pytest.mark.parametrize(
    "name, names, typed, expected",
    [
        (
            "goal-new",
            {},
            {"words": "A", "why": "For me", "step": "1", "step_2": "Ask Noor", "back_to": "plan"},
            {
                "What do you want?": "A",
                "Why does this matter to you?": "For me",
                "What is one small thing you can do?": "1",
                "Small step 2": "Ask Noor",
            },
        ),
        (
            "together-part",
            {"section": "values"},
            {"words": "é", "prompt": "s3", "ask": "s4", "kind": "drains", "lifts": "Music", "language": "es"},
            {"In my own words": "é", "Or tap any that fit": "Music"},
        ),
        (
            "entry-add",
            {"section": "supporters"},
            {"words": "N", "helps": "x", "prompt": "s3", "kind": "drains"},
            {"In my own words": "N", "How they help": "x"},
        ),
        ("share-summary", {}, {"from_us": "?", "days": "90"}, {"How could the team help me?": "?"}),
    ],
)
def test_signed_out_every_box_is_given_back_under_its_own_label_and_no_code_is(
    cast, browser_of, name, names, typed, expected
):
    address = reverse(name, kwargs={"plan": cast.plan.pk, **names})
    came_from = reverse("plan", kwargs={"plan": cast.plan.pk})
    sent = {"save_id": "5e1f0c1e-0000-4000-8000-000000000000", **typed}
    answer = browser_of().post(address, sent, headers={"referer": f"http://testserver{came_from}"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert given_back(page) == expected
    assert f'href="{came_from}"' in page
    assert f'href="/sign-in/?next={came_from}"' in page
    old = browser_of(cast.maya, enforce_csrf_checks=True)
    page = old.post(address, sent, headers={"referer": f"http://testserver{came_from}"}).content.decode()
    assert given_back(page) == expected
    assert f'href="{came_from}"' in page


def test_only_choices_are_no_words_and_another_site_is_no_way_back(cast, browser_of):
    address = reverse("step-add", kwargs={"plan": cast.plan.pk, "goal": cast.plan.pk})
    answer = browser_of().post(address, {"who": "me", "words": " "})
    assert answer.status_code == 302
    answer = browser_of().post(address, {"words": "Rest"}, headers={"referer": "https://evil.example/not-ours/"})
    assert "Rest" in answer.content.decode()
    assert "evil" not in answer.content.decode()
    assert "not-ours" not in answer.content.decode()


def test_a_script_is_answered_with_the_status_alone(cast, browser_of):
    address = reverse("goal-new", kwargs={"plan": cast.plan.pk})
    answer = browser_of().post(address, {"words": "Rest"}, headers={"x-by-script": "words"})
    assert (answer.status_code, answer.content) == (403, b"")
    answer = browser_of(cast.maya).post(address, {"words": "Rest"}, headers={"x-by-script": "next"})
    assert (answer.status_code, answer.headers["X-Go-On"]) == (204, f"{goal_address(cast.plan)}#told")


def goal_address(plan):
    return reverse("goal", kwargs={"plan": plan.pk, "goal": plan.goals.get().pk})


def test_a_tab_learns_who_is_here_by_a_mark_that_says_nothing(cast, browser_of):
    maya, again, sam = browser_of(cast.maya), browser_of(cast.maya), browser_of(cast.sam)
    mark = maya.get("/still-signed-in/").json()["who"]
    assert mark == again.get("/still-signed-in/").json()["who"] != sam.get("/still-signed-in/").json()["who"]
    assert mark not in str(cast.maya.pk)
    assert browser_of().get("/still-signed-in/").status_code == 403
    assert f'data-who="{mark}"' in maya.get("/settings/").content.decode()


@pytest.mark.parametrize("announced", ["18", "500", "-1"])
def test_half_a_form_is_never_taken_for_all_of_it(cast, browser_of, announced):
    """The line dropped in the middle: what came is not what was written."""
    body = b"words=I+left+home"
    browser = browser_of(cast.maya)
    path = reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    stream = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": announced}
    answer = browser.generic("POST", path, body, "application/x-www-form-urlencoded", **stream)
    assert answer.status_code == 400
    assert not Entry.unguarded.exists()
