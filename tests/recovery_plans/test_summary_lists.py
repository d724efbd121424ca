"""The team and the list of those who said yes: names, page by page, and nobody counted who was never asked."""

import re

from django.urls import reverse

from peers.models.organization import StaffRole
from recovery_plans import print_jobs
from recovery_plans.models import Grant
from recovery_plans.summaries import read_summaries
from tests.cast import staff
from tests.recovery_plans.test_summaries import body, queries_on, someone, text_of


def test_the_team_is_names_of_peer_specialists_and_numbers(cast, browser_of, shared):
    someone(cast, "Teo")
    page = text_of(body(browser_of(cast.dana), reverse("team")))
    assert "Sam Walks with 2 people" in page
    assert "Lee Walks with no one right now" in page
    for name in ("Maya", "Teo", "Rosa"):
        assert name not in page


def test_a_peer_specialists_own_plan_is_in_no_number(cast, browser_of, shared):
    browser_of(cast.sam).post(reverse("my-plan-start"))
    page = text_of(body(browser_of(cast.dana), reverse("summaries")))
    assert "1 person said yes" in page


def test_who_said_no_and_who_was_never_asked_change_nothing_on_the_list(cast, browser_of, shared):
    """In a small team a number is a name: Dana is not told how many there are, or that one took a yes back."""
    dana = browser_of(cast.dana)
    before = text_of(body(dana, reverse("summaries")))
    someone(cast, "Never Asked", shares=False)
    Grant.stop_summary(plan=someone(cast, "Changed Mind"), by=cast.sam)
    assert text_of(body(dana, reverse("summaries"))) == before
    assert "1 person said yes" in before
    assert "Every other plan stays with its person." in before


def test_dana_ticks_all_without_script_and_sees_one_peer_specialists_people(cast, browser_of, shared):
    someone(cast, "Teo", peer=cast.alex)
    dana = browser_of(cast.dana)
    plain, ticked = body(dana, reverse("summaries")), body(dana, reverse("summaries") + "?all=1")
    assert re.findall(r"<input[^>]* checked>", plain) == []
    assert len(re.findall(r"<input[^>]* checked>", ticked)) == 2
    assert "Print what is checked" in ticked, "however many are unchecked before"
    of_alex = dana.get(f"{reverse('summaries')}?with={cast.alex.pk}")
    assert [row.name for row in of_alex.context["listed"].rows] == ["Teo"]
    assert dana.get(reverse("summaries") + "?with=nonsense&after=%00").status_code == 200


def test_an_empty_list_is_no_reproach(cast, browser_of):
    page = body(browser_of(cast.dana), reverse("summaries"))
    assert "No one shares a summary right now. It is theirs to share or to keep." in page


def test_long_lists_go_on_page_by_page_and_lose_nobody(cast, browser_of, monkeypatch):
    monkeypatch.setattr("recovery_plans.team.ROWS_ON_A_PAGE", 3)
    for turn in range(8):
        someone(cast, "Same Name" if turn % 2 else f"Person {turn}")
    dana, address, seen = browser_of(cast.dana), reverse("summaries"), []
    while address:
        listed = dana.get(address).context["listed"]
        seen += [row.grant.pk for row in listed.rows]
        address = f"{reverse('summaries')}?after={listed.after}" if listed.after else ""
    assert len(seen) == len(set(seen)) == 8
    for turn in range(5):
        staff(f"Peer{turn}", cast.harbor, StaffRole.PEER_SPECIALIST)
    address, names = reverse("team"), []
    while address:
        context = dana.get(address).context
        names += [role.user.name for role in context["rows"]]
        address = f"{reverse('team')}?after={context['after']}" if context["after"] else ""
    assert names == sorted(names)
    assert len(names) == 8


