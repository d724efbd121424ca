"""The plans that are measured: one that is full, and the one of the baseline print."""

from peers.models import Organization, Person, User
from peers.models.organization import StaffRole
from recovery_plans.models import EntryKind, Plan, Section, StepWho, Voice

GOALS = (
    ("Letter a sign on Front Street", "now", 4),
    ("Be on time for my nephew", "now", 4),
    ("Sleep through, most nights", "now", 4),
    ("Have one quiet room of my own", "now", 3),
    ("Sail past the breakwater", "resting", 2),
    ("Get my license back", "reached", 3),
)
ENTRIES = {
    Section.VISION: 2,
    Section.STRENGTHS: 8,
    Section.RESILIENCE: 5,
    Section.CULTURE: 4,
    Section.VALUES: 8,
    Section.NEEDS: 4,
    Section.EXPERIENCES: 3,
    Section.SUPPORTERS: 4,
    Section.HARD_DAYS: 2,
}


def staff(name, organization, role):
    user = User.objects.welcome(name=name, username=name.split()[0].lower(), passphrase=None)
    organization.take_on(user=user, role=role, by=user)
    return user


def meet(name, *, peer, organization):
    """Someone with a plan, which the one who walks with them may open. Returns the plan."""
    person = Person.meet(name=name, peer=peer, organization=organization)
    person.user.welcomed_at = person.user.created_at
    person.user.save()
    plan = Plan.start(person=person, by=peer)
    plan.person = person
    return plan


def full_plan(name="Maya", *, times=1):
    """A plan with six goals, twenty steps and forty entries (or several times that), and who walks along."""
    organization = Organization.objects.first() or Organization.found(name="Harbor Street Peer Center")
    sam = User.objects.filter(username="sam").first() or staff("Sam", organization, StaffRole.PEER_SPECIALIST)
    plan = meet(name, peer=sam, organization=organization)
    for time in range(times):
        _fill(plan, sam, time)
    return plan, sam


def plan_of_goals(name, goals):
    """A plan with so many goals, each with a step."""
    plan, _sam = full_plan(name, times=0)
    for number in range(goals):
        goal = plan.add_goal(words=f"Number {number + 1} that I want", by=plan.owner)
        goal.add_step(words="Coffee on the steps", by=plan.owner)
    return plan


def _fill(plan, sam, time):
    owner, entries = plan.owner, []
    for section, count in ENTRIES.items():
        for number in range(count):
            kind = ""
            if section == Section.VALUES:
                kind = (EntryKind.LIFTS, EntryKind.DRAINS, EntryKind.PLAIN)[number % 3]
            own = number % 3 or section in (Section.EXPERIENCES, Section.HARD_DAYS)
            entries.append(
                plan.add_entry(
                    section=section,
                    words=f"{section.label}, in a line of words as people say it, {time}.{number}",
                    helps="Rides and real talk" if section == Section.SUPPORTERS else "",
                    kind=kind,
                    by=owner if own else sam,
                    voice=Voice.OWN if own else Voice.TYPED,
                )
            )
    strengths = [entry for entry in entries if entry.section == Section.STRENGTHS]
    needs = [entry for entry in entries if entry.section == Section.NEEDS]
    for number, (words, state, steps) in enumerate(GOALS):
        goal = plan.add_goal(words=words, why="When this goes well, the whole day goes better.", by=owner)
        for step in range(steps):
            line = goal.add_step(words=f"One small thing, number {step}", who=StepWho.values[step % 3], by=owner)
            if step == 0:
                line.do(by=owner)
        goal.go_with(entries=[strengths[number], needs[number % len(needs)]], by=owner)
        goal.measure(by=owner, matters=8, sure=6)
        if state == "resting":
            goal.rest(by=owner)
        elif state == "reached":
            goal.reach(by=owner)


# --- the plan of the baseline print, word for word ---

MARISOLS = (
    (Section.VISION, "I want slow mornings, steady work, and to be the aunt who shows up.", ""),
    (Section.STRENGTHS, "I can fix almost anything with a sewing machine.", ""),
    (Section.STRENGTHS, "People call me when they need to laugh.", ""),
    (Section.STRENGTHS, "I keep my word.", ""),
    (Section.STRENGTHS, "I speak three languages.", ""),
    (Section.STRENGTHS, "I have gotten back up every time.", ""),
    (Section.SUPPORTERS, "Lucia", "My sister. Rides and real talk."),
    (Section.SUPPORTERS, "Bento", "My dog. Walks, every day."),
    (
        Section.CULTURE,
        "My people are from Fogo and from Brockton. I think in Kriolu and pray in Portuguese. "
        "I heal best with food on the table and family in the room.",
        "",
    ),
    (
        Section.HARD_DAYS,
        "Sit with me. Do not ask why. Put the radio on low. Call Lucia if I say so. Bento needs to go out at 7.",
        "",
    ),
)
LIFTS = ("Early mornings.", "Loud kitchens.", "Nia’s games.", "Finishing a seam.")
DRAINS = ("Being rushed.", "Phone calls with no warning.", "Waiting rooms.")
MARISOLS_GOALS = (
    (
        "Have mornings that feel like mine",
        "When I wake up slow, the whole day goes better.",
        (
            ("Put my phone across the room at night", "me", True),
            ("Coffee on the steps before anyone calls", "me", True),
            ("Try three slow mornings in a row", "me", False),
        ),
    ),
    (
        "Be the aunt who shows up",
        "My niece Nia looks for me in the crowd.",
        (
            ("Ask Lucia for the game schedule", "me", True),
            ("Go to one Saturday game", "Lucia and me", False),
            ("Tell Andre how it went", "me", False),
        ),
    ),
    (
        "Sew for pay again",
        "I will pick this up when the weather turns.",
        (
            ("Oil my machine", "me", False),
            ("Make one bag to sell", "me", False),
        ),
    ),
)


def marisols_plan():
    """The plan that the baseline prints, made in the database as anyone's is."""
    organization = Organization.found(name="Harbor Street Peer Center")
    andre = staff("Andre Baptiste", organization, StaffRole.PEER_SPECIALIST)
    plan = meet("Marisol Tavares", peer=andre, organization=organization)
    owner = plan.owner
    for section, words, helps in MARISOLS:
        plan.add_entry(section=section, words=words, helps=helps, by=owner)
    for kind, lines in ((EntryKind.LIFTS, LIFTS), (EntryKind.DRAINS, DRAINS)):
        for words in lines:
            plan.add_entry(section=Section.VALUES, words=words, kind=kind, by=owner)
    for words, why, steps in MARISOLS_GOALS:
        goal = plan.add_goal(words=words, why=why, by=owner)
        for step, who, done in steps:
            other = "" if who == "me" else who
            line = goal.add_step(words=step, who="other" if other else "me", other=other, by=owner)
            if done:
                line.do(by=owner)
    goal.rest(by=owner)
    return plan
