"""The one page a supervisor sees, only with the person's yes: on a list and on screen."""

import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pymupdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peers.models import Person
from peers.models.organization import StaffRole
from recovery_plans import print_jobs
from recovery_plans.events import PlanEvent
from recovery_plans.models import Entry, Grant, LogLine, Plan
from recovery_plans.summaries import read_summary
from recovery_plans.summary_room import in_short
from tests.cast import staff

LAW = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


def someone(cast, name, *, shares=True, peer=None, organization=None):
    """Another person who walks with Sam, perhaps with a yes to the page."""
    organization = organization or cast.harbor
    peer = peer or cast.sam
    plan = Plan.start(person=Person.meet(name=name, peer=peer, organization=organization), by=peer)
    if shares:
        Grant.say_yes_to_summary(plan=plan, organization=organization, by=plan.person.user)
    return plan


def body(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[-1]).split())


def words_in(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return [" ".join(page.get_text().split()) for page in document]


def queries_on(browser, address):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    beside = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "SELECT set_config", "select set_config")
    return [row["sql"] for row in asked if not row["sql"].startswith(beside)]


# --- what is on the page, and what never is ---


def test_dana_reads_what_maya_brings_what_is_next_and_what_would_help(cast, browser_of, shared):
    page = text_of(body(browser_of(cast.dana), reverse("summary", args=[shared.pk])))
    for words in (
        "Slow mornings and steady work",
        "What Maya brings",
        "I keep my word",
        "Mornings that feel like mine",
        "Next: Three slow mornings",
        "2 steps done",
        "Sew for pay again Resting for now",
        "Who walks with Maya",
        "Sam",
        "A text the day before",
        LAW,
    ):
        assert words in page, words
    assert "Typed for me by Sam" in page, "the voice stands with the line"
    assert "%" not in page


def test_what_is_never_on_the_page_is_on_no_page_and_no_sheet(cast, browser_of, shared, pdf_service):
    dana, maya = browser_of(cast.dana), browser_of(cast.maya)
    pages = [
        body(dana, reverse("team")),
        body(dana, reverse("summaries")),
        body(dana, reverse("summary", args=[shared.pk])),
        body(maya, reverse("share-summary", args=[cast.plan.pk])).split("</article>")[0],
        *words_in(dana.post(reverse("summary-pdf", args=[shared.pk])).content),
    ]
    for page in pages:
        assert "CANARY" not in page
        assert "ruler" not in page
    assert "matters" not in vars(read_summary(cast.plan))


def test_maya_sees_beforehand_the_very_page_that_dana_sees_later(cast, browser_of, shared):
    def page(browser, address):
        return text_of(re.search(r"<article.*?</article>", body(browser, address), re.S).group())

    seen_by_maya = page(browser_of(cast.maya), reverse("share-summary", args=[cast.plan.pk]))
    assert seen_by_maya == page(browser_of(cast.dana), reverse("summary", args=[shared.pk]))


def test_words_are_only_ever_text(cast, browser_of, shared):
    cast.plan.add_entry(section="strengths", words="<b>bold</b> {{ plan }} {% now %}", by=cast.maya)
    page = body(browser_of(cast.dana), reverse("summary", args=[shared.pk]))
    assert "&lt;b&gt;bold&lt;/b&gt; {{ plan }} {% now %}" in page


def test_long_words_are_cut_where_it_does_no_harm():
    assert in_short("I keep   my\n\nword", 40) == "I keep my word"
    assert in_short("one two three four five", 14) == "one two three…"
    assert in_short("x" * 50, 10) == "x" * 10 + "…"
    family = "👩‍👩‍👧"
    assert in_short("abcdefgh" + family, 11) == "abcdefgh…", "no family is torn apart"
    assert in_short("e\u0301" * 20, 5) == "e\u0301" * 5 + "…", "no letter loses its mark"
    assert in_short("我每天早上散步", 8) == "我每天早…", "a wide sign counts for two"


def test_a_long_plan_says_what_is_left_out(cast):
    for turn in range(20):
        cast.plan.add_entry(section="strengths", words=f"strength {turn}", by=cast.maya)
        cast.plan.add_goal(words=f"goal {turn}", by=cast.maya)
    reading = read_summary(cast.plan)
    assert len(reading.strengths) + reading.more_strengths == 20
    assert len(reading.goals) + reading.more_goals == 20
    assert reading.goals[0].words == "goal 0"


def test_what_is_on_now_comes_first_and_what_was_never_hers_not_at_all(cast):
    goals = {
        words: cast.plan.add_goal(words=words, by=cast.maya) for words in ("Rest", "Done", "Mine not", "Gone", "On now")
    }
    goals["Rest"].rest(by=cast.maya)
    goals["Done"].reach(by=cast.maya)
    goals["Mine not"].disown(by=cast.maya)
    goals["Gone"].let_go(by=cast.maya)
    reading = read_summary(cast.plan)
    assert [goal.words for goal in reading.goals] == ["On now", "Rest", "Done"]
    assert reading.more_goals == 0


def test_of_a_long_plan_what_is_on_now_is_what_there_is_room_for(cast):
    for turn in range(8):
        cast.plan.add_goal(words=f"resting {turn}", by=cast.maya).rest(by=cast.maya)
    cast.plan.add_goal(words="on now", by=cast.maya)
    assert read_summary(cast.plan).goals[0].words == "on now"


