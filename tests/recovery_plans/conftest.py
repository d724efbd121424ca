"""What several stories begin with: plans with words in them, and a PDF service that can be watched."""

import pytest

from recovery_plans import print_jobs
from recovery_plans.models import Grant
from tests.recovery_plans.pdf_service_process import own_service
from tests.recovery_plans.print_job_cast import NAMES, meet

CANARIES = {
    "experiences": "CANARY-STORY",
    "culture": "CANARY-ROOTS",
    "hard_days": "CANARY-HARD-DAYS",
    "resilience": "CANARY-RESILIENCE",
    "values": "CANARY-VALUES",
    "supporters": "CANARY-SUPPORTER",
}


@pytest.fixture(scope="module")
def own_pdf_service():
    """A PDF service of the module's own."""
    with own_service() as running:
        yield running


@pytest.fixture
def twelve(cast):
    return [meet(cast, name) for name in NAMES]


@pytest.fixture
def paper(monkeypatch):
    """A PDF service that keeps what it was given to print, for what is not about PDFs."""
    printed = []

    def print_many(documents, *, while_waiting=None):
        printed.append(list(documents))
        return b"%PDF-" + str(len(printed)).encode()

    monkeypatch.setattr(print_jobs, "print_many", print_many)
    monkeypatch.setattr(print_jobs, "print_one", lambda html: print_many([html]))
    return printed


@pytest.fixture
def mornings(cast):
    """Maya's own goal, with one step she named and one that Sam typed."""
    goal = cast.plan.add_goal(words="Mornings that feel like mine", why="The day goes better", by=cast.maya)
    goal.add_step(words="Phone away at night", by=cast.maya)
    goal.add_step(words="Three slow mornings", by=cast.sam)
    return goal


@pytest.fixture
def shared(cast):
    """Maya's plan with words in every part, two goals, rulers, and a yes to the page."""
    plan = cast.plan
    plan.add_entry(section="vision", words="Slow mornings and steady work", by=cast.maya)
    plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)
    plan.add_entry(section="needs", words="CANARY-NEED", by=cast.maya)
    plan.add_entry(section="needs", kind="from_us", words="A text the day before", by=cast.maya)
    for section, words in CANARIES.items():
        plan.add_entry(section=section, words=words, by=cast.maya)
    goal = plan.add_goal(words="Mornings that feel like mine", why="CANARY-WHY", by=cast.maya)
    for words in ("Phone away", "Coffee on the steps", "Three slow mornings"):
        step = goal.add_step(words=words, by=cast.maya)
        if words != "Three slow mornings":
            step.do(by=cast.maya)
    goal.measure(by=cast.maya, matters=9, sure=4)
    plan.add_goal(words="Sew for pay again", by=cast.maya).rest(by=cast.maya)
    plan.add_goal(words="CANARY-LET-GO", by=cast.maya).let_go(by=cast.maya)
    taken_out = plan.add_entry(section="strengths", words="CANARY-TAKEN-OUT", by=cast.maya)
    taken_out.take_out(by=cast.maya)
    return Grant.say_yes_to_summary(plan=plan, organization=cast.harbor, by=cast.maya)
