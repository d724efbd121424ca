"""Today: the people Sam walks with, and meeting someone new with one name and a yes."""

import re
from datetime import timedelta
from html import escape, unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peers.models import Person, Walk
from recovery_plans.models import Grant, Plan
from recovery_plans.views import today

TODAY, NEW = reverse("today"), reverse("person-new")


def meet_many(cast, count):
    for number in range(count):
        person = Person.meet(name=f"Person {number}", peer=cast.sam, organization=cast.harbor)
        Plan.start(person=person, by=cast.sam)


def asked(browser, address):
    """How many questions a page asks of the database, but for those that open and close a transaction."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len([q for q in queries if q["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")])


def page_of(browser):
    return browser.get(TODAY).content.decode()


def test_a_way_around_of_one_item_takes_no_room_on_a_phone(cast, browser_of):
    page = page_of(browser_of(cast.sam))
    assert 'class="nav-m"' not in page
    assert 'class="nav-d"' in page
    plan = browser_of(cast.sam).get(reverse("plan", kwargs={"plan": cast.plan.pk})).content.decode()
    assert 'class="nav-m"' in plan


def test_sam_sees_the_people_sam_walks_with_and_nobody_else(cast, browser_of):
    page = browser_of(cast.sam).get(TODAY).content.decode()
    assert "Maya" in page
    assert reverse("together", kwargs={"plan": cast.plan.pk}) in page
    for other in (cast.lee, cast.alex, cast.rosa):
        assert "Maya" not in browser_of(other).get(TODAY).content.decode()


def test_no_one_is_counted_flagged_or_measured(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="Hers alone to show", by=cast.maya)
    page = re.sub(
        r"<svg.*?</svg>|<header.*?</header>|<footer.*?</footer>", "", page_of(browser_of(cast.sam)), flags=re.S
    )
    assert "Hers alone" not in page
    assert not re.search(r"\d ?%|overdue|risk|score|\b\d+ (people|goals|answers)\b", page)


def test_who_stopped_walking_is_gone_from_the_list_at_once(cast, browser_of):
    browser = browser_of(cast.sam)
    assert "Maya" in page_of(browser)
    cast.walk.end(by=cast.maya)
    assert "Maya" not in page_of(browser)


def test_a_peer_specialist_can_begin_a_plan_of_their_own_and_is_asked_once(cast, browser_of):
    browser = browser_of(cast.sam)
    assert "A plan of your own" in page_of(browser)
    browser.post(reverse("my-plan-start"))
    assert "A plan of your own" not in page_of(browser)


def test_someone_with_nobody_yet_is_told_how_to_begin(cast, browser_of):
    assert "No one here yet" in browser_of(cast.alex).get(TODAY).content.decode()


def test_one_name_and_a_yes_begin_a_plan_and_go_straight_to_the_first_question(cast, browser_of):
    browser = browser_of(cast.sam)
    answer = browser.post(NEW, {"name": "Tuán", "language": "vi"}, follow=True)
    person = Person.objects.get(user__name="Tuán")
    assert answer.request["PATH_INFO"] == reverse("together-part", kwargs={"plan": person.plan.pk, "section": "vision"})
    assert person.user.language == "vi"
    assert not person.user.has_passphrase
    opened = set(Grant.unguarded.get(plan=person.plan).parts.values_list("part", flat=True))
    assert "strengths" in opened
    assert not {"experiences", "hard_days"} & opened


def test_two_taps_are_one_person(cast, browser_of):
    browser = browser_of(cast.sam)
    form = {"name": "Bo", "save_id": "7b6f0a3c-58c0-4a0a-9a51-0d1f0c5f3a11"}
    first, second = browser.post(NEW, form), browser.post(NEW, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Person.objects.filter(user__name="Bo").count() == 1


def test_a_second_maya_is_asked_about_quietly(cast, browser_of):
    browser = browser_of(cast.sam)
    page = browser.post(NEW, {"name": " MAYA "}).content.decode()
    assert "You already walk with a <bdi>Maya</bdi>. Is this the same person?" in page
    assert f'href="{reverse("plan", kwargs={"plan": cast.plan.pk})}"' in page
    assert 'value="MAYA"' in page or 'value=" MAYA "' in page
    assert Person.objects.filter(user__name__iexact="maya").count() == 1
    told_apart = re.search(r'name="someone_new" value="([^"]+)"', page)[1]
    browser.post(NEW, {"name": "Maya", "someone_new": told_apart})
    assert Person.objects.filter(user__name__iexact="maya").count() == 2


def test_a_name_that_nobody_has_is_met_at_once_whatever_was_asked_of_the_one_before(cast, browser_of):
    assert browser_of(cast.sam).post(NEW, {"name": "Mayra", "someone_new": "Maya"}).status_code == 302
    assert Person.objects.filter(user__name="Mayra").count() == 1


def test_a_name_changed_after_the_question_is_looked_at_again(cast, browser_of):
    Plan.start(person=Person.meet(name="José", peer=cast.sam, organization=cast.harbor), by=cast.sam)
    page = browser_of(cast.sam).post(NEW, {"name": "jose\u0301", "someone_new": "Maya"}).content.decode()
    assert "You already walk with a <bdi>José</bdi>" in page
    assert Person.objects.filter(organization=cast.harbor).count() == 2


@pytest.mark.parametrize(
    "known, typed",
    [
        ("O'Brien", "O’Brien"),
        ("Nguyễn Văn Minh", "Nguyen Van Minh"),
        ("María José", "Maria Jose"),
        ("Mary-Jane", "Mary Jane"),
        ("J", "J."),
    ],
)
def test_someone_whose_name_is_typed_otherwise_is_asked_about(cast, browser_of, known, typed):
    """Each of these began a second plan for somebody who had one, and nothing was asked."""
    Plan.start(person=Person.meet(name=known, peer=cast.sam, organization=cast.harbor), by=cast.sam)
    browser, count = browser_of(cast.sam), Person.objects.count()
    page = browser.post(NEW, {"name": typed}).content.decode()
    assert f"You already walk with a <bdi>{escape(known)}</bdi>. Is this the same person?" in page
    assert Person.objects.count() == count
    told_apart = unescape(re.search(r'name="someone_new" value="([^"]+)"', page)[1])
    assert browser.post(NEW, {"name": typed, "someone_new": told_apart}).status_code == 302
    assert Person.objects.count() == count + 1


def test_another_peer_specialists_maya_is_nobodys_business(cast, browser_of):
    answer = browser_of(cast.alex).post(NEW, {"name": "Maya"})
    assert answer.status_code == 302
    assert Person.objects.filter(user__name="Maya").count() == 2


def test_who_works_in_two_places_says_where(cast, browser_of):
    cast.millbrook.take_on(user=cast.sam, role="peer_specialist", by=cast.rosa)
    browser = browser_of(cast.sam)
    assert "Where do you walk together?" in browser.get(NEW).content.decode()
    browser.post(NEW, {"name": "Bo", "organization": str(cast.millbrook.pk)})
    assert Person.objects.get(user__name="Bo").organization == cast.millbrook
    browser.post(NEW, {"name": "Cy", "organization": str(cast.plan.pk)})
    assert not Person.objects.filter(user__name="Cy").exists()


def test_the_three_lines_to_read_aloud_stand_above_their_yes(cast, browser_of):
    page = browser_of(cast.sam).get(NEW).content.decode()
    lines = ["This plan is yours.", "You choose who sees it.", "Shall we walk this together?", "They said yes"]
    assert sorted(page.index(line) for line in lines) == [page.index(line) for line in lines]


def test_without_a_name_nothing_begins(cast, browser_of):
    page = browser_of(cast.sam).post(NEW, {"name": "   "}).content.decode()
    assert "Write the name they like to be called." in page
    assert Person.objects.filter(organization=cast.harbor).count() == 1


def test_a_long_list_is_paged_by_key_and_asks_no_more_questions(cast, browser_of):
    browser = browser_of(cast.sam)
    few = asked(browser, TODAY)
    meet_many(cast, 60)
    assert asked(browser, TODAY) == few <= 10
    page = browser.get(TODAY)
    rest = browser.get(f"{TODAY}?after={page.context['after']}")
    names = [walk.person.name for walk in [*page.context["walks"], *rest.context["walks"]]]
    assert len(page.context["walks"]) == 50
    assert len(names) == len(set(names)) == 61
    assert names == [*[f"Person {number}" for number in reversed(range(60))], "Maya"], "whom Sam met last stands first"
    assert rest.context["after"] is None
    assert (page.context["is_first_page"], rest.context["is_first_page"]) == (True, False)


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-4000-8000-000000000000", "' or 1=1"])
def test_a_strange_key_shows_the_first_page(cast, browser_of, after):
    page = browser_of(cast.sam).get(TODAY, {"after": after})
    assert "Maya" in page.content.decode()


def test_nobody_else_meets_people(cast, browser_of):
    for user in (cast.maya, cast.noor, cast.dana, cast.ines):
        assert browser_of(user).get(NEW).status_code == 404
        assert browser_of(user).post(NEW, {"name": "Bo"}).status_code == 404


def test_when_sams_role_ends_while_he_meets_someone_nobody_is_met(cast, browser_of, monkeypatch):
    sam, count = browser_of(cast.sam), Person.objects.count()
    looked = today.same_name_as

    def role_ends_meanwhile(*args):
        cast.sam.roles.get(until=None).end(by=cast.ines)
        return looked(*args)

    monkeypatch.setattr(today, "same_name_as", role_ends_meanwhile)
    assert sam.post(NEW, {"name": "Tuán", "language": "vi"}).status_code == 404
    assert Person.objects.count() == count


@pytest.mark.parametrize(
    "name",
    ["\u200b", "\u2060\ufeff", "\u3164", "\u115f\uffa0", "\u00ad \u200d", "...", "\u0301", "🦊", "\u202e\u202c"],
    ids=["zero width", "joiners", "filler", "fillers", "hyphen", "dots", "a mark alone", "a fox", "overrides"],
)
def test_a_name_that_nobody_can_see_is_asked_again(cast, browser_of, name):
    """It would stand in the log, and on Maya's page of who can see it, as nobody."""
    page = browser_of(cast.sam).post(NEW, {"name": name})
    assert "at least one letter or number" in page.content.decode()
    assert not Person.objects.filter(user__name=name.strip()).exists()
    browser_of(cast.maya).post(reverse("settings"), {"name": name, "language": "en", "text_size": "100"})
    cast.maya.refresh_from_db()
    assert cast.maya.name == "Maya"


