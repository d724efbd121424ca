"""The plan on one page, for Maya and for whoever walks with her."""

import re
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from recovery_plans.access import OWNER
from recovery_plans.events import PlanEvent
from recovery_plans.line_readings import GoalReading
from recovery_plans.models import Grant, LogLine, Purpose, Section
from recovery_plans.path import Path
from recovery_plans.plan_reading import PlanReading

STRANGERS = ("lee", "noor", "dana", "alex", "rosa", "ines")


def plan_url(cast, name="plan", **ids):
    return reverse(name, kwargs={"plan": cast.plan.pk, **ids})


def read(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def fill(cast, *, entries):
    """A plan of some size: entries in every part, goals with steps and what goes with them."""
    for turn in range(entries):
        section = list(Section)[turn % len(Section)]
        cast.plan.add_entry(section=section, words=f"line {turn}", by=cast.maya if turn % 2 else cast.sam)
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    for turn in range(max(1, entries // 4)):
        goal = cast.plan.add_goal(words=f"goal {turn}", by=cast.maya)
        goal.plan = cast.plan
        for step in range(3):
            goal.add_step(words=f"step {turn}.{step}", by=cast.sam)
        goal.go_with(entries=[strength], by=cast.maya)


def queries_for(browser, url):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(url).status_code == 200
    beside_the_point = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "SELECT set_config", "select set_config")
    return [row["sql"] for row in asked if not row["sql"].startswith(beside_the_point)]


# --- what stands on the page ---


def test_a_new_plan_speaks_first_of_something_good(cast, browser_of):
    page = read(browser_of(cast.maya), plan_url(cast))
    assert "Your plan starts with one good thing about you." in page
    assert "Tap a question, or do it with Sam." in page
    assert "%" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.S)


def test_maya_meets_her_own_words_in_her_own_order(cast, browser_of):
    cast.plan.add_entry(section="vision", words="Slow mornings", by=cast.maya)
    cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    for words in ("Be the aunt who shows up", "Sew for pay again"):
        cast.plan.add_goal(words=words, by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast))
    _picture, page_below = re.split(r"</details>\s*</section>", page, maxsplit=1)
    indexes = [
        page_below.index(words) for words in ("What I bring", "I keep my word", "Be the aunt", "Sew for pay again")
    ]
    assert "“Slow mornings”" in page
    assert indexes == sorted(indexes)
    assert "<title>My plan" in page


def test_a_goal_shows_all_its_steps_and_lights_only_the_next(cast, browser_of):
    goal = cast.plan.add_goal(words="Mornings", by=cast.maya)
    steps = [goal.add_step(words=words, by=cast.maya) for words in ("Phone away", "Three slow mornings", "Tell Sam")]
    steps[0].do(by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast))
    assert page.count('class="next"') == 1
    assert page.count('class="btn btn--honey"') == 1  # the next one has the button, and each has its ring
    assert page.count('class="tap"') == 2
    card = page[page.index("<article") :]
    assert card.index("Phone away") < card.index('class="next"') < card.index("Three slow mornings")


def test_what_a_goal_uses_and_what_gets_in_its_way_stand_with_it(cast, browser_of):
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    need = cast.plan.add_entry(section="needs", words="A bus pass", by=cast.maya)
    goal = cast.plan.add_goal(words="Show up", by=cast.maya)
    goal.go_with(entries=[strength, need], by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast))
    card = page[page.index(f'id="goal-{goal.pk}"') :]
    assert card.index("I will use:") < card.index("I keep my word") < card.index("What I need for this:")
    assert "A bus pass" in card


def test_a_line_sam_typed_says_so_until_maya_makes_it_hers(cast, browser_of):
    line = cast.plan.add_entry(section="strengths", words="I laugh easily", by=cast.sam)
    texts = ("(typed by Sam)", "They typed it for me. Not read back yet.")
    page = read(browser_of(cast.maya), plan_url(cast))
    assert [page.count(text) for text in texts] == [1, 1]
    line.rewrite(words="I laugh easily", by=cast.maya, base_version=1)
    page = read(browser_of(cast.maya), plan_url(cast))
    assert [page.count(text) for text in texts] == [0, 0]


