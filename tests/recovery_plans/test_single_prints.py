"""One PDF for whoever waits: what a stop in that moment does, what the person reads of it, and one at a time."""

import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from peers.models import User
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, PrintTurn
from recovery_plans.models.print_jobs import LONGEST_PRINT
from recovery_plans.pdf_service import client
from recovery_plans.pdf_service.client import PdfFailed
from tests.concurrency import at_the_same_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast):
    """Maya has a few lines, and said yes to her one page."""
    cast.plan.add_entry(section="vision", words="Quiet rooms", by=cast.maya)
    cast.plan.add_entry(section="strengths", words="I letter windows freehand " * 40, by=cast.maya)
    cast.plan.add_goal(words="Paint signs again", by=cast.maya)
    cast.yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    return cast


@pytest.fixture
def press(monkeypatch):
    """What happens while a PDF is being made, and what comes of it."""

    def works(meanwhile=lambda: None, *, fails=None):
        def print_pdf(html, *, socket_path):
            meanwhile()
            if fails:
                raise PdfFailed(fails)
            return b"%PDF"

        monkeypatch.setattr(client, "print_pdf", print_pdf)

    works()
    return works


def plan_pdf(cast):
    return reverse("print-pdf", kwargs={"plan": cast.plan.pk})


def summary_pdf(cast):
    return reverse("summary-pdf", args=[cast.yes.pk])


def noted(cast):
    """What the log says came of each print, the oldest first."""
    kinds = [kind.value for kind in PlanEvent if kind.value.endswith("printed")]
    return list(
        LogLine.unguarded.filter(plan=cast.plan.pk, what__in=kinds).order_by("at").values_list("what", flat=True)
    )


# --- a yes that ends while the PDF is being made ---


@pytest.mark.parametrize(
    "stop",
    [
        lambda cast: Grant.stop_summary(plan=cast.plan, by=cast.maya),
        lambda cast: cast.dana.roles.get().end(by=cast.ines),
        lambda cast: User.objects.filter(pk=cast.dana.pk).update(is_active=False),
    ],
    ids=["Maya stops her yes", "Dana's role ends", "Dana is no longer here"],
)
def test_a_summary_whose_yes_ends_meanwhile_does_not_leave(shared, browser_of, press, stop):
    press(lambda: stop(shared))
    answer = browser_of(shared.dana).post(summary_pdf(shared))
    assert answer.status_code == 404
    assert b"%PDF" not in answer.content
    assert noted(shared) == ["summary_not_printed"]


@pytest.mark.parametrize(
    "stop",
    [
        lambda cast: cast.walk.end(by=cast.maya),
        lambda cast: Grant.close_part(plan=cast.plan, walk=cast.walk, section="hard_days", by=cast.maya),
    ],
    ids=["they no longer walk together", "one part of it is closed"],
)
def test_a_plan_that_sam_may_no_longer_print_does_not_leave(shared, browser_of, press, stop):
    shared.plan.add_entry(section="hard_days", words="Ring twice", by=shared.maya)
    Grant.open_part(plan=shared.plan, walk=shared.walk, section="hard_days", by=shared.maya)
    press(lambda: stop(shared))
    answer = browser_of(shared.sam).post(plan_pdf(shared))
    assert answer.status_code == 404
    assert b"%PDF" not in answer.content
    assert noted(shared) == ["plan_not_printed"]


def test_a_part_that_was_not_in_it_may_be_closed_meanwhile(shared, browser_of, press):
    Grant.open_part(plan=shared.plan, walk=shared.walk, section="hard_days", by=shared.maya)
    press(lambda: Grant.close_part(plan=shared.plan, walk=shared.walk, section="hard_days", by=shared.maya))
    chosen = {"parts": ["vision"], "size": "regular", "paper": "letter", "language": "en"}
    assert browser_of(shared.sam).post(plan_pdf(shared), chosen).content == b"%PDF"
    assert noted(shared) == ["plan_printed"]


# --- what the person reads ---


def test_a_print_that_was_made_is_noted_when_it_is_there_and_once(shared, browser_of, press):
    before = []
    press(lambda: before.append(noted(shared)))
    browser_of(shared.dana).post(summary_pdf(shared))
    browser_of(shared.maya).post(plan_pdf(shared))
    assert before == [[], ["summary_printed"]]
    assert noted(shared) == ["summary_printed", "plan_printed"]


@pytest.mark.parametrize("why", ["broken", "busy", "not_running", "too_large"])
def test_a_print_that_failed_is_not_called_printed(shared, browser_of, press, why):
    press(fails=why)
    browser_of(shared.dana).post(summary_pdf(shared))
    browser_of(shared.sam).post(plan_pdf(shared))
    assert noted(shared) == ["summary_not_printed", "plan_not_printed"]
    looks = browser_of(shared.maya).get(reverse("looks", kwargs={"plan": shared.plan.pk})).content.decode()
    assert "asked for a print of the plan; it was not made" in looks
    assert "printed the plan" not in looks


def test_what_is_too_large_is_told_with_the_parts_that_make_it_so(shared, browser_of, press):
    press(fails="too_large")
    answer = browser_of(shared.maya).post(plan_pdf(shared))
    page = answer.content.decode()
    assert answer.status_code == 422
    parts = page.split('<ul class="bullets mt-s">')[1].split("</ul>")[0]
    assert [part.split("<")[0] for part in parts.split("<li>")[1:]] == [
        "What I bring",
        "What I am working on",
        "Where I am heading",
    ]
    assert reverse("print", kwargs={"plan": shared.plan.pk}) in page
    assert browser_of(shared.dana).post(summary_pdf(shared)).status_code == 422


# --- one at a time ---


@pytest.mark.django_db(transaction=True)
def test_a_second_print_of_the_same_account_is_told_that_one_is_being_made(shared, browser_of, press):
    begun, go_on, made = threading.Event(), threading.Event(), []

    def slow():
        made.append(1)
        begun.set()
        go_on.wait(60)

    press(slow)
    dana, again, maya = browser_of(shared.dana), browser_of(shared.dana), browser_of(shared.maya)
    first = at_the_same_time(lambda: dana.post(summary_pdf(shared)))
    assert begun.wait(60)
    second = again.post(summary_pdf(shared))
    assert second.status_code == 409
    assert "One is being made" in second.content.decode()
    others = at_the_same_time(lambda: maya.post(plan_pdf(shared)))
    go_on.set()
    for thread in (first, others):
        thread.join()
    assert first.answer.content == others.answer.content == b"%PDF"
    assert len(made) == 2, "Maya's own print did not wait for Dana's"
    press()
    assert again.post(summary_pdf(shared)).content == b"%PDF"


@pytest.mark.parametrize("fails", [None, "broken"])
def test_the_turn_is_over_with_the_print_however_it_went(shared, browser_of, press, fails):
    press(fails=fails)
    browser_of(shared.dana).post(summary_pdf(shared))
    assert not PrintTurn.unguarded.exists()


def test_a_turn_that_nobody_ended_does_not_last(shared, browser_of, press):
    """The web server was killed in the middle."""
    PrintTurn.take(by=shared.dana)
    assert browser_of(shared.dana).post(summary_pdf(shared)).status_code == 409
    PrintTurn.unguarded.update(since=timezone.now() - LONGEST_PRINT)
    assert browser_of(shared.dana).post(summary_pdf(shared)).status_code == 200


def test_a_turn_outlasts_whatever_the_app_waits_for_one_pdf():
    assert LONGEST_PRINT.total_seconds() > client.ONE_DOCUMENT_TIMEOUT
