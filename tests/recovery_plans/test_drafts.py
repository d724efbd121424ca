"""Words that are typed and not kept yet are held as a draft: for their author, on any device, until kept or taken out.

What Sam begins to type for Maya she can read at once, and it goes after a day.
"""

import re
import uuid
from datetime import timedelta

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from peers.form_fields import WordsField
from recovery_plans.forms.lines import BOXES, PlanForm
from recovery_plans.models import Draft, Grant
from tests.concurrency import all_at_once

WORDS = "I mend what others throw away."


def sends(browser, plan, box, save_id=None, version=0, **typed):
    address = reverse("draft", kwargs={"plan": plan.pk, "box": box})
    return browser.post(address, {"save_id": save_id or uuid.uuid4(), "draft_version": version, **typed})


def texts(plan):
    return sorted(text for draft in Draft.unguarded.filter(plan=plan) for text in draft.words)


def page(browser, name, plan, **names):
    return browser.get(reverse(name, kwargs={"plan": plan.pk, **names})).content.decode()


@pytest.fixture
def goal(cast):
    return cast.plan.add_goal(words="Slow mornings", by=cast.maya)


# --- every form joins by itself ---


def every_form(kind=PlanForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def forms_without_a_box(kinds):
    """Forms of a plan that take words and hold none of them."""
    return [
        kind.__name__
        for kind in kinds
        if any(type(field) is WordsField for field in kind.base_fields.values()) and BOXES.get(kind.box) is not kind
    ]


def test_every_form_that_takes_a_persons_words_has_a_box():
    assert len(BOXES) >= 8
    assert forms_without_a_box(every_form()) == []


def test_a_form_without_a_box_is_found():
    planted = type("LetterForm", (forms.Form,), {"words": WordsField(), "box": ""})
    assert forms_without_a_box([planted]) == ["LetterForm"]


# --- held, shown again, gone ---


def test_what_maya_typed_is_there_on_any_device_of_hers_and_seen_by_her_alone(cast, browser_of):
    answer = sends(browser_of(cast.maya), cast.plan, "about/strengths/add", words=WORDS).json()
    assert answer["asked"] == answer["save_id"]
    assert answer["version"] == 1
    other_phone = page(browser_of(cast.maya), "part", cast.plan, section="strengths")
    assert WORDS in other_phone
    assert f'value="{answer["save_id"]}"' in other_phone
    assert "You began this before. It is not on the plan yet." in other_phone
    sam = browser_of(cast.sam)
    assert WORDS not in page(sam, "part", cast.plan, section="strengths")
    assert WORDS not in page(sam, "plan", cast.plan)
    assert WORDS not in page(sam, "together-part", cast.plan, section="strengths")
    assert Draft.read_by(cast.sam, plan=cast.plan) == []
    assert cast.plan.entries.count() == 0


@pytest.mark.parametrize(
    "box, name, names, typed",
    [
        ("about/strengths/add", "entry-add", {"section": "strengths"}, {"words": WORDS}),
        ("goals/new", "goal-new", {}, {"words": WORDS, "step_3": "Ask Noor"}),
        ("share/summary", "share-summary", {}, {"from_us": WORDS, "days": "90"}),
    ],
)
def test_a_draft_is_gone_once_it_is_kept(cast, browser_of, box, name, names, typed):
    maya = browser_of(cast.maya)
    save_id = sends(maya, cast.plan, box, **typed).json()["save_id"]
    assert WORDS in texts(cast.plan)
    maya.post(reverse(name, kwargs={"plan": cast.plan.pk, **names}), {"save_id": save_id, **typed})
    assert texts(cast.plan) == []
    sends(maya, cast.plan, box, save_id=save_id, version=1, **typed)  # it was still on its way
    assert texts(cast.plan) == []


def test_a_step_and_its_change_are_held_and_gone_when_kept(cast, browser_of, goal):
    maya, step = browser_of(cast.maya), goal.add_step(words="Coffee", by=cast.maya)
    kept = {"plan": cast.plan.pk, "goal": goal.pk}
    new = sends(maya, cast.plan, f"goals/{goal.pk}/steps/add", words=WORDS, who="other", other="Noor").json()["save_id"]
    changed = f"goals/{goal.pk}/steps/{step.pk}/change"
    other = sends(maya, cast.plan, changed, words="Tea", base_version=1).json()["save_id"]
    shown = page(maya, "goal", cast.plan, goal=goal.pk)
    assert WORDS in shown
    assert 'value="Noor"' in shown
    assert 'value="Tea"' in page(maya, "step-change", cast.plan, goal=goal.pk, step=step.pk)
    maya.post(reverse("step-add", kwargs=kept), {"words": WORDS, "save_id": new})
    sent = {"words": "Tea", "save_id": other, "base_version": 1}
    maya.post(reverse("step-change", kwargs={**kept, "step": step.pk}), sent)
    assert texts(cast.plan) == []


def test_beside_somebody_elses_words_for_a_goal_what_is_typed_is_held_and_stands_on_the_goals_page(
    cast, browser_of, goal
):
    """Both texts are shown, and Maya types on: nothing may save itself there, and nothing may be lost."""
    maya, names = browser_of(cast.maya), {"plan": cast.plan.pk, "goal": goal.pk}
    goal.rewrite(words="Slow Sundays", by=cast.maya, base_version=1)
    there = reverse("goal-change", kwargs=names)
    both = maya.post(there, {"words": "Slow evenings", "base_version": 1, "save_id": uuid.uuid4()})
    assert both.status_code == 409
    assert 'name="base_version" value="2"' in both.content.decode()
    typed = {"words": WORDS, "why": "Because.", "look_again_on": "2030-05-19", "base_version": 2}
    save_id = sends(maya, cast.plan, f"goals/{goal.pk}/change", **typed).json()["save_id"]
    assert maya.get(there).headers["Location"] == f"{reverse('goal', kwargs=names)}#goal-words"
    shown = page(maya, "goal", cast.plan, goal=goal.pk)
    for held in (WORDS, "Because.", 'value="2030-05-19"', "You began this before.", f'value="{save_id}"'):
        assert held in shown
    assert "Slow Sundays" in shown, "what stands there now"
    words_form = re.search(r'<form\s+id="goal-words".*?>', shown, re.DOTALL)[0]
    assert "data-keep" in words_form
    assert "itself" not in words_form
    maya.post(there, {"save_id": save_id, **typed})
    assert texts(cast.plan) == []
    goal.refresh_from_db()
    assert (goal.words, goal.detail) == (WORDS, "Because.")
    assert "You began this before." not in page(maya, "goal", cast.plan, goal=goal.pk)


def test_taken_out_by_hand_it_is_gone_without_script_too(cast, browser_of):
    maya = browser_of(cast.maya)
    save_id = sends(maya, cast.plan, "goals/new", words=WORDS).json()["save_id"]
    shown = page(maya, "goal-new", cast.plan)
    address = reverse("draft", kwargs={"plan": cast.plan.pk, "box": "goals/new"})
    assert f'formaction="{address}?take_out"' in shown
    there = reverse("goal-new", kwargs={"plan": cast.plan.pk})
    answer = maya.post(f"{address}?take_out", {"save_id": save_id, "words": WORDS, "next": there})
    assert answer.headers["Location"] == there
    assert texts(cast.plan) == []


def test_nothing_typed_is_nothing_held(cast, browser_of):
    maya = browser_of(cast.maya)
    save_id = sends(maya, cast.plan, "goals/new", words=WORDS).json()["save_id"]
    sends(maya, cast.plan, "goals/new", save_id=save_id, version=1, words=" \n ")
    assert texts(cast.plan) == []


def test_words_carried_to_another_question_are_still_one_text(cast, browser_of):
    sam = browser_of(cast.sam)
    save_id = sends(sam, cast.plan, "together/strengths/add", words=WORDS).json()["save_id"]
    there = reverse("together-part", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    carried = sam.post(there, {"words": WORDS + " And more.", "ask": "s2"}).content.decode()
    assert WORDS + " And more." in carried
    assert f'value="{save_id}"' in carried


def test_a_form_that_comes_back_with_a_message_goes_on_with_its_own_draft(cast, browser_of, goal):
    maya = browser_of(cast.maya)
    typed = {"words": "", "who": "other", "other": "Noor"}
    save_id = sends(maya, cast.plan, f"goals/{goal.pk}/steps/add", **typed).json()["save_id"]
    address = reverse("step-add", kwargs={"plan": cast.plan.pk, "goal": goal.pk})
    sent_again = maya.post(address, {"save_id": save_id, **typed}).content.decode()
    assert "One short line is enough." in sent_again
    held = 'name="draft_version" value="1"'
    assert held in sent_again
    assert held not in maya.post(address, typed).content.decode()


def test_what_was_typed_on_at_another_screen_is_not_lost_when_an_older_text_is_kept(cast, browser_of):
    maya, box = browser_of(cast.maya), "about/strengths/add"
    save_id = sends(maya, cast.plan, box, words="I mend").json()["save_id"]
    sends(maya, cast.plan, box, save_id=save_id, version=1, words="I mend what others throw away")
    address = reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    maya.post(address, {"words": "I mend", "save_id": save_id, "draft_version": "1"})
    assert texts(cast.plan) == ["I mend what others throw away"]
    assert "I mend what others throw away" in page(maya, "part", cast.plan, section="strengths")
    # The other screen does not know, and goes on under the save id that was kept.
    answer = sends(
        maya, cast.plan, box, save_id=save_id, version=2, words="I mend what others throw away, twice"
    ).json()
    assert answer["save_id"] != save_id
    assert "I mend what others throw away, twice" in texts(cast.plan)
    assert sends(maya, cast.plan, box, save_id=save_id, version=1, words="I me").json()["version"] == 0  # only late


@pytest.mark.parametrize("version", [{"draft_version": "1"}, {"draft_version": ""}, {}])
def test_what_is_kept_is_held_no_more_whether_or_not_its_page_knows_that_it_was(cast, browser_of, version):
    maya = browser_of(cast.maya)
    save_id = sends(maya, cast.plan, "about/strengths/add", words=WORDS).json()["save_id"]
    address = reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    assert maya.post(address, {"words": WORDS, "save_id": save_id, **version}).status_code == 302
    assert texts(cast.plan) == []


def test_a_draft_that_its_page_knew_nothing_of_is_read_by_nobody_once_it_is_kept_and_soon_gone(cast, browser_of):
    maya = browser_of(cast.maya)
    save_id = sends(maya, cast.plan, "about/strengths/add", words=WORDS).json()["save_id"]
    sends(maya, cast.plan, "about/strengths/add", words="I cook for my street")
    address = reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    maya.post(address, {"words": WORDS, "save_id": save_id, "draft_version": "0"})
    assert [draft.words for draft in Draft.read_by(cast.maya, plan=cast.plan)] == [["I cook for my street"]]
    Draft.clear_kept()
    assert texts(cast.plan) == ["I cook for my street"]


# --- two places ---


def test_the_same_text_sent_twice_is_one_draft(cast, browser_of):
    maya, save_id = browser_of(cast.maya), uuid.uuid4()
    for version in (0, 0, 1, 1):
        answer = sends(maya, cast.plan, "goals/new", save_id=save_id, version=version, words=f"{WORDS} {version}")
    assert answer.json()["save_id"] == str(save_id)
    assert answer.json()["version"] == 2
    assert texts(cast.plan) == [f"{WORDS} 1"]


def test_changed_in_two_places_both_are_held_and_both_are_shown(cast, browser_of):
    maya, save_id = browser_of(cast.maya), uuid.uuid4()
    sends(maya, cast.plan, "goals/new", save_id=save_id, words="A room of my own")
    sends(maya, cast.plan, "goals/new", save_id=save_id, version=1, words="A room with a door")
    for _again in range(2):
        answer = sends(maya, cast.plan, "goals/new", save_id=save_id, version=1, words="A room with a window").json()
        assert answer["asked"] == str(save_id) != answer["save_id"]
    assert texts(cast.plan) == ["A room with a door", "A room with a window"]
    shown = page(maya, "goal-new", cast.plan)
    assert "A room with a door" in shown
    assert "A room with a window" in shown


@pytest.mark.django_db(transaction=True)
def test_one_text_from_four_places_in_one_moment_is_held_four_times(cast):
    typed, save_id = iter(["north", "east", "south", "west"]), uuid.uuid4()

    def hold():
        return sends(device_of(cast.maya), cast.plan, "goals/new", save_id=save_id, words=next(typed)).json()

    answers = all_at_once(hold, times=4)
    assert texts(cast.plan) == ["east", "north", "south", "west"]
    assert len({answer["save_id"] for answer in answers}) == 4


def device_of(user):
    browser = Client()
    browser.force_login(user, backend="peers.auth_backends.Passphrase")
    return browser


# --- whose, and who reads ---


def test_what_sam_begins_for_maya_she_reads_at_once_and_it_goes_after_a_day(cast, browser_of):
    sends(browser_of(cast.sam), cast.plan, "together/strengths/add", words=WORDS)
    maya = browser_of(cast.maya)
    for name, names in (("plan", {}), ("part", {"section": "strengths"})):
        shown = page(maya, name, cast.plan, **names)
        assert "<bdi>Sam</bdi> began to write here." in shown
        assert WORDS in shown
    assert WORDS not in page(maya, "part", cast.plan, section="needs")
    assert WORDS in page(browser_of(cast.sam), "together-part", cast.plan, section="strengths")
    Draft.unguarded.update(updated_at=timezone.now() - timedelta(hours=25))
    assert WORDS not in page(maya, "plan", cast.plan)
    assert WORDS not in page(browser_of(cast.sam), "together-part", cast.plan, section="strengths")
    sends(maya, cast.plan, "goals/new", words="A dog")
    assert texts(cast.plan) == ["A dog"]


def test_mayas_own_draft_waits_for_as_long_as_she_likes(cast, browser_of):
    sends(browser_of(cast.maya), cast.plan, "goals/new", words=WORDS)
    Draft.unguarded.update(updated_at=timezone.now() - timedelta(days=400))
    Draft.clear_old()
    assert WORDS in page(browser_of(cast.maya), "goal-new", cast.plan)


@pytest.mark.parametrize(
    "box",
    [
        "together/experiences/add",
        "about/hard-days/add",
        "about/no-such-part/add",
        "share/summary",
        "goals/new/more",
        "print",
        "goals/5e1f0c1e-0000-4000-8000-000000000000/steps/add",
        "goals/{goal}/change",
        "goals/{goal}/steps/{step}/change",
        "entries/{entry}/change",
    ],
)
def test_sam_holds_nothing_where_he_may_not_write(cast, browser_of, goal, box):
    step = goal.add_step(words="Coffee", by=cast.maya)
    entry = cast.plan.add_entry(section="strengths", words="I sing.", by=cast.maya)
    box = box.format(goal=goal.pk, step=step.pk, entry=entry.pk)
    assert sends(browser_of(cast.sam), cast.plan, box, words=WORDS).status_code == 404
    assert texts(cast.plan) == []


def test_what_sam_began_in_a_part_that_maya_opened_and_closed_again_is_out_of_his_sight(cast, browser_of):
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    sam = browser_of(cast.sam)
    assert sends(sam, cast.plan, "together/experiences/add", words=WORDS).status_code == 200
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert WORDS not in page(sam, "together-part", cast.plan, section="experiences")
    assert WORDS in page(browser_of(cast.maya), "part", cast.plan, section="experiences")


def test_another_plan_and_another_author_are_another_draft(cast, browser_of):
    save_id = uuid.uuid4()
    sends(browser_of(cast.maya), cast.plan, "goals/new", save_id=save_id, words=WORDS)
    sends(browser_of(cast.sam), cast.plan, "goals/new", save_id=save_id, words="What Sam heard")
    assert texts(cast.plan) == [WORDS, "What Sam heard"]
    assert "What Sam heard" not in page(browser_of(cast.maya), "goal-new", cast.plan)
    assert sends(browser_of(cast.alex), cast.plan, "goals/new", words=WORDS).status_code == 404


# --- what cannot be held ---


@pytest.mark.parametrize("words, sentence", [("a\x00b", "cannot keep"), ("w" * 15_001, "15001 characters")])
def test_words_that_cannot_be_stored_are_told(cast, browser_of, words, sentence):
    answer = sends(browser_of(cast.maya), cast.plan, "goals/new", words=words)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    assert texts(cast.plan) == []


@pytest.mark.parametrize("sent", [{"save_id": "1"}, {"draft_version": "-1"}, {"draft_version": "9" * 40}])
def test_a_request_made_by_hand_breaks_nothing(cast, browser_of, sent):
    address = reverse("draft", kwargs={"plan": cast.plan.pk, "box": "goals/new"})
    typed = {"save_id": uuid.uuid4(), "words": WORDS, "plan": "x", "look": "y", "why": "z" * 300}
    assert browser_of(cast.maya).post(address, {**typed, **sent}).status_code in (200, 422)
    assert browser_of(cast.maya).get(address).status_code == 405
