"""Bad requests: bodies that are no text, versions that cannot be, and forms that came from elsewhere."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse

from peers.form_fields import NameField, WordsField
from peers.forms import SecretField
from peers.models import Invitation, Role, User
from recovery_plans.forms.lines import PlanForm
from recovery_plans.models import Entry, Goal, Revision, Step
from tests.bad_input import FORM, KINDS, everything, rolled_back, scene, send, typed_in
from tests.bad_input_forms import SHEETS
from tests.cast import PASSPHRASE

__all__ = ["scene"]

pytestmark = pytest.mark.django_db


# --- bodies that are not text, too much at once ---

NOT_TEXT = {
    "a broken byte": (b"words=caf\xff", FORM),
    "a broken byte, encoded": (b"words=caf%E9", FORM),
    "a lone surrogate": (b"words=a%ED%A0%80b", FORM),
    "an overlong slash": (b"words=%C0%AF", FORM),
    "UTF-16": ("words=caf\u00e9".encode("utf-16"), FORM),
    "UTF-16, announced": ("words=caf\u00e9".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "Latin-1, announced": (b"words=caf%E9", f"{FORM}; charset=iso-8859-1"),
    "a broken byte in parts": (
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\ncaf\xff\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    "a broken byte in base64": (
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nY2Fm/w==\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    "good words in base64, which no browser sends": (
        b"--b\r\ncontent-transfer-encoding :  BASE64\r\n"
        b'Content-Disposition: form-data; name="words"\r\n\r\nY2Fm\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    "a thousand fields and more": (b"&".join(b"w%d=1" % n for n in range(1200)), FORM),
}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_body_that_is_not_text_is_refused_whole(sheet, scene, browser_of):
    client = browser_of(getattr(scene, sheet.by) if sheet.by else None)
    before = everything()
    for kind, (body, content_type) in NOT_TEXT.items():
        assert client.generic("POST", sheet.url(scene), body, content_type).status_code == 400, kind
        assert everything() == before, kind


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_three_megabytes_at_once_are_too_much(sheet, scene, browser_of):
    client = browser_of(getattr(scene, sheet.by) if sheet.by else None)
    before = everything()
    response = send(client, sheet.url(scene), {**sheet.base(scene), sheet.boxes[0].name: "w" * 3_000_000})
    assert response.status_code == 413
    assert everything() == before


def test_a_broken_sign_that_reaches_a_field_is_refused_there():
    for field in (WordsField(), NameField(), SecretField(autocomplete="off")):
        for broken in ("a\ud800b", "\udfff", "a\x00b"):
            with pytest.raises(ValidationError):
                field.clean(broken)


# --- days, versions, save ids ---


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "2024-02-30", "31/12/2024", "tomorrow", "2030-13-01", "٢٠٣٠"]
)
def test_a_day_that_cannot_be_is_refused_with_the_form_that_is_wanted(day, scene, browser_of):
    url = reverse("goal-change", args=[scene.plan.pk, scene.goal.pk])
    data = {"words": "A place of my own", "look_again_on": day, "base_version": "1"}
    response = send(browser_of(scene.maya), url, data)
    assert response.status_code in (200, 422)
    assert "year-month-day" in response.content.decode()
    assert day in typed_in(response.content.decode())["look_again_on"]
    assert Goal.unguarded.get().version == 1


CHANGES = [sheet for sheet in SHEETS if "base_version" in sheet.form.base_fields]
NO_VERSIONS = ["0", "-1", str(10**20), "true", "1.5", "null", "NaN", "1e0", "", "0x1", "9" * 5000, None]


@pytest.mark.parametrize("sheet", CHANGES, ids=lambda sheet: sheet.name)
def test_a_version_that_cannot_be_changes_nothing_and_keeps_the_text_on_the_page(sheet, scene, browser_of):
    maya, before = browser_of(scene.maya), everything()
    for version in NO_VERSIONS:
        data = {**sheet.base(scene), "words": "Words too good to lose é😀", "base_version": version}
        response = send(maya, sheet.url(scene), {name: value for name, value in data.items() if value is not None})
        assert response.status_code in (200, 422), version
        assert 'class="errors"' in response.content.decode(), version
        assert "Words too good to lose é😀" in typed_in(response.content.decode())["words"], version
        assert everything() == before, version


@pytest.mark.parametrize("sheet", CHANGES, ids=lambda sheet: sheet.name)
def test_a_stale_version_keeps_both_texts(sheet, scene, browser_of):
    data = {**sheet.base(scene), "words": "Mine, later é😀", "base_version": "7"}
    response = send(browser_of(scene.maya), sheet.url(scene), data)
    assert response.status_code == 409
    assert "Mine, later é😀" in response.content.decode()
    assert Revision.unguarded.get(version=None).words == "Mine, later é😀"


OF_A_LINE = [
    sheet for sheet in SHEETS if issubclass(sheet.form, PlanForm) and sheet.name not in ("person-new", "visit")
]


@pytest.mark.parametrize("sheet", OF_A_LINE, ids=lambda sheet: sheet.name)
def test_one_save_twice_is_one_save_and_other_words_under_it_are_refused(sheet, scene, browser_of):
    client, box = browser_of(getattr(scene, sheet.by)), sheet.boxes[0].name
    data = {**sheet.base(scene), box: "Said once", "save_id": "11111111-1111-4111-8111-111111111111"}
    first, second = send(client, sheet.url(scene), data), send(client, sheet.url(scene), data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Revision.unguarded.filter(Q(words="Said once") | Q(detail="Said once")).count() == 1
    before = everything()
    other = send(client, sheet.url(scene), {**data, box: "Said otherwise"})
    assert other.status_code == 422
    assert "Said otherwise" in typed_in(other.content.decode())[box]
    assert everything() == before


@pytest.mark.parametrize("sheet", CHANGES, ids=lambda sheet: sheet.name)
def test_a_save_that_came_too_late_is_told_so_each_time_it_is_sent(sheet, scene, browser_of):
    client = browser_of(scene.maya)
    data = {**sheet.base(scene), "words": "Too late", "base_version": "7", "save_id": "1" * 32}
    assert [send(client, sheet.url(scene), data).status_code for _ in range(2)] == [409, 409]
    assert Revision.unguarded.filter(words="Too late").count() == 1


def test_a_save_of_one_line_says_nothing_of_another(scene, browser_of):
    client = browser_of(scene.maya)
    data = {"words": "The same words", "save_id": "1" * 32}
    sections = [reverse("entry-add", args=[scene.plan.pk, "vision"]), reverse("goal-new", args=[scene.plan.pk])]
    change = reverse("entry-change", args=[scene.plan.pk, scene.entry.pk])
    assert send(client, sections[0], data).status_code == 302
    before = everything()
    assert send(client, sections[1], data).status_code == 422
    assert send(client, change, {**data, "base_version": "1"}).status_code == 422
    assert everything() == before


def test_a_save_of_maya_tells_sam_nothing(scene, browser_of):
    url = reverse("entry-add", args=[scene.plan.pk, "vision"])
    data = {"words": "The same words", "save_id": "1" * 32}
    assert send(browser_of(scene.maya), url, data).status_code == 302
    before = everything()
    assert send(browser_of(scene.sam), url, data).status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    "save_id", ["1", "not one", "0" * 5000, "{}", "1' or 1=1", "\x00"], ids=lambda value: value[:12]
)
def test_a_save_id_that_is_none_loses_no_words(save_id, scene, browser_of):
    response = send(
        browser_of(scene.maya), reverse("goal-new", args=[scene.plan.pk]), {"words": "é😀", "save_id": save_id}
    )
    kept = Goal.unguarded.filter(words="é😀").exists()
    assert kept or "é😀" in typed_in(response.content.decode())["words"]


# --- what was never asked ---

NEVER_ASKED = {
    "role": "administrator",
    "plan": "00000000-0000-4000-8000-000000000000",
    "section": "hard_days",
    "voice": "own",
    "by": "00000000-0000-4000-8000-000000000000",
    "version": "99",
    "created_by": "1",
    "is_superuser": "on",
    "removed_at": "2024-01-01",
    "read_back_at": "2024-01-01",
    "state": "reached",
    "position": "0",
    "code": "1",
    "person": "1",
    "organization": "1",
    "is_active": "",
    "welcomed_at": "2024-01-01",
    "detail": "forged",
}


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.by], ids=lambda sheet: sheet.name)
def test_fields_that_were_never_asked_for_change_nothing(sheet, scene, browser_of):
    client, box = browser_of(getattr(scene, sheet.by)), sheet.boxes[0].name
    asked = {**sheet.base(scene), box: "dana2"}
    forged = {name: value for name, value in NEVER_ASKED.items() if name not in sheet.form.base_fields}
    outcomes = []
    for data in (asked, {**forged, **asked}):
        with rolled_back(client):
            response = send(client, sheet.url(scene), data)
            outcomes.append((response.status_code, facts()))
    assert outcomes[0] == outcomes[1]


OF_A_LINE = "words voice version created_by changed_by removed_at read_back_at plan detail".split()


def facts():
    """All that could have been forged, apart from codes and times."""
    lines = [sorted(map(str, model.unguarded.values_list(*OF_A_LINE))) for model in (Entry, Goal, Step)]
    return (
        lines,
        sorted(map(str, Entry.unguarded.values_list("section", "kind"))),
        sorted(map(str, Goal.unguarded.values_list("state", "position"))),
        sorted(map(str, User.objects.values_list("name", "username", "is_active", "welcomed_at"))),
        sorted(map(str, Role.objects.values_list("user", "role", "organization", "until"))),
        sorted(map(str, Invitation.objects.values_list("name", "role", "organization"))),
    )


def test_what_sam_types_is_never_called_mayas_own(scene, browser_of):
    url = reverse("entry-add", args=[scene.plan.pk, "culture"])
    send(browser_of(scene.sam), url, {"words": "Sunday soup", "voice": "own", "by": str(scene.maya.pk)})
    entry = Entry.unguarded.get(words="Sunday soup")
    assert (entry.voice, entry.created_by_id) == ("typed", scene.sam.pk)


CHOICES = [
    ("entry-add", "kind"),
    ("entry-add-for-maya", "kind"),
    ("entry-add", "language"),
    ("entry-add", "prompt"),
    ("step-add", "who"),
    ("settings", "language"),
    ("settings", "text_size"),
    ("organization-invite", "role"),
    ("open", "device"),
]


@pytest.mark.parametrize("sheet_name, choice", CHOICES)
def test_an_answer_that_was_not_offered_is_not_taken(sheet_name, choice, scene, browser_of):
    sheet = next(sheet for sheet in SHEETS if sheet.name == sheet_name)
    client, box = browser_of(getattr(scene, sheet.by) if sheet.by else None), sheet.boxes[0].name
    for name, typed in KINDS.items():
        with rolled_back(client):
            response = send(client, sheet.url(scene), {**sheet.base(scene), box: "Kofi", choice: typed.text})
            assert response.status_code < 500, name
            assert not typed.text or typed.text not in answers_kept(), name


def answers_kept():
    """Every answer that stands anywhere, of those that are picked and not typed."""
    return {
        answer
        for rows in (
            Entry.unguarded.values_list("kind", "language", "prompt"),
            Step.unguarded.values_list("who", "state"),
            User.objects.values_list("language"),
            Invitation.objects.values_list("role"),
        )
        for row in rows
        for answer in row
    }


# --- forms that came from elsewhere, or are old ---

FROM_ELSEWHERE = {
    "no token": ({}, ""),
    "another token": ({}, "x" * 64),
    "a token too long": ({}, "x" * 5000),
    "a token of other characters": ({}, "é😀"),
    "no origin": ({"Origin": "null"}, "right"),
    "another origin": ({"Origin": "https://evil.example"}, "right"),
    "another port": ({"Origin": "http://testserver:81"}, "right"),
    "an origin that is none": ({"Origin": "http://[evil"}, "right"),
}


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.by], ids=lambda sheet: sheet.name)
def test_a_form_from_elsewhere_is_refused_with_the_text_on_the_page(sheet, scene, browser_of):
    client, box = browser_of(getattr(scene, sheet.by), enforce_csrf_checks=True), sheet.boxes[0].name
    client.get(reverse("settings"))
    right = client.cookies["csrftoken"].value
    typed = "Words too good to lose </textarea>é😀"
    before = everything()
    for kind, (headers, token) in FROM_ELSEWHERE.items():
        data = {**sheet.base(scene), box: typed, "csrfmiddlewaretoken": right if token == "right" else token}
        response = send(client, sheet.url(scene), data, headers=headers)
        page = response.content.decode()
        assert response.status_code == 403, kind
        assert [typed] in typed_in(page).values(), kind
        assert PASSPHRASE not in page, kind
        assert everything() == before, kind


def test_the_same_form_with_its_own_token_is_taken(scene, browser_of):
    client = browser_of(scene.maya, enforce_csrf_checks=True)
    client.get(reverse("settings"))
    data = {"words": "é😀", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    url = reverse("entry-add", args=[scene.plan.pk, "vision"])
    assert send(client, url, data, headers={"Origin": "http://testserver"}).status_code == 302
