"""A real web server whose PostgreSQL goes away and comes back: kind pages with the words, and then all is as before."""

import uuid

import pytest

from tests.infrastructure.postgres import private_postgres
from tests.infrastructure.web_server import RunningSite, get

pytestmark = pytest.mark.slow

FORM = "Content-Type: application/x-www-form-urlencoded"
WORDS = "I left home at nineteen"


@pytest.fixture
def site(tmp_path):
    with private_postgres() as cluster:
        running = RunningSite(tmp_path, DATABASE_URL=cluster.url())
        running.cluster = cluster
        yield running
        running.stop()


def status(answer):
    return int(answer.split(" ", 2)[1])


def form_with_words(site):
    page = site.ask(get("/open/"))
    token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    cookie = page.split("Set-Cookie: csrftoken=", 1)[1].split(";", 1)[0]
    body = f"csrfmiddlewaretoken={token}&card_words=four+words+of+hers&words={WORDS.replace(' ', '+')}"
    box = f"/plans/{uuid.uuid4()}/about/strengths/add/"
    head = get(
        box, FORM, f"Content-Length: {len(body)}", f"Cookie: csrftoken={cookie}; alongside={'a' * 32}", method="POST"
    )
    return head + body.encode()


def test_the_database_goes_and_comes_back(site):
    form = form_with_words(site)
    assert status(site.ask(form)) == 403, "nobody is signed in"
    site.cluster.halt()
    for _turn in range(2):
        answer = site.ask(form)
        assert status(answer) == 503
        assert WORDS in answer
        assert "We cannot keep anything right now" in answer
        assert "four words of hers" not in answer, "a key is never shown again"
        health = site.ask(get("/healthz"))
        assert (status(health), '"database": "not well"' in health) == (503, True)
    assert status(site.ask(get("/settings/", "Cookie: alongside=" + "a" * 32))) == 503
    assert status(site.ask(get("/about/"))) == 200, "what needs no database is there"
    site.cluster.serve()
    answers = [status(site.ask(form)) for _turn in range(10)]
    # The other worker may not have been asked while it was away: it learns it from its first request.
    assert answers.count(403) >= 9, answers
    assert '"database": "well"' in site.ask(get("/healthz"))
    assert WORDS not in site.written()
