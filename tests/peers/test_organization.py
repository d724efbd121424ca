"""The organization, as Ines sets it up; and the same from the command line."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from peers.events import PeopleEvent
from peers.models import Event, Invitation, Organization, PlanCard, Role, User, Walk
from peers.models.organization import NeedsAnAdministrator, StaffRole
from tests.cast import PASSPHRASE
from tests.concurrency import all_at_once
from tests.history import rewriting
from tests.peers.joining import NEW, invites, is_in, joins

# --- inviting ---


def test_ines_invites_kim_who_joins_once(cast, browser_of):
    page, link = invites(browser_of(cast.ines), name="Kim")
    assert link in page.content.decode()
    assert page.context["qr"].startswith("data:image/svg+xml")
    token = link.rsplit("/", 2)[1]
    assert not Invitation.objects.filter(token_hash__contains=token).exists(), "only a hash is kept"
    kim = browser_of()
    asked = kim.get(link)
    assert asked.context["form"]["name"].value() == "Kim"
    assert "Harbor Street Peer Center" in asked.content.decode()
    assert joins(kim, link).headers["Location"] == "/"
    assert is_in(kim)
    assert kim.get("/").headers["Location"] == "/today/"
    assert User.objects.get(username="kim").check_password(NEW)
    again = joins(browser_of(), link, username="another")
    assert again.context["invitation"] is None
    assert not User.objects.filter(username="another").exists()


def test_an_old_invitation_and_one_that_never_was_look_the_same(cast, browser_of):
    _page, link = invites(browser_of(cast.ines))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def page(address):
        return re.sub(r'value="[^"]*"', "", browser_of().get(address).content.decode()).replace(address, "")

    assert page(link) == page("/join/never-was/")
    joins(browser_of(), link)
    assert not User.objects.filter(username="kim").exists()


def test_an_invitation_is_not_used_up_by_a_mistake(cast, browser_of):
    _page, link = invites(browser_of(cast.ines))
    kim = browser_of()
    for wrong in ({"username": "sam"}, {"username": ""}, {"passphrase": "short"}, {"name": " "}, {"name": "a\x00"}):
        page = joins(kim, link, **wrong)
        assert page.status_code == 200
        assert list(page.context["form"].errors) == [*wrong]
    joins(kim, link)
    assert is_in(kim)


def test_a_name_taken_in_the_same_moment_leaves_the_invitation_waiting(cast, browser_of, monkeypatch):
    _page, link = invites(browser_of(cast.ines))
    with monkeypatch.context() as patch:
        patch.setattr("peers.forms.NewPassphraseForm.clean_username", lambda form: "sam")
        page = joins(browser_of(), link, username="sam")
    assert "Someone here has that" in str(page.context["form"].errors["username"])
    joins(kim := browser_of(), link)
    assert is_in(kim)


def test_who_is_reading_an_invitation_when_it_ends_does_not_join(cast):
    cast.harbor.take_on(user=cast.dana, role=StaffRole.ADMINISTRATOR, by=cast.ines)
    _made, token = cast.harbor.invite(role=StaffRole.SUPERVISOR, by=cast.ines)
    read = Invitation.waiting(token)
    cast.ines.roles.get(role=StaffRole.ADMINISTRATOR).end(by=cast.dana)
    assert read.accept(name="Kim", username="kim", passphrase=NEW) is None
    assert not User.objects.filter(username="kim").exists()
    assert read.accept_as(user=cast.alex) is None
    assert not cast.alex.roles.filter(role=StaffRole.SUPERVISOR).exists()


def test_the_page_of_an_invitation_knows_who_invited_and_where(cast, django_assert_num_queries):
    _made, token = cast.harbor.invite(role=StaffRole.SUPERVISOR, by=cast.ines)
    with django_assert_num_queries(1):
        found = Invitation.waiting(token)
        assert (found.invited_by.name, found.organization.name) == ("Ines", "Harbor Street Peer Center")


def test_nobody_invites_themself_to_more(cast, browser_of):
    _page, link = invites(browser_of(cast.ines), role="peer_specialist")
    kim = browser_of()
    kim.post(link, {"name": "Kim", "username": "kim", "passphrase": NEW, "role": "administrator", "is_active": "0"})
    assert [held.role for held in User.objects.get(username="kim").roles_now()] == ["peer_specialist"]
    page, _link = invites(browser_of(cast.ines), role="owner")
    assert "role" in page.context["form"].errors


# --- inviting someone who has an account already ---


def test_sam_who_signs_in_here_already_joins_as_himself(cast, browser_of):
    _page, link = invites(browser_of(cast.ines), role="supervisor")
    sam, elsewhere, count = browser_of(cast.sam), browser_of(cast.sam), User.objects.count()
    assert "You are signed in as Sam" in sam.get(link).content.decode()
    assert not cast.sam.roles.filter(role="supervisor").exists(), "looking is not joining"
    assert sam.post(link, {"as_myself": "1"}).headers["Location"] == "/"
    assert User.objects.count() == count
    assert sorted(held.role for held in User.objects.get(pk=cast.sam.pk).roles_now()) == [
        "peer_specialist",
        "supervisor",
    ]
    assert sam.get("/team/").status_code == 200
    assert not is_in(elsewhere), "other screens sign in anew"
    again = browser_of(cast.alex).post(link, {"as_myself": "1"})
    assert again.context["invitation"] is None, "it works once"


def test_who_is_not_signed_in_reads_the_same_whether_or_not_they_have_an_account(cast, browser_of):
    _page, link = invites(browser_of(cast.ines), name="Sam")
    page = browser_of().get(link).content.decode()
    assert f'href="/sign-in/?next={link}"' in page
    assert "signed in as" not in page
    passer_by = browser_of()
    passer_by.post(link, {"as_myself": "1"})
    assert Invitation.objects.filter(used_at=None).exists()
    sam = browser_of()
    asked = sam.get(f"/sign-in/?next={link}")
    way = {"username": "sam", "passphrase": PASSPHRASE, "next": asked.context["next"]}
    assert sam.post("/sign-in/", way).headers["Location"] == link
    sam.post(link, {"as_myself": "1"})
    assert not Invitation.objects.filter(used_at=None).exists()


def test_someone_else_at_ines_screen_still_joins_with_a_name_of_their_own(cast, browser_of):
    ines = browser_of(cast.ines)
    _page, link = invites(ines, name="Kim")
    assert "You are signed in as Ines" in ines.get(link).content.decode()
    joins(ines, link)
    assert User.objects.filter(username="kim").exists()
    assert ines.get("/organization/").status_code == 404, "it is Kim's screen now"


def test_a_card_alone_joins_no_team(cast, browser_of):
    _card, words, _token = PlanCard.make(person=cast.person, by=cast.maya)
    holder = browser_of()
    holder.post("/open/", {"card_words": words, "device": "own"})
    assert is_in(holder)
    _page, link = invites(browser_of(cast.ines))
    assert "signed in as" not in holder.get(link).content.decode()
    holder.post(link, {"as_myself": "1"})
    assert not cast.maya.roles.exists()


def test_a_screen_left_alone_joins_no_team(cast, browser_of):
    _page, link = invites(browser_of(cast.ines), role="supervisor")
    left = browser_of(cast.sam)
    session = left.session
    session["device"], session["seen"] = "shared", 0
    session.save()
    left.post(link, {"as_myself": "1"})
    assert not cast.sam.roles.filter(role="supervisor").exists()


# --- ending a role ---


def end(browser, user, role):
    held = Role.objects.get(user=user, role=role, until=None)
    return browser.post(f"/organization/roles/{held.pk}/end/")


def test_when_sams_role_ends_his_screens_close_and_his_walks_end(cast, browser_of):
    sam, ines = browser_of(cast.sam), browser_of(cast.ines)
    plan = f"/plans/{cast.plan.pk}/"
    assert is_in(sam)
    assert end(ines, cast.sam, StaffRole.PEER_SPECIALIST).headers["Location"] == "/organization/"
    assert not is_in(sam)
    assert not Walk.objects.filter(peer=cast.sam, ended_at=None).exists()
    cast.sam.refresh_from_db()
    back = browser_of(cast.sam)
    assert back.get("/today/").status_code == 404
    assert back.get(plan).status_code == 404
    assert is_in(ines)


def test_an_organization_is_never_without_an_administrator(cast, browser_of):
    ines = browser_of(cast.ines)
    (row,) = [held for held in ines.get("/organization/").context["roles"] if held.user_id == cast.ines.pk]
    assert not row.may_end
    end(ines, cast.ines, StaffRole.ADMINISTRATOR)
    assert ines.get("/organization/").status_code == 200
    cast.harbor.take_on(user=cast.dana, role=StaffRole.ADMINISTRATOR, by=cast.ines)
    assert end(ines, cast.ines, StaffRole.ADMINISTRATOR).headers["Location"] == "/"
    assert is_in(ines), "she leaves the role, not the room"
    assert ines.get("/organization/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_others_role_at_once_leave_one(cast):
    cast.harbor.take_on(user=cast.dana, role=StaffRole.ADMINISTRATOR, by=cast.ines)
    held = Role.objects.filter(organization=cast.harbor, role=StaffRole.ADMINISTRATOR, until=None)
    ending = iter(list(held.all()))

    def end_the_next():
        try:
            next(ending).end(by=None)
        except NeedsAnAdministrator:
            return "kept"
        return "ended"

    assert sorted(all_at_once(end_the_next, times=2)) == ["ended", "kept"]
    assert held.count() == 1


def test_whom_ines_invited_cannot_join_when_she_is_no_administrator_any_more(cast, browser_of):
    ines, dana = browser_of(cast.ines), browser_of(cast.dana)
    cast.harbor.take_on(user=cast.dana, role=StaffRole.ADMINISTRATOR, by=cast.ines)
    _page, from_ines = invites(ines)
    _page, from_dana = invites(dana)
    end(ines, cast.dana, StaffRole.SUPERVISOR)
    cast.dana.refresh_from_db()
    end(browser_of(cast.dana), cast.ines, StaffRole.ADMINISTRATOR)
    joins(browser_of(), from_ines)
    assert not User.objects.filter(username="kim").exists()
    joins(browser_of(), from_dana)
    assert User.objects.filter(username="kim").exists(), "Dana still is one"


def test_ines_ends_no_role_of_another_organization(cast, browser_of):
    assert end(browser_of(cast.ines), cast.rosa, StaffRole.PEER_SPECIALIST).status_code == 404
    assert cast.rosa.roles.filter(until=None).exists()


def test_for_everyone_else_these_pages_do_not_exist(cast, browser_of):
    held = Role.objects.get(user=cast.lee, until=None)
    for user in (cast.maya, cast.sam, cast.dana, cast.rosa, cast.noor):
        browser = browser_of(user)
        for address in ("/organization/", "/organization/edit/", "/organization/invite/"):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code == 404
        assert browser.post(f"/organization/roles/{held.pk}/end/").status_code == 404
    assert Role.objects.filter(pk=held.pk, until=None).exists()
    assert browser_of(cast.ines).get(f"/organization/roles/{held.pk}/resume/").status_code == 405


# --- the page ---


def test_ines_sees_who_works_here_and_nothing_of_any_person(cast, browser_of):
    cast.plan.add_goal(words="Sew for pay again", by=cast.maya)
    page = browser_of(cast.ines).get("/organization/").content.decode()
    for name in ("Sam", "Lee", "Dana", "Alex", "Ines"):
        assert name in page
    for kept_out in ("Maya", "Noor", "Rosa", "Sew for pay", str(cast.plan.pk)):
        assert kept_out not in page


def test_the_log_is_paged_newest_first_and_misses_nothing(cast, browser_of):
    with rewriting(Event) as events:
        events.all().delete()
        for _n in range(70):
            Event.note(PeopleEvent.CARD_MADE, by=cast.sam, organization=cast.harbor)
        events.update(at=events.values_list("at", flat=True)[0])  # one moment: the code decides
    Event.note(PeopleEvent.CARD_MADE, by=cast.rosa, organization=cast.millbrook)
    ines, seen, address = browser_of(cast.ines), [], "/organization/"
    while address:
        page = ines.get(address)
        seen += [event.pk for event in page.context["events"]]
        address = f"?before={page.context['older']}" if page.context["older"] else ""
        address = address and f"/organization/{address}"
    assert len(seen) == len(set(seen)) == 70
    assert page.context["events"][0].by_name == "Sam"
    for wrong in (
        "x",
        "00000000-0000-0000-0000-000000000000",
        "\x00",
        Event.objects.get(by=cast.rosa.pk, what="card_made").pk,
    ):
        assert len(ines.get("/organization/", {"before": wrong}).context["events"]) == 30


def test_what_maya_did_herself_stands_in_the_log_without_her_name(cast, browser_of):
    Event.note(PeopleEvent.CARD_MADE, by=cast.maya, organization=cast.harbor)
    page = browser_of(cast.ines).get("/organization/")
    assert [event.by_name for event in page.context["events"] if event.by == cast.maya.pk] == [""]


def test_the_page_asks_no_more_of_the_database_when_the_team_grows(cast, browser_of, django_assert_max_num_queries):
    ines = browser_of(cast.ines)
    for n in range(20):
        user = User.objects.welcome(name=f"Team {n}", username=f"team{n}", passphrase=PASSPHRASE)
        cast.harbor.take_on(user=user, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    with django_assert_max_num_queries(15):
        ines.get("/organization/")


def test_a_large_team_is_read_page_by_page_by_name(cast, browser_of, monkeypatch):
    monkeypatch.setattr("peers.views.organization.STAFF_ON_A_PAGE", 4)
    cast.harbor.take_on(user=cast.dana, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    for name in ("ada", "Zoe", "Ada", "lee b"):
        user = User.objects.welcome(name=name)
        cast.harbor.take_on(user=user, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    ines, seen, address = browser_of(cast.ines), [], "/organization/"
    while address:
        page = ines.get(address)
        seen += page.context["roles"]
        after = page.context["after"]
        address = f"/organization/?after={after}" if after else ""
        assert ("Back to the first" in page.content.decode()) == (len(seen) > 4)
    assert [held.user.name.lower() for held in seen] == [
        "ada",
        "ada",
        "alex",
        "dana",
        "dana",
        "ines",
        "lee",
        "lee b",
        "sam",
        "zoe",
    ]
    assert len({held.pk for held in seen}) == 10
    (row,) = [held for held in seen if held.user_id == cast.ines.pk]
    assert not row.may_end, "she is the only administrator, whatever page she is on"


def test_ines_changes_the_number_to_call(cast, browser_of):
    ines = browser_of(cast.ines)
    data = {"name": "Harbor Street", "town": "Fairhaven", "phone": "555-0111", "warmline": "555-0122"}
    assert ines.post("/organization/edit/", data).headers["Location"] == "/organization/"
    assert "555-0122" in browser_of(cast.sam).get("/help-now/").content.decode()
    cast.harbor.refresh_from_db()
    assert cast.harbor.name == "Harbor Street"
    for wrong in ({"name": ""}, {"phone": "5" * 41}, {"town": "a\r\nb"}, {"name": "\x00"}):
        page = ines.post("/organization/edit/", data | wrong)
        assert list(page.context["form"].errors) == [*wrong]


# --- the command line ---


def run(command, capsys, *args):
    call_command(command, *args)
    return capsys.readouterr().out


def test_an_organization_is_set_up_from_the_command_line(db, browser_of, capsys):
    output = run("organization", capsys, "--name", "Harbor Street", "--town", "Fairhaven")
    link = re.search(r"/join/\S+", output).group()
    ines = browser_of()
    joins(ines, link, username="ines", name="Ines")
    assert ines.get("/").headers["Location"] == "/organization/"
    with pytest.raises(CommandError):
        run("organization", capsys, "--name", "Harbor Street")
    with pytest.raises(CommandError):
        run("organization", capsys, "--name", " ")


def test_staff_are_invited_and_leave_from_the_command_line(cast, browser_of, capsys):
    output = run("invite", capsys, "--organization", str(cast.harbor.pk), "--role", "supervisor", "--name", "Kim")
    kim = browser_of()
    joins(kim, re.search(r"/join/\S+", output).group())
    assert kim.get("/").headers["Location"] == "/team/"
    ending = ["--organization", cast.harbor.name, "--username", "KIM", "--role", "supervisor"]
    run("end_role", capsys, *ending)
    assert not is_in(kim)
    with pytest.raises(CommandError, match="Nobody"):
        run("end_role", capsys, *ending)
    with pytest.raises(CommandError, match="No organization"):
        run("invite", capsys, "--organization", "elsewhere", "--role", "supervisor")
    Organization.found(name=cast.harbor.name)
    with pytest.raises(CommandError, match="use its code"):
        run("invite", capsys, "--organization", cast.harbor.name, "--role", "supervisor")


def test_the_command_line_leaves_no_organization_without_an_administrator_either(cast, browser_of, capsys):
    ines = browser_of(cast.ines)
    ending = ["--organization", cast.harbor.name, "--username", "ines", "--role", "administrator"]
    with pytest.raises(CommandError, match="needs someone to look after it"):
        run("end_role", capsys, *ending)
    assert ines.get("/organization/").status_code == 200, "nothing has ended, no screen has closed"
    cast.harbor.take_on(user=cast.dana, role=StaffRole.ADMINISTRATOR, by=cast.ines)
    run("end_role", capsys, *ending)
    assert not is_in(ines)
