"""The whole story, told once: from two people meeting to a page in the supervisor's hand.

Each chapter is done with plain taps and typing, so that the same steps run with script and without it.
"""

from io import BytesIO

import pikepdf
import pymupdf
from playwright.sync_api import expect

from peers.models import Person
from peers.models.organization import StaffRole
from recovery_plans import print_jobs
from recovery_plans.models import Grant, Plan
from tests.browser.conftest import go_back
from tests.cast import PASSPHRASE, staff
from tests.pdfua import assert_pdf_ua

VISION = "Slow mornings, steady work, and to be the aunt who shows up."
STRENGTH = "I keep my word."
TAPPED = "funny"
RESILIENCE = "I sing until it passes."
NEED = "A ride on Thursdays."
ROOTS = "My grandmother's kitchen, three languages at once."
STORY = "I left home at nineteen with one bag."
WORK, WORK_WHY = "Sew for pay again", "It is the one thing that quiets my head."
WORK_FIRST, WORK_SECOND = "Oil the machine", "Ask Bea about the corner shop"
MORNINGS, MORNINGS_FIRST = "Mornings that feel like mine", "Coffee on the steps"
WORK_IN_HER_WORDS = "Sew for pay again, at my own pace"
OTHERS_WHO_SAID_YES = ["Ash", "Bev", "Curtis", "Dot", "June", "Marlene", "Minh", "Priya", "Ray", "Tati", "Viktor"]