def test_a_list_of_more_than_one_page_counts_nobody(cast, browser_of, monkeypatch):
    monkeypatch.setattr("recovery_plans.team.ROWS_ON_A_PAGE", 3)
    for name in ("Bo", "cy", "Abe", "Dee", "abe"):
        someone(cast, name)
    dana = browser_of(cast.dana)
    first = dana.get(reverse("summaries"), {"all": "1"})
    assert [row.name.lower() for row in first.context["listed"].rows] == ["abe", "abe", "bo"], "case does not matter"
    page = text_of(first.content.decode())
    assert "People who said yes" in page
    assert "Everyone who said yes, not only those on this page" in page
    rest = dana.get(reverse("summaries"), {"after": first.context["listed"].after})
    assert [row.name for row in rest.context["listed"].rows] == ["cy", "Dee"]
    assert "2 people said yes" not in text_of(rest.content.decode()), "there are five"


def test_a_list_goes_on_after_someone_who_has_changed_their_mind_meanwhile(cast, browser_of, monkeypatch):
    monkeypatch.setattr("recovery_plans.team.ROWS_ON_A_PAGE", 2)
    plans = {name: someone(cast, name) for name in ("Abe", "Bo", "Cy", "Dee")}
    dana = browser_of(cast.dana)
    listed = dana.get(reverse("summaries")).context["listed"]
    Grant.stop_summary(plan=plans["Bo"], by=cast.sam)
    rest = dana.get(reverse("summaries"), {"after": listed.after}).context["listed"].rows
    assert [row.name for row in rest] == ["Cy", "Dee"]


def test_everyone_is_printed_in_the_order_of_the_list(cast, browser_of):
    for name in ("bo", "Cy", "Abe"):
        someone(cast, name)
    dana = browser_of(cast.dana)
    listed = [str(row.grant.pk) for row in dana.get(reverse("summaries")).context["listed"].rows]
    for data in ({"everyone": "1"}, {"grant": sorted(listed)}):
        job = dana.post(reverse("print-job-new"), data).headers["Location"].strip("/").split("/")[-1]
        assert print_jobs.find_job(user=cast.dana, code=job).grants == listed


def test_a_large_team_is_picked_from_on_its_own_page(cast, browser_of, shared, monkeypatch):
    monkeypatch.setattr("recovery_plans.team.PEERS_TO_PICK", 2)
    dana = browser_of(cast.dana)
    page = body(dana, reverse("summaries"))
    assert "<select" not in page
    assert "Pick a peer specialist on the team page" in page
    of_sam = text_of(body(dana, f"{reverse('summaries')}?with={cast.sam.pk}"))
    assert "Walking with Sam Anyone on the team" in of_sam
    of_rosa = text_of(body(dana, f"{reverse('summaries')}?with={cast.rosa.pk}"))
    assert "Rosa" not in of_rosa, "she works elsewhere"


def test_the_lists_and_the_page_ask_the_same_few_questions_at_any_size(cast, browser_of, shared):
    dana = browser_of(cast.dana)
    addresses = [reverse("team"), reverse("summaries"), reverse("summary", args=[shared.pk])]
    dana.get(addresses[2])
    few = [len(queries_on(dana, address)) for address in addresses]
    for turn in range(15):
        someone(cast, f"Person {turn}", shares=turn % 3 > 0)
        staff(f"Peer{turn}", cast.harbor, StaffRole.PEER_SPECIALIST)
        cast.plan.add_goal(words="More", by=cast.maya).add_step(words="step", by=cast.maya)
        cast.plan.add_entry(section="strengths", words="More", by=cast.sam)
    assert [len(queries_on(dana, address)) for address in addresses] == few
    assert max(few) <= 10


def test_many_summaries_are_read_with_as_many_questions_as_one(cast, shared, django_assert_num_queries):
    plans = [cast.plan, *(someone(cast, f"Person {turn}") for turn in range(12))]
    for plan in plans[1:]:
        goal = plan.add_goal(words="Mornings", by=plan.person.user)
        goal.add_step(words="Coffee", by=plan.person.user)
    with django_assert_num_queries(4):
        read_summaries(plans[:1])
    with django_assert_num_queries(4):
        found = read_summaries(plans)
    assert all(found[plan.pk].goals[0].next_step.words == "Coffee" for plan in plans[1:])
    assert found[cast.plan.pk].goals[0].words == "Mornings that feel like mine"
