"""Printing from the plan: one tap, remembered, told to the person, safe with any words, and kind when it fails."""

import resource
import socket
import threading

import pymupdf
import pytest
from django.db import connection
from django.urls import reverse

from peers.models import Person, User
from recovery_plans.access import OWNER
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, Plan, PrintChoice
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, print_one
from recovery_plans.pdf_service import client
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import PRINTED_PARTS
from tests.pdfua import assert_pdf_ua

pytestmark = pytest.mark.django_db

AT_MOST = 15_000
LARGE_PRINT = {"parts": ["vision", "goals"], "size": "large", "paper": "a4", "language": "es", "grey": "on"}


@pytest.fixture
def maya(cast):
    """Maya has a few lines, and two that are only hers."""
    cast.plan.add_entry(section="vision", words="Quiet rooms and paint on my hands", by=cast.maya)
    cast.plan.add_entry(section="strengths", words="I letter windows freehand", by=cast.maya)
    cast.plan.add_entry(section="hard_days", words="Ring twice", by=cast.maya)
    cast.plan.add_entry(section="experiences", words="The winter of the long bus", by=cast.maya)
    cast.plan.add_goal(words="Paint signs again", by=cast.maya)
    return cast


def choose(cast):
    return reverse("print", kwargs={"plan": cast.plan.pk})


def pdf(cast):
    return reverse("print-pdf", kwargs={"plan": cast.plan.pk})


def words_of(response):
    assert response.status_code == 200, response.status_code
    with pymupdf.open(stream=response.content) as document:
        return " ".join(" ".join(page.get_text() for page in document).split())


def is_ticked(page, name, value):
    """Whether this choice is ticked on the page; it must be there."""
    tags = [tag for part in page.split("<input")[1:] if 'type="hidden"' not in (tag := part.split(">")[0])]
    (tag,) = [tag for tag in tags if f'name="{name}"' in tag and f'value="{value}"' in tag]
    return "checked" in tag


def prints_of(cast, user):
    return LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.PLAN_PRINTED, by=user.pk).count()


# --- one tap ---


def test_maya_gets_her_plan_in_one_tap(maya, browser_of, pdf_service):
    response = browser_of(maya.maya).post(pdf(maya))
    words = words_of(response)
    for text in ("Quiet rooms", "I letter windows freehand", "Ring twice", "The winter of the long bus", "Paint signs"):
        assert text in words
    assert_pdf_ua(response.content)


def test_the_file_says_nothing_of_whose_it_is(maya, browser_of, pdf_service):
    response = browser_of(maya.maya).post(pdf(maya))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    kind, name = response.headers["Content-Disposition"].split("; filename=")
    assert kind == "attachment"
    assert name.startswith('"plan-')
    assert "maya" not in name.lower()
    with pymupdf.open(stream=response.content) as document:
        assert document.metadata["title"] == "My plan"
        assert document.metadata["author"] == ""


def test_what_maya_chose_last_time_comes_with_one_tap(maya, browser_of, pdf_service):
    browser = browser_of(maya.maya)
    first = words_of(browser.post(pdf(maya), LARGE_PRINT))
    assert "Mi plan" in first
    assert "I letter windows freehand" not in first
    again = browser.post(pdf(maya))
    assert words_of(again) == first
    with pymupdf.open(stream=again.content) as document:
        assert round(document[0].rect.width) == 595  # A4
    page = browser.get(choose(maya)).content.decode()
    for name, kept in (("size", "large"), ("paper", "a4"), ("language", "es"), ("parts", "goals")):
        assert is_ticked(page, name, kept)
    assert not is_ticked(page, "parts", "strengths")


def test_sams_choices_and_mayas_are_two_things(maya, browser_of, pdf_service):
    browser_of(maya.sam).post(pdf(maya), LARGE_PRINT | {"size": "extra_large"})
    assert not PrintChoice.unguarded.filter(plan=maya.plan, reader=maya.maya).exists()
    assert PrintChoice.of(plan=maya.plan, reader=maya.sam).size == "extra_large"


