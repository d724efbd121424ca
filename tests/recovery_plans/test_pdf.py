"""The PDF of a plan: everything in it, nothing besides, readable by ear, and a thing to keep."""

import base64
import re
import shutil
import subprocess
import unicodedata
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peers.models import Person, User
from recovery_plans.access import find_plan
from recovery_plans.models import Plan
from recovery_plans.path import Path
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, print_one
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import PRINTED_PARTS
from tests.pdfua import assert_pdf_ua, has_attachments, walk

pytestmark = pytest.mark.django_db

SIZES, PAPERS, LANGUAGES = ("regular", "large", "extra_large"), ("letter", "a4"), ("en", "es")
SCRIPTS = {
    "en": "I keep my word.",
    "es": "Mañana será otro día, ¿verdad?",
    "ht": "Mwen pa fè sa pou kont mwen. Piti piti, zwazo fè nich li.",
    "pt": "Não devo nada a ninguém.",
    "vi": "Đừng lo, mọi chuyện rồi sẽ ổn. Tết ở nhà bà ngoại.",
    "ru": "Глаза боятся, а руки делают. Ґанок.",
    "ar": "الصبر مفتاح الفرج",
    "zh-Hant": "我會煲湯，喝一口就知道是哪個媽媽煲的。",
    "zh-Hans": "简体中文：每天早上去公园。",
    "am": "ሰላም ለዓለም",
}


def on_paper(plan, *, user=None, **choices):
    """The HTML of this plan, as a fresh request makes it."""
    user = user or plan.owner
    return PlanSheet(reading_of(plan, user=user), Choices(**choices), printed_for=user).html()


def reading_of(plan, *, user=None):
    user = user or plan.owner
    plan, reach = find_plan(user=user, code=plan.pk)
    return PlanReading(plan, reach=reach, reader=user)


def pages_of(pdf):
    with pymupdf.open(stream=pdf) as document:
        return [page.get_text() for page in document]


def text_of(pdf, tmp_path):
    """The words in reading order, as someone would copy them."""
    file = tmp_path / "plan.pdf"
    file.write_bytes(pdf)
    result = subprocess.run([shutil.which("pdftotext"), file, "-"], capture_output=True, check=True, timeout=30)
    return result.stdout.decode()


def bare(text):
    """Without spaces and marks of direction: where a line ends on paper says nothing."""
    kept = (character for character in unicodedata.normalize("NFC", text) if unicodedata.category(character) != "Cf")
    return re.sub(r"\s", "", "".join(kept))


def own_plan_of(name):
    user = User.objects.welcome(name=name)
    return Plan.start(person=Person.on_their_own(user=user), by=user)


def fill(plan, by):
    """A rich plan: every section, every kind of goal and step, every voice, several scripts."""
    for language, words in SCRIPTS.items():
        plan.add_entry(section="strengths", words=words, language=language, by=by)
    for section in ("vision", "resilience", "culture", "needs", "experiences", "hard_days"):
        for number in range(3):
            plan.add_entry(section=section, words=f"What I say of {section}, number {number}.", by=by)
    plan.add_entry(section="values", kind="lifts", words="The smell of paint", by=by)
    plan.add_entry(section="values", kind="drains", words="Phone calls without warning", by=by)
    plan.add_entry(section="values", words="Tell me before, not during", by=by)
    plan.add_entry(section="supporters", words="حسن", helps="Drives me on Fridays", language="ar", by=by)
    for number, state in enumerate(("pick_up", "rest", "reach", "let_go", "pick_up")):
        goal = plan.add_goal(words=f"Want number {number}", why="Because it is mine", by=by)
        goal.plan = plan
        for who in ("me", "peer", "together"):
            step = goal.add_step(words=f"A small thing for {who}", who=who, by=by)
            step.plan = plan
            {"me": step.do, "peer": step.cannot_yet, "together": step.undo}[who](by=by)
        first = plan.entries.filter(section__in=["strengths", "needs"]).order_by("section", "created_at", "code")[:3]
        goal.go_with(entries=first, by=by)
        getattr(goal, state)(by=by)
    return plan


# --- for everyone, also those who hear it ---


@pytest.mark.slow
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", SIZES)
def test_a_rich_plan_is_pdf_ua_in_every_size_paper_language_and_colour(cast, pdf_service, size, paper):
    plan = fill(cast.plan, cast.maya)
    plan.add_entry(section="strengths", words="Sam typed this one", by=cast.sam)
    for language in LANGUAGES:
        for grey in (False, True):
            assert_pdf_ua(print_one(on_paper(plan, size=size, paper=paper, language=language, grey=grey)))


