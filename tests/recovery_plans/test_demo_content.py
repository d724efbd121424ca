"""The people of the demo: each file can be read without guessing, and together they show what a plan can be.

The files' own description stands at the top of recovery_plans/demo/maya.yaml; these tests hold every file to it.
"""

import re
from itertools import chain
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "recovery_plans" / "demo"

# A section, and the letter its questions carry in the conversation bank (ten questions each).
SECTIONS = {
    "vision": "h",
    "strengths": "s",
    "resilience": "r",
    "culture": "c",
    "values": "v",
    "needs": "n",
    "experiences": "e",
    "supporters": "p",
    "hard_days": "d",
}
KINDS = {"values": {"lifts", "drains"}, "needs": {"from_us"}}
OPENED_BY = {"experiences": "story_open", "hard_days": "hard_days_open"}
VOICES = {"own", "typed", "paper"}
STATES = {"now", "resting", "reached", "let_go", "not_mine"}
WHO = {"me", "peer", "together", "other"}
STEP_STATES = {"not_yet", "done", "cannot_yet"}
ROLES = {"peer_specialist", "supervisor", "administrator"}
SCREENS = {"en", "es"}

# What must be there, and what may be: name -> type.
PERSON = {
    "key": str,
    "organization": str,
    "name": str,
    "language": str,
    "started_days_ago": int,
    "walks_with": list,
    "card": bool,
    "story_open": bool,
    "hard_days_open": bool,
    "entries": list,
    "goals": list,
}
PERSON_MAY = {"account": dict, "summary_yes": dict}
LINE_MAY = {"language": str, "voice": str, "days_ago": int}
ENTRY = {"section": str, "words": str}
ENTRY_MAY = LINE_MAY | {"kind": str, "helps": str, "phone": str, "prompt": str}
GOAL = {"words": str, "state": str}
GOAL_MAY = LINE_MAY | {
    "why": str,
    "look_again_in_days": int,
    "matters": int,
    "sure": int,
    "uses": list,
    "in_the_way": list,
    "steps": list,
}
STEP = {"words": str, "who": str, "state": str}
STEP_MAY = LINE_MAY | {"other": str}
STAFF = {"key": str, "name": str, "organization": str, "roles": list, "account": dict}
OTHER = {"key": str, "name": str, "account": dict}
ORGANIZATION = {"key": str, "name": str, "town": str, "phone": str, "warmline": str}

# language, script, region: as much of BCP 47 as a line here ever needs.
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
STORY_NUMBER = re.compile(r"\d{3}-555-01\d{2}")
# Which letters a language is written in; a wrong tag would be read aloud in the wrong voice.
LETTERS = {"ar": r"[\u0600-\u06ff]", "zh-Hant": r"[\u4e00-\u9fff]", "ru": r"[\u0400-\u04ff]"}
# Words of files and offices. Nobody here talks about themself like that.
NOT_THEIR_WORDS = re.compile(
    r"\b(patients?|clients?|consumers?|caseloads?|symptoms?|diagnos\w+|triggers?|relaps\w+|complian\w+|coping skills?"
    r"|sobriety date|sober days|clean time|days clean|substance abuse|treatment plan)\b",
    re.IGNORECASE,
)