def test_who_reads_large_on_screen_gets_large_print_first(maya, browser_of):
    User.objects.filter(pk=maya.maya.pk).update(text_size=150)
    page = browser_of(User.objects.get(pk=maya.maya.pk)).get(choose(maya)).content.decode()
    assert is_ticked(page, "size", "large")


def test_a_print_with_no_part_is_asked_again_and_nothing_is_lost(maya, browser_of):
    response = browser_of(maya.maya).post(pdf(maya), LARGE_PRINT | {"parts": []})
    assert response.status_code == 422
    assert "Pick at least one part to print." in response.content.decode()
    assert prints_of(maya, maya.maya) == 0


@pytest.mark.parametrize("wrong", [{"size": "huge"}, {"paper": "a0"}, {"language": "xx"}, {"parts": ["summary"]}])
def test_only_what_the_page_offers_can_be_asked_for(maya, browser_of, wrong):
    response = browser_of(maya.maya).post(pdf(maya), LARGE_PRINT | wrong)
    assert response.status_code == 422
    assert not PrintChoice.unguarded.exists()


# --- what Sam prints ---


def test_sam_prints_what_is_open_to_sam_and_maya_sees_it(maya, browser_of, pdf_service):
    response = browser_of(maya.sam).post(pdf(maya))
    words = words_of(response)
    assert "Quiet rooms" in words
    assert "Ring twice" not in words
    assert "The winter of the long bus" not in words
    assert "Printed for Sam" in words
    assert prints_of(maya, maya.sam) == 1
    browser_of(maya.sam).post(pdf(maya))
    assert prints_of(maya, maya.sam) == 2  # prints are never counted as one
    looks = browser_of(maya.maya).get(reverse("looks", kwargs={"plan": maya.plan.pk})).content.decode()
    assert "printed the plan" in looks


def test_sam_may_not_ask_for_a_part_that_is_closed(maya, browser_of):
    page = browser_of(maya.sam).get(choose(maya)).content.decode()
    assert 'value="hard_days"' not in page
    asked = browser_of(maya.sam).post(pdf(maya), LARGE_PRINT | {"parts": ["vision", "hard_days"]})
    assert asked.status_code == 422


def test_when_maya_closes_a_part_again_sams_kept_choice_does_not_bring_it_back(maya, browser_of, pdf_service):
    Grant.open_part(plan=maya.plan, walk=maya.walk, section="hard_days", by=maya.maya)
    sam = browser_of(maya.sam)
    assert "Ring twice" in words_of(sam.post(pdf(maya), LARGE_PRINT | {"parts": ["hard_days"]}))
    Grant.close_part(plan=maya.plan, walk=maya.walk, section="hard_days", by=maya.maya)
    words = words_of(sam.post(pdf(maya)))
    assert "Ring twice" not in words
    assert "Quiet rooms" in words  # all that is open comes, never an empty sheet by mistake


@pytest.mark.parametrize("stranger", ["lee", "alex", "rosa", "dana", "ines", "noor"])
def test_for_a_stranger_there_is_nothing_to_print(maya, browser_of, stranger):
    browser = browser_of(getattr(maya, stranger))
    assert browser.get(choose(maya)).status_code == 404
    assert browser.post(pdf(maya)).status_code == 404
    assert LogLine.unguarded.filter(plan=maya.plan.pk, what=PlanEvent.PLAN_PRINTED).count() == 0


def test_a_link_alone_prints_nothing(maya, browser_of):
    assert browser_of(maya.maya).get(pdf(maya)).status_code == 405


# --- when it does not work ---


def test_without_a_press_maya_reads_that_nothing_is_lost(maya, browser_of, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "none.sock")
    response = browser_of(maya.maya).post(pdf(maya))
    page = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Cache-Control"] == "no-store"
    assert "nothing is lost" in page
    assert "Traceback" not in page
    assert f'action="{pdf(maya)}"' in page
    assert "Content-Disposition" not in response.headers


