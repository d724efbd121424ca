"""What a request has read may be different by the time it writes: what stands now decides, not what was read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recovery_plans.models import EditConflict, Entry, Goal, NotAllowedToChange, Plan, Revision, Step
from tests.recovery_plans.test_sharing import url


@pytest.fixture
def word(cast):
    return cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)


@pytest.fixture
def goal(cast):
    goal = cast.plan.add_goal(words="Slow mornings", by=cast.sam)
    goal.add_step(words="Coffee on the steps", by=cast.sam)
    return goal


def read_again(line):
    """The line as another request reads it."""
    return type(line).unguarded.select_related("plan__person__user").get(pk=line.pk)


def three_lines(word, goal):
    return [word, goal, goal.steps.get()]


# --- taken out meanwhile ---


def test_words_for_a_line_that_another_request_took_out_are_kept_beside_it(cast, word, goal):
    for line in three_lines(word, goal)[::-1]:
        stale = read_again(line)
        line.take_out(by=cast.sam)
        with pytest.raises(EditConflict) as two:
            stale.rewrite(words="Said too late", by=cast.maya, base_version=1)
        assert two.value.theirs.is_gone
        now = read_again(line)
        assert (now.words, now.version, now.voice) == (line.words, 1, "typed")
        assert Revision.unguarded.get(line=line.pk, version=None).words == "Said too late"


def test_a_step_for_a_goal_that_another_request_took_out_is_kept_beside_it(cast, goal):
    stale = read_again(goal)
    goal.take_out(by=cast.maya)
    with pytest.raises(EditConflict):
        stale.add_step(words="Said too late", by=cast.sam)
    assert not Step.unguarded.filter(words="Said too late").exists()
    assert Revision.unguarded.get(words="Said too late", version=None).line == goal.pk


def test_what_maya_took_out_meanwhile_stays_hers_to_bring_back(cast, word, goal):
    for line in three_lines(word, goal)[::-1]:
        line.take_out(by=cast.sam)
        stale = read_again(line)
        line.bring_back(by=cast.maya)
        line.take_out(by=cast.maya)
        stale.bring_back(by=cast.sam)
        now = read_again(line)
        assert (now.removed_at is None, now.removed_by) == (False, cast.maya)


def test_when_it_was_taken_out_stays_when_it_was_taken_out(cast, word):
    stale = read_again(word)
    word.take_out(by=cast.maya)
    stale.take_out(by=cast.sam)
    now = read_again(word)
    assert (now.removed_at, now.removed_by) == (word.removed_at, cast.maya)


# --- read back meanwhile ---


def test_what_maya_said_yes_to_meanwhile_sam_does_not_change_any_more(cast, word, goal):
    for line in three_lines(word, goal):
        stale = read_again(line)
        type(line).unguarded.filter(pk=line.pk).update(read_back_at=timezone.now())
        with pytest.raises(EditConflict):
            stale.rewrite(words="Sam again", by=cast.sam, base_version=1)
        assert (read_again(line).words, read_again(line).version) == (line.words, 1)


# --- said meanwhile how it is ---


def test_what_maya_said_meanwhile_of_a_goal_keeps_it_from_being_taken_out(cast, goal):
    stale = read_again(goal)
    goal.rest(by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        stale.take_out(by=cast.sam)
    assert read_again(goal).removed_at is None


def test_what_maya_said_meanwhile_of_a_step_keeps_its_goal_from_being_taken_out(cast, goal):
    stale = read_again(goal)
    goal.steps.get().do(by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        stale.take_out(by=cast.sam)
    assert read_again(goal).removed_at is None


def test_what_maya_said_meanwhile_of_a_goal_or_a_step_sam_does_not_unsay(cast, goal):
    step = goal.steps.get()
    stale_goal, stale_step = read_again(goal), read_again(step)
    goal.reach(by=cast.maya)
    step.do(by=cast.maya)
    for stale, verb in ((stale_goal, "let_go"), (stale_step, "cannot_yet")):
        with pytest.raises(NotAllowedToChange):
            getattr(stale, verb)(by=cast.sam)
    assert (read_again(goal).state, read_again(step).state) == ("reached", "done")


def test_what_maya_chose_meanwhile_to_go_with_a_goal_sam_does_not_change(cast, goal, word):
    stale = read_again(goal)
    goal.go_with(entries=[word], by=cast.maya)
    with pytest.raises(NotAllowedToChange):
        stale.go_with(entries=[], by=cast.sam)
    assert [link.entry for link in goal.links.all()] == [word]


# --- what a change leaves behind in the line ---


def test_a_changed_line_says_when_and_by_whom_and_has_to_be_read_back_anew(cast, word, goal):
    long_ago = timezone.now() - timedelta(days=30)
    for line in three_lines(word, goal):
        type(line).unguarded.filter(pk=line.pk).update(changed_at=long_ago, created_at=long_ago, changed_by=cast.lee)
        before = timezone.now()
        read_again(line).rewrite(words="In other words", by=cast.maya, base_version=1)
        now = read_again(line)
        assert before <= now.changed_at <= timezone.now()
        assert (now.created_at, now.changed_by, now.read_back_at) == (long_ago, cast.maya, None)


def test_late_words_are_kept_in_the_language_they_were_written_in(cast, word, goal):
    for line in (word, goal):
        line.rewrite(words="Faster", by=cast.sam, base_version=1)
        for language, kept_in in {"es": "es", "": "en"}.items():
            with pytest.raises(EditConflict) as two:
                line.rewrite(words=f"Tarde {language}", language=language, by=cast.maya, base_version=1)
            assert (two.value.mine.words, two.value.mine.language) == (f"Tarde {language}", kept_in)


# --- a line that was read back, and a line that Maya took out ---


def test_a_line_that_maya_said_yes_to_is_not_sams_to_change_any_more(cast, browser_of, word, goal):
    for line in three_lines(word, goal):
        type(line).unguarded.filter(pk=line.pk).update(read_back_at=timezone.now())
    sam, step = browser_of(cast.sam), goal.steps.get()
    pages = [
        sam.get(url(cast, "part", section="strengths")).content.decode(),
        sam.get(url(cast, "goal", goal=goal.pk)).content.decode(),
    ]
    steps = {"goal": goal.pk, "step": step.pk}
    for name, ids in {
        "entry-change": {"line": word.pk},
        "entry-remove": {"line": word.pk},
        "goal-change": {"goal": goal.pk},
        "goal-state": {"goal": goal.pk},
        "goal-remove": {"goal": goal.pk},
        "step-change": steps,
        "step-state": steps,
    }.items():
        assert not any(f'"{url(cast, name, **ids)}"' in page for page in pages), name
    for name, ids in {
        "entry-remove": {"line": word.pk},
        "goal-remove": {"goal": goal.pk},
        "step-remove": steps,
    }.items():
        assert sam.post(url(cast, name, **ids)).status_code == 404, name
    for name, ids in {"goal-state": {"goal": goal.pk}, "step-state": steps}.items():
        assert sam.post(url(cast, name, **ids), {"state": "done"}).status_code == 404, name
    assert not any(read_again(line).may_be_changed_by(cast.sam) for line in three_lines(word, goal))
    assert "Read back, yes" in pages[0]


def test_what_maya_took_out_sam_neither_sees_again_nor_brings_back(cast, browser_of, word, goal):
    sam, maya, step = browser_of(cast.sam), browser_of(cast.maya), goal.steps.get()
    for line in (step, goal, word):
        line.take_out(by=cast.maya)
    restore = {
        url(cast, "entry-restore", line=word.pk),
        url(cast, "goal-restore", goal=goal.pk),
        url(cast, "step-restore", goal=goal.pk, step=step.pk),
    }
    page = sam.get(url(cast, "back")).content.decode()
    for words in ("I keep my word", "Slow mornings", "Coffee on the steps"):
        assert words not in page
    for address in restore:
        assert address not in page
        assert sam.post(address).status_code == 404, address
    assert not any(model.unguarded.filter(plan=cast.plan, removed_at=None).exists() for model in (Entry, Goal, Step))
    for address in sorted(restore, key=len):
        assert maya.post(address).status_code == 302, address
    assert not any(model.unguarded.exclude(removed_at=None).exists() for model in (Entry, Goal, Step))


def test_what_another_typed_and_took_out_sam_does_not_see_again(cast, browser_of, word):
    """Alex walked along for a while, and took out what Alex had typed."""
    walk = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.maya)
    typed = cast.plan.add_entry(section="strengths", words="Typed by Alex", by=cast.alex)
    typed.take_out(by=cast.alex)
    assert "Typed by Alex" in browser_of(cast.alex).get(url(cast, "back")).content.decode()
    assert "Typed by Alex" not in browser_of(cast.sam).get(url(cast, "back")).content.decode()
    walk.end(by=cast.maya)
    assert "Typed by Alex" in browser_of(cast.maya).get(url(cast, "back")).content.decode()
