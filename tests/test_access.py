"""Who may open what: one row for every address, tried for the whole cast, with GET and POST, before and after.

The table is complete by construction: an address without a row, or a row without an address, fails. And the guard
tries the door: it does not look for a decorator.
"""

import uuid
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path, resolve, reverse

from peers.views.redirects import next_url
from recovery_plans import access, single_prints
from recovery_plans.models import Grant, Plan
from recovery_plans.models.print_jobs import PrintJob
from tests.about_whom import others
from tests.addresses import every_address, wanted_names, what_happened, without_tokens
from tests.hers_alone import CANARIES, by_a_card, keep_private, what_is_hers
from tests.let_in import EVERYONE, STATES, let_in
from tests.ways import come_in, make_own_words

# --- the table: every address and its door ---

ACCESS = {
    # anyone
    "home": "public",
    "about": "public",
    "safe": "public",
    "help-now": "public",
    "language": "public",
    "healthz": "public",
    "sign-in": "public",
    "sign-in-code": "public",
    "join": "public",
    "passphrase-link": "public",
    "open": "public",
    "open-link": "public",
    "leave": "public",
    "still-signed-in": "public",
    "components": "public",
    # whoever is signed in: their own things
    "before": "signed_in",
    "own-words": "signed_in",
    "settings": "signed_in",
    "settings-passphrase": "signed_in",
    "settings-lock": "signed_in",
    "my-plan-start": "signed_in",
    # staff
    "today": "walks",
    "person-new": "walks",
    "person-asked": "walks",
    "person-meet": "meets",
    "person-new-draft": "walks",
    "settings-device-pin": "walks",
    "organization": "administers",
    "organization-edit": "administers",
    "organization-invite": "administers",
    "organization-role-end": "administers",
    "organization-role-resume": "administers",
    "organization-alone": "administers",
    "organization-alone-ask": "administers",
    "organization-passphrase-link": "administers",
    "organization-second-locks": "administers",
    "organization-second-lock-off": "administers",
    "team": "summarizes",
    "summaries": "summarizes",
    "print-job-new": "summarizes",
    "summary": "summary",
    "summary-pdf": "summary",
    "print-job": "summarizes",
    "print-job-pdf": "summarizes",
    # a plan
    "plan": "reads",
    "back": "reads",
    "line-history": "reads",
    "about-me": "reads",
    "part": "reads",
    "goal": "reads",
    "print": "reads",
    "print-pdf": "reads",
    "entry-add": "writes",
    "entry-change": "writes",
    "entry-remove": "writes",
    "entry-restore": "writes",
    "draft": "writes",
    "goal-new": "writes",
    "goal-change": "writes",
    "goal-state": "writes",
    "goal-remove": "writes",
    "goal-restore": "writes",
    "goal-uses": "writes",
    "step-add": "writes",
    "step-change": "writes",
    "step-state": "writes",
    "step-done": "writes",
    "step-remove": "writes",
    "step-restore": "writes",
    "card": "writes",
    "card-new": "writes",
    "card-words": "writes",
    "card-pdf": "writes",
    "card-off": "accompanies",
    "card-written": "owns",
    "visits": "writes",
    "visit": "writes",
    "read-back": "owns",
    "read-back-answer": "owns",
    "agree": "writes",
    "review": "owns",
    "agreed": "reads",
    "agreed-walk": "accompanies",
    "agreed-pdf": "reads",
    "ideas": "reads",
    "idea-goal": "accompanies",
    "idea-words": "accompanies",
    "idea-step": "accompanies",
    "idea-state": "accompanies",
    "idea-take-back": "accompanies",
    "idea-answer": "owns",
    "idea-mine": "owns",
    **dict.fromkeys(("telling-new", "telling-change", "telling-remove", "telling-restore"), "owns"),
    "card-pin": "owns",
    "ways-in": "owns",
    "way-end": "owns",
    "ways-end-others": "owns",
    "new-card-answer": "owns",
    "goal-move": "owns",
    "goal-ruler": "owns",
    "looks": "owns",
    "share": "owns",
    "share-summary": "owns",
    "share-summary-stop": "owns",
    "share-part": "owns",
    "walk-ask": "owns",
    "hand-over-answer": "owns",
    "walk-end": "owns",
    "person": "accompanies",
    "together": "accompanies",
    "together-break": "accompanies",
    "together-part": "accompanies",
    "together-goal": "accompanies",
    "together-add": "accompanies",
    "together-later": "accompanies",
    "hands": "accompanies",
    "hands-back": "accompanies",
    "hands-own-words": "accompanies",
}


def addresses_without_a_row(patterns):
    return [str(pattern.pattern) for pattern in patterns if pattern.name not in ACCESS]


def addresses_without_a_door(patterns):
    return [str(pattern.pattern) for pattern in patterns if not getattr(pattern.callback, "door", "")]