def test_her_choices_are_kept_when_the_press_fails(maya, browser_of, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "none.sock")
    browser_of(maya.maya).post(pdf(maya), LARGE_PRINT)
    assert PrintChoice.of(plan=maya.plan, reader=maya.maya).size == "large"


def test_no_transaction_is_open_while_the_press_works(maya, browser_of, monkeypatch):
    outside = connection.savepoint_ids.copy()
    seen = []

    def slow_service(html, *, socket_path):
        seen.append(connection.savepoint_ids.copy())
        return b"%PDF"

    monkeypatch.setattr(client, "print_pdf", slow_service)
    assert browser_of(maya.maya).post(pdf(maya)).content == b"%PDF"
    assert seen == [outside]


# --- words that try every trick ---

LURE = "http://127.0.0.1:{port}/caught"
TRICKS = {
    "HTML": "<b>bold</b><h1>Not a heading</h1><img src={lure}><a href={lure}>x</a>",
    "script": "</textarea></title></script><script src={lure}>alert(1)</script>",
    "SVG": "<svg><image href={lure} xlink:href={lure}/><style>@import '{lure}'</style></svg>",
    "attachment": "<link rel=attachment href=file:///etc/passwd><link rel=stylesheet href={lure}>",
    "style": "}}body{{background:url({lure})}}@import '{lure}';</style><style>*{{content:url(file:///etc/passwd)}}",
    "base": "<base href={lure}><object data={lure}></object><iframe src={lure}></iframe>",
    "template": "{{{{ request.user.password }}}}{{% debug %}}{{# gone #}}{{{{ 7|add:7 }}}}",
    "attribute": "\" src='{lure}' onerror=\"alert(1)\" style='background:url({lure})'",
    "entities": "&lt;b&gt; &amp;amp; &#x202e; &nbsp; <!-- x --> <![CDATA[ x ]]> <?xml version='1.0'?>",
    "bidi": "I \u202ekool\u202c at \u2066me\u2069 \u200f\u061c أمي \u202e and so on",
    "zero width": "a\u200bb\u200c\u200d\u2060c\ufeffd\u00ade",
    "marks": "Z\u0301\u0323\u0301\u0323\u0301\u0323\u0301\u0323\u0301\u0323\u0301\u0323algo" * 20,
    "not characters": "\ufffe\uffff\U0010ffff\ue000 and on",
    "strange line ends": "one\u2028two\u2029three\x85four",
    "formula": "=1+1 @SUM(A1:A9)|cmd",
}


@pytest.fixture
def lure():
    """An address that remembers whether anyone came."""
    listener = socket.create_server(("127.0.0.1", 0))
    came = []

    def wait():
        while True:
            try:
                came.append(listener.accept()[1])
            except OSError:
                return

    threading.Thread(target=wait, daemon=True).start()
    yield LURE.format(port=listener.getsockname()[1]), came
    listener.close()


def plan_of(name):
    user = User.objects.welcome(name=name)
    return Plan.start(person=Person.on_their_own(user=user), by=user)


def say_everywhere(plan, words):
    """The same words in every box of a plan."""
    for part in PRINTED_PARTS:
        if part != "goals":
            plan.add_entry(section=part, words=words, helps=words if part == "supporters" else "", by=plan.owner)
    plan.add_entry(section="values", kind="lifts", words=words, by=plan.owner)
    goal = plan.add_goal(words=words, why=words, by=plan.owner)
    goal.plan = plan
    goal.add_step(words=words, who="other", other=words, by=plan.owner)
    goal.go_with(entries=plan.entries.filter(section__in=["strengths", "needs"]), by=plan.owner)


def as_html(plan, **choices):
    plan = Plan.unguarded.select_related("person__user").get(pk=plan.pk)
    return PlanSheet(
        PlanReading(plan, reach=OWNER, reader=plan.owner), Choices(**choices), printed_for=plan.owner
    ).html()


