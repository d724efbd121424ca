"""Every section is everywhere: on the pages, on paper, in what can be printed and granted, in every language.

That a section which is missing somewhere makes these tests fail is tried in test_tenth_section.py.
"""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from recovery_plans.access import ALL_PARTS, OWNER, find_plan
from recovery_plans.checks import sections_are_complete
from recovery_plans.forms.printing import PrintForm
from recovery_plans.models import Action, EntryKind, Grant, GrantedPart, Section
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import LANGUAGES, bank
from recovery_plans.sections import GOALS, GOALS_PAPER_ORDER, PRINTED_PARTS, SECTIONS, open_to_walks, row_of
from recovery_plans.summaries import read_summary
from tests.history import rewriting

WORDS = "Said in one part alone"

every_section = pytest.mark.parametrize("section", Section.values)


@pytest.fixture
def plan_with(cast):
    """Maya says something in one section; whoever walks with her may see it, private or not."""

    def say(section):
        if section in [row.section for row in SECTIONS if row.is_private]:
            Grant.open_part(plan=cast.plan, walk=cast.walk, section=section, by=cast.maya)
        cast.plan.add_entry(section=section, words=WORDS, by=cast.maya)
        return cast

    return say


def page(browser, name, cast, **kwargs):
    answer = browser.get(reverse(name, kwargs={"plan": cast.plan.pk, **kwargs}))
    assert answer.status_code == 200
    return re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.DOTALL)


def heading(section):
    """The heading of a section, as it stands in HTML."""
    return str(escape(str(Section(section).label)))


def sheet(cast, **choices):
    """What Maya's plan is printed from."""
    plan, reach = find_plan(user=cast.maya, code=cast.plan.pk)
    reading = PlanReading(plan, reach=reach, reader=cast.maya)
    return PlanSheet(reading, Choices(**choices), printed_for=cast.maya)


# --- the table, and the database ---


@every_section
def test_it_has_one_row_and_an_icon(section):
    (row,) = [row for row in SECTIONS if row.section == section]
    assert row_of(section) is row
    assert (settings.ROOT / "static" / "icons" / f"{row.icon}.svg").is_file()


def test_the_rows_stand_in_the_order_in_which_sections_are_offered_and_no_two_share_a_place_on_paper():
    assert [row.section for row in SECTIONS] == list(Section)
    orders = [*(row.paper_order for row in SECTIONS), GOALS_PAPER_ORDER]
    assert len(set(orders)) == len(orders)
    assert PRINTED_PARTS[-1] == "hard_days"
    assert set(PRINTED_PARTS) == ALL_PARTS


@every_section
def test_the_database_knows_it(cast, section):
    entry = cast.plan.add_entry(section=section, words=WORDS, by=cast.maya)
    assert entry.section == section
    grant = Grant.unguarded.create(
        plan=cast.plan, reader=cast.sam, walk=cast.walk, purpose="walk", given_by=cast.maya, given="on_screen"
    )
    assert GrantedPart.unguarded.create(grant=grant, part=section, action=Action.SEE)


@every_section
@pytest.mark.parametrize("kind", EntryKind.values)
def test_an_entry_is_of_a_kind_that_its_section_asks_for(cast, section, kind):
    if kind in ["", *(kind for kind, _label in row_of(section).kinds)]:
        assert cast.plan.add_entry(section=section, kind=kind, words=WORDS, by=cast.maya)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            cast.plan.add_entry(section=section, kind=kind, words=WORDS, by=cast.maya)


# --- the pages ---


@every_section
def test_it_is_on_the_plan_page(plan_with, browser_of, section):
    cast = plan_with(section)
    for reader in (cast.maya, cast.sam):
        shown = page(browser_of(reader), "plan", cast)
        assert WORDS in shown
        if section != Section.VISION:  # its words are the heading themselves
            assert heading(section) in shown
            assert reverse("part", kwargs={"plan": cast.plan.pk, "section": row_of(section).slug}) in shown


@every_section
def test_it_is_in_about_me(plan_with, browser_of, section):
    cast = plan_with(section)
    for reader in (cast.maya, cast.sam):
        shown = page(browser_of(reader), "about-me", cast)
        assert WORDS in shown
        assert f'<span class="part__t">{heading(section)}</span>' in shown


