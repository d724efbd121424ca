"""Nobody is stranded: Quique never opened his plan, Lee has left, and Ana is asked to meet him."""

import pytest
from django.urls import reverse

from peers.models import Event, HandOver, Person, User
from peers.models.hand_overs import NobodyToAsk, who_walk_with_nobody
from peers.models.organization import StaffRole
from recovery_plans.access import find_plan
from recovery_plans.models import Grant, LogLine, Plan, Section
from tests.cast import PASSPHRASE, staff

PEOPLE, TODAY = reverse("organization-alone"), reverse("today")


@pytest.fixture
def quique(cast):
    """Met by Lee, who has left since."""
    plan = Plan.meet(name="Quique", language="es", peer=cast.lee, organization=cast.harbor)
    plan.add_entry(section=Section.STRENGTHS, words="I cook for forty.", by=cast.lee)
    cast.lee.roles.get().end(by=cast.ines)
    return plan.person


@pytest.fixture
def ana(cast):
    return staff("Ana", cast.harbor, StaffRole.PEER_SPECIALIST)


def asks(cast, browser_of, person, peer):
    """Ines asks on her own page."""
    page = reverse("organization-alone-ask", kwargs={"person": person.pk})
    assert browser_of(cast.ines).post(page, {"peer": peer.pk}).headers["Location"] == PEOPLE
    return HandOver.objects.get(person=person, peer=peer)


def meet_page(asked):
    return reverse("person-meet", kwargs={"hand_over": asked.pk})


def test_ines_sees_who_walks_with_nobody_by_name_and_no_word_more(cast, browser_of, quique):
    page = browser_of(cast.ines).get(PEOPLE).content.decode()
    assert "Quique" in page
    assert "Maya" not in page
    assert "cook" not in page
    assert [(person.name, person.since.date()) for person in who_walk_with_nobody(cast.harbor)] == [
        ("Quique", quique.walks.get().ended_at.date())
    ]
    assert list(who_walk_with_nobody(cast.millbrook)) == []


def test_ana_meets_him_and_walks_with_him_when_he_says_yes(cast, browser_of, quique, ana):
    asked = asks(cast, browser_of, quique, ana)
    anas = browser_of(ana)
    assert "Quique" in anas.get(TODAY).content.decode()
    assert "cook" not in anas.get(meet_page(asked)).content.decode()
    assert anas.get(reverse("plan", kwargs={"plan": quique.plan.pk})).status_code == 404  # not before his yes
    began = anas.post(meet_page(asked), {"do": "yes"})
    assert began.headers["Location"] == reverse("together", kwargs={"plan": quique.plan.pk})
    _plan, reach = find_plan(user=ana, code=quique.plan.pk)
    assert Section.STRENGTHS in reach.writes
    assert not {Section.EXPERIENCES, Section.HARD_DAYS} & reach.sees
    assert Grant.unguarded.get(plan=quique.plan, reader=ana).given == "said_together"
    assert LogLine.unguarded.filter(plan=quique.plan.pk, what="walk_begun", by=ana.pk).count() == 1
    assert list(who_walk_with_nobody(cast.harbor)) == []


def test_maya_says_yes_on_her_own_screen(cast, browser_of, ana):
    cast.walk.end(by=cast.maya)
    asked = asks(cast, browser_of, cast.person, ana)
    maya = browser_of(cast.maya)
    share = reverse("share", kwargs={"plan": cast.plan.pk})
    assert "<bdi>Ana</bdi> would like to walk with you" in maya.get(share).content.decode()
    answer = reverse("hand-over-answer", kwargs={"plan": cast.plan.pk, "hand_over": asked.pk})
    assert maya.post(answer, {"do": "yes"}).headers["Location"] == share
    grant = Grant.unguarded.get(plan=cast.plan, reader=ana)
    assert (grant.given, grant.given_by) == ("on_screen", cast.maya)
    assert maya.post(answer, {"do": "yes"}).status_code == 404  # a second tap finds nothing to answer


@pytest.mark.parametrize("who", ["maya", "ana"])
def test_not_now_begins_nothing(cast, browser_of, ana, who):
    cast.walk.end(by=cast.maya)
    asked = asks(cast, browser_of, cast.person, ana)
    if who == "maya":
        answer = reverse("hand-over-answer", kwargs={"plan": cast.plan.pk, "hand_over": asked.pk})
        browser_of(cast.maya).post(answer, {"do": "no"})
    else:
        browser_of(ana).post(meet_page(asked), {"do": "no"})
    assert not cast.person.walks_now()
    assert "Maya" not in browser_of(ana).get(TODAY).content.decode()
    assert browser_of(ana).post(meet_page(asked), {"do": "yes"}).status_code == 404


def test_another_is_asked_no_more_when_one_walks_with_him(cast, browser_of, quique, ana):
    first, second = asks(cast, browser_of, quique, ana), asks(cast, browser_of, quique, cast.alex)
    Plan.begin_walk(hand_over=first, by=ana)
    assert Plan.begin_walk(hand_over=second, by=cast.alex) is None
    assert browser_of(cast.alex).get(meet_page(second)).status_code == 404


def test_what_was_asked_of_someone_who_left_is_over(cast, browser_of, quique, ana):
    asked = asks(cast, browser_of, quique, ana)
    ana.roles.get().end(by=cast.ines)
    assert Plan.begin_walk(hand_over=asked, by=quique.user) is None


def test_nobody_else_is_asked_about_anyone_else(cast, quique, ana):
    ask = {"organization": cast.harbor, "by": cast.ines}
    with pytest.raises(NobodyToAsk):  # Maya walks with Sam
        HandOver.ask(person=cast.person, peer=ana, **ask)
    with pytest.raises(NobodyToAsk):  # Rosa works elsewhere
        HandOver.ask(person=quique, peer=cast.rosa, **ask)
    with pytest.raises(NobodyToAsk):  # whom Harbor Street does not know
        HandOver.ask(person=Person.objects.get(user=cast.noor), peer=ana, **ask)
    assert HandOver.ask(person=quique, peer=ana, **ask) == HandOver.ask(person=quique, peer=ana, **ask)
    assert Event.objects.filter(what="hand_over_asked").count() == 1


def test_a_choice_that_is_none_is_told(cast, browser_of, quique):
    page = reverse("organization-alone-ask", kwargs={"person": quique.pk})
    for sent in ({}, {"peer": cast.dana.pk}, {"peer": "x"}):
        answer = browser_of(cast.ines).post(page, sent)
        assert (answer.status_code, "Please pick someone." in answer.content.decode()) == (422, True)
    assert not HandOver.objects.exists()


def test_an_administrator_elsewhere_does_not_find_him(cast, browser_of, quique):
    other = User.objects.welcome(name="Otto", username="otto", passphrase=PASSPHRASE)
    cast.millbrook.take_on(user=other, role=StaffRole.ADMINISTRATOR, by=other)
    page = reverse("organization-alone-ask", kwargs={"person": quique.pk})
    assert browser_of(other).get(page).status_code == 404
