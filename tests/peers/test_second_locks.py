"""Maya lost the phone with her code app: Ines finds her by her name, and whoever runs the server by more than that."""

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from peers.models import Event, Person, PlanCard, TotpDevice
from recovery_plans.models import LogLine, Plan
from tests.concurrency import all_at_once
from tests.recovery_plans.test_sharing import queries_on, read, url

LOCKS = reverse("organization-second-locks")
WORDS = "peers.management.commands.second_lock_off.getpass"


def lock(user):
    device = TotpDevice.prepare(user=user)
    assert device.turn_on(code=pyotp.TOTP(device.secret).now())
    user.refresh_from_db()
    return device


def meet(name, cast, organization=None, peer=None):
    """Somebody of Harbor Street with a second lock."""
    organization, peer = organization or cast.harbor, peer or cast.sam
    person = Person.meet(name=name, peer=peer, organization=organization)
    lock(person.user)
    return person


def off(person):
    return reverse("organization-second-lock-off", kwargs={"person": person.pk})


def is_on(user):
    return TotpDevice.is_on(user=user)


@pytest.fixture
def locked(cast):
    """Maya has a second lock. So has Sam, who works here."""
    for user in (cast.maya, cast.sam):
        lock(user)
    return cast


# --- the administrator's screen ---


def test_the_navigation_says_where_ines_is(cast, browser_of):
    page = browser_of(cast.ines).get(reverse("organization-second-locks"))
    assert [item["current"] for item in page.context["nav"] if item["url"] == reverse("organization")] == [True]


def test_ines_finds_maya_by_her_name_and_turns_the_lock_off(locked, browser_of):
    locked.plan.add_entry(section="strengths", words="CANARY-STRENGTH", by=locked.maya)
    ines, mayas = browser_of(locked.ines), browser_of(locked.maya)
    assert "Find them" in read(ines, reverse("organization"))
    page = read(ines, LOCKS)
    assert "Maya Second lock since" in page
    assert "Walks with Sam" in page, "which Maya it is can be asked of him"
    before = read(ines, off(locked.person))
    assert "Make sure it is really them asking." in before
    assert is_on(locked.maya), "looking turns nothing off"
    assert "CANARY" not in page + before
    assert ines.post(off(locked.person)).headers["Location"] == LOCKS
    assert not is_on(locked.maya)
    assert "The second lock is off." in ines.get(LOCKS).content.decode()
    assert mayas.get("/settings/").status_code == 302, "whoever sat at her screen does not stay"
    assert ines.get(LOCKS).status_code == 200


def test_it_is_logged_for_the_organization_and_for_maya(locked, browser_of):
    browser_of(locked.ines).post(off(locked.person))
    noted = Event.objects.get(what="second_lock_off")
    assert (noted.by, noted.organization, noted.about) == (locked.ines.pk, locked.harbor.pk, locked.maya.pk)
    locked.maya.refresh_from_db()
    assert "A second lock was turned off" in read(browser_of(locked.ines), reverse("organization"))
    assert "Ines · administrator turned off the second lock" in read(browser_of(locked.maya), url(locked, "looks"))


def test_who_works_here_is_not_on_the_list_with_or_without_a_plan(locked, browser_of):
    """Their lock guards the plans of others: an administrator alone does not take it away."""
    alex = Person.objects.create(user=locked.alex, organization=locked.harbor)
    lock(locked.alex)
    ines = browser_of(locked.ines)
    page = ines.get(LOCKS)
    assert [person.name for person in page.context["people"]] == ["Maya"]
    assert ines.get(off(alex)).status_code == ines.post(off(alex)).status_code == 404
    assert is_on(locked.alex)
    locked.alex.roles.get().end(by=locked.ines)
    assert ines.get(off(alex)).status_code == 200


def test_people_of_another_place_are_not_there_and_neither_is_who_has_no_lock(locked, browser_of):
    elsewhere = meet("Mayra", locked, organization=locked.millbrook, peer=locked.rosa)
    without = Person.meet(name="Bo", peer=locked.sam, organization=locked.harbor)
    TotpDevice.prepare(user=without.user)  # looked at the page, and left it at that
    ines = browser_of(locked.ines)
    assert [person.name for person in ines.get(LOCKS).context["people"]] == ["Maya"]
    for person in (elsewhere, without):
        assert ines.get(off(person)).status_code == ines.post(off(person)).status_code == 404
    assert is_on(elsewhere.user)


def test_a_name_is_looked_for_and_stands_in_no_address(locked, browser_of):
    for name in ("Josué", "Ana María", "Zoë"):
        meet(name, locked)
    ines = browser_of(locked.ines)
    for looked_for, found in (
        ("josué", ["Josué"]),
        ("JOSUE\u0301", ["Josué"]),
        ("  maría ", ["Ana María"]),
        ("ana-maria", ["Ana María"]),
        ("...", []),
        ("ay", ["Maya"]),
        ("nobody", []),
        ("", ["Ana María", "Josué", "Maya", "Zoë"]),
    ):
        answer = ines.post(LOCKS, {"name": looked_for})
        assert (answer.status_code, answer.headers["Location"]) == (302, LOCKS)
        page = ines.get(LOCKS)
        assert [person.name for person in page.context["people"]] == found
        assert ("No one with this name" in page.content.decode()) == (not found)