@every_section
def test_it_can_be_gone_to_side_by_side(plan_with, browser_of, section):
    cast = plan_with(section)
    elsewhere = Section.STRENGTHS if section == Section.VISION else Section.VISION
    shown = page(browser_of(cast.sam), "together-part", cast, section=elsewhere.slug)
    address = reverse("together-part", kwargs={"plan": cast.plan.pk, "section": Section(section).slug})
    link = re.search(f'<a\\s+href="{address}"\\s*>(.*?)</a>', shown, re.DOTALL)
    assert link, "no link leads to it"
    assert heading(section) in link[1]


# --- paper ---


@every_section
def test_it_is_in_the_pdf(plan_with, section):
    html = sheet(plan_with(section)).html()
    assert html.count(WORDS) == 1
    if section != Section.VISION:  # its words stand under the name at the top
        assert f"<h2>{heading(section)}</h2>" in html


@every_section
def test_it_can_be_chosen_for_a_print_and_left_out(plan_with, section):
    form = PrintForm(reach=OWNER)
    assert (section, Section(section).label) in form.fields["parts"].choices
    cast = plan_with(section)
    assert WORDS in sheet(cast, parts=[section]).html()
    assert WORDS not in sheet(cast, parts=[part for part in PRINTED_PARTS if part != section]).html()


# --- grants ---


@every_section
def test_walking_together_opens_it_unless_it_is_private(cast, browser_of, section):
    _plan, reach = find_plan(user=cast.sam, code=cast.plan.pk)
    opened = [section in parts for parts in (reach.sees, reach.writes, reach.prints)]
    is_private = row_of(section).is_private
    assert opened == [not is_private] * 3
    address = reverse("share-part", kwargs={"plan": cast.plan.pk, "section": row_of(section).slug})
    assert (address in page(browser_of(cast.maya), "share", cast)) == is_private, "what is closed can be opened"


@every_section
def test_a_section_that_is_new_opens_to_those_who_walk_along_now_unless_it_is_private(cast, section):
    with rewriting(GrantedPart) as parts:
        parts.filter(part=section).delete()
        Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
        parts.filter(part=section).delete()
    before = GrantedPart.unguarded.count()
    if row_of(section).is_private:
        with pytest.raises(ValueError, match="not opened by walking together"):
            open_to_walks(section)(apps, None)
        assert GrantedPart.unguarded.count() == before
        return
    for _again in range(2):
        open_to_walks(section)(apps, None)
    opened = GrantedPart.unguarded.filter(part=section)
    assert sorted(opened.values_list("grant__reader__name", "action")) == [
        ("Sam", "print"),
        ("Sam", "see"),
        ("Sam", "write"),
    ]
    assert set(opened.values_list("grant")) == set(
        GrantedPart.unguarded.filter(part=GOALS, grant__walk=cast.walk).values_list("grant")
    ), "not by the grant of one private part, and not to Lee, who used to walk with her"


@every_section
def test_the_summary_shows_of_it_what_its_row_says(plan_with, section):
    cast = plan_with(section)
    for kind in row_of(section).special_kinds:
        cast.plan.add_entry(section=section, kind=kind, words=kind, by=cast.maya)
    summary = read_summary(cast.plan)
    shown = {line.words for line in [*summary.vision, *summary.strengths, *summary.from_us]}
    assert shown == {kind.value or WORDS for kind in row_of(section).kinds_on_summary}


# --- words ---


@every_section
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_prompts_are_asked_on_its_pages_and_on_a_sheet_to_fill_in(cast, browser_of, section, language):
    words = next((words for words in bank(language).sections if words.key == section), None)
    assert words, f"it is not in prompts/{language}.yaml"
    with translation.override(language):
        assert str(Section(section).label) == words.title
    for user in (cast.maya, cast.sam):
        user.language = language
        user.save()
    Grant.open_part(plan=cast.plan, walk=cast.walk, section=section, by=cast.maya)
    slug = Section(section).slug
    assert escape(words.prompts[0].text) in page(browser_of(cast.maya), "part", cast, section=slug)
    assert escape(words.prompts[0].text) in page(browser_of(cast.sam), "together-part", cast, section=slug)
    html = sheet(cast, parts=[section], language=language).html()
    assert f"<h2>{escape(words.title)}</h2>" in html
    assert escape(words.prompts[0].text) in html


def test_nothing_is_missing_when_the_app_starts():
    assert sections_are_complete(None) == []