@pytest.fixture
def world(cast):
    """Maya's plan with one of everything, typed by Sam so that both may change it."""
    plan = cast.plan
    entry = plan.add_entry(section="strengths", words="I keep my word.", by=cast.sam)
    goal = plan.add_goal(words="Slow mornings", by=cast.sam)
    step = goal.add_step(words="Coffee on the steps", by=cast.sam)
    grant = Grant.say_yes_to_summary(plan=plan, organization=cast.harbor, by=cast.maya)
    job = PrintJob.unguarded.create(by=cast.dana, organization=cast.harbor, grants=[str(grant.pk)])
    role = cast.alex.roles.get()
    names = {
        **others(cast),
        "plan": plan.pk,
        "line": entry.pk,
        "goal": goal.pk,
        "step": step.pk,
        "section": "strengths",
        "walk": cast.walk.pk,
        "grant": grant.pk,
        "job": job.pk,
        "role": role.pk,
        "user": cast.alex.pk,
        "token": "no-such-token",
        "box": "goals/new",
    }
    return SimpleNamespace(cast=cast, names=names, private=[])


def change(world, state):
    if state == "walk_ended":
        world.cast.walk.end(by=world.cast.maya)
        Plan.unguarded.get(pk=world.names["just_met"]).person.walks_now().get().end(by=world.cast.sam)
    if state == "yes_withdrawn":
        Grant.stop_summary(plan=world.cast.plan, by=world.cast.maya)


def address(name, names):
    wanted = next(pattern for pattern in every_address() if pattern.name == name).pattern.converters
    found = {key: names[key] for key in wanted_names(name) | set(wanted)}
    if name == "person":
        found["plan"] = names["just_met"]
    if name in ("idea-words", "idea-step", "idea-state"):
        found["line" if name == "idea-words" else "goal"] = names["own_goal"]
    if name == "organization-role-resume":
        found["role"] = names["ended_role"]
    if name == "share-part":
        found["section"] = "experiences"
    return reverse(name, kwargs=found)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reader", EVERYONE)