@pytest.mark.parametrize(
    "verb,expected", [("rest", "Resting for now"), ("reach", "Reached"), ("pick_up", "Next: Sing")]
)
def test_a_next_step_is_named_only_for_what_is_on_now(cast, browser_of, shared, verb, expected):
    goal = cast.plan.goals.get(words__startswith="Sew")
    goal.add_step(words="Sing", by=cast.maya)
    getattr(goal, verb)(by=cast.maya)
    page = text_of(body(browser_of(cast.dana), reverse("summary", args=[shared.pk])))
    assert f"Sew for pay again {expected}" in page
    assert ("Sing" in page) == (verb == "pick_up")


# --- who may look ---


@pytest.mark.parametrize("reader", ["maya", "sam", "lee", "noor", "alex", "rosa", "ines"])
def test_only_a_supervisor_has_these_pages(cast, browser_of, shared, reader):
    browser = browser_of(getattr(cast, reader))
    for address in (reverse("team"), reverse("summaries"), reverse("summary", args=[shared.pk])):
        assert browser.get(address).status_code == 404
    assert browser.post(reverse("summary-pdf", args=[shared.pk])).status_code == 404
    assert browser.post(reverse("print-job-new"), {"grant": str(shared.pk)}).status_code == 404


def test_the_supervisor_of_rosas_organization_sees_nothing(cast, browser_of, shared):
    teo = browser_of(staff("Teo", cast.millbrook, StaffRole.SUPERVISOR))
    assert "Rosa" in body(teo, reverse("team"))
    for name in ("team", "summaries"):
        page = body(teo, reverse(name))
        assert "Maya" not in page
        assert "Sam" not in page
    assert teo.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert teo.post(reverse("summary-pdf", args=[shared.pk])).status_code == 404
    assert teo.get(f"{reverse('summaries')}?with={cast.sam.pk}").context["listed"].rows == []


def test_a_yes_ends_by_itself_on_its_day(cast, browser_of, shared):
    dana = browser_of(cast.dana)
    Grant.unguarded.filter(pk=shared.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert dana.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert "Maya" not in body(dana, reverse("summaries"))


def test_each_look_is_written_down_and_repeated_looks_are_one_line(cast, browser_of, shared):
    dana = browser_of(cast.dana)
    for _ in range(3):
        dana.get(reverse("summary", args=[shared.pk]))
    line = LogLine.unguarded.get(plan=cast.plan.pk, what=PlanEvent.SUMMARY_LOOKED)
    assert (line.by, line.under) == (cast.dana.pk, shared.pk)


# --- when Maya changes her mind ---


def test_when_maya_changes_her_mind_dana_sees_nothing(cast, browser_of, shared, pdf_service):
    """The list, the page, the sheet, a print job that waits, and a PDF that lies ready."""
    dana = browser_of(cast.dana)
    someone(cast, "Teo")
    codes = list(Grant.unguarded.filter(purpose="summary").values_list("pk", flat=True))
    ready = dana.post(reverse("print-job-new"), {"grant": codes}).headers["Location"]
    assert print_jobs.print_next()
    waiting = dana.post(reverse("print-job-new"), {"grant": codes}).headers["Location"]
    browser_of(cast.maya).post(reverse("share-summary-stop", args=[cast.plan.pk]))

    listed = dana.get(reverse("summaries")).context["listed"].rows
    assert [row.name for row in listed] == ["Teo"]
    assert dana.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert dana.post(reverse("summary-pdf", args=[shared.pk])).status_code == 404

    answer = dana.post(ready + "pdf/")
    assert answer.headers["Location"] == ready
    page = text_of(body(dana, ready))
    assert "Someone has changed their mind" in page
    assert "we threw it away" in page
    job = print_jobs.find_job(user=cast.dana, code=ready.strip("/").split("/")[-1])
    assert job.pdf is None

    assert print_jobs.print_next()
    pdf = dana.post(waiting + "pdf/").content
    sheets = words_in(pdf)
    assert len(sheets) == 2
    assert "Maya: does not share the page any more" in sheets[0]
    assert not any("I keep my word" in sheet or "Maya" in sheet for sheet in sheets[1:])
    assert "I keep my word" not in body(dana, waiting) + body(dana, ready)


def test_no_address_or_title_of_these_pages_carries_a_name(cast, browser_of, shared):
    dana = browser_of(cast.dana)
    for address in (reverse("team"), reverse("summaries") + "?all=1", reverse("summary", args=[shared.pk])):
        page = body(dana, address)
        assert "Maya" not in re.search(r"<title>(.*?)</title>", page).group(1)
        assert not any(quote("Maya") in link for link in re.findall(r'href="([^"]+)"', page))


def test_a_guess_at_a_code_is_not_there(cast, browser_of, shared):
    assert browser_of(cast.dana).get(reverse("summary", args=[uuid4()])).status_code == 404
    entry = Entry.unguarded.first()
    assert browser_of(cast.dana).get(reverse("summary", args=[entry.pk])).status_code == 404


def test_who_walks_with_maya_elsewhere_is_not_danas_to_know(cast, browser_of, shared):
    cast.person.start_walk(peer=cast.rosa, organization=cast.millbrook, by=cast.rosa)
    dana = browser_of(cast.dana)
    for address in (reverse("summaries"), reverse("summary", args=[shared.pk])):
        page = body(dana, address)
        assert "Sam" in page
        assert "Rosa" not in page
    assert dana.get(f"{reverse('summaries')}?with={cast.rosa.pk}").context["listed"].rows == []
    print_jobs.ask_to_print(grants=[shared], by=cast.dana, size="regular", language="en")
    (sheet,) = print_jobs._sheets(print_jobs.PrintJob.take_next(), [])
    assert "Sam" in sheet[1]
    assert "Rosa" not in sheet[1]
    assert "Rosa" not in body(browser_of(cast.maya), reverse("share-summary", args=[cast.plan.pk]))