class OneOfEach(yaml.SafeLoader):
    """YAML as it should be: a key written twice is a mistake, not the last one wins."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep=deep) for key, _ in node.value]
        assert len(names) == len(set(names)), f"written twice, line {node.start_mark.line + 1}: {names}"
        return super().construct_mapping(node, deep=deep)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=OneOfEach)


FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "organization")
ORGANIZATIONS = read(FOLDER / "organization.yaml")
PEOPLE = {path.stem: read(path) for path in FILES}
STAFF_BY_KEY = {staff["key"]: staff for staff in ORGANIZATIONS["staff"]}

each_person = pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)


def check_keys(thing, must, may=None):
    """All that must be there, nothing unknown, the right type, and no text that is empty or has loose ends."""
    known = must | (may or {})
    assert set(must) <= set(thing), f"missing: {set(must) - set(thing)} in {thing}"
    assert set(thing) <= set(known), f"unknown: {set(thing) - set(known)} in {thing}"
    for name, value in thing.items():
        assert type(value) is known[name], f"{name} should be {known[name].__name__} in {thing}"
        if isinstance(value, str):
            assert value.strip(), f"{name} is empty in {thing}"
            assert value == value.strip(), f"{name} has spaces around it in {thing}"
            assert len(value) <= 2000, f"{name} is longer than anyone would write on a screen together"
            assert value.isprintable(), f"{name} holds a character that cannot be seen in {thing}"


def lines_of(person):
    """Every line of a plan: entries, goals, steps. A step without a day has its goal's."""
    yield from person["entries"]
    for goal in person["goals"]:
        yield goal
        for step in goal.get("steps", []):
            yield {"days_ago": goal.get("days_ago", person["started_days_ago"])} | step


def words_of(person, section):
    return [entry["words"] for entry in person["entries"] if entry["section"] == section]


def walked_on(person, days_ago):
    """Who walked with this person that many days ago."""
    return {
        walk["peer"] for walk in person["walks_with"] if walk["days_ago"] >= days_ago >= walk.get("ended_days_ago", 0)
    }


def steps_of(person):
    return list(chain.from_iterable(goal.get("steps", []) for goal in person["goals"]))


def shares_summary(person):
    return "summary_yes" in person


# ---- the shape of one file


def test_the_organizations_and_the_staff_are_written_as_described():
    assert set(ORGANIZATIONS) == {"organizations", "staff", "others"}
    for organization in ORGANIZATIONS["organizations"]:
        check_keys(organization, ORGANIZATION)
        assert STORY_NUMBER.fullmatch(organization["phone"])
        assert STORY_NUMBER.fullmatch(organization["warmline"])
    keys = {organization["key"] for organization in ORGANIZATIONS["organizations"]}
    for staff in ORGANIZATIONS["staff"]:
        check_keys(staff, STAFF)
        assert staff["organization"] in keys
        assert staff["roles"]
        assert set(staff["roles"]) <= ROLES
    for other in ORGANIZATIONS["others"]:
        check_keys(other, OTHER)


@each_person
def test_a_person_is_written_as_described(person):
    check_keys(person, PERSON, PERSON_MAY)
    assert PEOPLE[person["key"]] is person, "the file is named after its key"
    assert re.fullmatch(r"[a-z0-9]+", person["key"])
    assert person["language"] in SCREENS
    assert person["started_days_ago"] >= 0
    if shares_summary(person):
        check_keys(person["summary_yes"], {"days": int})
        assert 1 <= person["summary_yes"]["days"] <= 365


@each_person
def test_those_who_walk_with_a_person_are_of_the_same_organization_and_begin_with_the_plan_or_after(person):
    assert person["walks_with"]
    for walk in person["walks_with"]:
        check_keys(walk, {"peer": str, "days_ago": int}, {"ended_days_ago": int})
        assert "peer_specialist" in STAFF_BY_KEY[walk["peer"]]["roles"]
        assert STAFF_BY_KEY[walk["peer"]]["organization"] == person["organization"]
        assert 0 <= walk.get("ended_days_ago", 0) <= walk["days_ago"] <= person["started_days_ago"]
    today = [walk["peer"] for walk in person["walks_with"] if "ended_days_ago" not in walk]
    assert len(today) == len(set(today)), "one walk at a time with the same peer specialist"


@each_person
def test_an_entry_is_written_as_described(person):
    for entry in person["entries"]:
        check_keys(entry, ENTRY, ENTRY_MAY)
        assert entry["section"] in SECTIONS
        if "kind" in entry:
            assert entry["kind"] in KINDS.get(entry["section"], set()), entry
        if "prompt" in entry:
            number = entry["prompt"].removeprefix(SECTIONS[entry["section"]])
            assert number in {str(n) for n in range(1, 11)}, f"not a question of this section: {entry}"
        assert ("helps" in entry) == (entry["section"] == "supporters"), entry
        if "phone" in entry:
            assert entry["section"] in ("supporters", "hard_days"), entry
            assert STORY_NUMBER.fullmatch(entry["phone"]), entry


