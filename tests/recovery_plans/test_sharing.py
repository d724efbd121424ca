"""Maya decides who sees what, on one page, and can stop at once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peers.models import PlanCard
from recovery_plans.access import find_plan, summaries_reached_by
from recovery_plans.events import PlanEvent
from recovery_plans.models import EntryKind, Grant, LogLine, Section
from recovery_plans.models.sharing import SUMMARY_DAYS


def url(cast, name, **ids):
    return reverse(name, kwargs={"plan": cast.plan.pk, **ids})


def text_of(answer):
    """What stands on a page, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1]).split())


def read(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return text_of(answer)


def queries_on(browser, address):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    beside = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "SELECT set_config", "select set_config")
    return [row["sql"] for row in asked if not row["sql"].startswith(beside)]


def share_part(browser, cast, section, do, walk=None):
    data = {"do": do, "walk": str((walk or cast.walk).pk)}
    return browser.post(url(cast, "share-part", section=section), data)


# --- who can see something, right now ---


def test_maya_reads_at_the_top_how_many_people_can_see_something(cast, browser_of):
    maya = browser_of(cast.maya)
    assert "Right now 1 person can see something." in read(maya, url(cast, "share"))
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    page = read(maya, url(cast, "share"))
    assert "Right now 2 people can see something." in page
    assert "Sam" in page
    assert "Dana" in page
    assert "Lee" not in page
    cast.walk.end(by=cast.maya)
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    assert "Right now no one but you can see your plan." in read(maya, url(cast, "share"))


def test_maya_opens_her_story_to_sam_and_closes_it_again(cast, browser_of):
    cast.plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    story = url(cast, "part", section="experiences")
    assert "CANARY-STORY" not in sam.get(story).content.decode()
    assert share_part(maya, cast, "experiences", "open").status_code == 302
    assert "CANARY-STORY" in sam.get(story).content.decode()
    assert "Sam can see this part." in read(maya, url(cast, "share"))
    share_part(maya, cast, "experiences", "close")
    assert "CANARY-STORY" not in sam.get(story).content.decode()
    _plan, reach = find_plan(user=cast.sam, code=cast.plan.pk)
    assert Section.STRENGTHS in reach.sees, "closing the story closes nothing else"
    happened = LogLine.unguarded.filter(plan=cast.plan.pk, by=cast.maya.pk).values_list("what", "part")
    assert {("part_opened", "experiences"), ("part_closed", "experiences")} <= set(happened)


def test_hard_days_open_to_one_peer_specialist_and_not_to_another(cast, browser_of):
    """Maya walks with two; each part is opened to each on its own."""
    second = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=second, by=cast.maya)
    share_part(browser_of(cast.maya), cast, "hard-days", "open", walk=second)
    assert Section.HARD_DAYS in find_plan(user=cast.alex, code=cast.plan.pk)[1].sees
    assert Section.HARD_DAYS not in find_plan(user=cast.sam, code=cast.plan.pk)[1].sees


def test_only_the_two_private_parts_can_be_opened_and_closed(cast, browser_of):
    maya = browser_of(cast.maya)
    assert share_part(maya, cast, "strengths", "close").status_code == 404
    assert share_part(maya, cast, "nothing-like-it", "open").status_code == 404
    assert Section.STRENGTHS in find_plan(user=cast.sam, code=cast.plan.pk)[1].sees


def test_a_walk_of_someone_else_opens_nothing(cast, browser_of):
    other = cast.person.__class__.meet(name="Teo", peer=cast.rosa, organization=cast.millbrook)
    maya = browser_of(cast.maya)
    assert share_part(maya, cast, "experiences", "open", walk=other.walks_now().get()).status_code == 302
    assert maya.post(url(cast, "share-part", section="experiences"), {"do": "open", "walk": "?"}).status_code == 302
    assert not Grant.unguarded.filter(plan=cast.plan, parts__part="experiences").exists()
    assert maya.post(url(cast, "walk-end", walk=other.walks_now().get().pk)).status_code == 404


