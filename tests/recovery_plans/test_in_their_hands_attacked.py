"""In their hands, misused: who holds Sam's tablet gets at nothing else of his, and Sam at nothing that is Maya's."""

import uuid
from contextlib import contextmanager

import pytest
from django.db import IntegrityError
from django.urls import reverse

from peers import doors
from peers.models import Invitation, Person, TotpDevice
from peers.models.organization import StaffRole
from peers.models.organization_log import Event
from recovery_plans import access
from recovery_plans.models import GrantedPart, Idea, LogLine, Plan, Section
from tests.cast import PASSPHRASE
from tests.hands import PIN, fill_plan, give, lend_tablet, take_back, together
from tests.history import rewriting
from tests.ways import make_own_words, own_words_on, unlock


@pytest.fixture
def plan(cast):
    return fill_plan(cast)


@pytest.fixture
def tablet(cast, plan, browser_of):
    return lend_tablet(cast, plan, browser_of)


def text_of(page):
    return page.content.decode()


# --- the person works here too ---


@pytest.fixture
def shared_walk(cast, harbor):
    """Maya works at Harbor Street too, and walks with Quique beside Sam. Quique's story is open to neither."""
    harbor.take_on(user=cast.maya, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    person = Person.meet(name="Quique", peer=cast.sam, organization=harbor)
    person.start_walk(peer=cast.maya, organization=harbor, by=person.user)
    plan = Plan.start(person=person, by=cast.sam)
    plan.add_entry(section=Section.STRENGTHS, words="Quique sings", by=person.user)
    plan.add_entry(section=Section.EXPERIENCES, words="Quique's own story", by=person.user)
    return plan


@pytest.mark.parametrize("typed", [{}, {"passphrase": PASSPHRASE}])
def test_whom_maya_walks_with_is_not_there_on_sams_tablet(tablet, cast, shared_walk, typed):
    """Only her own plan opens, although both of them walk with him."""
    if typed:
        unlock(tablet, **typed)
    for address in (
        reverse("plan", args=[shared_walk.pk]),
        together(shared_walk),
        reverse("part", kwargs={"plan": shared_walk.pk, "section": "experiences"}),
    ):
        page = tablet.get(address)
        assert page.status_code == 404, address
        assert "Quique" not in text_of(page)
    new = {"words": "written by somebody else", "save_id": uuid.uuid4()}
    assert tablet.post(together(shared_walk, name="together-add"), new).status_code == 404
    assert not shared_walk.entries.filter(words=new["words"]).exists()
    assert tablet.get(together(cast.plan)).status_code == 200


# --- invitations ---


@pytest.mark.parametrize("typed", [{}, {"passphrase": PASSPHRASE}])
def test_nobody_joins_a_team_as_maya_on_sams_tablet(tablet, cast, harbor, typed):
    """Whoever holds it could be Sam, who has the link; and her cards would open nothing from then on."""
    if typed:
        unlock(tablet, **typed)
    _invitation, token = harbor.invite(role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    join = reverse("join", args=[token])
    assert "as_myself" not in text_of(tablet.get(join))
    tablet.post(join, {"as_myself": "1"})
    assert not cast.maya.roles.exists()
    assert Invitation.waiting(token) is not None


# --- what is Maya's alone ---


def test_her_supporters_stay_closed_on_the_help_page_where_sam_does_not_see_them(tablet, cast, plan):
    plan.add_entry(section=Section.SUPPORTERS, words="My aunt Olga", by=cast.maya)
    assert "My aunt Olga" in text_of(tablet.get(reverse("help-now")))
    with rewriting(GrantedPart) as parts:
        parts.filter(part=Section.SUPPORTERS).delete()
    assert "My aunt Olga" not in text_of(tablet.get(reverse("help-now")))
    unlock(tablet, passphrase=PASSPHRASE)
    assert "My aunt Olga" in text_of(tablet.get(reverse("help-now")))


def test_the_help_page_names_nobody_of_hers_once_sam_walks_with_her_no_more(tablet, cast, plan):
    plan.add_entry(section=Section.SUPPORTERS, words="My aunt Olga", by=cast.maya)
    cast.walk.end(by=cast.maya)
    page = tablet.get(reverse("help-now"))
    assert page.status_code == 200
    assert "My aunt Olga" not in text_of(page)


# --- what is begun and not kept ---


def hold(browser, plan, words, *, box="about/strengths/add"):
    address = reverse("draft", kwargs={"plan": plan.pk, "box": box})
    assert browser.post(address, {"words": words, "save_id": uuid.uuid4()}).status_code == 200


BOX_THERE = "together/strengths/add"


def test_what_maya_began_on_her_own_phone_is_not_shown_on_sams_tablet(tablet, cast, plan, browser_of):
    phone = browser_of(cast.maya)
    hold(phone, plan, "half a thought of mine")
    for page in ("plan", "about-me"):
        assert "half a thought" not in text_of(tablet.get(reverse(page, args=[plan.pk])))
    part = reverse("part", kwargs={"plan": plan.pk, "section": "strengths"})
    assert "half a thought" not in text_of(tablet.get(part))
    assert "half a thought" in text_of(phone.get(part))
    unlock(tablet, passphrase=PASSPHRASE)
    assert "half a thought" in text_of(tablet.get(part))


def test_what_maya_types_there_comes_back_until_the_tablet_is_given_back(tablet, plan, cast, browser_of):
    hold(tablet, plan, "typed on the tablet", box=BOX_THERE)
    assert "typed on the tablet" in text_of(tablet.get(together(plan)))
    take_back(tablet, plan)
    give(tablet, plan)
    assert "typed on the tablet" not in text_of(tablet.get(together(plan)))


def test_what_another_of_the_team_began_for_maya_is_not_shown_on_sams_tablet(tablet, cast, plan, harbor, browser_of):
    cast.person.start_walk(peer=cast.alex, organization=harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.alex)
    hold(browser_of(cast.alex), plan, "begun by Alex")
    hold(browser_of(cast.sam), plan, "begun by Sam")
    page = text_of(tablet.get(reverse("part", kwargs={"plan": plan.pk, "section": "strengths"})))
    assert "begun by Alex" not in page
    assert "begun by Sam" in page


# --- it closes again ---


@pytest.fixture
def open_tablet(tablet, plan):
    unlock(tablet, passphrase=PASSPHRASE)
    assert "Mine alone" in text_of(tablet.get(together(plan, "experiences")))
    return tablet


def test_another_passphrase_closes_what_the_old_one_opened_there(open_tablet, cast, plan):
    cast.maya.take_passphrase(username="maya", passphrase="another seven quiet rivers")
    assert "Mine alone" not in text_of(open_tablet.get(together(plan, "experiences")))


def test_every_other_screen_is_closed_there_too(open_tablet, cast, plan, browser_of):
    browser_of(cast.maya).post(reverse("ways-end-others", args=[plan.pk]))
    assert "Mine alone" not in text_of(open_tablet.get(together(plan, "experiences")))


def test_own_words_that_are_over_close_what_they_opened_there(tablet, cast, plan):
    words = make_own_words(cast.person)
    unlock(tablet, card_words=words)
    assert "Mine alone" in text_of(tablet.get(together(plan, "experiences")))
    make_own_words(cast.person)
    assert "Mine alone" not in text_of(tablet.get(together(plan, "experiences")))


# --- the second lock ---


@pytest.mark.parametrize("by", ["passphrase", "card_words"])
def test_where_maya_has_a_second_lock_her_words_alone_open_nothing_there(tablet, cast, plan, by):
    typed = {"passphrase": PASSPHRASE, "card_words": make_own_words(cast.person)}[by]
    device = TotpDevice.prepare(user=cast.maya)
    TotpDevice.objects.filter(pk=device.pk).update(confirmed_at=cast.maya.created_at)
    unlock(tablet, **{by: typed})
    assert "Mine alone" not in text_of(tablet.get(together(plan, "experiences")))


# --- what is recorded ---


def test_own_words_typed_there_are_recorded_as_typed_on_sams_device(tablet, cast, plan):
    unlock(tablet, card_words=make_own_words(cast.person))
    used = Event.objects.get(what="own_words_used")
    assert (used.by, used.on_device_of) == (cast.maya.pk, cast.sam.pk)
    line = LogLine.unguarded.get(what="own_words_used")
    assert (line.by, line.on_device_of) == (cast.maya.pk, cast.sam.pk)


def test_every_line_of_maya_in_either_log_says_on_whose_device(tablet, cast, plan):
    """A whole visit: words, goals, steps, how they go, an undo, own words."""
    before = [*LogLine.unguarded.values_list("pk", flat=True)], [*Event.objects.values_list("pk", flat=True)]
    words = make_own_words(cast.person)
    made = {"own_words_made"}  # on her own phone, just now

    def post(name, typed=None, **codes):
        answer = tablet.post(reverse(name, kwargs={"plan": plan.pk, **codes}), typed or {})
        assert answer.status_code == 302, (name, answer.status_code)

    def new(text):
        return {"words": text, "save_id": uuid.uuid4()}

    unlock(tablet, card_words=words)
    post("goal-new", new("sing again"))
    post("goal-new", new("sew again"))
    goal = plan.goals.get(words="sing again")
    post("step-add", new("call the choir"), goal=goal.pk)
    step = goal.steps.get()
    post("step-state", {"state": "done"}, goal=goal.pk, step=step.pk)
    post("step-remove", goal=goal.pk, step=step.pk)
    post("step-restore", goal=goal.pk, step=step.pk)
    post("goal-state", {"state": "resting"}, goal=goal.pk)
    post("goal-move", {"later": "1"}, goal=goal.pk)
    post("goal-ruler", {"matters": "7"}, goal=goal.pk)
    post("goal-uses", {"uses": [str(plan.entries.get(words="I listen").pk)]}, goal=goal.pk)
    post("goal-remove", goal=goal.pk)
    post("goal-restore", goal=goal.pk)
    for log, known in zip((LogLine.unguarded, Event.objects), before, strict=True):
        found = log.exclude(pk__in=known).filter(by=cast.maya.pk).exclude(what__in=made)
        assert found.exists()
        assert not found.filter(on_device_of=None).exists(), list(found.filter(on_device_of=None).values("what"))
    written = plan.revisions.filter(by=cast.maya, words__in=["sing again", "sew again", "call the choir"])
    assert set(written.values_list("on_device_of", flat=True)) == {cast.sam.pk}


# --- it comes back by signing in ---


def test_where_sam_signs_in_anew_nothing_that_came_in_between_stays(tablet, cast, plan):
    """Who takes a line out is offered to bring it back, by that session: here it was Maya."""
    listening = plan.entries.get(words="I listen")
    tablet.post(reverse("entry-remove", args=[plan.pk, listening.pk]))
    tablet.post(reverse("sign-in"), {"username": "sam", "passphrase": PASSPHRASE})
    assert tablet.get(reverse("today")).status_code == 200
    assert str(listening.pk) not in text_of(tablet.get(together(plan)))


# --- it ends in the middle ---


@pytest.mark.parametrize("name", ["goal-move", "goal-ruler"])
def test_what_she_writes_there_locks_the_grants_it_is_open_by(open_tablet, plan, cast, name, monkeypatch):
    """So that nothing lands once the end of a walk has been answered."""
    goal = plan.add_goal(words="sing again", by=cast.maya)
    locked, lock = [], access.lock_open_parts

    def note_and_lock(plan, *, reader):
        locked.append(reader.pk)
        return lock(plan, reader=reader)

    monkeypatch.setattr(access, "lock_open_parts", note_and_lock)
    assert open_tablet.post(reverse(name, args=[plan.pk, goal.pk]), {"later": "1"}).status_code == 302
    assert locked == [cast.sam.pk]


def test_what_maya_was_typing_when_the_walk_ended_is_given_back(tablet, cast, plan):
    cast.walk.end(by=cast.maya)
    page = tablet.post(together(plan, name="together-add"), {"words": "half a thought", "save_id": uuid.uuid4()})
    assert page.status_code == 403
    assert "half a thought" in text_of(page)
    assert "Your turn" not in text_of(page)


@pytest.mark.parametrize("name", ["home", "help-now"])
def test_a_shared_device_that_was_idle_in_her_hands_still_shows_the_pages_for_everyone(cast, plan, browser_of, name):
    browser = browser_of()
    browser.post(reverse("sign-in"), {"username": "sam", "passphrase": PASSPHRASE, "shared": "on"})
    give(browser, plan)
    session = browser.session
    session["seen"] -= 60 * 60
    session.save()
    page = browser.get(reverse(name))
    assert page.status_code == 200
    assert "Your turn" not in text_of(page)


# --- what it says ---


def test_the_box_for_own_words_does_not_say_that_she_came_in_with_a_card(tablet):
    page = text_of(tablet.get(reverse("own-words")))
    assert "You came in with a card" not in page
    assert "cannot open it, not even here" in page


def test_a_door_that_calls_its_view_once_more_loses_nothing_of_what_was_put_away(cast, plan, browser_of, monkeypatch):
    """Two transactions met at the commit: the view that gave the tablet, or took it back, is called a second time."""
    cast.sam.take_device_pin(PIN)
    browser = browser_of(cast.sam)
    browser.post(reverse("card-new", args=[plan.pk]), {"pin": ""})
    words = own_words_on(browser.get(reverse("card-words", args=[plan.pk])))
    with called_twice(monkeypatch):
        give(browser, plan)
    with called_twice(monkeypatch):
        take_back(browser, plan)
    assert words in browser.get(reverse("card-words", args=[plan.pk])).content.decode()


@contextmanager
def called_twice(monkeypatch):
    """The first answer of each door is lost, as where its transaction failed at the commit."""
    real, calls = doors._call_view, []

    def lossy(request, *args, **kwargs):
        answer = real(request, *args, **kwargs)
        calls.append(request)
        if request.method == "POST" and calls.count(request) == 1:
            raise IntegrityError
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(doors, "_call_view", lossy)
        yield


def test_what_lee_offers_is_not_there_on_sams_tablet_before_her_own_words(tablet, cast, plan, harbor):
    """Sam sees nobody's ideas but his own, and it could be Sam who holds it."""
    cast.person.start_walk(peer=cast.lee, organization=harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.lee)
    goal = plan.add_goal(words="Mornings", by=cast.maya)
    idea = Idea.offer(plan=plan, kind="words", line=goal, words="LEE-WORDS", why="LEE-WHY", by=cast.lee)
    own = Idea.offer(plan=plan, kind="words", line=goal, words="SAM-WORDS", by=cast.sam)
    pages = [reverse(name, args=[plan.pk]) for name in ("ideas", "plan")] + [reverse("goal", args=[plan.pk, goal.pk])]
    answer, my_way = (reverse(name, args=[plan.pk, idea.pk]) for name in ("idea-answer", "idea-mine"))

    def seen():
        return "".join(text_of(tablet.get(address, follow=True)) for address in pages)

    assert "SAM-WORDS" in seen()
    assert "LEE-" not in seen()
    assert "Lee has an idea" not in seen()
    assert "Sam has an idea" in seen()
    assert tablet.get(my_way).status_code == 404
    assert tablet.post(answer, {"answer": "take", "base_version": 1}).status_code == 404
    assert tablet.get(reverse("idea-mine", args=[plan.pk, own.pk])).status_code == 200
    unlock(tablet, passphrase=PASSPHRASE)
    assert "LEE-WHY" in seen()
    tablet.post(answer, {"answer": "keep", "base_version": 1})
    idea.refresh_from_db()
    assert idea.state == "left"
