"""The one page a supervisor sees, only with the person's yes: on a list, on screen, on paper."""

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote
from uuid import uuid4

import pikepdf
import pymupdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peers.models import Person
from peers.models.organization import StaffRole
from recovery_plans import print_jobs, summaries, summary_room
from recovery_plans.events import PlanEvent
from recovery_plans.line_readings import EntryReading, GoalReading, StepReading, VoiceReading
from recovery_plans.models import Entry, Grant, LogLine, Plan
from recovery_plans.summaries import read_summary
from recovery_plans.summary_room import in_short
from tests.cast import staff
from tests.pdfua import assert_pdf_ua

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


# --- one sheet ---


def test_dana_prints_one_page_that_says_for_whom_until_when_and_the_law(cast, browser_of, shared, pdf_service):
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="summary-[0-9a-f]{8}\.pdf"', answer.headers["Content-Disposition"])
    assert_pdf_ua(answer.content)
    (sheet,) = words_in(answer.content)
    for words in (
        "One-page summary",
        "Maya chose to share this page",
        "Harbor Street Peer Center",
        "Printed for Dana on",
        LAW,
        "2 steps done",
        "(typed for me)",
    ):
        assert words in sheet, words
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert "Maya" not in str(pdf.docinfo.get("/Title"))
        assert "recover" not in str(pdf.docinfo.get("/Title")).lower()
    line = LogLine.unguarded.get(plan=cast.plan.pk, what=PlanEvent.SUMMARY_PRINTED)
    assert (line.by, line.under) == (cast.dana.pk, shared.pk)


def test_each_line_that_sam_typed_says_so_on_the_sheet_and_the_parts_are_in_order(cast, browser_of, pdf_service):
    for section in ("vision", "strengths"):
        cast.plan.add_entry(section=section, words=f"Said of {section}", by=cast.sam)
    cast.plan.add_entry(section="needs", kind="from_us", words="Said of us", by=cast.sam)
    cast.plan.add_goal(words="Said of goals", by=cast.sam).add_step(words="Said of steps", by=cast.sam)
    grant = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[grant.pk]))
    (sheet,) = words_in(answer.content)
    for kind in ("strengths", "goals", "steps", "us"):
        assert f"Said of {kind} (typed for me)" in sheet
    assert "“Said of vision” (typed for me)" in sheet
    parts = ["Said of vision", "What Maya brings", "What Maya is working on", "Who walks with Maya", "What would help"]
    indexes = [sheet.index(part) for part in parts]
    assert indexes == sorted(indexes)


def test_large_print_is_large(cast, browser_of, shared, pdf_service):
    pdf = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]), {"size": "large"}).content
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        spans = [
            span["size"]
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
            if span["text"].strip()
        ]
    assert min(spans) >= 17.9


def test_prints_are_never_merged(cast, browser_of, shared, pdf_service):
    for _ in range(2):
        browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.SUMMARY_PRINTED).count() == 2


def test_a_press_that_does_not_run_is_told_kindly(cast, browser_of, shared, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    answer = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]))
    assert answer.status_code == 503
    assert "It is not your fault" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asked, again", [("large", "large"), ("regular", "regular"), ("?", "regular")])
def test_trying_again_asks_for_the_same_size(cast, browser_of, shared, settings, tmp_path, asked, again):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    page = body(browser_of(cast.dana), reverse("summary", args=[shared.pk]))
    assert 'name="size" value="large"' in page, "what the failed page repeats is what this page asks for"
    page = browser_of(cast.dana).post(reverse("summary-pdf", args=[shared.pk]), {"size": asked}).content.decode()
    assert re.findall(r'<input type="hidden" name="size" value="(\w+)">', page) == [again]


def test_a_sheet_is_not_made_by_looking(cast, browser_of, shared):
    assert browser_of(cast.dana).get(reverse("summary-pdf", args=[shared.pk])).status_code == 405
    assert not LogLine.unguarded.filter(what=PlanEvent.SUMMARY_PRINTED).exists()


LONG_WORDS = {
    "en": "People call me when they really need a good laugh, and I have never let them down in all these years. ",
    "es": "La gente me llama cuando de verdad necesita reír, y en todos estos años no les he fallado ni una vez. ",
    "zh-Hant": "我每天早上都會到公園散步跟老朋友聊天喝茶然後回家照顧孫子們而且從來沒有缺席過一次家庭聚會",
    "vi": "Tôi muốn những buổi sáng chậm rãi và công việc ổn định, và có mặt bên gia đình mỗi cuối tuần. ",
    "ar": "أريد صباحات هادئة وعملا ثابتا وأن أكون حاضرا مع عائلتي كل أسبوع كما وعدت أمي منذ سنوات طويلة ",
}


@pytest.mark.parametrize("language", LONG_WORDS)
@pytest.mark.parametrize("share_of_room", [1, 0.5, 0.3])
def test_a_page_full_of_words_stays_one_page(language, share_of_room, pdf_service):
    """As many and as long lines of each kind as there is room for, all typed for the person, and long names."""

    def full(room, kind=EntryReading, **facts):
        words = in_short(LONG_WORDS[language] * 4, int(room.each * share_of_room))
        return [kind(words=words, language=language, voice=VoiceReading("typed", "Sam"), **facts)] * room.lines

    whose = dict.fromkeys(("name", "paper_name"), "Marisol Tavares Montgomery") | {"known_by": ""}
    (step, *_) = full(summary_room.STEP, StepReading, is_next=True)
    (done, *_) = full(summary_room.STEP, StepReading, state="done")
    goals = full(summary_room.GOAL, GoalReading, steps=[*[done] * 12, step])
    reading = summaries.SummaryReading(
        plan=SimpleNamespace(person=SimpleNamespace(**whose)),
        vision=full(summary_room.VISION),
        strengths=summary_room.as_fit(full(summary_room.STRENGTH), summary_room.STRENGTH),
        goals=summary_room.as_fit(goals, summary_room.GOAL),
        walkers=["Bartholomew Okafor-Smith", "Lee Marchetti", "Alex Figueroa", "Rosa Lindqvist"],
        from_us=summary_room.as_fit(full(summary_room.FROM_US), summary_room.FROM_US),
        more_strengths=4,
        more_goals=3,
        more_from_us=2,
    )
    grant = SimpleNamespace(
        supervisors_of=SimpleNamespace(name="Harbor Street Peer Center of Greater Fairhaven"), ends_at=timezone.now()
    )
    html = print_jobs.sheet(
        reading,
        grant,
        by=SimpleNamespace(name="Dana Whitcomb"),
        size="regular",
        language="es" if language == "es" else "en",
    )
    pdf = print_jobs.print_one(html)
    assert_pdf_ua(pdf)
    assert len(words_in(pdf)) == 1


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
