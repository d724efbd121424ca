"""Part by part: what Maya's yes opens to Sam and what it does not. None of see, write and print implies another."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from recovery_plans.models import Grant, GrantedPart
from tests.addresses import wanted_names, what_happened
from tests.recovery_plans.test_sharing import read, share_part, url
from tests.test_access import ACCESS

EVERYTHING = ("see", "write", "print")


def say_yes(cast, parts):
    """From now on Sam may do exactly this: the parts of the plan, each with what he may do there."""
    Grant.unguarded.filter(plan=cast.plan, reader=cast.sam, revoked_at=None).update(revoked_at=timezone.now())
    yes = Grant.unguarded.create(
        plan=cast.plan, reader=cast.sam, walk=cast.walk, purpose="walk", given_by=cast.maya, given="on_screen"
    )
    for part, actions in parts.items():
        for action in actions:
            GrantedPart.unguarded.create(grant=yes, part=part, action=action)


@pytest.fixture
def typed(cast):
    """What Sam typed for Maya while everything was open to him: he holds the pen of every line."""
    plan = cast.plan
    Grant.open_part(plan=plan, walk=cast.walk, section="experiences", by=cast.maya)
    story = plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.sam)
    strength = plan.add_entry(section="strengths", words="CANARY-STRENGTH", by=cast.sam)
    goal = plan.add_goal(words="CANARY-GOAL", by=cast.sam)
    step = goal.add_step(words="CANARY-STEP", by=cast.sam)
    goal.go_with(entries=[strength, story], by=cast.sam)
    return SimpleNamespace(story=story, strength=strength, goal=goal, step=step)


# --- a part and its addresses ---


def addresses_to_write_in(cast, typed, part):
    """Every address under which something of this part can be changed, by its name."""
    goals = part == "goals"
    line = typed.story if part == "experiences" else typed.strength
    known = {"plan": cast.plan.pk, "goal": typed.goal.pk, "step": typed.step.pk}
    known |= {} if goals else {"section": part, "line": line.pk}
    names = [
        name for name, door in ACCESS.items() if door == "writes" and name.startswith(("entry-", "goal-", "step-"))
    ]
    names = [name for name in names if name.startswith("entry-") != goals]
    return {name: url(cast, name, **{key: known[key] for key in wanted_names(name) - {"plan"}}) for name in names}


def answers_to(browser, addresses):
    """What happens to whoever sends something there, each as if it were the first."""
    happened = {}
    for name, address in addresses.items():
        mark = transaction.savepoint()
        happened[name] = what_happened(browser.post(address, {"words": "Sam was here", "base_version": 1}))
        transaction.savepoint_rollback(mark)
    return happened


@pytest.mark.parametrize("part", ["strengths", "experiences", "goals"])
@pytest.mark.parametrize(
    "actions,expected",
    [
        (EVERYTHING, "let in"),
        (("see", "write"), "let in"),
        (("see",), "not there"),
        (("see", "print"), "not there"),
        ((), "not there"),
    ],
    ids=["everything", "see and write", "see only", "see and print", "closed"],
)
def test_only_where_maya_lets_sam_write_he_writes(cast, browser_of, typed, part, actions, expected):
    others = {"vision": EVERYTHING}  # he may write elsewhere in the plan, so it is the part that decides
    say_yes(cast, others | {part: actions})
    addresses = addresses_to_write_in(cast, typed, part)
    assert len(addresses) >= 4
    assert answers_to(browser_of(cast.sam), addresses) == dict.fromkeys(addresses, expected)


def test_a_line_of_a_closed_part_is_not_there_at_its_own_address(cast, browser_of, typed):
    say_yes(cast, {"vision": EVERYTHING})
    sam = browser_of(cast.sam)
    for address in (
        url(cast, "goal", goal=typed.goal.pk),
        url(cast, "entry-change", line=typed.story.pk),
        url(cast, "step-change", goal=typed.goal.pk, step=typed.step.pk),
        url(cast, "goal-new"),
    ):
        assert sam.get(address).status_code == 404, address
    for name, ids in {"plan": {}, "about-me": {}, "back": {}, "part": {"section": "experiences"}}.items():
        assert "CANARY" not in sam.get(url(cast, name, **ids)).content.decode(), name


# --- a part that was open and is closed again ---


def test_once_maya_has_closed_her_story_sam_writes_nothing_in_it(cast, browser_of, typed):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    addresses = addresses_to_write_in(cast, typed, "experiences")
    assert set(answers_to(sam, addresses).values()) == {"let in"}
    share_part(maya, cast, "experiences", "close")
    assert set(answers_to(sam, addresses).values()) == {"not there"}
    together = url(cast, "together-add", section="experiences")
    sam.post(together, {"words": "Sam was here"})
    assert not cast.plan.entries.filter(words="Sam was here").exists()
    assert sam.post(url(cast, "entry-add", section="strengths"), {"words": "Elsewhere"}).status_code == 302


def test_a_yes_that_is_over_lets_nobody_write(cast, browser_of, typed):
    sam, add = browser_of(cast.sam), url(cast, "entry-add", section="strengths")
    say_yes(cast, {"strengths": EVERYTHING})
    yes, now, day = Grant.unguarded.filter(reader=cast.sam, revoked_at=None), timezone.now(), timedelta(days=1)
    yes.update(ends_at=now - day)
    assert sam.post(add, {"words": "Too late"}).status_code == 404
    yes.update(ends_at=now + day, starts_at=now + day / 2)  # the clock was wrong when they began to walk
    assert sam.post(add, {"words": "Today"}).status_code == 302


# --- see, write, print: none implies another ---


def test_a_part_that_sam_may_only_see_has_no_button_for_him(cast, browser_of, typed):
    say_yes(cast, {"strengths": ["see"], "goals": ["see"], "vision": EVERYTHING})
    sam = browser_of(cast.sam)
    pages = {
        "part": {"section": "strengths"},
        "goal": {"goal": typed.goal.pk},
        "plan": {},
        "about-me": {},
    }
    for name, ids in pages.items():
        page = sam.get(url(cast, name, **ids)).content.decode()
        if name != "about-me":
            assert "CANARY" in page, name
        for address in (
            *addresses_to_write_in(cast, typed, "strengths").values(),
            *addresses_to_write_in(cast, typed, "goals").values(),
        ):
            assert f'"{address}' not in page, name


def test_to_see_is_not_to_print(cast, browser_of, typed, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    sam, pdf = browser_of(cast.sam), url(cast, "print-pdf")
    assert sam.post(pdf).status_code == 503, "he may print; only that nothing prints here"
    say_yes(cast, {"strengths": ["see", "write"], "goals": ["see", "write"]})
    assert sam.get(url(cast, "print")).status_code == 404
    assert sam.post(pdf).status_code == 404
    say_yes(cast, {"strengths": ["see", "print"], "goals": ["see"]})
    page = sam.get(url(cast, "print")).content.decode()
    assert 'value="strengths"' in page
    assert 'value="goals"' not in page
    sent = {"size": "regular", "language": "en", "parts": ["strengths", "goals"]}
    assert sam.post(pdf, sent).status_code == 422


def test_to_write_is_not_to_see(cast, browser_of, typed):
    say_yes(cast, {"strengths": ["write"], "goals": ["write"], "vision": EVERYTHING})
    sam = browser_of(cast.sam)
    for name, ids in {"plan": {}, "about-me": {}, "back": {}, "part": {"section": "strengths"}}.items():
        assert "CANARY" not in sam.get(url(cast, name, **ids)).content.decode(), name
    assert sam.get(url(cast, "goal", goal=typed.goal.pk)).status_code == 404


def test_what_goes_with_a_goal_stays_closed_where_its_part_is_closed(cast, browser_of, typed):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    for parts in ({"goals": EVERYTHING}, {"goals": ["see"], "vision": EVERYTHING}):
        say_yes(cast, parts)
        for name, ids in {"plan": {}, "goal": {"goal": typed.goal.pk}}.items():
            page = sam.get(url(cast, name, **ids)).content.decode()
            assert "CANARY-GOAL" in page
            assert "CANARY-STRENGTH" not in page
            assert "CANARY-STORY" not in page
    assert "CANARY-STRENGTH" in read(maya, url(cast, "goal", goal=typed.goal.pk))


def test_each_part_is_open_to_the_one_it_was_opened_to(cast, browser_of, typed):
    """Alex walks with Maya too: what is open to one of the two is not open to the other."""
    second = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=second, by=cast.maya)
    say_yes(cast, {"vision": EVERYTHING})
    alex, sam = browser_of(cast.alex), browser_of(cast.sam)
    assert "CANARY-STRENGTH" in read(alex, url(cast, "part", section="strengths"))
    assert "CANARY-STORY" not in read(alex, url(cast, "part", section="experiences"))
    assert "CANARY-STRENGTH" not in read(sam, url(cast, "part", section="strengths"))
    assert alex.post(url(cast, "entry-add", section="strengths"), {"words": "From Alex"}).status_code == 302
    assert sam.post(url(cast, "entry-add", section="strengths"), {"words": "From Sam"}).status_code == 404
    second.end(by=cast.maya)
    assert alex.post(url(cast, "entry-add", section="strengths"), {"words": "After"}).status_code == 404
