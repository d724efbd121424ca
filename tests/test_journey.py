"""The whole story with the cast, told through the forms: from the first question to a page in the supervisor's hand."""

import re
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pymupdf
import pytest
from django.conf import settings
from django.urls import reverse

from peers.models import Person, User
from peers.models.organization import StaffRole
from recovery_plans import print_jobs
from recovery_plans.models import Goal, Grant, Plan, PrintJob, Step, Voice
from tests.cast import PASSPHRASE, staff
from tests.pdfua import assert_pdf_ua

VISION = "A door of my own, and somebody laughing behind it."
STRENGTH = "I can fix almost anything."
HER_STORY = "I left home at nineteen with one bag."
PARTS = {
    "resilience": "I sing until it passes.",
    "needs": "A ride on Thursdays.",
    "culture": "My grandmother's kitchen, three languages at once.",
}
OTHERS = ["Ash", "Bev", "Curtis", "Dot", "June", "Marlene", "Minh", "Priya", "Ray", "Tati", "Viktor"]

NAME = "Maya"


@pytest.fixture
def team(harbor, millbrook):
    """The cast on the day before Maya comes."""
    walks = StaffRole.PEER_SPECIALIST
    people = {name: staff(name.capitalize(), harbor, walks) for name in ("sam", "lee", "alex")}
    noor = User.objects.welcome(name="Noor", username="noor", passphrase=PASSPHRASE)
    return SimpleNamespace(
        **people,
        noor=noor,
        dana=staff("Dana", harbor, StaffRole.SUPERVISOR),
        rosa=staff("Rosa", millbrook, walks),
        harbor=harbor,
    )


@pytest.mark.django_db
def test_from_the_first_question_to_a_page_in_danas_hand(team, browser_of, client, pdf_service):
    sam = sam_signs_in(client)
    plan = sam_meets_maya(sam)
    side_by_side(sam, plan)
    two_goals(sam, plan)
    words = sam_makes_a_card(sam, plan)
    maya = maya_opens_it_with_four_words(browser_of, plan, words)
    maya_makes_it_her_own(maya, sam, plan)
    maya_takes_her_copy(maya, plan)
    maya_says_yes(maya, plan)
    dana_prints_twelve(team, browser_of, plan)
    nobody_else_finds_it(team, browser_of, plan)
    maya_leaves(maya, plan)


# --- asking and answering ---


def at(name, plan=None, **names):
    return reverse(name, kwargs={**({"plan": plan.pk} if plan else {}), **names})


def see(browser, address):
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def do(browser, address, **data):
    """Send a form and follow where it leads; what comes is a page, never the form again with a mistake."""
    answer = browser.post(address, data)
    assert answer.status_code == 302, f"{address}: {answer.status_code}"
    return see(browser, answer.headers["Location"])


def pdf_of(answer):
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert NAME.casefold() not in answer.headers["Content-Disposition"].casefold()
    assert_pdf_ua(answer.content)
    return answer.content