def test_what_can_not_be_looked_for_is_said_kindly_and_once_found_the_name_is_forgotten(locked, browser_of):
    ines = browser_of(locked.ines)
    assert ines.post(LOCKS, {"name": "May\x00a"}).status_code == 422
    ines.post(LOCKS, {"name": "Maya"})
    assert 'value="Maya"' in ines.get(LOCKS).content.decode()
    ines.post(off(locked.person))
    assert 'value="Maya"' not in ines.get(LOCKS).content.decode()


def test_a_long_list_goes_on_and_asks_no_more(locked, browser_of):
    ines = browser_of(locked.ines)
    ines.get(LOCKS)
    once = len(queries_on(ines, LOCKS))
    for number in range(60):
        meet(f"Person {number:02}", locked)
    assert len(queries_on(ines, LOCKS)) == once
    first = ines.get(LOCKS)
    rest = ines.get(f"{LOCKS}?after={first.context['after']}")
    assert len(first.context["people"]) + len(rest.context["people"]) == 61
    assert "More people" in first.content.decode()
    assert "Back to the first" in rest.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_taps_at_once_one_turns_it_off_and_it_is_noted_once(locked, browser_of):
    browsers = [browser_of(locked.ines) for _ in range(2)]
    codes = [answer.status_code for answer in all_at_once(lambda: browsers.pop().post(off(locked.person)), times=2)]
    assert set(codes) <= {302, 404}
    assert 302 in codes
    assert Event.objects.filter(what="second_lock_off").count() == 1
    assert LogLine.unguarded.filter(what="second_lock_off").count() == 1


# --- the command ---


def run(**options):
    call_command("second_lock_off", **options)


def test_by_the_words_of_a_card_or_own_words_whatever_they_still_open(locked, monkeypatch):
    first, words, _token = PlanCard.make(person=locked.person, by=locked.sam)
    own_words = PlanCard.make(person=locked.person, by=locked.maya)[1]
    first.turn_off(by=locked.maya)
    for typed in (words.upper(), f" {own_words} "):
        monkeypatch.setattr(WORDS, lambda _prompt, typed=typed: typed)
        run(card=True)
        assert not is_on(locked.maya)
        lock(locked.maya)
    assert is_on(locked.sam)


@pytest.mark.parametrize("typed", ["these are not hers", "", "  ", "one two three"])
def test_words_that_nobody_has_turn_nothing_off_and_are_not_said_again(locked, monkeypatch, typed):
    monkeypatch.setattr(WORDS, lambda _prompt: typed)
    with pytest.raises(CommandError, match="No card has these four words") as error:
        run(card=True)
    assert "not hers" not in str(error.value)
    assert is_on(locked.maya)


def test_by_name_within_an_organization_people_and_team(locked, capsys):
    meet("Maya", locked, organization=locked.millbrook, peer=locked.rosa)
    run(organization=locked.harbor.name, name=" maya")
    assert not is_on(locked.maya)
    assert "The second lock is off" in capsys.readouterr().out
    noted = Event.objects.get(what="second_lock_off")
    assert (noted.by, noted.organization, noted.about) == (None, locked.harbor.pk, locked.maya.pk)
    assert LogLine.unguarded.get(what="second_lock_off").by is None
    run(organization=str(locked.harbor.pk), name="Sam")
    assert not is_on(locked.sam)
    with pytest.raises(CommandError, match="Nobody"):
        run(organization=locked.harbor.name, name="Maya")
    assert TotpDevice.objects.count() == 1, "the Maya of Millbrook keeps hers"


def test_someone_of_no_organization_is_found_where_they_walk_with_somebody(locked):
    lock(locked.noor)
    plan = Plan.start(person=Person.objects.get(user=locked.noor), by=locked.noor)
    with pytest.raises(CommandError, match="Nobody"):
        run(organization=locked.harbor.name, name="Noor")
    plan.person.start_walk(peer=locked.sam, organization=locked.harbor, by=locked.noor)
    run(organization=locked.harbor.name, name="Noor")
    assert not is_on(locked.noor)


def test_where_several_have_one_name_it_lists_them_by_code_and_since_when_and_takes_the_code(locked):
    other = meet("Maya", locked)
    twice = {"organization": locked.harbor.name, "name": "Maya"}
    with pytest.raises(CommandError) as error:
        run(**twice)
    since = timezone.localdate().isoformat()
    for user in (locked.maya, other.user):
        assert f"--code {user.pk}   here since {since}, second lock since {since}" in str(error.value)
    assert is_on(locked.maya)
    assert is_on(other.user)
    run(**twice, code=str(other.user.pk))
    assert (is_on(locked.maya), is_on(other.user)) == (True, False)
    run(code=str(locked.maya.pk))
    assert not is_on(locked.maya)
    for code in (str(locked.maya.pk), "no code"):
        with pytest.raises(CommandError, match="Nobody"):
            run(code=code)


@pytest.mark.parametrize("options", [{}, {"organization": "Harbor Street Peer Center"}, {"name": "Maya"}])
def test_it_says_what_it_needs_to_know(locked, options):
    with pytest.raises(CommandError, match="Say who it is"):
        run(**options)
    with pytest.raises(CommandError, match="No organization"):
        run(organization="Nowhere", name="Maya")
    assert is_on(locked.maya)


def test_it_stands_in_the_log_of_the_place_they_belong_to_however_they_were_found(locked):
    lock(locked.noor)
    for username in ("maya", "sam", "noor"):
        run(username=username)
    noted = dict(Event.objects.filter(what="second_lock_off").values_list("about", "organization"))
    harbor = locked.harbor.pk
    assert noted == {locked.maya.pk: harbor, locked.sam.pk: harbor, locked.noor.pk: None}
