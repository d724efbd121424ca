"""Read back: what Sam typed for Maya is hers once she has said yes to it, and only she says it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from peers.models import PlanCard
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, Revision
from recovery_plans.models.lines import NotAllowedToChange
from tests.hands import PIN, take_back, together
from tests.recovery_plans.test_goals import page_of, url
from tests.ways import open_card


@pytest.fixture
def typed(cast):
    """Three lines that Sam typed while they sat together: a strength, a goal and its step; and one of Maya's own."""
    cast.plan.add_entry(section="strengths", words="I fix sewing machines", by=cast.maya)
    entry = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)
    goal = cast.plan.add_goal(words="Slow mornings", by=cast.sam)
    step = goal.add_step(words="Coffee on the steps", by=cast.sam)
    return [entry, goal, step]


def words_on(page):
    return re.search(r'<p class="q"[^>]*>(.*?)</p>', page, re.S).group(1)


def say(browser, cast, line, answer="yes", goes_on="", version=None):
    data = {"answer": answer, "base_version": version or line.version, "goes_on": goes_on, "back_to": "read-back"}
    address = reverse("read-back-answer", kwargs={"plan": cast.plan.pk, "line": line.pk})
    return browser.post(address, data, follow=True)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


# --- Maya, on her own ---


def test_maya_says_yes_to_one_line_after_the_other(cast, browser_of, typed):
    maya = browser_of(cast.maya)
    assert url(cast, "read-back") in page_of(maya, url(cast, "plan"))
    page, heard = page_of(maya, url(cast, "read-back")), []
    for line in typed:
        heard.append(words_on(page))
        page = say(maya, cast, line, goes_on=hidden(page, "goes_on")).content.decode()
    assert heard == ["I keep my word", "Slow mornings", "Coffee on the steps"]
    assert "No line waits for my yes." in page
    for line in typed:
        line.refresh_from_db()
        assert line.read_back_at
        assert line.voice == "typed", "who typed it stays said"
    plan = page_of(maya, url(cast, "plan"))
    assert 'class="mk"' not in plan
    assert url(cast, "read-back") not in plan


def test_what_maya_said_yes_to_sam_changes_no_more(cast, browser_of, typed):
    sam, [entry, goal, step] = browser_of(cast.sam), typed
    for line in typed:
        assert line.may_be_changed_by(cast.sam)
        assert line.read_back(by=cast.maya, base_version=line.version)
        assert not line.may_be_changed_by(cast.sam)
        with pytest.raises(NotAllowedToChange):
            line.take_out(by=cast.sam)
    change = reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": entry.pk})
    assert sam.get(change).status_code == 404
    assert sam.post(url(cast, "step-remove", goal, step)).status_code == 404
    assert browser_of(cast.maya).get(change).status_code == 200


def test_nobody_but_maya_says_yes(cast, browser_of, typed):
    entry = typed[0]
    for other in (cast.sam, cast.lee, cast.dana):
        with pytest.raises(NotAllowedToChange):
            entry.read_back(by=other, base_version=1)
        assert say(browser_of(other), cast, entry).status_code == 404
        assert browser_of(other).get(url(cast, "read-back")).status_code == 404
    entry.refresh_from_db()
    assert entry.read_back_at is None


def test_leaving_a_line_for_now_asks_nothing_and_shows_the_next(cast, browser_of, typed):
    maya = browser_of(cast.maya)
    page = page_of(maya, url(cast, "read-back"))
    seen = [words_on(page)]
    while leave := re.search(r'href="(\?at=[^"]+)"', page):
        page = page_of(maya, url(cast, "read-back") + leave.group(1))
        seen += [words_on(page)] if 'class="q"' in page else []
    assert len(seen) == len(set(seen)) == 3
    assert "They can wait." in page
    assert not any(type(line).unguarded.get(pk=line.pk).read_back_at for line in typed)


def test_taken_out_it_can_be_brought_back_and_waits_again(cast, browser_of, typed):
    maya = browser_of(cast.maya)
    for line in typed[::-1]:
        page = say(maya, cast, line, answer="out").content.decode()
        line.refresh_from_db()
        assert line.is_gone
        undo = re.search(r'<form class="undo".*?action="([^"]+)"', page, re.S).group(1)
        answer = maya.post(undo, {"back_to": "read-back"}, follow=True)
        assert answer.status_code == 200
        line.refresh_from_db()
        assert not line.is_gone
        assert line.read_back_at is None