def text_of(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return " ".join(" ".join(page.get_text() for page in document).split())


# --- Sam and Maya, at one table ---


def sam_signs_in(browser):
    page = do(browser, at("sign-in"), username="Sam", passphrase=PASSPHRASE)
    assert "People I walk with" in page
    return browser


def sam_meets_maya(sam):
    assert "This plan is yours." in see(sam, at("person-new"))
    page = do(sam, at("person-new"), name=NAME)
    assert "What does a good day look like for you?" in page
    plan = Plan.unguarded.get(person__user__name=NAME)
    assert plan.entries.count() == 0
    assert NAME in see(sam, at("today"))
    return plan


def side_by_side(sam, plan):
    """Vision, strengths by a question and by a tap-word, and every part that is open; the story is not."""

    def keep(section, **data):
        return do(sam, at("together-add", plan, section=section), **data)

    assert VISION in keep("vision", words=VISION, prompt="h1")
    assert "I can fix almost anything." in keep("strengths", words=STRENGTH, prompt="s1")
    keep("strengths", chips="funny", prompt="s2")
    for section, words in PARTS.items():
        keep(section, words=words)
    closed = see(sam, at("together-part", plan, section="experiences"))
    assert f"{NAME}</bdi> has not opened this part to you." in closed
    assert sam.post(at("together-add", plan, section="experiences"), {"words": "not Sam's"}).status_code == 404
    written = {entry.words: entry for entry in plan.entries.all()}
    assert set(written) == {VISION, STRENGTH, "funny", *PARTS.values()}
    assert {entry.voice for entry in written.values()} == {Voice.TYPED}
    assert written[STRENGTH].prompt == "s1"


def two_goals(sam, plan):
    do(sam, at("goal-new", plan), words="Cook for pay", why="It quiets my head.", step="Sharpen the knives")
    do(sam, at("goal-new", plan), words="Sunday dinners", step="Call my sister")
    cook = plan.goals.get(words="Cook for pay")
    do(sam, at("step-add", plan, goal=cook.pk), words="Ask at the corner shop", who="together")
    strength = plan.entries.get(words=STRENGTH)
    page = do(sam, at("goal-uses", plan, goal=cook.pk), uses=str(strength.pk))
    assert "Ask at the corner shop" in page
    assert list(cook.links.values_list("entry", flat=True)) == [strength.pk]
    page = see(sam, at("plan", plan))
    assert "I will use:" in page
    assert VISION in page


def sam_makes_a_card(sam, plan):
    page = do(sam, at("card-new", plan))
    words = re.search(r'class="words-secret[^"]*"[^>]*>([^<]+)<', page)[1].strip()
    assert len(words.split()) == 4
    text = text_of(pdf_of(sam.post(at("card-pdf", plan))))
    assert all(word in text for word in words.split())
    assert "recovery" not in text.casefold()
    assert words not in see(sam, at("card", plan))
    return words


# --- Maya, alone with her phone ---


def maya_opens_it_with_four_words(browser_of, plan, words):
    maya = browser_of()
    page = do(maya, at("open"), card_words=f"  {words.upper()} ", device="own")
    assert "Sam has seen the words on your card." in page
    own = re.search(r'class="words-secret[^"]*"[^>]*>([^<]+)<', page)[1].strip()
    page = do(maya, at("card-written", plan))
    assert "Before you start" in page
    assert "Sam" in page
    page = do(maya, at("before"))
    assert VISION in page
    assert VISION in see(maya, at("home"))  # the second time, nothing stands before it
    assert "This opens with your own words" in see(maya, at("part", plan, section="experiences"))
    do(maya, at("own-words"), card_words=own)
    return maya


def maya_makes_it_her_own(maya, sam, plan):
    cook, dinners = plan.goals.get(words="Cook for pay"), plan.goals.get(words="Sunday dinners")
    own = "Cook for pay, in a small kitchen"
    do(maya, at("goal-change", plan, goal=cook.pk), words=own, why="It quiets my head.", base_version=cook.version)
    knives = Step.unguarded.get(words="Sharpen the knives")
    page = do(maya, at("step-state", plan, goal=cook.pk, step=knives.pk), state="done", back_to="plan")
    assert "Undo" in page
    page = do(maya, at("goal-state", plan, goal=dinners.pk), state="resting", back_to="plan")
    assert "Resting" in page
    do(maya, at("entry-add", plan, section="experiences"), words=HER_STORY)
    cook.refresh_from_db()
    knives.refresh_from_db()
    dinners.refresh_from_db()
    assert (cook.words, cook.voice, cook.version) == (own, Voice.OWN, 2)
    assert (knives.state, dinners.state) == ("done", "resting")
    # What is hers now is changed by nobody else, and her story is for herself.
    answer = sam.post(at("goal-change", plan, goal=cook.pk), {"words": "Get a job", "base_version": 2})
    assert answer.status_code == 409  # he had typed it once: his new words are kept beside hers, and change nothing
    cook.refresh_from_db()
    assert (cook.words, cook.version) == (own, 2)
    hers = plan.entries.get(words=HER_STORY)
    refused = sam.post(at("entry-change", plan, line=hers.pk), {"words": "Sam's story", "base_version": 1})
    assert refused.status_code == 404
    assert HER_STORY not in see(sam, at("plan", plan))
    assert "Only Maya changes them." in see(sam, at("goal", plan, goal=cook.pk))


def maya_takes_her_copy(maya, plan):
    text = text_of(pdf_of(maya.post(at("print-pdf", plan))))
    wanted = [VISION, STRENGTH, "funny", *PARTS.values(), HER_STORY, "Cook for pay, in a small kitchen"]
    assert [words for words in wanted if words not in text] == []


def maya_says_yes(maya, plan):
    page = see(maya, at("share-summary", plan))
    assert "Cook for pay, in a small kitchen" in page
    assert HER_STORY not in page
    assert "Shared. You can stop it here any time." in do(maya, at("share-summary", plan), days="90")


# --- Dana, and everyone else ---


def dana_prints_twelve(team, browser_of, plan):
    for name in OTHERS:
        person = Person.meet(name=name, peer=team.sam, organization=team.harbor)
        other = Plan.start(person=person, by=team.sam)
        Grant.say_yes_to_summary(plan=other, organization=team.harbor, by=person.user)
    dana = browser_of(team.dana)
    page = see(dana, f"{at('summaries')}?all=1")
    grants = re.findall(r'name="grant" value="([0-9a-f-]+)" checked', page)
    assert len(grants) == 12
    page = do(dana, at("print-job-new"), grant=grants, size="regular")
    assert "12 pages are in line." in page
    assert print_jobs.print_next()
    job = PrintJob.unguarded.get(by=team.dana)
    assert "12 pages and a cover are in one PDF." in see(dana, at("print-job", job=job.pk))
    pdf = pdf_of(dana.post(at("print-job-pdf", job=job.pk)))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 13
    text = text_of(pdf)
    assert [name for name in [NAME, *OTHERS] if name not in text] == []
    assert "Cook for pay, in a small kitchen" in text
    assert HER_STORY not in text
    assert PARTS["culture"] not in text


def nobody_else_finds_it(team, browser_of, plan):
    """Lee walked with Maya for a day, Alex never met him, Rosa works elsewhere: to each, the plan does not exist."""
    walk = plan.person.start_walk(peer=team.lee, organization=team.harbor, by=team.sam)
    Grant.for_walk(plan=plan, walk=walk, by=team.sam)
    assert browser_of(team.lee).get(at("plan", plan)).status_code == 200
    walk.end(by=team.lee)
    goal = Goal.unguarded.filter(plan=plan).first()
    step = Step.unguarded.filter(goal=goal).first()
    for who in (team.lee, team.alex, team.rosa, team.dana, team.noor):
        stranger = browser_of(who)
        for name in ("plan", "about-me", "back", "print", "card", "together", "share", "looks"):
            assert stranger.get(at(name, plan)).status_code == 404, f"{who.name} at {name}"
        assert stranger.get(at("goal", plan, goal=goal.pk)).status_code == 404
        done = stranger.post(at("step-state", plan, goal=goal.pk, step=step.pk), {"state": "done"})
        assert done.status_code == 404
        assert stranger.post(at("print-pdf", plan)).status_code == 404


def maya_leaves(maya, plan):
    answer = maya.post(at("leave"))
    assert (answer.status_code, answer.headers["Location"]) == (303, settings.EXIT_SITE)
    after = maya.get(at("plan", plan))
    assert after.status_code == 302
    assert after.headers["Location"].startswith(at("sign-in"))
    assert after.headers["Cache-Control"] == "no-store"
