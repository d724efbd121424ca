"""Someone was just met: a name that was misheard, a plan begun by mistake. Until they have come in themself."""

import pytest
from django.urls import reverse

from peers.models import Event, PlanCard, User
from peers.models.hand_overs import who_walk_with_nobody
from recovery_plans.access import plans_reached_by
from recovery_plans.models import LogLine, Plan
from recovery_plans.models.plan import NotEmpty

TODAY = reverse("today")


@pytest.fixture
def just_met(cast):
    return Plan.meet(name="Kike", language="es", peer=cast.sam, organization=cast.harbor)


def page_of(plan):
    return reverse("person", kwargs={"plan": plan.pk})


def log_of(plan):
    return list(LogLine.unguarded.filter(plan=plan.pk).order_by("at").values_list("what", flat=True))


def test_sam_corrects_a_name_he_misheard(cast, browser_of, just_met):
    sam = browser_of(cast.sam)
    assert page_of(just_met) in sam.get(TODAY).content.decode()
    assert sam.post(page_of(just_met), {"name": "Quique"}).headers["Location"] == TODAY
    assert User.objects.get(pk=just_met.owner.pk).name == "Quique"
    assert log_of(just_met)[-1] == "name_corrected"
    assert Event.objects.filter(what="name_corrected", about=just_met.person.pk).count() == 1


def test_the_same_name_again_is_no_correction(cast, browser_of, just_met):
    browser_of(cast.sam).post(page_of(just_met), {"name": "Kike"})
    assert log_of(just_met) == ["plan_started"]


def test_an_empty_name_is_asked_for_again(cast, browser_of, just_met):
    answer = browser_of(cast.sam).post(page_of(just_met), {"name": "  "})
    assert (answer.status_code, "Write the name" in answer.content.decode()) == (422, True)


def test_once_he_has_come_in_himself_his_name_is_his(cast, browser_of, just_met):
    just_met.owner.arrive()
    assert browser_of(cast.sam).post(page_of(just_met), {"name": "Quique"}).status_code == 404
    assert not just_met.correct_name(name="Quique", by=cast.sam)
    assert User.objects.get(pk=just_met.owner.pk).name == "Kike"


def test_sam_takes_back_a_plan_that_he_began_by_mistake(cast, browser_of, just_met):
    _card, words, _token = PlanCard.make(person=just_met.person, by=cast.sam)
    sam = browser_of(cast.sam)
    assert sam.post(page_of(just_met), {"do": "take_back"}).headers["Location"] == TODAY
    assert just_met not in plans_reached_by(cast.sam)
    assert "Kike" not in sam.get(TODAY).content.decode()
    assert PlanCard.by_words(words) is None
    assert not who_walk_with_nobody(cast.harbor)
    assert "plan_taken_back" in log_of(just_met)


def test_a_plan_with_words_in_it_stays(cast, browser_of, just_met):
    entry = just_met.add_entry(section="strengths", words="I cook for forty.", by=cast.sam)
    entry.plan = just_met
    entry.take_out(by=cast.sam)  # what was once written is something, also when it was taken out
    with pytest.raises(NotEmpty):
        just_met.take_back(by=cast.sam)
    answer = browser_of(cast.sam).post(page_of(just_met), {"do": "take_back"}, follow=True)
    assert "There is something in this plan now. It stays." in answer.content.decode()
    assert just_met in plans_reached_by(cast.sam)


def test_maya_is_not_taken_back(cast):
    with pytest.raises(NotEmpty):
        cast.plan.take_back(by=cast.sam)
    assert cast.person.walks_now().count() == 1
