"""What entries, goals and steps share: nothing is lost, nothing is said twice, nothing slips in."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from recovery_plans.models import EditConflict, Entry, Goal, Plan, Revision


@pytest.fixture
def word(cast):
    return cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)


def change_url(cast, line):
    if isinstance(line, Goal):
        return reverse("goal-change", kwargs={"plan": cast.plan.pk, "goal": line.pk})
    return reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": line.pk})


def add_url(cast, section="strengths"):
    return reverse("entry-add", kwargs={"plan": cast.plan.pk, "section": section})


# --- two people at once ---


def test_two_at_once_lose_nothing_and_maya_picks(cast, browser_of, word):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    sam.post(change_url(cast, word), {"words": "Sam's second try", "base_version": 1})
    answer = maya.post(change_url(cast, word), {"words": "My own try", "base_version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sam&#x27;s second try" in page
    assert "My own try" in page
    assert Revision.unguarded.get(line=word.pk, words="My own try").version is None
    # "Keep my words" is the form on that page, with a fresh base.
    form = re.search(rf'<form[^>]*method="post" action="{change_url(cast, word)}".*?</form>', page, re.S).group(0)
    assert 'name="base_version" value="2"' in form
    kept = maya.post(change_url(cast, word), {"words": "My own try", "base_version": 2})
    assert kept.status_code == 302
    word.refresh_from_db()
    assert (word.words, word.version, word.voice) == ("My own try", 3, "own")
    texts = set(Revision.unguarded.filter(line=word.pk).values_list("words", flat=True))
    assert texts == {"I keep my word", "Sam's second try", "My own try"}


def test_a_goal_changed_in_two_places_shows_both_with_their_whys(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", why="It is mine", by=cast.maya)
    maya = browser_of(cast.maya)
    maya.post(change_url(cast, goal), {"words": "Sew for pay", "why": "Rent", "base_version": 1})
    answer = maya.post(change_url(cast, goal), {"words": "Sew for love", "why": "Joy", "base_version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Sew for pay", "Rent", "Sew for love", "Joy"):
        assert words in page
    kept = Revision.unguarded.get(line=goal.pk, version=None)
    assert (kept.words, kept.detail) == ("Sew for love", "Joy")


@pytest.mark.parametrize("base", ["0", "-1", "1e3", "true", "", "null", "1" + "0" * 20])
def test_a_version_that_never_was_is_refused_with_the_words_kept(cast, browser_of, word, base):
    answer = browser_of(cast.maya).post(change_url(cast, word), {"words": "My own try", "base_version": base})
    assert answer.status_code == 200
    assert "My own try" in answer.content.decode()
    word.refresh_from_db()
    assert (word.words, word.version) == ("I keep my word", 1)


def test_what_sam_typed_for_a_line_maya_made_her_own_is_shown_and_kept(cast, browser_of, word):
    sam, maya, alex = browser_of(cast.sam), browser_of(cast.maya), browser_of(cast.alex)
    maya.post(change_url(cast, word), {"words": "I always keep it", "base_version": 1})
    sent = {"words": "A long page Sam typed", "base_version": 1, "save_id": str(uuid4())}
    for _tap in range(2):
        answer = sam.post(change_url(cast, word), sent)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "A long page Sam typed" in page
        assert "I always keep it" in page
        assert "Only Maya changes them." in page
    assert Revision.unguarded.get(version=None).words == "A long page Sam typed"
    word.refresh_from_db()
    assert (word.words, word.voice) == ("I always keep it", "own")
    # Who never had a word in a line finds none: Alex, and Sam in a line that was always Maya's.
    assert alex.post(change_url(cast, word), sent).status_code == 404
    own = cast.plan.add_entry(section="strengths", words="I laugh", by=cast.maya)
    assert sam.post(change_url(cast, own), {"words": "x", "base_version": 1}).status_code == 404
    assert Revision.unguarded.filter(version=None).count() == 1


def test_words_for_a_line_that_was_taken_out_meanwhile_are_kept(cast, browser_of, word):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    step = goal.add_step(words="Buy thread", by=cast.sam)
    word.take_out(by=cast.sam)
    goal.take_out(by=cast.maya)
    steps = {"plan": cast.plan.pk, "goal": goal.pk}
    addresses = {
        "kept for the entry": change_url(cast, word),
        "kept for the goal": change_url(cast, goal),
        "kept for the step": reverse("step-change", kwargs={**steps, "step": step.pk}),
        "kept for a new step": reverse("step-add", kwargs=steps),
    }
    for browser in (maya, sam):
        for words, address in addresses.items():
            answer = browser.post(address, {"words": words, "base_version": 1, "save_id": str(uuid4())})
            assert answer.status_code == 409, address
            assert words in answer.content.decode()
            assert "What you wrote is kept." in answer.content.decode()
    kept = Revision.unguarded.filter(version=None)
    assert sorted(kept.values_list("words", flat=True)) == sorted([*addresses, *addresses])
    assert "Sew" not in answer.content.decode()  # what Maya took out Sam does not see
    assert not goal.steps.filter(words="kept for a new step").exists()
    assert maya.get(change_url(cast, word)).status_code == 404


# --- the same save twice ---


def test_two_taps_on_save_are_one_line(cast, browser_of):
    maya, save_id = browser_of(cast.maya), str(uuid4())
    for _tap in range(2):
        assert maya.post(add_url(cast), {"words": "I laugh easily", "save_id": save_id}).status_code == 302
    assert Entry.unguarded.get().words == "I laugh easily"


def test_one_save_with_other_words_is_refused_and_the_words_stay_on_screen(cast, browser_of):
    maya, save_id = browser_of(cast.maya), str(uuid4())
    maya.post(add_url(cast), {"words": "I laugh easily", "save_id": save_id})
    answer = maya.post(add_url(cast), {"words": "I cry easily", "save_id": save_id})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "I cry easily" in page
    assert save_id not in page
    assert Entry.unguarded.count() == 1


def test_one_save_with_other_facts_is_refused_too(cast, browser_of, word):
    maya, save_id = browser_of(cast.maya), str(uuid4())
    needs = {"words": "A bus pass", "save_id": save_id}
    assert maya.post(add_url(cast, "needs"), {**needs, "kind": ""}).status_code == 302
    assert maya.post(add_url(cast, "needs"), {**needs, "kind": ""}).status_code == 302
    assert maya.post(add_url(cast, "needs"), {**needs, "kind": "from_us"}).status_code == 422
    assert maya.post(add_url(cast, "strengths"), needs).status_code == 422
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    day = {"words": "Sew", "base_version": 1, "save_id": str(uuid4()), "look_again_on": "2031-05-19"}
    assert maya.post(change_url(cast, goal), day).status_code == 302
    assert maya.post(change_url(cast, goal), day).status_code == 302
    assert maya.post(change_url(cast, goal), {**day, "look_again_on": "2032-05-19"}).status_code == 422
    goal.refresh_from_db()
    assert (goal.look_again_on.year, goal.version) == (2031, 2)


def test_one_save_is_not_used_again_for_a_second_line(cast, browser_of):
    """It says the version that stands there: only the save id tells that it is not a save of its own."""
    maya = browser_of(cast.maya)
    first, second = (cast.plan.add_goal(words=words, by=cast.maya) for words in ("Sew", "Read"))
    data = {"words": "Sail", "base_version": 1, "save_id": str(uuid4())}
    assert maya.post(change_url(cast, first), data).status_code == 302
    assert maya.post(change_url(cast, second), data).status_code == 422
    second.refresh_from_db()
    assert (second.words, second.version) == ("Read", 1)
    assert Revision.unguarded.filter(line=second.pk).count() == 1


def test_another_persons_save_id_is_not_an_answer(cast, browser_of):
    save_id = uuid4()
    cast.plan.add_entry(section="strengths", words="Typed by Sam", by=cast.sam, save_id=save_id)
    answer = browser_of(cast.maya).post(add_url(cast), {"words": "Typed by Sam", "save_id": str(save_id)})
    assert answer.status_code == 404
    assert Entry.unguarded.count() == 1


# --- nothing slips in ---


def test_extra_fields_are_never_applied(cast, browser_of, word):
    other = Plan.unguarded.exclude(pk=cast.plan.pk).first()
    smuggled = {
        "voice": "own",
        "section": "hard_days",
        "plan": str(other.pk) if other else "x",
        "created_by": str(cast.maya.pk),
        "read_back_at": "2020-01-01",
        "version": "99",
        "removed_at": "2020-01-01",
        "role": "admin",
        "position": "0",
        "state": "reached",
    }
    sam = browser_of(cast.sam)
    sam.post(add_url(cast), {"words": "Added", **smuggled})
    added = Entry.unguarded.get(words="Added")
    assert (added.plan_id, added.section, added.voice, added.version) == (cast.plan.pk, "strengths", "typed", 1)
    assert (added.created_by_id, added.removed_at, added.read_back_at) == (cast.sam.pk, None, None)
    sam.post(change_url(cast, word), {"words": "Changed", "base_version": "1", **smuggled})
    word.refresh_from_db()
    assert (word.words, word.section, word.voice, word.version) == ("Changed", "strengths", "typed", 2)
    sam.post(reverse("goal-new", kwargs={"plan": cast.plan.pk}), {"words": "A goal", **smuggled})
    goal = Goal.unguarded.get()
    assert (goal.state, goal.position, goal.voice) == ("now", 1, "typed")


def test_a_kind_that_does_not_fit_its_part_is_refused(cast, browser_of):
    maya = browser_of(cast.maya)
    assert maya.post(add_url(cast, "needs"), {"words": "x", "kind": "lifts"}).status_code == 200
    maya.post(add_url(cast, "strengths"), {"words": "y", "kind": "lifts"})
    assert list(Entry.unguarded.values_list("words", "kind")) == [("y", "")]


# --- whatever is typed ---


KEPT = {
    "right to left": "אני שומרת על המילה שלי",
    "bidi override": "\u202eabc\u202c",
    "zero width": "fa\u200bmi\u200dly 👩\u200d👩\u200d👧",
    "decomposed": "cafe\u0301",
    "script": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% load x %}",
    "formula": "=1+1",
    "tab first": "\tindented",
    "newlines": "one\n\n\ntwo",
    "as long as it gets": "a" * 15_000,
}


@pytest.mark.parametrize("name", KEPT)
def test_words_are_kept_exactly_and_shown_as_text(cast, browser_of, name):
    maya = browser_of(cast.maya)
    assert maya.post(add_url(cast), {"words": KEPT[name]}).status_code == 302
    assert Entry.unguarded.get().words == KEPT[name]
    for page in ("plan", "about-me", "back"):
        answer = maya.get(reverse(page, kwargs={"plan": cast.plan.pk}))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["a\x00b", "a" * 15_001, "e" + "\u0301" * 40])
def test_words_that_cannot_be_kept_are_refused_kindly_and_stay_on_screen(cast, browser_of, typed):
    answer = browser_of(cast.maya).post(add_url(cast), {"words": typed})
    assert answer.status_code == 200
    assert 'class="errors"' in answer.content.decode()
    assert typed.replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert not Entry.unguarded.exists()


def test_control_signs_are_taken_out_and_told(cast, browser_of):
    answer = browser_of(cast.maya).post(add_url(cast), {"words": "I\x07 keep\x1b my word"}, follow=True)
    assert Entry.unguarded.get().words == "I keep my word"
    assert "We took out 2 characters that cannot be shown." in answer.content.decode()


def test_titles_and_addresses_carry_no_words(cast, browser_of, word):
    goal = cast.plan.add_goal(words="Sew for pay", by=cast.maya)
    maya = browser_of(cast.maya)
    for address in (
        reverse("plan", kwargs={"plan": cast.plan.pk}),
        reverse("goal", kwargs={"plan": cast.plan.pk, "goal": goal.pk}),
        reverse("part", kwargs={"plan": cast.plan.pk, "section": "strengths"}),
        change_url(cast, word),
    ):
        title = re.search(r"<title>(.*?)</title>", maya.get(address).content.decode(), re.S).group(1)
        assert "Sew" not in title
        assert "word" not in title
        assert "recovery" not in title.lower()


def test_whoever_was_faster_is_read_with_their_line(cast, django_assert_num_queries):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    step = goal.add_step(words="Buy thread", by=cast.sam)
    entry = cast.plan.add_entry(section="strengths", words="I laugh", by=cast.sam)
    for line in (goal, step, entry):
        late = type(line).unguarded.get(pk=line.pk)
        late.plan = cast.plan
        line.rewrite(words="Faster", by=cast.sam, base_version=1)
        with pytest.raises(EditConflict) as conflict:
            late.rewrite(words="Later", by=cast.maya, base_version=1)
        theirs = conflict.value.theirs
        with django_assert_num_queries(0):
            assert (theirs.words, theirs.changed_by.name, theirs.is_gone) == ("Faster", "Sam", False)
            assert theirs.may_be_changed_by(cast.maya)