@pytest.mark.slow
def test_every_plan_of_the_demo_is_pdf_ua_and_ends_well(db, pdf_service, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("demo", verbosity=0)
    people = list(Person.objects.filter(plan__isnull=False).order_by("user__name"))
    assert len(people) >= 18
    for index, person in enumerate(people):
        size, paper, language = SIZES[index % 3], PAPERS[index % 2], LANGUAGES[index // 2 % 2]
        html = on_paper(person.plan, size=size, paper=paper, language=language, grey=index % 4 == 3)
        pdf = print_one(html)
        assert_pdf_ua(pdf, html=html)
        pages = pages_of(pdf)
        headings_alone = [page for page in pages[1:] if len(bare(page)) < 60]
        assert not headings_alone, f"{person.pk}: a page with next to nothing on it, {size} {paper}"


def test_the_picture_is_told_in_words_and_the_title_tells_nothing(cast, pdf_service):
    pdf = print_one(on_paper(fill(cast.plan, cast.maya)))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.docinfo.Title) == "My plan"
        assert "/Author" not in document.docinfo
        assert not has_attachments(document)
        alternatives = [str(tag.Alt) for tag in walk(document.Root.StructTreeRoot) if tag.get("/S") == "/Figure"]
    assert len(alternatives) == 1
    assert "Goal 1: 1 step done." in alternatives[0]
    assert "10 strengths" in alternatives[0]


@pytest.mark.parametrize("grey, colours", [(False, "print"), (True, "grey")])
def test_the_picture_is_the_one_of_the_screen_with_no_words_in_it(cast, grey, colours):
    plan = fill(cast.plan, cast.maya)
    html = on_paper(plan, grey=grey)
    (picture,) = re.findall(r'<img alt="[^"]{40,}" src="data:image/svg\+xml;base64,([^"]+)"/>', html)
    printed = base64.b64decode(picture).decode()
    on_screen = Path(reading_of(plan)).draw("wide", colours=colours, ident="path")
    assert re.sub(r"<(title|desc)[^>]*>.*?</\1>", "", printed) == re.sub(r"<(title|desc)[^>]*>.*?</\1>", "", on_screen)
    assert "Maya" in on_screen
    assert re.sub(r"[\d\s]", "", re.sub(r"<[^>]+>", "", printed)) == ""


# --- all of it, and nothing besides ---


def test_mayas_words_are_in_it_letter_by_letter_in_every_script(cast, pdf_service, tmp_path):
    plan = fill(cast.plan, cast.maya)
    copied = bare(text_of(print_one(on_paper(plan)), tmp_path))
    for language, words in SCRIPTS.items():
        assert bare(words) in copied, language
    for line in [*plan.entries.all(), *plan.goals.exclude(state="let_go"), *plan.steps.exclude(goal__state="let_go")]:
        if line.language not in SCRIPTS:
            assert bare(line.words) in copied
    assert "Wantnumber3" not in copied  # let go: it is in Looking back, not on paper


def test_what_maya_leaves_out_is_left_out_also_beside_a_goal(cast, pdf_service):
    plan = fill(cast.plan, cast.maya)
    leans_on = plan.entries.get(words=SCRIPTS["ht"])
    goal = plan.goals.get(words="Want number 0")
    goal.plan = plan
    goal.go_with(entries=[leans_on, plan.entries.get(words="What I say of needs, number 0.")], by=cast.maya)
    # Once among the strengths, once beside the goal.
    assert on_paper(plan).count(SCRIPTS["ht"]) == 2
    parts = [part for part in PRINTED_PARTS if part not in ("strengths", "hard_days")]
    html = on_paper(plan, parts=parts)
    assert "What I bring" not in html
    assert SCRIPTS["ht"] not in html
    assert "hard_days" not in html
    assert "What I say of needs, number 0." in html
    assert "What I need for this:" in html  # its own part is printed
    without_needs = on_paper(plan, parts=[part for part in parts if part != "needs"])
    assert "What I say of needs" not in without_needs
    assert "What I need for this:" not in without_needs
    assert "<img" not in html  # the picture would tell how many strengths there are


def test_her_numbers_from_nought_to_ten_are_never_printed(cast):
    goal = cast.plan.add_goal(words="Paint signs", by=cast.maya)
    before = on_paper(cast.plan)
    goal.measure(by=cast.maya, matters=9, sure=7)
    assert on_paper(cast.plan) == before


def test_a_part_closed_to_sam_is_not_in_sams_print(cast):
    plan = fill(cast.plan, cast.maya)
    html = on_paper(plan, user=cast.sam)
    assert "What I say of strengths" not in html  # fill() wrote other words there
    assert "What I say of culture, number 0." in html
    for closed in ("experiences", "hard_days"):
        assert f"What I say of {closed}" not in html
    assert "What I say of hard_days, number 0." in on_paper(plan)


def test_sams_print_says_for_whom_and_when_and_that_the_law_guards_it(cast):
    cast.plan.add_goal(words="Paint signs", by=cast.maya)
    html = on_paper(cast.plan, user=cast.sam)
    assert "Printed for Sam on" in html
    assert "42 CFR part 2" in html
    assert "42 CFR part 2" not in on_paper(cast.plan)


def test_each_line_says_whose_words_it_is(cast):
    cast.plan.add_entry(section="strengths", words="I wrote this", by=cast.maya)
    assert "typed for me" not in on_paper(cast.plan)
    cast.plan.add_entry(section="strengths", words="Sam wrote this", by=cast.sam)
    html = on_paper(cast.plan)
    assert "(typed for me by Sam)" in html
    assert "was not read back to me yet" in html


def test_what_she_wants_on_paper_stands_there_and_nothing_else_of_her_name(db, pdf_service):
    plan = own_plan_of("Maya Siddiqui-Byrne")
    plan.add_goal(words="Paint signs", by=plan.owner)
    assert "Siddiqui" in "".join(pages_of(print_one(on_paper(plan))))
    plan.person.take_name_on_paper("Maya")
    pdf = print_one(on_paper(plan))
    assert "This plan belongs to Maya\n" in "".join(pages_of(pdf))
    assert b"Siddiqui" not in pdf
    assert "Siddiqui" not in "".join(pages_of(pdf))


# --- what it costs ---


def test_a_print_asks_the_database_no_more_for_a_rich_plan(cast):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            on_paper(cast.plan)
        return len(queries)

    cast.plan.add_entry(section="strengths", words="One", by=cast.maya)
    cast.plan.add_goal(words="Two", by=cast.maya)
    few = asked()
    fill(cast.plan, cast.maya)
    assert asked() == few <= 9
