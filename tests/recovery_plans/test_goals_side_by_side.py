"""Goals side by side: Maya says what she wants, Sam writes it down, and neither of them leaves the screen for two."""

import re
import uuid

import pytest
from django.urls import reverse

from peers.views.problems import typed_in
from recovery_plans.models import Goal
from tests.recovery_plans.test_access_parts import say_yes


@pytest.fixture
def sam(cast, browser_of):
    return browser_of(cast.sam)


@pytest.fixture
def at(cast):
    def address(name, goal=None, **names):
        return reverse(name, kwargs={"plan": cast.plan.pk, **({"goal": goal.pk} if goal else {}), **names})

    return address


@pytest.fixture
def all_goals(at):
    return at("together-part", section="goals")


BESIDE = {"back_to": "together"}


def main_of(page):
    """What stands in the middle of a page, as one line."""
    return " ".join(page.content.decode().partition("<main")[2].split())


def told_in(page, element):
    """What a page tells within the element with this id."""
    inside = page.content.decode().partition(f'id="{element}"')[2]
    return re.search(r'id="told".*?<p>(.*?)</p>', inside, re.S)[1]


def test_maya_says_a_goal_and_sam_writes_it_down_with_its_why_and_first_steps(cast, sam, at, all_goals):
    assert f'action="{at("goal-new")}"' in main_of(sam.get(all_goals))
    typed = {"words": "Sing again", "why": "It clears my head", "step": "Find the choir's number", "step_2": "Call"}
    page = sam.post(at("goal-new"), {**typed, **BESIDE}, follow=True)
    goal = cast.plan.goals.get()
    assert page.redirect_chain == [(f"{at('together-goal', goal)}#told", 302)]
    assert (goal.words, goal.detail, goal.voice) == ("Sing again", "It clears my head", "typed")
    assert [step.words for step in goal.steps.order_by("position")] == ["Find the choir's number", "Call"]
    shown = main_of(page)
    assert "“Sing again”" in shown
    assert "It clears my head" in shown
    assert told_in(page, "q") == "Saved."  # beside her words, which stand on her side of the screen
    assert 'class="chapters"' in shown


def test_a_goal_without_words_comes_back_on_the_same_screen_with_all_that_was_typed(cast, sam, at):
    page = sam.post(at("goal-new"), {"words": "", "why": "It clears my head", **BESIDE})
    shown = main_of(page)
    assert "Write a word or two so we know what to call this goal." in shown
    assert "It clears my head" in shown
    assert 'class="chapters"' in shown
    assert not cast.plan.goals.exists()


def test_steps_that_were_pasted_as_a_list_are_asked_about_on_the_same_screen(cast, sam, at):
    typed = {"words": "Sing again", "step": "1. Find the number 2. Call", **BESIDE}
    page = sam.post(at("goal-new"), typed)
    assert 'class="chapters"' in main_of(page)
    assert "This looks like 2 small steps" in main_of(page)
    sam.post(at("goal-new"), {**typed, "listed_as": "several"})
    assert cast.plan.goals.get().steps.count() == 2


def test_a_few_words_to_begin_with_stand_in_the_box_without_script(sam, all_goals):
    page = sam.get(all_goals, {"start": "0"})
    first = page.context["starters"][0]
    assert page.context["form"].initial["words"] == f"{first} "


def test_each_goal_opens_within_the_screen_and_the_others_stay_in_sight(cast, sam, at, all_goals, mornings):
    other = cast.plan.add_goal(words="Sew for pay", by=cast.maya)
    shown = main_of(sam.get(all_goals))
    assert f'href="{at("together-goal", mornings)}"' in shown
    assert f'href="{at("goal", mornings)}"' not in shown
    shown = main_of(sam.get(at("together-goal", mornings)))
    assert f'href="{at("together-goal", other)}"' in shown
    assert f'href="{at("together-goal", mornings)}"' not in shown
    assert "Phone away at night" in shown
    assert "<bdi>Maya</bdi> wrote this" in shown
    assert "Typed for me" not in shown  # two people read this screen: both by name


def test_a_step_is_added_with_who_does_it_and_told_beside_itself(cast, sam, at, mornings):
    typed = {"words": "Drive there", "who": "together", **BESIDE}
    page = sam.post(at("step-add", mornings), typed, follow=True)
    step = mornings.steps.get(words="Drive there")
    assert page.redirect_chain == [(f"{at('together-goal', mornings)}#told", 302)]
    assert step.who == "together"
    assert told_in(page, f"step-{step.pk}") == "Saved."


def test_a_step_without_words_comes_back_on_the_same_screen(sam, at, mornings):
    page = sam.post(at("step-add", mornings), {"words": "", "other": "Noor", **BESIDE})
    assert "What is the step? One short line is enough." in main_of(page)
    assert 'class="chapters"' in main_of(page)
    assert "Noor" in main_of(page)


