"""What is Maya's alone, and how somebody comes in as her without a way of her own."""

import uuid

from peers.models import PlanCard, User
from recovery_plans.models import Agreement, Draft, Grant, Section
from recovery_plans.models.goals import Ruler
from recovery_plans.sections import PRIVATE_SECTIONS
from tests.recovery_plans.agreeing import agree
from tests.ways import come_in, open_card

CANARIES = ("CANARY-STORY", "CANARY-HARD-DAY", "CANARY-PASSPHRASE")


def by_a_card(world, browser_of, way):
    """A browser that came in as Maya, but not by a way of her own."""
    person = world.cast.person
    if way == "first card":
        User.objects.filter(pk=person.user_id).update(username=None, password="!")
        PlanCard.objects.all().delete()
        person.refresh_from_db()
    opened = open_card(browser_of, person=person, by=world.cast.sam)
    assert opened.card.kind == ("first" if way == "first card" else "new")
    if way != "own words that wait":
        return opened.browser
    come_in(waiting := browser_of(), opened.own)
    return waiting


def keep_private(world):
    """Maya's story, her hard days and a ruler, all hers alone; both parts are open to Sam."""
    cast = world.cast
    for section, words in (("experiences", CANARIES[0]), ("hard_days", CANARIES[1])):
        entry = cast.plan.add_entry(section=section, words=words, by=cast.maya)
        entry.rewrite(words=f"{words} again", by=cast.maya, base_version=1)
        gone = cast.plan.add_entry(section=section, words=f"{words} gone", by=cast.maya)
        gone.take_out(by=cast.maya)
        Grant.open_part(plan=cast.plan, walk=cast.walk, section=section, by=cast.maya)
        world.private.append(entry.pk)
        for author in (cast.maya, cast.sam):  # and what is not kept yet
            Draft.hold(
                plan=cast.plan,
                author=author,
                box=f"about/{Section(section).slug}/add",
                part=section,
                fields={"words": [f"{words} begun"]},
                save_id=uuid.uuid4(),
                version=0,
            )
    cast.plan.goals.get(pk=world.names["goal"]).go_with(
        entries=list(cast.plan.entries.filter(section="experiences")), by=cast.maya
    )
    cast.plan.goals.get(pk=world.names["goal"]).measure(by=cast.maya, matters=9, sure=8)
    world.names["agreement"] = agree(cast).pk  # a copy of all that, too
    return world


def what_is_hers(world):
    plan = world.cast.plan
    entries = plan.entries.filter(section__in=PRIVATE_SECTIONS).order_by("pk").values_list("pk", "words", "removed_at")
    grants = Grant.unguarded.filter(plan=plan, revoked_at=None).order_by("pk").values_list("pk", flat=True)
    cards = PlanCard.objects.order_by("pk").values_list("pk", "turned_off_at", "said_right_at", "pin_hash")
    users = User.objects.filter(pk=world.cast.maya.pk).values_list("username", "password")
    walks = world.cast.person.walks.order_by("pk").values_list("pk", "ended_at")
    agreed = Agreement.unguarded.order_by("pk").values_list("pk")
    return [list(rows) for rows in (entries, grants, cards, users, walks, agreed, Ruler.unguarded.values_list())]
