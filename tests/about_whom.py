"""Whom some addresses are about, beside Maya and what Sam typed for her: their codes, for tests of every address."""

from peers.models import HandOver, Person, TotpDevice
from recovery_plans.models import Idea, Plan, Telling
from tests.recovery_plans.agreeing import agree


def others(cast):
    """Someone just met, someone with nobody, a hand-over, a role that ended; what Maya agreed
    to, a goal of her own and how it went, and Sam's idea.
    """
    ended = cast.harbor.take_on(user=cast.rosa, role="supervisor", by=cast.ines)
    ended.end(by=cast.ines)
    asked = HandOver.objects.create(person=cast.person, peer=cast.alex, organization=cast.harbor, asked_by=cast.ines)
    just_met = Plan.meet(name="Bo", language="en", peer=cast.sam, organization=cast.harbor)
    ash = Person.meet(name="Ash", peer=cast.lee, organization=cast.harbor)
    ash.walks_now().get().end(by=cast.lee)
    TotpDevice.objects.create(user=ash.user, encrypted_secret=b"", confirmed_at=ash.created_at)
    of_people = {"ended_role": ended.pk, "hand_over": asked.pk, "just_met": just_met.pk, "person": ash.pk}
    own_goal = cast.plan.add_goal(words="A room of my own", by=cast.maya)
    idea = Idea.offer(plan=cast.plan, kind="words", words="A bright room", line=own_goal, by=cast.sam)
    telling = Telling.write(plan=cast.plan, about=own_goal.pk, of_part="goals", words="Slowly", by=cast.maya)
    of_plan = {"own_goal": own_goal.pk, "idea": idea.pk, "about": own_goal.pk, "telling": telling.pk}
    return {**of_people, "agreement": agree(cast).pk, **of_plan}