def test_maya_stops_walking_with_sam_in_two_taps_and_it_closes_at_once(cast, browser_of):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    assert sam.get(url(cast, "plan")).status_code == 200
    page = maya.get(url(cast, "share")).content.decode()
    end = url(cast, "walk-end", walk=cast.walk.pk)
    assert f'href="{end}"' in page, "the first tap opens the page that says what closes, without script"
    assert "Your plan closes to Sam at once." in read(maya, end)
    assert sam.get(url(cast, "plan")).status_code == 200, "looking at it ends nothing"
    assert maya.post(end).status_code == 302
    assert sam.get(url(cast, "plan")).status_code == 404
    assert maya.post(end).status_code == 302, "ending it twice changes nothing"
    ended = LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.WALK_ENDED, by=cast.maya.pk)
    assert ended.count() == 1


@pytest.mark.parametrize("reader", ["sam", "lee", "noor", "dana", "alex", "rosa", "ines"])
def test_nobody_but_maya_decides(cast, browser_of, reader):
    browser = browser_of(getattr(cast, reader))
    for name in ("share", "share-summary", "looks"):
        assert browser.get(url(cast, name)).status_code == 404
    assert browser.post(url(cast, "share-summary"), {"days": "30"}).status_code == 404
    assert browser.post(url(cast, "share-summary-stop")).status_code == 404
    assert share_part(browser, cast, "experiences", "open").status_code == 404
    assert browser.post(url(cast, "walk-end", walk=cast.walk.pk)).status_code == 404


# --- the yes to the one page ---


