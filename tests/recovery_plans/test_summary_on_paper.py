"""A summary on paper: one page always, with as much room as its words leave."""

from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pymupdf
import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from recovery_plans import print_jobs, summary_room
from recovery_plans.letter_widths import Face, width_of
from recovery_plans.line_readings import EntryReading, GoalReading, StepReading, VoiceReading
from recovery_plans.summaries import SummaryReading
from recovery_plans.summary_room import in_short, is_full
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import share_filled

CAPITALS = "WE MAKE MUSIC EVERY SUMMER AND MY MOM WILL COME, AS SHE WOULD WHEN WE WERE A FAMILY OF EIGHT AT HOME. "
WORDS = {
    "en": "People call me when they really need a good laugh, and I have never let them down in all these years. ",
    "es": "La gente me llama cuando de verdad necesita reír, y en todos estos años no les he fallado ni una vez. ",
    "zh-Hant": "我每天早上都會到公園散步跟老朋友聊天喝茶然後回家照顧孫子們而且從來沒有缺席過一次家庭聚會",
    "vi": "Tôi muốn những buổi sáng chậm rãi và công việc ổn định, và có mặt bên gia đình mỗi cuối tuần. ",
    "ar": "أريد صباحات هادئة وعملا ثابتا وأن أكون حاضرا مع عائلتي كل أسبوع كما وعدت أمي منذ سنوات طويلة ",
}
# How many strengths, goals and wishes, each more than fits: how wide they may be is found out.
MIXTURES = [(4, 3, 1), (2, 2, 1), (6, 0, 3), (0, 5, 0), (1, 3, 2), (3, 2, 2)]


def reading_of(language, mixture, *, wide, voice="typed", words=""):
    """A summary with so many lines of each kind, each cut to this share of its room."""

    def line(letters, kind=EntryReading, **facts):
        short = in_short((words or WORDS[language]) * 4, int(letters * wide))
        return kind(words=short, language=language, voice=VoiceReading(voice, "Sam"), **facts)

    step = line(summary_room.STEP, StepReading, is_next=True)
    done = [line(summary_room.STEP, StepReading, state="done")] * 12

    strengths, goals, wishes = mixture
    return SummaryReading(
        plan=SimpleNamespace(person=SimpleNamespace(paper_name="Marisol Tavares Montgomery", known_by="")),
        organization=SimpleNamespace(name="Harbor Street Peer Center of Greater Fairhaven"),
        vision=[line(summary_room.VISION)],
        strengths=[line(summary_room.STRENGTH)] * strengths,
        goals=[
            line(summary_room.GOAL, GoalReading, steps=steps)
            for steps in ([[*done, step], [*done, line(summary_room.STEP, StepReading)]] * goals)[:goals]
        ],
        walkers=["Bartholomew Okafor-Smith", "Lee Marchetti", "Alex Figueroa", "Rosa Lindqvist"],
        from_us=[line(summary_room.FROM_US)] * wishes,
        more_strengths=4,
    )


def as_wide_as_leaves_room(language, mixture):
    """The widest such summary that is still printed with room round its words."""
    readings = [reading_of(language, mixture, wide=share / 20) for share in range(20, 0, -1)]
    return next((reading for reading in readings if not is_full(reading)), None)


def sheet_of(reading, *, language="en", size="regular", by="Dana Whitcomb"):
    grant = SimpleNamespace(supervisors_of=reading.organization, ends_at=timezone.now())
    return print_jobs.sheet(reading, grant, by=SimpleNamespace(name=by), size=size, language=language)


@pytest.mark.parametrize("language", WORDS)
def test_a_summary_with_room_round_its_words_stays_one_page(language, pdf_service):
    readings = [as_wide_as_leaves_room(language, mixture) for mixture in MIXTURES]
    readings = [reading for reading in readings if reading is not None]
    assert len(readings) >= 3
    for reading in readings:
        html = sheet_of(reading, language="es" if language == "es" else "en")
        assert " dense" not in html.partition("data-owner")[0]
        with pikepdf.open(BytesIO(print_jobs.print_one(html))) as document:
            assert len(document.pages) == 1


def test_many_words_are_printed_smaller_but_in_large_print_never(pdf_service):
    reading = reading_of("en", (6, 5, 3), wide=1)
    assert " dense" in sheet_of(reading).partition("data-owner")[0]
    assert " dense" not in sheet_of(reading, size="large").partition("data-owner")[0]


def test_neighbours_are_laid_out_together_and_each_keeps_its_own_foot_and_tags(pdf_service):
    """Twelve sheets in one PDF, one of them read from the right: every foot names its owner, every page is tagged."""
    readings = [reading_of("ar" if number == 5 else "en", (2, 2, 1), wide=0.4) for number in range(12)]
    for number, reading in enumerate(readings):
        reading.plan.person.paper_name = f"Person {number}"
    pdf = print_jobs.print_many([sheet_of(reading) for reading in readings], while_waiting=lambda: None)
    assert_pdf_ua(pdf)
    with pymupdf.open(stream=pdf) as document:
        pages = [page.get_text() for page in document]
    assert len(pages) == 12
    for number, page in enumerate(pages):
        assert f"This plan belongs to Person {number}\n" in page
        assert "Page 1 of 1" in page
        assert page.count("chose to share this page") == 1


