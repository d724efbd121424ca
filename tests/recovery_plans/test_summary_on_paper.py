"""A summary on paper: one page always, with as much room as its words leave."""

from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pymupdf
import pytest
from django.utils import timezone

from recovery_plans import print_jobs, summary_room
from recovery_plans.line_readings import EntryReading, GoalReading, StepReading, VoiceReading
from recovery_plans.summaries import SummaryReading
from recovery_plans.summary_room import in_short, is_full
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import share_filled

WORDS = {
    "en": "People call me when they really need a good laugh, and I have never let them down in all these years. ",
    "es": "La gente me llama cuando de verdad necesita reír, y en todos estos años no les he fallado ni una vez. ",
    "zh-Hant": "我每天早上都會到公園散步跟老朋友聊天喝茶然後回家照顧孫子們而且從來沒有缺席過一次家庭聚會",
    "vi": "Tôi muốn những buổi sáng chậm rãi và công việc ổn định, và có mặt bên gia đình mỗi cuối tuần. ",
    "ar": "أريد صباحات هادئة وعملا ثابتا وأن أكون حاضرا مع عائلتي كل أسبوع كما وعدت أمي منذ سنوات طويلة ",
}
# How many strengths, goals and wishes, each more than fits: how wide they may be is found out.
MIXTURES = [(4, 3, 1), (6, 0, 3), (0, 5, 0), (1, 3, 2), (3, 2, 2)]


def reading_of(language, mixture, *, wide):
    """A summary with so many lines of each kind, each cut to this share of its room."""

    def line(room, kind=EntryReading, **facts):
        words = in_short(WORDS[language] * 4, int(room.each * wide))
        return kind(words=words, language=language, voice=VoiceReading("typed", "Sam"), **facts)

    step = line(summary_room.STEP, StepReading, is_next=True)
    done = [line(summary_room.STEP, StepReading, state="done")] * 12

    strengths, goals, wishes = mixture
    return SummaryReading(
        plan=SimpleNamespace(person=SimpleNamespace(paper_name="Marisol Tavares Montgomery", known_by="")),
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


def sheet_of(reading, *, language="en", size="regular"):
    organization = SimpleNamespace(name="Harbor Street Peer Center of Greater Fairhaven")
    grant = SimpleNamespace(supervisors_of=organization, ends_at=timezone.now())
    return print_jobs.sheet(reading, grant, by=SimpleNamespace(name="Dana Whitcomb"), size=size, language=language)


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


def filled(language, counts, *, wide):
    """A summary of a plan with so many goals, strengths and wishes, as it is filled."""
    reading = reading_of(language, (1, 1, 1), wide=wide)
    goals, strengths, wishes = counts
    summary_room.fill(
        reading, goals=reading.goals * goals, strengths=reading.strengths * strengths, from_us=reading.from_us * wishes
    )
    return reading


@pytest.mark.parametrize("counts", MANY.values(), ids=MANY)
@pytest.mark.parametrize("language", WORDS)
def test_nothing_is_left_out_while_a_quarter_of_the_page_is_white(language, counts, pdf_service):
    for wide in (1, 0.5, 0.3, 0.12):
        reading = filled(language, counts, wide=wide)
        left = reading.more_goals + reading.more_strengths + reading.more_from_us
        assert left == sum(counts) - len(reading.goals) - len(reading.strengths) - len(reading.from_us)
        sheet = sheet_of(reading, language="es" if language == "es" else "en")
        with pymupdf.open(stream=print_jobs.print_one(sheet)) as document:
            assert len(document) == 1, wide
            # Of plans with one kind of line alone less is known: the guess of their height is more careful.
            assert not left or share_filled(document[0]) > (0.75 if min(counts) > 1 else 0.64), wide


@pytest.mark.parametrize("wide", [0.05, 0.12, 0.2, 0.27])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_sixty_short_strengths_fill_the_page_before_one_is_left_out(language, wide, pdf_service):
    reading = filled(language, (0, 60, 0), wide=wide)
    sheet = sheet_of(reading, language="es" if language == "es" else "en")
    with pymupdf.open(stream=print_jobs.print_one(sheet)) as document:
        assert len(document) == 1
        assert reading.more_strengths
        assert share_filled(document[0]) > 0.85