def test_maya_sees_the_page_before_she_says_yes_and_what_her_yes_means(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    page = read(browser_of(cast.maya), url(cast, "share-summary"))
    assert "This is what the supervisors will see" in page
    assert "I keep my word" in page
    for element in ("Who shares:", "Who gets it:", "What:", "Why:", "Until when:", "How to stop:", "Signed:"):
        assert element in page
    assert "Harbor Street Peer Center" in page
    assert "Right now that is Dana" in page
    assert not summaries_reached_by(cast.dana).exists(), "looking is not saying yes"


def test_maya_says_yes_for_a_month_with_what_would_help(cast, browser_of):
    maya = browser_of(cast.maya)
    data = {"days": "30", "from_us": "A text the day before", "save_id": str(uuid4())}
    assert maya.post(url(cast, "share-summary"), data).headers["Location"] == url(cast, "share")
    yes = summaries_reached_by(cast.dana).get()
    assert abs(yes.ends_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert yes.given_by_id == cast.maya.pk
    entry = cast.plan.entries.get()
    assert (entry.section, entry.kind, entry.words) == ("needs", EntryKind.FROM_US, "A text the day before")
    maya.post(url(cast, "share-summary"), {**data, "days": "365"})
    assert cast.plan.entries.count() == 1, "the same save twice is one line"
    again = summaries_reached_by(cast.dana).get()
    assert again.pk != yes.pk, "a new yes follows the old one; rows never change"
    assert Grant.unguarded.get(pk=yes.pk).ends_at == yes.ends_at


def test_two_taps_on_the_yes_are_one_yes(cast, browser_of):
    maya, data = browser_of(cast.maya), {"days": "30", "from_us": "A ride home", "save_id": str(uuid4())}
    for _tap in range(2):
        assert maya.post(url(cast, "share-summary"), data).headers["Location"] == url(cast, "share")
    assert Grant.unguarded.filter(plan=cast.plan, supervisors_of=cast.harbor).count() == 1
    assert summaries_reached_by(cast.dana).count() == 1
    assert cast.plan.entries.count() == 1
    happened = LogLine.unguarded.filter(plan=cast.plan.pk, what__startswith="summary").values_list("what", flat=True)
    assert list(happened) == [PlanEvent.SUMMARY_YES]


def test_a_yes_after_a_stop_or_for_another_time_is_a_new_one(cast):
    def yes(days=30):
        return Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya, days=days)

    first = yes()
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    second = yes()
    longer = yes(days=90)
    shorter = yes(days=30)
    assert len({first.pk, second.pk, longer.pk, shorter.pk}) == 4
    assert summaries_reached_by(cast.dana).get() == shorter
    Grant.unguarded.filter(pk=shorter.pk).update(ends_at=timezone.now() + timedelta(days=29))
    assert yes(days=30) != shorter, "said again the next day, it holds for a day more"


@pytest.mark.parametrize("days", ["", "3650", "-1", "90.0", "all"])
def test_a_yes_is_for_one_of_the_lengths_on_the_page(cast, browser_of, days):
    answer = browser_of(cast.maya).post(url(cast, "share-summary"), {"days": days, "from_us": "A place to sew"})
    assert answer.status_code == 422
    assert "A place to sew" in answer.content.decode(), "typed text is kept"
    assert not summaries_reached_by(cast.dana).exists()
    assert not cast.plan.entries.exists()


def test_the_same_save_with_other_words_is_refused_kindly_and_nothing_is_shared(cast, browser_of):
    maya, code = browser_of(cast.maya), str(uuid4())
    maya.post(url(cast, "share-summary"), {"days": "30", "from_us": "One", "save_id": code})
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    answer = maya.post(url(cast, "share-summary"), {"days": "30", "from_us": "Two", "save_id": code})
    assert answer.status_code == 422
    assert "Two" in answer.content.decode()
    assert not summaries_reached_by(cast.dana).exists()


def test_maya_stops_in_two_taps_and_dana_has_nothing(cast, browser_of):
    yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    maya, dana = browser_of(cast.maya), browser_of(cast.dana)
    assert dana.get(reverse("summary", args=[yes.pk])).status_code == 200
    assert url(cast, "share-summary-stop") in maya.get(url(cast, "share")).content.decode()
    maya.post(url(cast, "share-summary-stop"))
    assert dana.get(reverse("summary", args=[yes.pk])).status_code == 404


def test_the_page_offers_three_months_unless_maya_picks_otherwise(cast, browser_of):
    page = browser_of(cast.maya).get(url(cast, "share-summary")).content.decode()
    (checked,) = re.findall(r'<input type="radio" name="days" value="(\d+)"[^>]* checked', page)
    assert int(checked) == SUMMARY_DAYS


def test_someone_without_an_organization_can_give_the_page_to_nobody(cast, browser_of):
    """Sam's own plan is Sam's business: no organization knows of it."""
    sam = browser_of(cast.sam)
    sam.post(reverse("my-plan-start"))
    plan = cast.sam.person.plan
    share, yes = reverse("share", args=[plan.pk]), reverse("share-summary", args=[plan.pk])
    assert "no one can be given the page" in read(sam, share)
    assert "no one can be given the page" in read(sam, yes)
    assert sam.post(yes, {"days": "30", "from_us": "Anything"}).status_code == 200
    assert not Grant.unguarded.filter(plan=plan).exists()
    assert not plan.entries.exists()


# --- the same few questions at any size ---


def test_share_and_looks_ask_the_same_few_questions_at_any_size(cast, browser_of):
    maya = browser_of(cast.maya)
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    addresses = [url(cast, name) for name in ("share", "looks", "share-summary")]
    few = [len(queries_on(maya, address)) for address in addresses]
    for turn in range(30):
        cast.plan.add_entry(section="strengths", words=f"line {turn}", by=cast.sam)
        LogLine.note(PlanEvent.SUMMARY_PRINTED, plan=cast.plan, by=(cast.dana, cast.sam, cast.lee)[turn % 3])
        goal = cast.plan.add_goal(words=f"goal {turn}", by=cast.maya)
        goal.add_step(words="step", by=cast.maya)
    for peer in (cast.alex, cast.lee):
        walk = cast.person.start_walk(peer=peer, organization=cast.harbor, by=cast.maya)
        Grant.for_walk(plan=cast.plan, walk=walk, by=cast.maya)
    many = [len(queries_on(maya, address)) for address in addresses]
    assert many == few
    assert max(many) <= 13


def test_before_maya_stops_walking_with_sam_the_page_says_what_closes_and_what_stays(cast, browser_of):
    maya, end = browser_of(cast.maya), url(cast, "walk-end", walk=cast.walk.pk)
    page = read(maya, end)
    assert "Your sign-in name opens it, as before." in page
    assert "The card that Sam made" not in page
    assert "Your own words" not in page
    PlanCard.make(person=cast.person, by=cast.sam)
    PlanCard.make(person=cast.person, by=cast.maya)
    page = read(maya, end)
    assert "The card that Sam made opens nothing any more." in page
    assert "Your own words open it, as before." in page
    maya.post(end)
    assert maya.get(url(cast, "share")).status_code == 200
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.CARD_TURNED_OFF).count() == 1
    assert PlanCard.objects.get(turned_off_at=None).kind == "own"
    assert "You have stopped walking together already." in read(maya, end)