def test_every_door_lets_in_whom_the_table_names_and_nobody_else(world, browser_of, reader, state, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    change(world, state)
    wrong = []
    for name, door in ACCESS.items():
        for method in ("get", "post"):
            mark = transaction.savepoint()
            browser = browser_of(None if reader == "signed_out" else getattr(world.cast, reader))
            data = {"words": "Typed before the session ended"} if (reader, method) == ("signed_out", "post") else {}
            response = getattr(browser, method)(address(name, world.names), data)
            happened = what_happened(response)
            transaction.savepoint_rollback(mark)
            if response.status_code == 405 and door == "summary":
                continue  # to every supervisor, whatever was shared: nothing is told by it
            if reader in let_in(door, state):
                expected = "let in"
            else:
                expected = "asked who is there" if reader == "signed_out" else "not there"
            if happened != expected:
                wrong.append(f"{method.upper()} {name}: {happened} ({response.status_code}), expected: {expected}")
            if response.headers.get("Cache-Control") != "no-store":
                wrong.append(f"{method.upper()} {name}: may be kept by a cache")
    assert wrong == []


@pytest.mark.parametrize("reader", [reader for reader in EVERYONE if reader != "signed_out"])
def test_a_plan_that_never_was_looks_like_one_that_is_not_theirs(world, browser_of, reader):
    """The same page, letter by letter, but for the codes in it and what each request is given anew."""
    browser = browser_of(getattr(world.cast, reader))
    stranger = {"maya", "sam"}
    never = browser.get(reverse("plan", kwargs={"plan": uuid.uuid4()}))
    assert never.status_code == 404
    if reader not in stranger:
        not_theirs = browser.get(reverse("plan", kwargs={"plan": world.cast.plan.pk}))
        assert not_theirs.status_code == 404
        assert without_tokens(not_theirs) == without_tokens(never)
        assert sorted(not_theirs.headers) == sorted(never.headers)


# --- complete by construction, and the test of the test ---


def test_every_address_has_a_row_and_every_row_an_address():
    patterns = list(every_address())
    assert addresses_without_a_row(patterns) == []
    assert {pattern.name for pattern in patterns} == set(ACCESS)


def test_every_address_has_a_door_and_every_public_one_a_reason():
    patterns = list(every_address())
    assert addresses_without_a_door(patterns) == []
    public = [pattern for pattern in patterns if pattern.callback.door == "public"]
    assert all(pattern.callback.because for pattern in public)
    assert {pattern.name for pattern in public} == {name for name, door in ACCESS.items() if door == "public"}


def test_no_page_is_led_back_to_an_address_that_forms_alone_are_sent_to(world, browser_of):
    """Another language, or a box that is cleared, asks for the page by its address: there is one above each."""
    posted = {pattern.name for pattern in every_address() if getattr(pattern.callback, "is_post_only", False)}
    assert {"step-add", "together-add", "entry-add", "hands", "card-pin", "print-pdf", "summary-pdf"} <= posted
    for name in posted:
        sent = RequestFactory().post("/", {"next": address(name, world.names)})
        above = next_url(sent)
        assert resolve(above.partition("?")[0]).url_name not in posted, name


def open_to_all(request):
    return HttpResponse("Maya's plan")


# --- sessions that are not the person's own: what is theirs alone stays closed ---

# Addresses of the person that open by any way in; every other one behind their doors is theirs alone.
BY_ANY_WAY = {
    # one's own
    *("before", "settings", "own-words", "my-plan-start"),
    # reads and writes: the reach says what of the plan
    *(name for name, door in ACCESS.items() if door in ("reads", "writes") and name not in ("visits", "visit")),
    # owns: everyday things, and the own words that were just given
    *("goal-move", "looks", "card-written", "card-pin", "read-back", "read-back-answer"),
    *("idea-answer", "idea-mine", "telling-new", "telling-change", "telling-remove", "telling-restore", "review"),
    # side by side, in the person's hands: the reach says how far (tests/recovery_plans/test_in_their_hands.py)
    *("together", "together-part", "together-add", "together-later", "together-break"),
    *("hands", "hands-back", "hands-own-words"),
}
HERS = {"signed_in", "reads", "writes", "owns"}


@pytest.fixture
def private(world):
    """Maya's story, her hard days and a ruler, all hers alone; both parts are open to Sam."""
    return keep_private(world)


@pytest.mark.parametrize("way", ["first card", "new card", "own words that wait"])
def test_a_session_by_a_card_of_another_hand_opens_nothing_that_is_hers_alone(
    private, browser_of, way, settings, tmp_path, monkeypatch
):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    printed = []
    monkeypatch.setattr(single_prints, "print_one", lambda html: printed.append(html) or b"%PDF-")
    attacker = by_a_card(private, browser_of, way)
    cookie = attacker.cookies["alongside"].value
    wrong, opened = [], 0
    for name, door, names in every_try(private):
        if name == "leave":
            continue  # it ends this session
        for method in ("get", "post"):
            mark = transaction.savepoint()
            response = getattr(attacker, method)(address(name, names), {"words": "Not hers", "matters": 3})
            transaction.savepoint_rollback(mark)
            attacker.cookies["alongside"] = cookie  # some sign this browser out, or in under a new key
            shown = response.content.decode(errors="replace") + "".join(printed)
            wrong += [f"{method} {name}: {canary}" for canary in CANARIES if canary in shown]
            wrong += [f"{method} {name}: the rulers"] if 'name="matters"' in shown else []
            if door in HERS and name not in BY_ANY_WAY:
                opened += response.status_code != 403 or b"This opens with your own words" not in response.content
            elif door not in HERS | {"public"} and what_happened(response) != "not there":
                wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []
    assert opened == 0
    assert printed, "her everyday parts are printed"


def every_try(world):
    """Every address, and each address of one entry or part once more for what is private."""
    for name, door in ACCESS.items():
        yield name, door, world.names
        if "line" in wanted_names(name):
            for line in world.private:
                yield name, door, {**world.names, "line": line}
        if "section" in wanted_names(name) and name != "share-part":
            for section in ("experiences", "hard-days"):
                yield name, door, {**world.names, "section": section}


@pytest.mark.parametrize("way", ["first card", "new card", "own words that wait"])
def test_nothing_of_hers_is_changed_in_such_a_session(private, browser_of, way):
    attacker = by_a_card(private, browser_of, way)
    before = what_is_hers(private)
    for name, door, names in every_try(private):
        if door in HERS and name not in ("card-new", "card-words", "card-written", "card-pin"):
            sent = {"words": "Not hers", "base_version": 2, "matters": 3, "days": "30", "do": "close", "pin": "1111"}
            sent |= {
                "walk": names["walk"],
                "way": "passphrase",
                "answer": "yes",
                "username": "x",
                "passphrase": "y" * 20,
            }
            attacker.post(address(name, names), sent)
    assert what_is_hers(private) == before


def test_every_address_says_at_its_door_whether_it_opens_by_any_way():
    opens = {pattern.name for pattern in every_address() if getattr(pattern.callback, "by_any_way", False)}
    assert opens == BY_ANY_WAY


def test_her_own_words_open_all_of_it(private, browser_of):
    come_in(maya := browser_of(), make_own_words(private.cast.person))
    for name, door, names in every_try(private):
        if door in HERS and name not in BY_ANY_WAY:
            assert maya.get(address(name, names)).status_code in (200, 302, 405), name
    page = maya.get(address("part", {**private.names, "section": "experiences"})).content.decode()
    assert CANARIES[0] in page


def test_an_address_without_a_row_or_a_door_is_found():
    forgotten = [path("forgotten/", open_to_all, name="forgotten")]
    assert addresses_without_a_row(forgotten) == ["forgotten/"]
    assert addresses_without_a_door(forgotten) == ["forgotten/"]


def test_a_door_that_lets_in_too_many_is_found(world, browser_of, monkeypatch):
    """Take the policy's heart out: the table must notice."""
    monkeypatch.setattr("recovery_plans.access.Reach.require", lambda *args, **kwargs: None)

    monkeypatch.setattr(access, "find_plan", lambda *, user, code, to_write=False: (world.cast.plan, access.OWNER))
    response = browser_of(world.cast.alex).get(reverse("plan", kwargs={"plan": world.cast.plan.pk}))
    assert what_happened(response) == "let in"
    assert "alex" not in let_in("reads", "as_it_is")