@pytest.mark.parametrize("where", ["vision", "strengths", "supporters", "values", "goal", "step"])
def test_each_kind_of_line_says_on_the_plan_page_that_sam_typed_it(cast, browser_of, where):
    if where == "goal":
        cast.plan.add_goal(words="Slow mornings", by=cast.sam)
    elif where == "step":
        cast.plan.add_goal(words="Slow mornings", by=cast.maya).add_step(words="Coffee first", by=cast.sam)
    else:
        cast.plan.add_entry(section=where, words="As Maya said it", by=cast.sam)
    for reader in (cast.maya, cast.sam):
        page = read(browser_of(reader), plan_url(cast))
        assert page.count("(typed by Sam)") == 1
        assert page.count("They typed it for me. Not read back yet.") == 1


def test_sam_meets_the_same_plan_with_sit_together_first(cast, browser_of):
    cast.plan.add_entry(section="vision", words="Slow mornings", by=cast.maya)
    cast.plan.add_goal(words="Be the aunt", by=cast.maya)
    page = read(browser_of(cast.sam), plan_url(cast))
    main = page[page.index("<main") :]
    assert main.index("Sit together") < main.index("Slow mornings") < main.index("Be the aunt")
    assert "Sit together" not in read(browser_of(cast.maya), plan_url(cast))


def test_hard_days_stay_closed_to_sam_until_maya_opens_them(cast, browser_of):
    cast.plan.add_entry(section="hard_days", words="Radio on low", by=cast.maya)
    assert "Radio on low" in read(browser_of(cast.maya), plan_url(cast))
    page = read(browser_of(cast.sam), plan_url(cast))
    assert "Radio on low" not in page
    assert "Maya has not opened this part to you." in page
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="hard_days", by=cast.maya)
    assert "Radio on low" in read(browser_of(cast.sam), plan_url(cast))
    assert "You and Sam can see this." in read(browser_of(cast.maya), plan_url(cast))


def test_sam_has_no_button_for_what_is_mayas_own(cast, browser_of):
    goal = cast.plan.add_goal(words="Mornings", by=cast.maya)
    goal.add_step(words="Phone away", by=cast.maya)
    goal.rest(by=cast.maya)
    page = read(browser_of(cast.sam), plan_url(cast))
    assert "I did this" not in page
    assert "Pick it back up" not in page


def test_a_long_vision_stands_above_the_picture(cast, browser_of):
    cast.plan.add_entry(section="vision", words="slow mornings " * 30, by=cast.maya)
    assert "hero--long" in read(browser_of(cast.maya), plan_url(cast))


def test_words_are_text_and_never_markup(cast, browser_of):
    for section in Section:
        cast.plan.add_entry(section=section, words="<script>alert(1)</script>{{ 7|add:7 }}", by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast))
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page


def test_another_language_is_named_where_it_is_spoken(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="أفي بوعدي", by=cast.maya, language="ar")
    assert re.search(r'dir="auto" lang="ar">أفي بوعدي', read(browser_of(cast.maya), plan_url(cast)))


def test_strangers_find_no_plan_and_no_way_it_came(cast, browser_of):
    for name in STRANGERS:
        for page in ("plan", "back", "about-me"):
            assert browser_of(getattr(cast, name)).get(plan_url(cast, page)).status_code == 404, (name, page)
    assert browser_of(cast.maya).get(reverse("plan", kwargs={"plan": uuid4()})).status_code == 404


# --- the picture ---


def test_the_picture_tells_the_same_in_words(cast):
    cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    cast.plan.add_entry(section="supporters", words="Noor", by=cast.maya)
    now, resting, reached = (cast.plan.add_goal(words=words, by=cast.maya) for words in ("a", "b", "c"))
    now.add_step(words="one", by=cast.maya).do(by=cast.maya)
    now.add_step(words="two", by=cast.maya)
    resting.rest(by=cast.maya)
    reached.reach(by=cast.maya)
    cast.plan.add_goal(words="d", by=cast.maya).let_go(by=cast.maya)
    path = Path(PlanReading(cast.plan, reach=OWNER, reader=cast.maya))
    assert [(post.number, post.state, post.steps) for post in path.posts] == [
        (1, "now", (True, False)),
        (2, "resting", ()),
        (3, "reached", ()),
    ]
    assert path.people == 3
    assert "Goal 1: 1 step done." in path.description
    assert "Goal 2: Resting for now." in path.description
    assert "I bring 1 strength." in path.description