def test_a_hostile_plan_is_printed_as_text_and_nobody_is_called(db, pdf_service, lure):
    address, came = lure
    plan = plan_of('<img src=x onerror="alert(1)"> & {{ name }}')
    for words in TRICKS.values():
        say_everywhere(plan, words.format(lure=address))
    printed = print_one(as_html(plan))
    assert_pdf_ua(printed)  # no attachment, one heading of the first level
    with pymupdf.open(stream=printed) as document:
        words = "".join("".join(page.get_text() for page in document).split())
        assert document.embfile_count() == 0
        assert not any(page.get_links() for page in document)
    for shown in ("<b>bold</b><h1>Notaheading</h1>", "<linkrel=attachmenthref=file:///etc/passwd>", "{{7|add:7}}"):
        assert shown in words
    assert b"root:" not in printed
    assert came == []


LONG = {
    "one word": "w" * AT_MOST,
    "lines without an end": "a" + "\n" * (AT_MOST - 2) + "b",
    "a letter a line": "a\n" * (AT_MOST // 2),
    "line separators": "a\u2028" * (AT_MOST // 2),
    "spaces": "a" + " " * (AT_MOST - 2) + "b",
    "tabs": "a" + "\t" * (AT_MOST - 2) + "b",
    "marks on every letter": "Z\u0301\u0323\u0301" * (AT_MOST // 4),
    "faces": "😀 " * 600,
    "families": "👩‍👩‍👧‍👦" * 600,
    "Arabic without a space": "م" * AT_MOST,
    "Chinese": "我" * AT_MOST,
    "turned round and round": "\u202ea\u202c" * (AT_MOST // 3),
    "isolates": "\u2066" * AT_MOST,
    "soft hyphens": "a\u00ad" * (AT_MOST // 2),
    "zero width": "\u200b" * (AT_MOST - 1) + "a",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LONG)
def test_the_longest_words_are_printed_in_time(db, pdf_service, kind):
    """In the processor time that one job may use (`limits.py`)."""
    plan = plan_of("Ann")
    plan.add_entry(section="strengths", words=LONG[kind][:AT_MOST], by=plan.owner)
    plan.add_goal(words=LONG[kind][:AT_MOST], by=plan.owner)
    printed = print_one(as_html(plan))
    assert printed.startswith(b"%PDF")
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1 << 20
    )  # kilobytes; the PDF service holds itself to the same


# --- who it is for ---

JUST_LOOKS = {"size": "regular", "paper": "letter", "language": "en"}


def test_maya_prints_for_herself_or_for_somebody_else_without_picking_parts(maya, browser_of, pdf_service):
    browser = browser_of(maya.maya)
    mine = words_of(browser.post(pdf(maya), JUST_LOOKS | {"who": "me"}))
    assert "Ring twice" in mine
    assert "The winter of the long bus" in mine
    assert is_ticked(browser.get(choose(maya)).content.decode(), "who", "me")
    to_show = words_of(browser.post(pdf(maya), JUST_LOOKS | {"who": "somebody"}))
    assert "Quiet rooms" in to_show
    assert "Ring twice" not in to_show
    assert "The winter of the long bus" not in to_show
    assert is_ticked(browser.get(choose(maya)).content.decode(), "who", "somebody")


def test_what_maya_picks_is_what_comes_and_the_page_remembers_that_she_picked(maya, browser_of, pdf_service):
    browser = browser_of(maya.maya)
    picked = words_of(browser.post(pdf(maya), JUST_LOOKS | {"who": "picked", "parts": ["strengths"]}))
    assert "I letter windows freehand" in picked
    assert "Quiet rooms" not in picked
    assert is_ticked(browser.get(choose(maya)).content.decode(), "who", "picked")


def test_sam_is_not_asked_who_it_is_for_and_cannot_have_more_by_saying_so(maya, browser_of, pdf_service):
    sam = browser_of(maya.sam)
    assert "Who is it for?" not in sam.get(choose(maya)).content.decode()
    assert sam.post(pdf(maya), JUST_LOOKS | {"who": "me"}).status_code == 422
    assert "Ring twice" not in words_of(sam.post(pdf(maya), JUST_LOOKS | {"who": "me", "parts": ["vision"]}))