@each_person
def test_a_goal_and_its_steps_are_written_as_described(person):
    for goal in person["goals"]:
        check_keys(goal, GOAL, GOAL_MAY)
        assert goal["state"] in STATES
        assert 1 <= goal.get("look_again_in_days", 1) <= 365
        assert all(0 <= goal.get(ruler, 0) <= 10 for ruler in ("matters", "sure"))
        for step in goal.get("steps", []):
            check_keys(step, STEP, STEP_MAY)
            assert step["who"] in WHO
            assert step["state"] in STEP_STATES
            assert ("other" in step) == (step["who"] == "other"), step
            assert step.get("days_ago", 0) <= goal.get("days_ago", person["started_days_ago"]), step


@each_person
def test_a_goal_leans_only_on_strengths_and_needs_that_are_in_the_plan(person):
    for section, link in (("strengths", "uses"), ("needs", "in_the_way")):
        there = words_of(person, section)
        assert len(there) == len(set(there)), f"the same words twice in {section}: a link could mean either"
        for goal in person["goals"]:
            named = goal.get(link, [])
            assert set(named) <= set(there), f"{link} names what is not in {section}: {set(named) - set(there)}"
            assert len(named) == len(set(named))


@each_person
def test_every_line_has_a_language_and_a_day_of_the_plan(person):
    for line in lines_of(person):
        tag = line.get("language", person["language"])
        assert LANGUAGE_TAG.fullmatch(tag), f"not a BCP 47 tag: {tag}"
        assert 0 <= line.get("days_ago", 0) <= person["started_days_ago"], line
        if tag in LETTERS:
            assert re.search(LETTERS[tag], line["words"]), f"tagged {tag}, written otherwise: {line}"
        else:
            assert all(not re.fullmatch(f"(?:{letters}|\\W)+", line["words"]) for letters in LETTERS.values()), line


@each_person
def test_a_line_typed_for_someone_was_typed_by_the_one_who_walked_with_them_that_day(person):
    for line in lines_of(person):
        voice = line.get("voice", "own")
        assert voice in VOICES
        if voice == "own":
            assert person["card"] or "account" in person, f"no way in to write it themself: {line}"
            continue
        day = line.get("days_ago", person["started_days_ago"])
        assert len(walked_on(person, day)) == 1, f"nobody to have typed this, or more than one: {line}"
        opened_by = OPENED_BY.get(line.get("section"))
        assert opened_by is None or person[opened_by], f"typed in a part that is closed to them: {line}"


@each_person
def test_nobody_talks_about_themself_in_the_words_of_an_office(person):
    for line in lines_of(person):
        for name in ("words", "helps", "why"):
            assert not NOT_THEIR_WORDS.search(line.get(name, "")), line


# ---- all of them together


def test_every_sign_in_name_is_one_persons_and_every_passphrase_is_four_calm_words():
    everyone = [*ORGANIZATIONS["staff"], *ORGANIZATIONS["others"], *PEOPLE.values()]
    accounts = [someone["account"] for someone in everyone if "account" in someone]
    for account in accounts:
        check_keys(account, {"username": str, "passphrase": str})
        assert re.fullmatch(r"[a-z]+( [a-z]+){3}", account["passphrase"])
    for name in ("username", "passphrase"):
        values = [account[name].casefold() for account in accounts]
        assert len(values) == len(set(values))
    keys = [someone["key"] for someone in everyone]
    assert len(keys) == len(set(keys))