def test_words_from_the_right_stand_at_the_right_of_their_cell(pdf_service):
    reading = reading_of("ar", (1, 1, 1), wide=0.3)
    with pymupdf.open(stream=print_jobs.print_one(sheet_of(reading))) as document:
        wide = document[0].rect.width
        arabic = [word for word in document[0].get_text("words") if "\u0600" <= word[4][0] <= "\u06ff"]
    assert max(word[2] for word in arabic) > wide * 0.8


# --- a plan with more than there is room for ---

MANY = {
    "of all": (30, 30, 30),
    "goals": (30, 1, 1),
    "strengths": (1, 30, 1),
    "wishes": (1, 1, 30),
    "only strengths": (0, 30, 0),
}


WIDE = (1, 0.9, 0.75, 0.6, 0.5, 0.45, 0.4, 0.3, 0.12)


def filled(language, counts, *, wide=WIDE, reading=None, **written):
    """A summary of a plan with so many goals, strengths and wishes, as it is filled: lines so wide, by turns."""
    wide = wide if isinstance(wide, tuple) else (wide,)
    turns = [reading_of(language, (1, 1, 1), wide=each, **written) for each in wide]
    found = {
        kind: [line for turn in turns for line in getattr(turn, kind)] for kind in ("goals", "strengths", "from_us")
    }
    reading = reading or turns[0]
    found = {kind: (lines * count)[:count] for (kind, lines), count in zip(found.items(), counts, strict=True)}
    summary_room.fill(reading, **found)
    assert reading.more_goals == counts[0] - len(reading.goals)
    return reading


def left_out_of(reading):
    return reading.more_goals + reading.more_strengths + reading.more_from_us


def pages_of(reading, **printed):
    with pymupdf.open(stream=print_jobs.print_one(sheet_of(reading, **printed))) as document:
        return len(document)


def is_one_page_and_full(reading, *, language):
    """Whether it is one page, and full where anything was left out."""
    with pymupdf.open(stream=print_jobs.print_one(sheet_of(reading, language=language))) as document:
        return len(document) == 1 and (not left_out_of(reading) or share_filled(document[0]) > 0.85)


@pytest.mark.parametrize("counts", MANY.values(), ids=MANY)
@pytest.mark.parametrize("language", WORDS)
def test_nothing_is_left_out_before_the_page_is_full(language, counts, pdf_service):
    """All lines as long as each other, on the sheet in Spanish, whose marks are longest: the lines on a summary are the
    same in every language, and so as many as the longest has room for.
    """
    kept = {wide: filled(language, counts, wide=wide) for wide in WIDE}
    assert any(map(left_out_of, kept.values()))
    assert [wide for wide, reading in kept.items() if not is_one_page_and_full(reading, language="es")] == []


@pytest.mark.parametrize("voice", ["own", "typed", "paper", "read_back"])
@pytest.mark.parametrize("language", WORDS)
def test_lines_of_all_lengths_fill_the_page_in_english_and_in_spanish(language, voice, pdf_service):
    for counts in MANY.values():
        reading = filled(language, counts, voice=voice)
        assert is_one_page_and_full(reading, language="en"), counts
        assert is_one_page_and_full(reading, language="es"), counts


@pytest.mark.parametrize("wide", [WIDE, 1, 0.4])
def test_capital_letters_stay_on_one_page_too(wide, pdf_service):
    for words in (CAPITALS, "WOW " * 40, "W" * 160):
        for counts in MANY.values():
            assert pages_of(filled("en", counts, wide=wide, words=words), language="es") == 1, (words, counts)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_names_stay_on_one_page_too(language, pdf_service):
    longest = ("Wolfeschlegelsteinhausen " * 8)[:80]
    for counts in MANY.values():
        reading = reading_of(language, (1, 1, 1), wide=0.5)
        reading.plan.person.paper_name, reading.walkers = longest, [longest] * 4
        reading.organization.name = f"{longest} {longest}"[:120]
        assert pages_of(filled(language, counts, reading=reading), language=language, by=longest) == 1, counts


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_sheet_itself_says_is_nowhere_longer_than_room_is_kept_for(language):
    marks = {"typed": "(typed for me)", "paper": "(from paper)", "read_back": "(read back, yes)"}
    headings = {
        "strengths": "What %(name)s brings",
        "goals": "What %(name)s is working on",
        "walkers": "Who walks with %(name)s",
        "from_us": "What would help %(name)s from us",
    }
    with translation.override(language):
        for kind, mark in marks.items():
            kept = width_of(summary_room.MARKS[kind], face=Face.REGULAR)
            assert width_of(gettext(mark), face=Face.REGULAR) <= kept, kind
        for kind, heading in headings.items():
            assert len(gettext(heading) % {"name": ""}) <= len(summary_room.HEADINGS[kind]), kind


@pytest.mark.parametrize("wide", [0.05, 0.12, 0.2, 0.27])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_sixty_short_strengths_fill_the_page_before_one_is_left_out(language, wide, pdf_service):
    reading = filled(language, (0, 60, 0), wide=wide)
    assert left_out_of(reading)
    assert is_one_page_and_full(reading, language="es" if language == "es" else "en")


@pytest.mark.parametrize("strengths", range(1, 9))
def test_in_large_print_the_notice_never_has_a_page_to_itself(strengths, pdf_service):
    reading = reading_of("en", (strengths, 3, 3), wide=0.5)
    with pymupdf.open(stream=print_jobs.print_one(sheet_of(reading, size="large"))) as document:
        last = document[-1].get_text()
    assert "People call me" in last