@pytest.mark.parametrize(
    "language, count, text",
    [
        ("en", 300, "Goal 40: No steps yet. And 260 more goals, not drawn here."),
        ("en", 41, "Goal 40: No steps yet. And 1 more goal, not drawn here."),
        ("es", 300, "Y 260 metas más, sin dibujar aquí."),
        ("es", 41, "Y 1 meta más, sin dibujar aquí."),
    ],
)
def test_of_a_great_many_goals_the_words_say_how_many_are_not_drawn(language, count, text):
    goals = [GoalReading(number=n, words="", language="en", voice=None) for n in range(1, count + 1)]
    path = Path(SimpleNamespace(goals_on_path=goals, walkers=[], supporters=[], strengths=[]))
    with translation.override(language):
        assert text in path.description
        assert text.partition(" yet. ")[2] in " ".join(path.others_in_words)
        assert len(path.goals) == count, "the list under the picture has them all"
        path.reading.goals_on_path = goals[:40]
        assert path.others_in_words == []


def test_the_picture_carries_none_of_mayas_words(cast):
    cast.plan.add_goal(words="Secret wish", by=cast.maya)
    cast.plan.add_entry(section="strengths", words="Quiet courage", by=cast.maya)
    path = Path(PlanReading(cast.plan, reach=OWNER, reader=cast.maya))
    for drawn in (path.banner, path.tall):
        assert drawn.startswith("<svg")
        assert "Secret wish" not in drawn
        assert "Quiet courage" not in drawn


# --- speed: the same questions, whatever the size of the plan ---


# Session, reader, plan, what is seen of it, roles; for Sam also the yes and whether the look is noted already.
QUESTIONS = {"plan": 10, "about-me": 8, "back": 15}  # one of them: by which way the person came in
MORE_FOR_SAM = 2


@pytest.mark.parametrize("who", ["maya", "sam"])
@pytest.mark.parametrize("page", QUESTIONS)
def test_a_large_plan_asks_the_database_no_more_than_a_small_one(cast, browser_of, who, page):
    browser = browser_of(getattr(cast, who))
    fill(cast, entries=2)
    browser.get(plan_url(cast, page))  # the look is noted once
    small = queries_for(browser, plan_url(cast, page))
    fill(cast, entries=40)
    large = queries_for(browser, plan_url(cast, page))
    assert len(large) == len(small), "\n".join(large)
    assert len(small) <= QUESTIONS[page] + (MORE_FOR_SAM if who == "sam" else 0), "\n".join(small)


# --- every look is noted, and only what has a page is answered ---


@pytest.mark.parametrize(
    "method,name,ids",
    [
        ("head", "plan", {}),
        ("post", "plan", {}),
        ("get", "goal-new", {}),
        ("post", "goal-new", {}),
        ("head", "card", {}),
        ("post", "together-add", {"section": "strengths"}),
    ],
)
def test_maya_sees_every_look_however_sam_asked(cast, browser_of, method, name, ids):
    answer = getattr(browser_of(cast.sam), method)(plan_url(cast, name, **ids), follow=True)
    assert answer.status_code < 400
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.PLAN_LOOKED, by=cast.sam.pk).count() == 1


@pytest.mark.parametrize("name", ["plan", "goal-new", "share", "together"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_way_of_asking_that_no_page_has_opens_nothing(cast, browser_of, method, name):
    for reader in (cast.sam, cast.maya, cast.alex):
        answer = getattr(browser_of(reader), method)(plan_url(cast, name))
        assert (answer.status_code, answer.content) == (405, b"")
        assert answer["Cache-Control"] == "no-store"
    assert not LogLine.unguarded.filter(what=PlanEvent.PLAN_LOOKED).exists()


# --- two taps at once ---


def both_at_once(say):
    """Say it twice in the same moment, as two taps on two devices do; what went wrong, if anything."""
    ready, wrong = Barrier(2, timeout=20), []

    def tap():
        try:
            ready.wait()
            say()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    taps = [Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join(timeout=30)
    return wrong


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_are_one_yes(cast):
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    opening = {"plan": cast.plan, "walk": cast.walk, "section": "experiences", "by": cast.maya}
    for _turn in range(5):
        assert (
            both_at_once(lambda: Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)) == []
        )
        assert both_at_once(lambda: Grant.open_part(**opening)) == []
        assert both_at_once(lambda: goal.go_with(entries=[strength], by=cast.maya)) == []
        assert [link.entry for link in goal.links.all()] == [strength]
        yes = Grant.unguarded.filter(plan=cast.plan, revoked_at=None)
        assert yes.filter(purpose=Purpose.SUMMARY).count() == 1
        assert yes.filter(parts__part="experiences").distinct().count() == 1
        Grant.close_part(**opening)
        goal.go_with(entries=[], by=cast.maya)