@pytest.mark.parametrize("name", ["Ø", "7", "ሰላም", "🦊 Fox", "Ⅻ", "\u200bMo"])
def test_any_letter_or_number_makes_a_name(cast, browser_of, name):
    browser_of(cast.sam).post(NEW, {"name": name})
    assert Person.objects.filter(user__name=name).exists()


# --- whom Sam sees first, and finding somebody ---


def names_on(page):
    return [unescape(name) for name in re.findall(r"<h2>\s*<bdi>(.*?)</bdi>", page)]


def test_whom_sam_sat_with_last_stands_first(cast, browser_of):
    sam = browser_of(cast.sam)
    meet_many(cast, 3)
    Walk.objects.filter(peer=cast.sam).update(together_at=timezone.now() - timedelta(days=3))
    Walk.objects.filter(person__user__name="Person 1").update(together_at=timezone.now() - timedelta(days=1))
    assert names_on(page_of(sam))[0] == "Person 1"
    sam.get(reverse("together", kwargs={"plan": cast.plan.pk}))
    assert names_on(page_of(sam))[:2] == ["Maya", "Person 1"]
    just_now = Walk.objects.get(peer=cast.sam, person=cast.plan.person).together_at
    sam.get(reverse("together", kwargs={"plan": cast.plan.pk}))
    assert Walk.objects.get(peer=cast.sam, person=cast.plan.person).together_at == just_now