def test_without_a_card_of_his_nothing_is_written_of_one(cast):
    PlanCard.make(person=cast.person, by=cast.maya)
    cast.walk.end(by=cast.maya)
    assert not LogLine.unguarded.filter(what=PlanEvent.CARD_TURNED_OFF).exists()
    assert PlanCard.objects.filter(person=cast.person, turned_off_at=None).exists()


# --- before a private part opens, one more question ---


@pytest.mark.parametrize("section", ["experiences", "hard-days"])
def test_before_a_private_part_opens_she_is_asked_once_more_in_plain_words(cast, browser_of, section):
    maya, part = browser_of(cast.maya), Section.from_slug(section)
    cast.plan.add_entry(section=part, words="CANARY", by=cast.maya)
    asked = f"{url(cast, 'share-part', section=section)}?walk={cast.walk.pk}"
    assert f'href="{asked}"' in maya.get(url(cast, "share")).content.decode()
    page = read(maya, asked)
    assert f"Open “{part.label}” to Sam ?" in page
    assert "Sam can then read all of this part, also what you write later." in page
    assert "1 line of yours is here now." in page
    assert "CANARY" not in page
    assert "CANARY" not in browser_of(cast.sam).get(url(cast, "part", section=section)).content.decode()
    share_part(maya, cast, section, "open")
    assert "CANARY" in browser_of(cast.sam).get(url(cast, "part", section=section)).content.decode()


def test_asking_once_more_opens_nothing_and_knows_only_her_own_walks(cast, browser_of):
    maya, there = browser_of(cast.maya), url(cast, "share-part", section="hard-days")
    maya.get(f"{there}?walk={cast.walk.pk}")
    for walk in ("", "?walk=", "?walk=x", f"?walk={uuid4()}", f"?walk={cast.plan.pk}"):
        assert maya.get(there + walk).headers["Location"].split("#")[0] == url(cast, "share")
    assert Section.HARD_DAYS not in find_plan(user=cast.sam, code=cast.plan.pk)[1].sees
    cast.walk.end(by=cast.maya)
    assert maya.get(f"{there}?walk={cast.walk.pk}").status_code == 302


def test_closing_a_part_asks_nothing(cast, browser_of):
    maya = browser_of(cast.maya)
    share_part(maya, cast, "hard-days", "open")
    page = maya.get(url(cast, "share")).content.decode()
    assert re.search(r'name="do" value="close">\s*Close it', page)
    share_part(maya, cast, "hard-days", "close")
    assert Section.HARD_DAYS not in find_plan(user=cast.sam, code=cast.plan.pk)[1].sees