def test_the_cast_is_who_the_tests_say_they_are():
    def of_staff(key):
        return STAFF_BY_KEY[key]["organization"], STAFF_BY_KEY[key]["roles"]

    harbor, millbrook = ORGANIZATIONS["organizations"]
    assert (harbor["name"], millbrook["name"]) == ("Harbor Street Peer Center", "Millbrook Commons")
    for key in ("sam", "lee", "alex"):
        assert of_staff(key) == ("harbor", ["peer_specialist"])
    assert of_staff("dana") == ("harbor", ["supervisor"])
    assert of_staff("ines") == ("harbor", ["administrator"])
    assert of_staff("rosa") == ("millbrook", ["peer_specialist"])
    assert [other["key"] for other in ORGANIZATIONS["others"]] == ["noor"]


def test_sam_walks_with_maya_lee_used_to_and_alex_has_never_met_her():
    maya = PEOPLE["maya"]
    assert walked_on(maya, 0) == {"sam"}
    assert {walk["peer"] for walk in maya["walks_with"]} == {"sam", "lee"}
    assert any("alex" in walked_on(person, 0) for person in PEOPLE.values())


def test_mayas_plan_has_every_part():
    maya = PEOPLE["maya"]
    assert {entry["section"] for entry in maya["entries"]} == set(SECTIONS)
    assert 6 <= len(words_of(maya, "strengths")) <= 8
    assert len(maya["goals"]) >= 4
    assert {goal["state"] for goal in maya["goals"]} >= {"now", "resting", "reached"}
    assert {line.get("voice", "own") for line in lines_of(maya)} == VOICES
    assert shares_summary(maya)
    assert not maya["story_open"]
    assert not maya["hard_days_open"]


def test_there_are_plans_of_every_length_from_empty_to_full():
    full = [p for p in PEOPLE.values() if len(p["goals"]) >= 5 and len(steps_of(p)) >= 20 and len(p["entries"]) >= 40]
    sizes = {key: len(list(lines_of(person))) for key, person in PEOPLE.items()}
    assert len(PEOPLE) >= 14
    assert len(full) >= 2
    assert 0 in sizes.values(), "somebody has only just begun"
    (one_line,) = [PEOPLE[key] for key, size in sizes.items() if size == 1]
    assert len(next(lines_of(one_line))["words"].split()) == 2, "two words are a plan"


def test_enough_people_say_yes_to_a_summary_to_print_and_some_do_not():
    harbor = [person for person in PEOPLE.values() if person["organization"] == "harbor"]
    yes = [person for person in harbor if shares_summary(person)]
    assert len(yes) >= 12
    assert 2 <= len(harbor) - len(yes) <= 3


def test_every_state_kind_voice_and_who_is_somewhere_in_the_demo():
    people = PEOPLE.values()
    goals = list(chain.from_iterable(person["goals"] for person in people))
    entries = list(chain.from_iterable(person["entries"] for person in people))
    steps = list(chain.from_iterable(map(steps_of, people)))
    assert {goal["state"] for goal in goals} == STATES
    assert {step["state"] for step in steps} == STEP_STATES
    assert {step["who"] for step in steps} == WHO
    assert {entry.get("kind") for entry in entries} == {None, "lifts", "drains", "from_us"}
    assert {person[opened] for person in people for opened in OPENED_BY.values()} == {True, False}


def test_many_languages_are_spoken_and_one_plan_is_spanish_throughout():
    spoken = {line.get("language", person["language"]) for person in PEOPLE.values() for line in lines_of(person)}
    assert spoken >= {"en", "es", "pt", "kea", "ht", "vi", "zh-Hant", "ar", "ru"}
    tati = PEOPLE["tati"]
    assert {line.get("language", tati["language"]) for line in lines_of(tati)} == {"es"}


def test_nobody_says_the_same_thing_as_somebody_else():
    """Invented people are easily cut from one cloth; a whole line used twice would show it."""
    long_lines = [line["words"] for person in PEOPLE.values() for line in lines_of(person) if len(line["words"]) > 25]
    assert len(long_lines) == len(set(long_lines))
