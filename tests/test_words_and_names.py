"""What people said keeps its own language, and a name its own direction, on every page and on paper.

Maya's words are Portuguese on pages in English; every name is written from the right. A voice that reads aloud would
say her words as English ones, and one name would turn the sentence round it, wherever a page forgot to mark them.
"""

import pytest
from django.urls import reverse

from peers.models import User
from recovery_plans.access import OWNER
from recovery_plans.models import Grant, Section
from recovery_plans.models.print_jobs import JobState, PrintJob
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
from recovery_plans.plan_reading import PlanReading
from recovery_plans.print_jobs import sheet as summary_sheet
from recovery_plans.summaries import read_summary
from tests.about_whom import others
from tests.markup import texts_of
from tests.test_access import ACCESS, address, let_in

NAMES = {"maya": "מאיה", "sam": "סאם", "lee": "לי", "noor": "נור", "dana": "דנה", "alex": "אלכס", "ines": "אינס"}
PREFIX = "Palavras"  # begins every line that anyone said
PER_SECTION = ("part", "together-part")
# Pages on which each name stands by itself. On the others some stand inside a sentence that is translated whole; there
# only a name that is no part of a sentence is looked at.
NAMES_ALONE = {"looks", "today", "settings", "before", "print-job", "home", "help-now", "person-new"}


@pytest.fixture
def portuguese(cast):
    """Maya's plan with something said in every part by her and by Sam, and a goal of every kind."""
    for key, name in NAMES.items():
        User.objects.filter(pk=getattr(cast, key).pk).update(name=name)
        getattr(cast, key).refresh_from_db()
    for section in Section.values:
        say(cast, section, section, by=cast.maya)
        if section not in ("experiences", "hard_days"):
            say(cast, section, f"{section} (Sam)", by=cast.sam)
    for kind in ("lifts", "drains"):
        say(cast, "values", kind, kind=kind, by=cast.maya)
    say(cast, "needs", "do time", kind="from_us", by=cast.maya)
    say(cast, "strengths", "fora", by=cast.maya).take_out(by=cast.maya)
    cast.goals = [want(cast, state) for state in ("pick_up", "rest", "reach", "let_go", "disown")]
    cast.grant = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    return cast


def say(cast, section, words, **more):
    helps = f"{PREFIX} de ajuda" if section == "supporters" else ""
    return cast.plan.add_entry(section=section, words=f"{PREFIX}: {words}", helps=helps, language="pt", **more)


def want(cast, state):
    goal = cast.plan.add_goal(words=f"{PREFIX}: {state}", why=f"{PREFIX} do motivo", by=cast.maya, language="pt")
    goal.add_step(words=f"{PREFIX} do passo feito", by=cast.maya, language="pt").do(by=cast.maya)
    goal.add_step(words=f"{PREFIX} do passo", who="other", other=f"{PREFIX} de quem", by=cast.maya, language="pt")
    goal.add_step(words=f"{PREFIX} do outro passo", who="peer", by=cast.sam, language="pt")
    goal.go_with(entries=cast.plan.entries.filter(section__in=["strengths", "needs"]), by=cast.maya)
    getattr(goal, state)(by=cast.maya)
    return goal


def pages_for(portuguese, browser_of, reader):
    """Every page that this reader may open, as (name, its HTML)."""
    browser, names = browser_of(getattr(portuguese, reader)), names_in(portuguese)
    for name, door in ACCESS.items():
        if reader not in let_in(door, "as_it_is") or name in ("healthz", "components", "draft", "still-signed-in"):
            continue
        for section in Section.values if name in PER_SECTION else ["strengths"]:
            answer = browser.get(address(name, {**names, "section": Section(section).slug}))
            if answer.status_code == 200:
                yield name, answer.content.decode()
    changed = {"words": "Something else.", "base_version": "0"}
    answer = browser.post(reverse("entry-change", kwargs={"plan": names["plan"], "line": names["line"]}), changed)
    if answer.status_code == 409:
        yield "two texts at once", answer.content.decode()