def test_a_step_is_changed_done_taken_out_and_brought_back_and_each_time_they_are_where_they_were(
    cast, sam, at, mornings
):
    step = mornings.steps.get(words="Three slow mornings")
    screen = at("together-goal", mornings)
    change = at("step-change", mornings, step=step.pk)
    assert f'href="{change}?back_to=together"' in main_of(sam.get(screen))
    page = sam.get(change, BESIDE)
    assert page.content.decode().count(f'href="{screen}"') == 2  # back, and leave it as it was
    changed = {"words": "Two slow mornings", "who": "other", "other": "Noor", "base_version": 1, **BESIDE}
    for name, typed in {
        "step-change": changed,
        "step-state": {"state": "done", **BESIDE},
        "step-remove": BESIDE,
        "step-restore": BESIDE,
    }.items():
        answer = sam.post(at(name, mornings, step=step.pk), typed)
        assert answer["Location"] == f"{screen}#told", name
        page = sam.get(screen)
        assert told_in(page, "steps" if name == "step-remove" else f"step-{step.pk}"), name
    step.refresh_from_db()
    assert (step.words, step.who, step.detail, step.state) == ("Two slow mornings", "other", "Noor", "done")


def test_the_way_back_leads_to_the_same_screen(sam, at, mornings):
    step = mornings.steps.get(words="Three slow mornings")
    sam.post(at("step-state", mornings, step=step.pk), {"state": "done", **BESIDE})
    page = sam.get(at("together-goal", mornings))
    assert page.context["undo"]["back_to"] == "together"


def test_who_was_slower_finds_both_texts_and_comes_back_to_the_screen_for_two(cast, sam, at, mornings):
    step = mornings.steps.get(words="Three slow mornings")
    step.rewrite(words="Four", by=cast.sam, base_version=1)
    typed = {"words": "Two", "who": "me", "base_version": 1, **BESIDE}
    page = sam.post(at("step-change", mornings, step=step.pk), typed)
    assert page.status_code == 409
    assert f'action="{at("together-goal", mornings)}"' in main_of(page)
    assert 'name="back_to" value="together"' in main_of(page)


def test_what_goes_with_a_goal_is_ticked_there_and_told_there(cast, sam, at):
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    goal = cast.plan.add_goal(words="Sing again", by=cast.sam)
    page = sam.post(at("goal-uses", goal), {"uses": [strength.pk], **BESIDE}, follow=True)
    assert page.redirect_chain == [(f"{at('together-goal', goal)}#told", 302)]
    assert re.search(rf'value="{strength.pk}"[^>]*checked', main_of(page))
    assert page.context["told_at"] == "goal-uses"
    assert [entry.pk for entry in page.context["goal"].uses] == [strength.pk]


def test_a_break_from_a_goal_comes_back_to_that_goal(sam, at, all_goals, mornings):
    rest = at("together-break")
    assert f'formaction="{rest}?part=goals"' in sam.get(all_goals).content.decode()
    opened = sam.get(at("together-goal", mornings)).content.decode()
    assert f'formaction="{rest}?part=goals&amp;goal={mornings.pk}"' in opened
    assert f'href="{all_goals}"' in main_of(sam.get(rest, {"part": "goals"}))
    page = main_of(sam.get(rest, {"part": "goals", "goal": mornings.pk}))
    assert f'href="{at("together-goal", mornings)}"' in page
    assert "Mornings" not in page


# --- whose it is ---


def test_of_mayas_own_goal_sam_reads_every_word_and_adds_a_step(sam, at, mornings):
    shown = main_of(sam.get(at("together-goal", mornings)))
    assert f'action="{at("step-add", mornings)}"' in shown
    assert f'action="{at("goal-uses", mornings)}"' not in shown
    assert at("step-change", mornings, step=mornings.steps.get(words="Phone away at night").pk) not in shown


def test_a_goal_of_somebody_elses_plan_or_one_that_is_gone_is_not_there(cast, sam, at, browser_of, mornings):
    for user in (cast.maya, cast.lee, cast.noor, cast.dana, cast.alex, cast.rosa, cast.ines):
        assert browser_of(user).get(at("together-goal", mornings)).status_code == 404
    mornings.take_out(by=cast.maya)
    assert sam.get(at("together-goal", mornings)).status_code == 404


@pytest.mark.parametrize(
    "actions, status, writes", [(("see",), 200, False), (("see", "write"), 200, True), ((), 404, False)]
)
def test_where_maya_has_not_opened_her_goals_none_opens_and_where_sam_only_reads_there_is_no_box(
    cast, sam, at, all_goals, mornings, actions, status, writes
):
    say_yes(cast, {"strengths": ("see", "write"), "goals": actions})
    page = sam.get(at("together-goal", mornings))
    assert page.status_code == status
    assert (at("step-add", mornings) in page.content.decode()) == writes
    assert (at("goal-new") in main_of(sam.get(all_goals))) == writes


