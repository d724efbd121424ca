"""How the PDF of a plan lies on its pages, in which direction it is read, and what no font can draw."""

import pymupdf
import pytest

from peers.templatetags.alongside import direction
from recovery_plans.pdf import missing_glyphs as glyphs
from recovery_plans.pdf.missing_glyphs import covered_by, missing_glyphs
from recovery_plans.pdf.plan_sheet import print_one
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans import paper_looks
from tests.recovery_plans.test_pdf import SIZES, bare, fill, on_paper, own_plan_of, pages_of

pytestmark = pytest.mark.django_db

BAR = (161, 68, 42)  # its color, as it is drawn


# --- how it lies on the page ---


def test_an_empty_plan_is_a_sheet_with_questions_and_room_to_write(cast, pdf_service):
    pages = pages_of(print_one(on_paper(cast.plan)))
    words = " ".join("".join(pages).split())
    for heading in ("Where I am heading", "What I bring", "What I am working on", "On a hard day"):
        assert heading in words
    assert "What do you want?" in words
    assert "988" in pages[-1]
    assert 2 <= len(pages) <= 4


@pytest.mark.parametrize("size", SIZES)
def test_hard_days_are_alone_on_the_last_sheet(cast, pdf_service, size):
    pages = pages_of(print_one(on_paper(fill(cast.plan, cast.maya), size=size)))
    (index,) = [number for number, page in enumerate(pages) if "On a hard day" in page]
    assert "yours to keep apart" in " ".join(pages[index].split())
    assert "What I say of experiences" not in " ".join(pages[index].split())
    assert index >= len(pages) - 2 if size == "extra_large" else index == len(pages) - 1


@pytest.mark.parametrize("goals", [0, 1, 12])
@pytest.mark.parametrize("size", ["regular", "large"])
def test_the_place_to_sign_never_stands_alone(db, pdf_service, goals, size):
    plan = own_plan_of("Ann")
    plan.add_entry(section="strengths", words="I start early", by=plan.owner)
    for number in range(goals):
        goal = plan.add_goal(words=f"Want number {number}, in a few words", by=plan.owner)
        goal.plan = plan
        for _ in range(number % 5):
            goal.add_step(words="A small thing", by=plan.owner)
    pages = [" ".join(page.split()) for page in pages_of(print_one(on_paper(plan, size=size, room_to_write=False)))]
    (signed,) = [page for page in pages if "This is my plan, in my words" in page]
    assert not signed.startswith("This is my plan")
    assert "Ann, and the day" in signed


def test_forty_strengths_are_all_there_and_a_box_is_not_cut_in_two(db, pdf_service):
    plan = own_plan_of("Ann")
    for number in range(40):
        plan.add_entry(section="strengths", words=f"I can do thing {number}.", by=plan.owner)
    for number in range(9):
        goal = plan.add_goal(words=f"Want number {number}.", by=plan.owner)
        goal.plan = plan
        for step in range(4):
            goal.add_step(words=f"Step {step} of want {number}.", by=plan.owner)
    pages = [" ".join(page.split()) for page in pages_of(print_one(on_paper(plan)))]
    assert all(f"I can do thing {number}." in " ".join(pages) for number in range(40))
    for number in range(9):
        (page,) = [page for page in pages if f"Want number {number}." in page]
        assert all(f"Step {step} of want {number}." in page for step in range(4))


def test_lines_as_long_as_they_may_be_are_printed_to_their_end(db, pdf_service):
    plan = own_plan_of("Ann")
    words = ("I walk to the water and back. " * 500)[:14_990] + "The end."
    plan.add_entry(section="strengths", words=words, by=plan.owner)
    plan.add_entry(section="supporters", words="Ro", helps=words, by=plan.owner)
    goal = plan.add_goal(words=words, why=words, by=plan.owner)
    goal.plan = plan
    goal.add_step(words=words, by=plan.owner)
    pdf = print_one(on_paper(plan))
    assert bare("".join(pages_of(pdf))).count("Theend.") == 5
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf) as document:
        for page in document:
            assert all(page.rect.contains(block[:4]) for block in page.get_text("blocks"))


def test_a_name_of_eighty_letters_stays_on_the_page(db, pdf_service):
    plan = own_plan_of(("Wolfeschlegelstein" * 5)[:80])
    plan.add_goal(words="Sleep", by=plan.owner)
    for size in SIZES:
        with pymupdf.open(stream=print_one(on_paper(plan, size=size))) as document:
            assert all(page.rect.contains(word[:4]) for page in document for word in page.get_text("words"))


