"""A phone number in a line that is read from the right: on every page and on paper its groups stay in their order.

`خط المساعدة 833-773-2445` came out as 2445-773-833, and somebody in need would have dialed that.
"""

import html as markup
import re
import sys
from pathlib import Path
from unicodedata import bidirectional

import pymupdf
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as some

from peers.templatetags import alongside
from peers.templatetags.alongside import FROM_THE_RIGHT, in_lines, numbers_in_order
from recovery_plans.access import OWNER
from recovery_plans.models import Grant, Section
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, print_one
from recovery_plans.plan_reading import PlanReading
from recovery_plans.print_jobs import sheet as summary_sheet
from recovery_plans.summaries import read_summary
from tests.pdfua import assert_pdf_ua
from tests.test_words_and_names import pages_for

NUMBER = "(508) 555-0142"
WHOLE = '<bdi dir="ltr">{}</bdi>'
TYPED = re.compile(r"<(textarea|option|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
# Where a person's words are printed, by the names that templates know them by.
WORDS = re.compile(
    r"\{\{ (?!chip\.|form\.|organization\.|talk\.|question\.|one\.)[\w.]+"
    r"\.(?:words|detail|helps|phone|who_in_words)(?=[ |])[^}]*\}\}"
)
NOT_PRINTED = ("|direction", "|initial", "|av_colour")

ARABIC, PERSIAN, URDU, HEBREW = "خط المساعدة", "تلفن کمک", "مدد لائن", "קו חם"


@pytest.mark.parametrize("before", [ARABIC, PERSIAN, URDU, HEBREW])
@pytest.mark.parametrize(
    "number",
    [
        "833-773-2445",
        "1-833-773-2445",
        "(508) 555-0142",
        "(508)555-0142",
        "+1 508 555 0199",
        "+1 (508) 555-0199",
        "+15085550199",
        "+44 20 7946 0018",
        "06 12 34 56 78",
        "508.555.0142",
        "508 555 0142",
        "508 - 555 - 0142",
        "555-0142",
        "508-555-0142 ext. 12",
        "٠٥٠-٥٥٥-٠١٤٢",
        "۰۲۱-۵۵۵-۰۱۴۲",
        "2026-11-27",
    ],
)
def test_a_number_is_one_piece_that_is_read_from_the_left(before, number):
    for words in (f"{before} {number}", f"{before}:{number}.", f"{number} {before}", f"{before} ({number}) {before}"):
        assert numbers_in_order(words) == words.replace(number, WHOLE.format(number))


@pytest.mark.parametrize(
    "words",
    [
        f"{ARABIC} 988",
        f"{ARABIC} 5085550142",
        f"{ARABIC} 2019-2024",
        f"{ARABIC} 5-10",
        f"{ARABIC} 10 20 30 40 50",
        f"{ARABIC} 27/11/2026 10:00-12:00",
        f"{ARABIC} 1,000,000 3.14",
        "I call 833-773-2445.",
        f"{ARABIC}. Call me: (508) 555-0142",
        "Llámame al (508) 555-0142",
    ],
)
def test_what_is_in_order_by_itself_stays_as_it_is(words):
    """Spans and lists are read from the right like the words around them; after a Latin letter all is in order."""
    assert numbers_in_order(words) == words


def test_two_numbers_are_two_pieces():
    first, second = "508-555-0142", "508-555-0199"
    for between in (" ", ", ", "\n", f" {ARABIC} "):
        printed = numbers_in_order(f"{ARABIC} {first}{between}{second}")
        assert printed == f"{ARABIC} {WHOLE.format(first)}{between}{WHOLE.format(second)}"


def test_markup_in_words_stays_text():
    printed = numbers_in_order(f"<b>{ARABIC} {NUMBER} & <i>\n\"{NUMBER}'")
    assert printed.count("<") == printed.count(">") == 4
    assert printed == markup.escape(f"<b>{ARABIC} {{0}} & <i>\n\"{{0}}'").format(WHOLE.format(NUMBER))


pieces = some.one_of(
    some.text(max_size=6),
    some.sampled_from([ARABIC, HEBREW, NUMBER, "833-773-2445", "+1 508 555 0199", "<b>", "&amp;", "\u202e", "\u2067"]),
    some.text(alphabet="0123456789٠١۰۱ +().-/:,\u2013\xa0xשا\n", max_size=30),
)


@given(some.lists(pieces, max_size=8).map("".join))
def test_the_words_are_unchanged_whatever_they_are(words):
    printed = str(numbers_in_order(words))
    assert markup.unescape(printed.replace('<bdi dir="ltr">', "").replace("</bdi>", "")) == markup.unescape(
        markup.escape(words)
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_words_in_lines_keep_their_lines_and_the_order_of_their_numbers(end):
    """A browser sends its lines with both ends; other texts have one of them."""
    assert in_lines(f"<b>{end}{ARABIC} {NUMBER}") == f"&lt;b&gt;<br>{ARABIC} {WHOLE.format(NUMBER)}"
    assert in_lines(f"{ARABIC} {NUMBER}") == numbers_in_order(f"{ARABIC} {NUMBER}")


def test_no_row_of_numbers_is_looked_through_twice(monkeypatch):
    """Fifteen thousand characters of numbers took as many steps as their square."""
    words, asked = f"{ARABIC} {'508-555-0142 ' * 1150}", []
    monkeypatch.setattr(alongside, "bidirectional", lambda letter: asked.append(letter) or bidirectional(letter))
    assert numbers_in_order(words).count("<bdi") == 1150
    assert len(asked) < 2 * len(words)


# --- wherever words are printed ---


def test_no_template_forgets_it():
    """The story below walks through the pages; this finds the line of a template that it does not come by."""
    wrong, found = [], 0
    for file in sorted(Path(settings.ROOT / "templates").rglob("*.html")):
        for words in WORDS.findall(file.read_text(encoding="utf-8")):
            if any(filter_name in words for filter_name in NOT_PRINTED):
                continue
            found += 1
            if "|numbers_in_order" not in words and "|in_lines" not in words:
                wrong.append(f"{file.name}: {words}")
    assert wrong == []
    assert found > 40


@pytest.fixture
def in_arabic(cast):
    """Maya's plan in Arabic, with a phone number in every line that anyone said."""
    by_maya = {"by": cast.maya, "language": "ar"}
    for section in Section.values:
        helps = f"{ARABIC} {NUMBER}" if section == "supporters" else ""
        cast.plan.add_entry(section=section, words=f"{ARABIC} {NUMBER}", helps=helps, **by_maya)
    cast.plan.add_entry(section="needs", words=f"{ARABIC} {NUMBER}", kind="from_us", **by_maya)
    cast.plan.add_entry(section="strengths", words=f"{ARABIC} {NUMBER}", by=cast.sam, language="ar")
    cast.plan.add_entry(section="strengths", words=f"{ARABIC} {NUMBER}", **by_maya).take_out(by=cast.maya)
    cast.goals = []
    for state in ("pick_up", "rest", "reach", "let_go"):
        goal = cast.plan.add_goal(words=f"{ARABIC} {NUMBER}", why=f"{ARABIC} {NUMBER}", **by_maya)
        goal.add_step(words=f"{ARABIC} {NUMBER}", **by_maya).do(by=cast.maya)
        goal.add_step(words=f"{ARABIC} {NUMBER}", who="other", other=f"{ARABIC} {NUMBER}", **by_maya)
        goal.go_with(entries=cast.plan.entries.filter(section__in=["strengths", "needs"]), by=cast.maya)
        getattr(goal, state)(by=cast.maya)
        cast.goals.append(goal)
    cast.grant = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    return cast


def numbers_that_turn(html):
    """The numbers of a page that do not stand by themselves; those in a box to type in are the browser's."""
    whole = html.replace(WHOLE.format(NUMBER), "")
    return TYPED.sub("", whole).count(NUMBER)


@pytest.mark.parametrize("reader", ["maya", "sam", "dana"])
def test_on_every_page(in_arabic, browser_of, reader):
    pages = list(pages_for(in_arabic, browser_of, reader))
    assert sum(WHOLE.format(NUMBER) in html for _name, html in pages) >= {"maya": 12, "sam": 12, "dana": 1}[reader]
    assert {name: turns for name, html in pages if (turns := numbers_that_turn(html))} == {}


def test_on_every_sheet(in_arabic):
    reading = PlanReading(in_arabic.plan, reach=OWNER, reader=in_arabic.maya)
    plan = PlanSheet(reading, Choices(), printed_for=in_arabic.maya).html()
    page = summary_sheet(
        read_summary(in_arabic.plan), in_arabic.grant, by=in_arabic.dana, size="regular", language="en"
    )
    for html in (plan, page):
        assert WHOLE.format(NUMBER) in html
        assert numbers_that_turn(html) == 0


def positions_of(groups, page):
    """How far from the left each of these groups of digits begins on a page."""
    characters = [
        character
        for block in page.get_text("rawdict")["blocks"]
        for row in block.get("lines", [])
        for span in row["spans"]
        for character in span["chars"]
        if character["c"].isdigit()
    ]
    characters.sort(key=lambda each: (round(each["origin"][1]), each["origin"][0]))
    row = "".join(each["c"] for each in characters)
    return [row.index(group) for group in groups]


@pytest.mark.parametrize("number", ["833-773-2445", "(508) 555-0142", "+1 508 555 0199", "508.555.0142", "5085550142"])
@pytest.mark.parametrize("before", [ARABIC, PERSIAN, HEBREW])
def test_paper_shows_the_groups_from_left_to_right(cast, pdf_service, before, number):
    cast.plan.add_entry(section="strengths", words=f"{before} {number} {before}", by=cast.maya, language="ar")
    reading = PlanReading(cast.plan, reach=OWNER, reader=cast.maya)
    pdf = print_one(PlanSheet(reading, Choices(), printed_for=cast.maya).html())
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        positions = positions_of(re.findall(r"\d{3,}", number), document[0])
    assert positions == sorted(positions)
    assert_pdf_ua(pdf)


def test_every_letter_that_is_read_from_the_right_is_looked_for():
    letters = [
        character for character in map(chr, range(sys.maxunicode + 1)) if bidirectional(character) in ("R", "AL")
    ]
    assert len(letters) > 1_000
    assert [letter for letter in letters if not FROM_THE_RIGHT.search(letter)] == []