def names_in(portuguese):
    line = portuguese.plan.entries.filter(created_by=portuguese.sam).first()
    shared = [str(portuguese.grant.pk)]
    job = PrintJob.unguarded.create(
        by=portuguese.dana,
        organization=portuguese.harbor,
        grants=shared,
        printed=shared,
        state=JobState.READY,
        left_out=[[*shared, "failed"]],
        pdf=b"%PDF-1.7",
    )
    return {
        **others(portuguese),
        "plan": portuguese.plan.pk,
        "line": line.pk,
        "goal": portuguese.goals[0].pk,
        "step": portuguese.goals[0].steps.first().pk,
        "walk": portuguese.walk.pk,
        "grant": portuguese.grant.pk,
        "job": job.pk,
        "role": portuguese.alex.roles.get().pk,
        "user": portuguese.alex.pk,
        "token": "no-such-token",
    }


def sheets(portuguese):
    """What is printed of Maya's plan: for her, for Sam, and the page for Dana."""
    reading = PlanReading(portuguese.plan, reach=OWNER, reader=portuguese.maya)
    for reader in (portuguese.maya, portuguese.sam):
        yield "plan on paper", PlanSheet(reading, Choices(), printed_for=reader).html()
    summary, grant = read_summary(portuguese.plan), portuguese.grant
    yield "summary on paper", summary_sheet(summary, grant, by=portuguese.dana, size="regular", language="en")


def words_not_marked(html):
    """What was said, where it does not say that it is Portuguese, or may turn what stands beside it."""
    lines = [text for text in texts_of(html) if PREFIX in text.words and not text.typed]
    return [str(text) for text in lines if text.language != "pt" or not text.isolated]


def names_not_alone(html, *, also_in_sentences):
    found = [text for text in texts_of(html) if not text.isolated and not text.typed]
    return [
        str(text)
        for text in found
        for name in NAMES.values()
        if (name in text.words if also_in_sentences else name == text.words.strip(" ,."))
    ]


@pytest.mark.parametrize("reader", ["maya", "sam", "dana"])
def test_what_was_said_carries_its_language_on_every_page(portuguese, browser_of, reader):
    pages = list(pages_for(portuguese, browser_of, reader))
    assert sum(PREFIX in html for _name, html in pages) >= {"maya": 12, "sam": 12, "dana": 1}[reader]
    wrong = {name: found for name, html in pages if (found := words_not_marked(html))}
    assert wrong == {}


@pytest.mark.parametrize("reader", ["maya", "sam", "dana", "ines"])
def test_a_name_that_stands_by_itself_turns_nothing_beside_it(portuguese, browser_of, reader):
    wrong = {}
    for name, html in pages_for(portuguese, browser_of, reader):
        if found := names_not_alone(html, also_in_sentences=name in NAMES_ALONE):
            wrong[name] = found
    assert wrong == {}


def test_what_was_said_carries_its_language_on_paper(portuguese):
    for name, html in sheets(portuguese):
        assert PREFIX in html
        assert words_not_marked(html) == [], name
        assert names_not_alone(html, also_in_sentences=False) == [], name
        if name == "summary on paper":  # who walks along is told in one line: Sam, perhaps others, (peer specialist)
            assert any(text.words == NAMES["sam"] and text.isolated for text in texts_of(html))


# --- the test of the test ---


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Palavras</p>",
        '<p lang="pt">Palavras</p>',
        '<p dir="auto">Palavras</p>',
        '<p dir="auto" lang="pt"><b lang="en">Palavras</b></p>',
        '<p dir="auto" lang="pt">Sim</p><p>Palavras</p>',
    ],
)
def test_words_without_their_language_are_found(planted):
    assert len(words_not_marked(f'<html lang="en"><body>{planted}</body></html>')) == 1


def test_words_and_names_that_are_marked_are_not_found():
    page = (
        '<html lang="en"><br><p>I said: <bdi lang="pt">Palavras<br>mais</bdi></p><b dir="auto">סאם</b> printed.</html>'
    )
    assert words_not_marked(page) == []
    assert names_not_alone(page, also_in_sentences=True) == []
    assert len(names_not_alone(page.replace('dir="auto"', ""), also_in_sentences=False)) == 1