def test_a_line_that_changed_meanwhile_is_shown_once_more(cast, browser_of, typed):
    maya, entry = browser_of(cast.maya), typed[0]
    entry.rewrite(words="I keep my word, mostly", by=cast.sam, base_version=1)
    page = say(maya, cast, entry, version=1).content.decode()
    assert "These words have changed." in page
    assert words_on(page) == "I keep my word, mostly"
    entry.refresh_from_db()
    assert entry.read_back_at is None
    say(maya, cast, entry, version=2)
    entry.refresh_from_db()
    assert entry.read_back_at


def test_a_second_tap_says_nothing_new(cast, browser_of, typed):
    maya, entry = browser_of(cast.maya), typed[0]
    say(maya, cast, entry)
    entry.refresh_from_db()
    first = entry.read_back_at
    say(maya, cast, entry)
    entry.refresh_from_db()
    assert entry.read_back_at == first
    assert LogLine.unguarded.filter(what=PlanEvent.LINE_READ_BACK).count() == 1


@pytest.mark.parametrize(
    "odd", [{"answer": "maybe"}, {"answer": ""}, {"base_version": "one"}, {"base_version": "9" * 30}]
)
def test_an_odd_answer_changes_nothing(cast, browser_of, typed, odd):
    entry = typed[0]
    address = reverse("read-back-answer", kwargs={"plan": cast.plan.pk, "line": entry.pk})
    data = {"answer": "yes", "base_version": 1, "goes_on": "\0/..//evil"} | odd
    page = browser_of(cast.maya).post(address, data, follow=True).content.decode()
    assert words_on(page) == "I keep my word"
    entry.refresh_from_db()
    assert (entry.read_back_at, entry.removed_at) == (None, None)


def test_words_that_maya_changes_are_her_own_and_wait_no_more(cast, browser_of, typed):
    maya, entry = browser_of(cast.maya), typed[0]
    page = page_of(maya, url(cast, "read-back"))
    change = re.search(r'href="([^"]*/change/[^"]*)"', page).group(1)
    form = page_of(maya, change)
    assert hidden(form, "back_to") == "read-back"
    sent = {"words": "I keep my promises", "base_version": entry.version, "back_to": "read-back"}
    answer = maya.post(change.partition("?")[0], sent, follow=True)
    assert words_on(answer.content.decode()) == "Slow mornings"
    entry.refresh_from_db()
    assert (entry.words, entry.voice) == ("I keep my promises", "own")


