"""How it went: what Maya says of her own way when she looks back."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recovery_plans.looking_back import MOMENTS_ON_A_PAGE
from recovery_plans.models import Draft, Goal, NotAllowedToChange, Revision, Telling
from tests.recovery_plans.test_plan import plan_url, queries_for, read


@pytest.fixture
def done(cast):
    """A step that Maya did."""
    step = cast.plan.add_goal(words="Mornings", by=cast.maya).add_step(words="Phone away", by=cast.maya)
    step.do(by=cast.maya)
    return step


def tell(cast, line, words="I slept until seven"):
    return Telling.write(plan=cast.plan, about=line.pk, of_part=line.part, words=words, by=cast.maya)


def test_maya_says_how_it_went_and_sam_reads_it(cast, done, browser_of):
    maya = browser_of(cast.maya)
    page = read(maya, plan_url(cast, "back"))
    address = plan_url(cast, "telling-new", about=done.pk)
    assert f'href="{address}"' in page
    assert "You and Sam can see this." in read(maya, address)
    answer = maya.post(address, {"words": "I slept until seven"})
    assert answer["Location"] == f"{plan_url(cast, 'back')}?at={done.pk}#told"
    page = read(maya, answer["Location"])
    assert "I slept until seven" in page
    assert "Saved." in page
    assert f'href="{address}"' not in page
    his = read(browser_of(cast.sam), plan_url(cast, "back"))
    assert "I slept until seven" in his
    assert "/tellings/" not in his


def test_two_taps_are_one_and_other_words_under_one_save_are_not_lost(cast, done, browser_of):
    maya, address = browser_of(cast.maya), plan_url(cast, "telling-new", about=done.pk)
    save = {"save_id": str(uuid.uuid4())}
    for _turn in range(2):
        maya.post(address, {**save, "words": "Well"})
    answer = maya.post(address, {**save, "words": "Not so well"})
    assert answer.status_code == 422
    assert "Not so well" in answer.content.decode()
    assert [telling.words for telling in Telling.unguarded.all()] == ["Well"]


def test_how_it_went_is_changed_taken_out_and_comes_back(cast, done, browser_of):
    maya, telling = browser_of(cast.maya), tell(cast, done)
    change = plan_url(cast, "telling-change", telling=telling.pk)
    maya.post(change, {"words": "I slept until eight", "base_version": 1})
    assert "I slept until eight" in read(maya, plan_url(cast, "back"))
    answer = maya.post(plan_url(cast, "telling-remove", telling=telling.pk))
    page = read(maya, answer["Location"])
    assert "Taken out. You can bring it back." in page
    assert "I slept until eight" in page.split("Bring it back")[0]
    assert "I slept until eight" not in read(browser_of(cast.sam), plan_url(cast, "back"))
    answer = maya.post(plan_url(cast, "telling-restore", telling=telling.pk))
    assert "It is back where it was." in read(maya, answer["Location"])
    assert "I slept until eight" in read(browser_of(cast.sam), plan_url(cast, "back"))
    assert Revision.unguarded.filter(line=telling.pk).count() == 2


def test_changed_on_two_screens_both_texts_are_kept(cast, done, browser_of):
    maya, telling = browser_of(cast.maya), tell(cast, done)
    telling.rewrite(words="From my phone", by=cast.maya, base_version=1)
    change = plan_url(cast, "telling-change", telling=telling.pk)
    answer = maya.post(change, {"words": "From the library", "base_version": 1})
    assert answer.status_code == 409
    assert {"From my phone", "From the library"} <= set(
        Revision.unguarded.filter(line=telling.pk).values_list("words", flat=True)
    )
    assert "From the library" in read(maya, plan_url(cast, "back")).split('id="h-kept"')[1]


@pytest.mark.parametrize("who", ["sam", "alex", "dana", "ines"])
def test_nobody_but_maya_says_how_it_went(cast, done, browser_of, who):
    telling, other = tell(cast, done), browser_of(getattr(cast, who))
    for name, ids in {
        "telling-new": {"about": done.pk},
        "telling-change": {"telling": telling.pk},
        "telling-remove": {"telling": telling.pk},
        "telling-restore": {"telling": telling.pk},
    }.items():
        sent = {"words": "It went badly", "base_version": 1}
        assert other.post(plan_url(cast, name, **ids), sent).status_code == 404
    with pytest.raises(NotAllowedToChange):
        Telling.write(plan=cast.plan, about=done.pk, of_part="goals", words="Badly", by=getattr(cast, who))
    telling.refresh_from_db()
    assert (telling.words, telling.removed_at) == ("I slept until seven", None)
    assert Telling.unguarded.count() == 1


def test_how_a_private_line_went_is_as_private_as_the_line(cast, browser_of):
    line = cast.plan.add_entry(section="experiences", words="The year of the fire", by=cast.maya)
    tell(cast, line, words="I wrote it down at last")
    assert "I wrote it down at last" in read(browser_of(cast.maya), plan_url(cast, "back"))
    assert "I wrote it down at last" not in read(browser_of(cast.sam), plan_url(cast, "back"))


def test_how_it_went_is_out_of_sams_sight_with_the_line_that_was_taken_out(cast, done, browser_of):
    entry = cast.plan.add_entry(section="strengths", words="I sing", by=cast.maya)
    tellings = [tell(cast, line, words=f"TOLD-{line.pk}") for line in (done.goal, done, entry)]
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)

    def seen_by(browser):
        page = read(browser, plan_url(cast, "back"))
        histories = [browser.get(plan_url(cast, "line-history", line=each.pk)) for each in tellings]
        return [each.words in page for each in tellings], [answer.status_code for answer in histories]

    assert seen_by(sam) == ([True] * 3, [200] * 3)
    done.goal.take_out(by=cast.maya)
    entry.take_out(by=cast.maya)
    assert seen_by(sam) == ([False] * 3, [404] * 3)
    assert seen_by(maya) == ([True] * 3, [200] * 3)
    done.goal.bring_back(by=cast.maya)
    assert seen_by(sam) == ([True, True, False], [200, 200, 404])
    done.take_out(by=cast.maya)
    assert seen_by(sam) == ([True, False, False], [200, 404, 404])


def test_how_a_step_went_stays_in_sight_when_the_step_is_not_done_any_more(cast, done, browser_of):
    telling = tell(cast, done)
    done.undo(by=cast.maya)
    assert plan_url(cast, "telling-change", telling=telling.pk) in read(browser_of(cast.maya), plan_url(cast, "back"))
    assert telling.words in read(browser_of(cast.sam), plan_url(cast, "back"))


def test_what_is_begun_is_held_until_it_is_kept(cast, done, browser_of):
    maya, address = browser_of(cast.maya), plan_url(cast, "telling-new", about=done.pk)
    save = {"save_id": str(uuid.uuid4()), "words": "I slept"}
    box = reverse("draft", kwargs={"plan": cast.plan.pk, "box": f"back/{done.pk}"})
    assert maya.post(box, save).status_code == 200
    assert "I slept" in read(maya, address)
    assert browser_of(cast.sam).post(box, save).status_code == 404
    maya.post(address, {**save, "draft_version": "1"})
    assert not Draft.unguarded.exists()


def test_in_her_hands_maya_says_how_a_goal_went_and_is_back_at_it(cast, done, browser_of):
    goal = Goal.unguarded.get()
    goal.reach(by=cast.maya)
    tablet = browser_of(cast.sam)
    tablet.post(plan_url(cast, "hands"))
    address = plan_url(cast, "telling-new", about=goal.pk)
    assert f'href="{address}"' in read(tablet, plan_url(cast, "goal", goal=goal.pk))
    answer = tablet.post(address, {"words": "It took all winter"})
    assert answer["Location"] == plan_url(cast, "goal", goal=goal.pk) + "#told"
    text = Revision.unguarded.get(words="It took all winter")
    assert (text.by, text.on_device_of) == (cast.maya, cast.sam)


def test_all_that_was_added_is_there_and_nothing_is_counted(cast, browser_of):
    cast.plan.add_entry(section="needs", words="A bus pass", by=cast.maya)
    cast.plan.add_goal(words="Sing again", by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast, "back"))
    assert "A bus pass" in page
    assert "A new goal" in page
    assert " of 2" not in page


def test_a_long_way_is_read_page_by_page_with_as_many_questions(cast, browser_of):
    maya = browser_of(cast.maya)

    def strengths(*numbers):
        for number in numbers:
            line = cast.plan.add_entry(section="strengths", words=f"Strength {number:03}", by=cast.maya)
            type(line).unguarded.filter(pk=line.pk).update(created_at=timezone.now() - timedelta(days=number))
            tell(cast, line, words=f"Went {number:03}")
        return line

    strengths(0)
    few = queries_for(maya, plan_url(cast, "back"))
    last = strengths(*range(1, MOMENTS_ON_A_PAGE + 3))
    assert len(queries_for(maya, plan_url(cast, "back"))) == len(few)
    page = read(maya, plan_url(cast, "back"))
    assert "Strength 000" in page
    assert page.count('class="moment"') == MOMENTS_ON_A_PAGE
    assert last.words not in page
    older = page.split('href="?before=')[1].split('"')[0]
    page = read(maya, f"{plan_url(cast, 'back')}?before={older}")
    assert "Strength 000" not in page
    assert last.words in page
    assert "?before=" not in page
    assert last.words in read(maya, f"{plan_url(cast, 'back')}?at={last.pk}")
    assert "Strength 000" in read(maya, f"{plan_url(cast, 'back')}?before=not-there")