def test_room_to_write_fills_the_last_page_and_never_makes_one(db, pdf_service):
    for number in range(1, 30, 4):
        plan = own_plan_of(f"Ann{number}")
        for index in range(number):
            plan.add_entry(section="culture", words=f"Where I come from, {index}", by=plan.owner)
        with_room = pages_of(print_one(on_paper(plan)))
        assert len(with_room) == len(pages_of(print_one(on_paper(plan, room_to_write=False))))


# --- words read from the right, and signs that no font has ---


@pytest.mark.parametrize(
    "words, way",
    [
        ("Sam", "ltr"),
        ("حسن", "rtl"),
        ("שלום Sam", "rtl"),
        ("1. حسن", "rtl"),
        ("\u2067حسن\u2069 and I", "ltr"),
        ("12 34", "ltr"),
        ("", "ltr"),
        (None, "ltr"),
    ],
)
def test_the_first_letter_says_which_way_a_line_is_read(words, way):
    assert direction(words) == way


def test_yusufs_words_stand_at_the_right(db, pdf_service):
    plan = own_plan_of("يوسف")
    for words in ("الصبر مفتاح الفرج", "Fajr prayer. Then oven."):
        plan.add_entry(section="resilience", words=words, by=plan.owner)
    html = on_paper(plan)
    assert '<h1 dir="rtl">يوسف</h1>' in html
    with pymupdf.open(stream=print_one(html)) as document:
        middle = document[0].rect.width / 2
        words = [word for page in document for word in page.get_text("words")]
    arabic = [word for word in words if bare("مفتاح") in word[4]]
    latin = [word for word in words if "Fajr" in word[4]]
    assert arabic[0][0] > middle > latin[0][2]


def test_a_sign_that_no_font_has_is_said_on_the_sheet(db, pdf_service):
    plan = own_plan_of("Ann")
    plan.add_entry(section="strengths", words="I draw 😀 ☕ ✓ 我", by=plan.owner)
    assert "no shape on this paper" not in on_paper(plan)
    plan.add_entry(section="strengths", words="my own sign \ue123", by=plan.owner)
    html = on_paper(plan)
    assert "1 character in my words has no shape on this paper: U+E123." in html
    assert_pdf_ua(print_one(html))


def test_a_great_many_short_lines_are_printed_in_one_piece_and_the_sheet_says_so(db):
    plan = own_plan_of("Ann")
    plan.add_entry(section="strengths", words="\n".join(f"row {number}" for number in range(150)), by=plan.owner)
    assert "in one piece" not in on_paper(plan)
    plan.add_entry(section="culture", words="\n".join(f"verse {number}" for number in range(300)), by=plan.owner)
    html = on_paper(plan)
    assert "row 1\nrow 2\n" in html
    assert "verse 1 / verse 2 / " in html
    assert "printed in one piece, with a / where a line ended" in html


def test_the_characters_of_the_fonts_are_read_from_fontconfigs_list():
    covered = covered_by(":charset=20-22 a0 10fe0-10fe2\n:charset=61\n\n")
    with_glyph = [code for code, is_there in enumerate(covered) if is_there]
    assert with_glyph == [0x20, 0x21, 0x22, 0x61, 0xA0, 0x10FE0, 0x10FE1, 0x10FE2]
    assert len(covered) == 0x110000


def test_without_fontconfig_nothing_is_called_missing(monkeypatch):
    monkeypatch.setattr(glyphs, "FC_LIST", ("no-such-program",))
    glyphs._covered.cache_clear()
    try:
        assert missing_glyphs("\ue000") == []
    finally:
        glyphs._covered.cache_clear()


def test_marks_without_a_glyph_are_not_missing():
    assert missing_glyphs("a\u200b\u200d\u202e\ufe0f\u2028é Đừng Привет 我 ሰ") == []
    assert missing_glyphs("\ue000\ue000x") == ["\ue000"]


def test_the_bar_of_a_hard_day_stands_where_the_page_begins_whichever_way_its_first_line_is_read(db, pdf_service):
    with pymupdf.open(stream=paper_looks.on_paper("Arabic")[1]) as document:
        paper = document[-1].get_pixmap()
    heading, middle = paper.height // 6, paper.width // 2
    bar = {x for x in range(paper.width) for y in range(heading, paper.height // 2) if paper.pixel(x, y) == BAR}
    assert bar
    assert max(bar) < middle