def test_opening_a_plan_alone_is_no_time_together(cast, browser_of):
    before = Walk.objects.get(peer=cast.sam, person=cast.plan.person).together_at
    Walk.objects.update(together_at=before - timedelta(days=3))
    browser_of(cast.sam).get(reverse("plan", kwargs={"plan": cast.plan.pk}))
    assert Walk.objects.get(peer=cast.sam, person=cast.plan.person).together_at == before - timedelta(days=3)


@pytest.mark.parametrize(
    "name, typed",
    [
        ("Nguyễn Văn Minh", "van minh"),
        ("O’Brien", "obrien"),
        ("María José", "Maria J"),
        ("Mary-Jane", "maryjane"),
        ("Ангелина", "ангел"),
    ],
)
def test_someone_is_found_by_a_part_of_their_name_however_it_is_typed(cast, browser_of, name, typed):
    sam = browser_of(cast.sam)
    Plan.start(person=Person.meet(name=name, peer=cast.sam, organization=cast.harbor), by=cast.sam)
    answer = sam.post(TODAY, {"name": typed})
    assert answer["Location"] == TODAY, "no name in an address"
    assert names_on(page_of(sam)) == [name]
    assert f'value="{escape(typed)}"' in page_of(sam)
    sam.post(TODAY)
    assert set(names_on(page_of(sam))) == {"Maya", name}


def test_looking_finds_only_whom_sam_walks_with(cast, browser_of):
    alex = browser_of(cast.alex)
    alex.post(TODAY, {"name": "Maya"})
    page = page_of(alex)
    assert names_on(page) == []
    assert "You walk with no one with “<bdi>Maya</bdi>” in their name." in page
    assert "No one here yet" not in page


def test_with_a_few_people_nobody_has_to_be_looked_for(cast, browser_of):
    assert "Find someone by name" not in page_of(browser_of(cast.sam))
    meet_many(cast, 6)
    assert "Find someone by name" in page_of(browser_of(cast.sam))


def test_finding_someone_asks_as_often_among_many_as_among_a_few(cast, browser_of):
    sam = browser_of(cast.sam)
    meet_many(cast, 8)
    sam.post(TODAY, {"name": "person 1"})
    few = asked(sam, TODAY)
    meet_many(cast, 30)
    assert asked(sam, TODAY) == few
    assert len(names_on(page_of(sam))) > 10