def test_after_a_change_it_goes_on_with_the_line_that_comes_next(cast, browser_of, typed):
    """What Maya left for now is not asked again before she has been through the rest."""
    maya, [entry, goal, step] = browser_of(cast.maya), typed
    later = cast.plan.add_entry(section="strengths", words="I walk every day", by=cast.sam)
    sent = {"words": "I walk most days", "base_version": later.version, "back_to": "read-back"}
    answer = maya.post(reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": later.pk}), sent, follow=True)
    assert words_on(answer.content.decode()) == "Slow mornings"

    page = page_of(maya, f"{url(cast, 'read-back')}?at={goal.pk}")
    change = re.search(r'href="([^"]*)">[^>]*>\s*Change it|href="([^"]*back_to=read-back[^"]*)"', page).group(2)
    form = page_of(maya, change.replace("&amp;", "&"))
    assert hidden(form.partition('id="goal-words"')[2], "back_to") == "read-back"
    sent = {"words": "Mornings of my own", "base_version": goal.version, "back_to": "read-back"}
    answer = maya.post(url(cast, "goal-change", goal), sent, follow=True)
    assert words_on(answer.content.decode()) == "Coffee on the steps"

    sent = {"words": "Tea on the steps", "base_version": step.version, "who": "me", "back_to": "read-back"}
    address = reverse("step-change", kwargs={"plan": cast.plan.pk, "goal": goal.pk, "step": step.pk})
    page = maya.post(address, sent, follow=True).content.decode()
    assert "<h1>Is this what I said?</h1>" not in page, "after the last one it does not begin anew"
    assert url(cast, "read-back") in page, "what she left for now is one tap away"
    entry.refresh_from_db()
    assert entry.read_back_at is None


def test_two_texts_at_once_lead_back_to_reading_back(cast, browser_of, typed):
    maya, entry = browser_of(cast.maya), typed[0]
    entry.rewrite(words="I keep my word, mostly", by=cast.sam, base_version=1)
    address = reverse("entry-change", kwargs={"plan": cast.plan.pk, "line": entry.pk})
    sent = {"words": "I keep my promises", "base_version": 1, "back_to": "read-back"}
    answer = maya.post(address, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f'action="{url(cast, "read-back")}"' in page
    assert hidden(page, "at") == str(entry.pk)
    assert hidden(page, "back_to") == "read-back"


def test_a_line_that_was_taken_out_meanwhile_is_said_yes_to_by_nobody(cast, browser_of, typed):
    maya, [entry, goal, step] = browser_of(cast.maya), typed
    entry.take_out(by=cast.sam)
    goal.take_out(by=cast.sam)
    for line in (entry, step):
        assert "This has been taken out." in say(maya, cast, line).content.decode()
        line.refresh_from_db()
        assert line.read_back_at is None
    assert not LogLine.unguarded.filter(what=PlanEvent.LINE_READ_BACK).exists()


def test_only_the_words_that_were_on_the_page_are_taken_out(cast, browser_of, typed):
    entry = typed[0]
    entry.rewrite(words="I keep my word, mostly", by=cast.sam, base_version=1)
    page = say(browser_of(cast.maya), cast, entry, answer="out", version=1).content.decode()
    assert words_on(page) == "I keep my word, mostly"
    entry.refresh_from_db()
    assert not entry.is_gone


def test_a_goal_that_maya_has_let_go_is_read_back_too(cast, browser_of, typed):
    typed[1].let_go(by=cast.maya)
    maya = browser_of(cast.maya)
    assert words_on(page_of(maya, f"{url(cast, 'read-back')}?at={typed[1].pk}")) == "Slow mornings"


def test_a_session_by_sams_card_says_no_yes(cast, browser_of, typed):
    cast.maya.end_passphrase()
    PlanCard.objects.all().delete()
    browser = open_card(browser_of, person=cast.person, by=cast.sam).browser
    for answer in (browser.get(url(cast, "read-back")), say(browser, cast, typed[0])):
        assert answer.status_code == 403
        assert "I keep my word" not in answer.content.decode()
    typed[0].refresh_from_db()
    assert typed[0].read_back_at is None


# --- in Maya's hands ---


def test_one_tap_from_the_sitting_and_it_says_on_whose_tablet(cast, browser_of, typed):
    cast.sam.take_device_pin(PIN)
    tablet, entry = browser_of(cast.sam), typed[0]
    for part in ("strengths", "goals"):
        assert "then=read-back" in page_of(tablet, together(cast.plan, part))
    page = tablet.post(reverse("hands", args=[cast.plan.pk]) + "?part=strengths&then=read-back", follow=True)
    assert words_on(page.content.decode()) == "I keep my word"
    say(tablet, cast, entry)
    entry.refresh_from_db()
    assert entry.read_back_at
    line = LogLine.unguarded.get(what=PlanEvent.LINE_READ_BACK)
    assert (line.by, line.on_device_of) == (cast.maya.pk, cast.sam.pk)
    back = take_back(tablet, cast.plan)
    assert back.status_code == 200
    assert "Sit together" in page_of(tablet, url(cast, "plan"))


def test_what_is_mayas_alone_is_not_read_on_sams_tablet(cast, browser_of, typed):
    story = cast.plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    type(story).unguarded.filter(pk=story.pk).update(voice="paper")
    assert "CANARY-STORY" in page_of(browser_of(cast.maya), f"{url(cast, 'read-back')}?at={story.pk}")
    cast.sam.take_device_pin(PIN)
    tablet = browser_of(cast.sam)
    tablet.post(reverse("hands", args=[cast.plan.pk]) + "?part=strengths&then=read-back")
    assert "CANARY-STORY" not in page_of(tablet, f"{url(cast, 'read-back')}?at={story.pk}")
    assert say(tablet, cast, story).status_code == 404


def test_where_nothing_waits_the_sitting_offers_no_reading_back(cast, browser_of, typed):
    for line in typed:
        line.read_back(by=cast.maya, base_version=1)
    for part in ("strengths", "goals"):
        assert "then=read-back" not in page_of(browser_of(cast.sam), together(cast.plan, part))


def test_yes_is_no_new_text(cast, typed):
    entry = typed[0]
    before = Revision.unguarded.filter(line=entry.pk).count()
    long_ago = timezone.now()
    entry.read_back(by=cast.maya, base_version=1)
    assert Revision.unguarded.filter(line=entry.pk).count() == before
    assert entry.version == 1
    assert entry.read_back_at >= long_ago