def test_maya_alone_is_led_to_her_own_pages_whatever_a_form_says(cast, browser_of, at, mornings):
    maya = browser_of(cast.maya)
    answer = maya.post(at("step-add", mornings), {"words": "Call Noor", **BESIDE})
    assert answer["Location"] == f"{at('goal', mornings)}#told"
    page = maya.post(at("goal-new"), {"words": "", **BESIDE})
    assert 'class="chapters"' not in page.content.decode()
    answer = maya.post(at("goal-change", mornings), {"words": "", "base_version": 1, **BESIDE})
    assert answer.status_code == 200


def test_words_of_a_goal_that_are_sent_from_elsewhere_with_this_mark_are_still_mended_on_its_page(cast, sam, at):
    goal = cast.plan.add_goal(words="Sing again", by=cast.sam)
    answer = sam.post(at("goal-change", goal), {"words": "", "base_version": 1, **BESIDE})
    assert answer.status_code == 200
    assert Goal.unguarded.get(pk=goal.pk).words == "Sing again"


# --- drafts ---


def begins(browser, at, box, **typed):
    return browser.post(at("draft", box=box), {"save_id": "11111111-1111-4111-8111-111111111111", **typed})


def test_a_goal_and_a_step_that_were_begun_stand_in_their_boxes_again(cast, sam, at, all_goals, mornings):
    begins(sam, at, "goals/new", words="A kite over the harbor")
    assert "A kite over the harbor" in main_of(sam.get(all_goals))
    sam.post(
        at("draft", box=f"goals/{mornings.pk}/steps/add"),
        {"save_id": "22222222-2222-4222-8222-222222222222", "words": "Buy string", "who": "together"},
    )
    shown = sam.get(at("together-goal", mornings))
    assert shown.context["step_form"]["words"].value() == "Buy string"
    assert shown.context["step_form"]["who"].value() == "together"


def test_in_her_hands_maya_reads_what_sam_began_of_a_goal_and_not_what_he_began_elsewhere(cast, sam, at, all_goals):
    begins(sam, at, "goals/new", words="A kite over the harbor")
    sam.post(
        at("draft", box="about/strengths/add"),
        {"save_id": "22222222-2222-4222-8222-222222222222", "words": "I whistle"},
    )
    sam.post(f"{at('hands')}?part=goals")
    shown = main_of(sam.get(all_goals))
    assert "A kite over the harbor" in shown
    assert "I whistle" not in shown


@pytest.mark.parametrize("name", ["together-break", "hands"])
def test_without_script_what_was_typed_comes_along_to_a_break_and_into_her_hands(
    cast, sam, at, all_goals, mornings, name
):
    first, second = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    sam.post(f"{at('together-break')}?part=goals", {"words": "A kite", "save_id": first})
    assert "A kite" in main_of(sam.get(all_goals))
    answer = sam.post(f"{at(name)}?part=goals&goal={mornings.pk}", {"words": "Buy string", "save_id": second})
    assert answer.status_code == (200 if name == "together-break" else 302)
    page = at("together-goal", mornings) if name == "together-break" else at("goal", mornings)
    assert "Buy string" in main_of(sam.get(page))
    assert mornings.steps.count() == 2


def test_on_the_screen_for_two_enter_keeps_the_goal_and_hands_nothing_over(sam, all_goals):
    buttons = re.findall(r'<button[^>]*type="submit"[^>]*>', sam.get(all_goals).content.decode())
    of_the_form = [button for button in buttons if 'form="new-goal"' in button]
    assert "formaction" not in of_the_form[0]
    assert len(of_the_form) == 3


@pytest.mark.parametrize(
    "typed, labels",
    [
        ({"words": "Sing", "why": "Air", "step_2": "Call"}, ["What do you want?", "Why does this matter to you?"]),
        ({"words": "Call", "who": "other", "other": "Noor"}, ["What is one small thing you can do?"]),
        ({"words": "I sew", "language": "", "prompt": "s1"}, ["In my own words"]),
    ],
    ids=["a goal", "a step", "an answer"],
)
def test_words_that_were_refused_on_their_way_come_back_under_the_label_of_their_own_box(rf, at, typed, labels):
    shown = typed_in(rf.post(f"{at('hands')}?part=goals", {"save_id": "x", **typed}))
    assert [str(one.label) for one in shown][: len(labels)] == labels


@pytest.mark.parametrize("step", [False, True])
def test_what_cannot_be_kept_stays_on_the_screen_instead_of_a_break(sam, cast, at, mornings, step):
    """A box that holds too much: the break is not begun with the words thrown away."""
    long = "x" * 20_000
    typed = {"words": "Call the choir", "other": long} if step else {"words": "A kite", "why": long}
    of = f"&goal={mornings.pk}" if step else ""
    answer = sam.post(f"{at('together-break')}?part=goals{of}", typed | {"save_id": str(uuid.uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed["words"] in page
    assert long in page
    assert "Take your time" not in page