class Journey:
    """Sam's tablet, Maya's phone, Dana's computer. The organization and its staff are there; Maya is not, yet."""

    def __init__(self, *, tablet, phone, office, sam, lee):
        self.tablet, self.phone, self.office, self.sam, self.lee = tablet, phone, office, sam, lee
        self.plan = self.words = None

    def tell(self):
        """From beginning to end."""
        self.sam_meets_maya()
        self.they_sit_side_by_side()
        self.they_write_two_goals()
        self.sam_prints_her_card()
        self.maya_opens_her_plan_on_her_phone()
        self.maya_makes_it_her_own()
        self.maya_writes_her_story_for_herself()
        self.maya_takes_her_copy()
        self.maya_says_yes_to_the_summary()
        self.eleven_others_say_yes_too()
        self.dana_prints_twelve_pages()
        self.lee_was_there_for_a_day()
        self.sam_sees_what_is_open_to_him()

    # --- Sam and Maya, at one tablet ---

    def sam_meets_maya(self):
        tablet = self.tablet
        tablet.open("/")
        tablet.tap("I am a peer specialist")
        come_in(tablet, "sam")
        tablet.sees_heading("People I walk with")
        tablet.tap("Someone new")
        tablet.sees("This plan is yours.")
        tablet.write("What do they like to be called?", "Maya")
        tablet.tap("They said yes")
        tablet.sees("Maya and Sam", "What does a good day look like for you?")
        person = Person.objects.get(user__name="Maya")
        self.plan = Plan.unguarded.get(person=person)

    def they_sit_side_by_side(self):
        """Vision; strengths by a question and by a tap-word; then every part that is open to Sam, in her order."""
        tablet = self.tablet
        tablet.write("words", VISION, within="#words")
        self.keep(VISION)
        self.go_to_part("What I bring")
        question = tablet.page.locator("h2.q").inner_text()
        tablet.tap("Another question")
        expect(tablet.page.locator("h2.q")).not_to_have_text(question)
        tablet.write("words", STRENGTH, within="#words")
        self.keep(STRENGTH)
        tablet.tap(TAPPED, exact=True)
        self.keep(TAPPED)
        for part, text in (
            ("How I get through", RESILIENCE),
            ("What I need right now", NEED),
            ("Where I come from", ROOTS),
        ):
            self.go_to_part(part)
            tablet.write("words", text, within="#words")
            self.keep(text)
        self.go_to_part("My story so far")
        tablet.sees("Maya has not opened this part to you.")
        assert tablet.page.locator("#words").count() == 0
        tablet.tap("See the whole plan")
        tablet.sees(VISION)

    def go_to_part(self, part):
        self.tablet.tap(part, within=".chapters")
        expect(self.tablet.page.locator("h1")).to_contain_text(part)

    def keep(self, words):
        self.tablet.tap("Keep this", within="#words")
        expect(self.tablet.page.locator(".kept")).to_contain_text(words)

    def they_write_two_goals(self):
        tablet = self.tablet
        self.write_goal(WORK, WORK_WHY, WORK_FIRST)
        tablet.tap("Change", within="article.goal")
        tablet.write("What is one small thing you can do?", WORK_SECOND, within="#steps")
        tablet.tap("Add", within="#steps", exact=True)
        tablet.sees(WORK_SECOND, within="#steps .esteps")
        uses = 'form[action$="/uses/"]'
        tablet.tap(STRENGTH, within=uses)
        tablet.tap("Keep this", within=uses)
        tablet.sees("Saved.")
        tablet.tap("The plan")
        tablet.tap("What goes with it", within="article.goal")
        tablet.sees("I will use:", within="article.goal")
        self.write_goal(MORNINGS, "", MORNINGS_FIRST)
        tablet.sees(WORK, MORNINGS, MORNINGS_FIRST)

    def write_goal(self, words, why, step):
        tablet = self.tablet
        tablet.tap("Add a goal")
        tablet.write("What do you want?", words)
        tablet.write("Why does this matter to you?", why)
        tablet.write("What is one small thing you can do?", step)
        tablet.tap("Keep this goal")
        tablet.sees(step, within="article.goal")

    def sam_prints_her_card(self):
        tablet = self.tablet
        tablet.tap("A plan card")
        tablet.tap("Make a card")
        tablet.sees_heading("The new card for Maya")
        self.words = tablet.page.locator(".words-secret").inner_text()
        assert len(self.words.split()) == 4
        card = downloaded(tablet, "Print this card")
        assert_pdf_ua(card)
        assert all(word in text_of(card) for word in self.words.split())
        assert "recovery" not in text_of(card).casefold()
        tablet.tap("I have written it down")
        tablet.sees_no(self.words)

    # --- Maya, alone with her phone ---

    def maya_opens_her_plan_on_her_phone(self):
        phone = self.phone
        phone.open("/open/")
        phone.write("The four words on your card", f"  {self.words.upper()} ")
        phone.tap("My own")
        phone.tap("Open", exact=True)
        phone.sees_heading("My own words")
        self.own_words = phone.page.locator(".words-secret").inner_text()
        assert self.own_words != self.words
        phone.tap("I have written them down")
        phone.sees_heading("Before you start")
        phone.sees("Sam", "How to leave fast")
        phone.tap("Go to my plan")
        phone.sees(VISION)
        assert phone.address == f"/plans/{self.plan.pk}/"

    def maya_makes_it_her_own(self):
        """Other words for a goal, a step done and taken back and done, and a goal that may rest."""
        phone = self.phone
        phone.tap("Change", within=self.goal(phone, WORK))
        words = 'form[action$="/change/"]'
        phone.write("What do you want?", WORK_IN_HER_WORDS, within=words)
        phone.tap("Keep my words", within=words)
        phone.sees("Saved.")
        phone.tap("My plan", within="main")
        done = self.goal(phone, WORK_IN_HER_WORDS).locator(".done")
        phone.tap("I did this", within=self.goal(phone, WORK_IN_HER_WORDS))
        expect(done).to_contain_text(WORK_FIRST)
        phone.tap("Undo", within="#undo")
        expect(done).to_have_count(0)
        phone.tap("I did this", within=self.goal(phone, WORK_IN_HER_WORDS))
        expect(done).to_contain_text(WORK_FIRST)
        phone.tap("Change", within=self.goal(phone, MORNINGS))
        phone.tap("Let it rest", within='form[action$="/state/"] .state')
        expect(phone.page.locator("#told")).to_be_visible()
        phone.tap("My plan", within="main")
        phone.sees("Resting", within=self.goal(phone, MORNINGS))

    @staticmethod
    def goal(device, words):
        return device.page.locator("article.goal").filter(has=device.page.get_by_text(words, exact=True))

    def maya_writes_her_story_for_herself(self):
        phone = self.phone
        phone.tap("About me", within="nav.nav-m")
        phone.tap("My story so far", within="main")
        phone.write("Your own four words", self.own_words)
        phone.tap("Open", within="main", exact=True)
        phone.sees("Only you can see this.")
        phone.write("In my own words", STORY)
        phone.tap("Add", within="form:has(textarea)", exact=True)
        phone.sees(STORY, "I wrote it", within=".kept")

    def maya_takes_her_copy(self):
        phone = self.phone
        phone.tap("My plan", within="nav.nav-m")
        phone.sees(VISION)
        pdf = downloaded(phone, "Get my PDF")
        assert_pdf_ua(pdf)
        text = text_of(pdf)
        for words in (VISION, STRENGTH, TAPPED, RESILIENCE, NEED, ROOTS, STORY, WORK_IN_HER_WORDS, WORK_FIRST):
            assert words in text, words
        assert "typed for me" in text.casefold()

    def maya_says_yes_to_the_summary(self):
        phone = self.phone
        phone.tap("Share, print", within="nav.nav-m")
        phone.tap("See the page first")
        phone.sees(WORK_IN_HER_WORDS, "Dana", "How to stop:")
        phone.sees_no(STORY, ROOTS)
        phone.tap("Yes, share this page")
        phone.sees("Shared. You can stop it here any time.")

    # --- Dana, in the office ---

    def eleven_others_say_yes_too(self):
        organization = self.plan.person.organization
        for name in OTHERS_WHO_SAID_YES:
            person = Person.meet(name=name, peer=self.sam, organization=organization)
            plan = Plan.start(person=person, by=self.sam)
            plan.add_entry(section="strengths", words=f"I am {name}.", by=person.user)
            Grant.say_yes_to_summary(plan=plan, organization=organization, by=person.user)

    def dana_prints_twelve_pages(self):
        office = self.office
        office.open("/sign-in/")
        come_in(office, "dana")
        office.sees("Walks with 12 people")
        assert office.open(f"/plans/{self.plan.pk}/").status == 404
        office.open("/team/summaries/")
        office.tap("Check all")
        office.tap("Print what is checked")
        office.sees("12 pages are in line.")
        assert print_jobs.print_next()
        if not office.runs_script:
            office.tap("Look again")
        office.sees("12 pages and a cover are in one PDF.")
        pdf = downloaded(office, "Open PDF")
        assert_pdf_ua(pdf)
        with pikepdf.open(BytesIO(pdf)) as document:
            assert len(document.pages) == 13
        text = text_of(pdf)
        assert all(name in text for name in ["Maya", *OTHERS_WHO_SAID_YES])
        assert WORK_IN_HER_WORDS in text
        assert STORY not in text
        assert ROOTS not in text

    # --- who sees what in the end ---

    def lee_was_there_for_a_day(self):
        """Lee stood in for Sam once; that day is over."""
        walk = self.plan.person.start_walk(peer=self.lee, organization=self.plan.person.organization, by=self.sam)
        Grant.for_walk(plan=self.plan, walk=walk, by=self.sam)
        walk.end(by=self.lee)

    def sam_sees_what_is_open_to_him(self):
        tablet = self.tablet
        tablet.open(f"/plans/{self.plan.pk}/")
        tablet.sees(WORK_IN_HER_WORDS)
        tablet.sees_no(STORY)
        tablet.tap("Open", within=self.goal(tablet, WORK_IN_HER_WORDS))
        tablet.sees("These are Maya’s own words. Only Maya changes them.")

    def addresses_of_the_plan(self):
        """Every kind of page of Maya's plan, as Sam or Maya opened them."""
        goal = self.plan.goals.first()
        return [
            f"/plans/{self.plan.pk}/{rest}"
            for rest in ("", "about/", "about/strengths/", "back/", f"goals/{goal.pk}/", "print/", "card/", "together/")
        ]

    def find_nothing(self, device, who):
        """Someone who may not: each page of the plan is as if it had never been."""
        device.open("/sign-in/")
        come_in(device, who)
        device.sees_heading("People I walk with")
        device.sees_no("Maya")
        for address in self.addresses_of_the_plan():
            assert device.open(address).status == 404, f"{who} at {address}"
            device.sees_no("Maya", VISION, WORK_IN_HER_WORDS)

    def maya_leaves_and_back_shows_nothing(self):
        phone = self.phone
        phone.tap("My plan", within="nav.nav-m")
        phone.sees(VISION)
        phone.tap("Leave", within="form#leave")
        expect(phone.page.locator("h1")).to_have_text("Somewhere else")
        go_back(phone.page)
        phone.page.wait_for_timeout(300)
        assert VISION not in phone.page.content()
        assert WORK_IN_HER_WORDS not in phone.page.content()
        assert phone.open(f"/plans/{self.plan.pk}/").url.endswith(f"/sign-in/?next=/plans/{self.plan.pk}/")


def the_team(harbor, millbrook):
    """Who works here before Maya comes: Sam, Lee and Alex walk with people, Dana prints; Rosa works elsewhere."""
    walks = StaffRole.PEER_SPECIALIST
    sam, lee, _alex = (staff(name, harbor, walks) for name in ("Sam", "Lee", "Alex"))
    staff("Dana", harbor, StaffRole.SUPERVISOR)
    staff("Rosa", millbrook, walks)
    return {"sam": sam, "lee": lee}


def come_in(device, who):
    """Sign in with the name and passphrase of the cast."""
    device.write("Sign-in name", who)
    device.write("Passphrase", PASSPHRASE)
    device.tap("Sign in", within="main form")


def downloaded(device, name):
    """The bytes of the file that this tap brings, under a name that says nothing."""
    with device.page.expect_download() as coming:
        device.tap(name)
    download = coming.value
    assert download.suggested_filename.endswith(".pdf")
    assert "maya" not in download.suggested_filename.casefold()
    with open(download.path(), "rb") as file:
        return file.read()


def text_of(pdf):
    """The text of a PDF, each run of blanks as one."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return " ".join(" ".join(page.get_text() for page in document).split())
