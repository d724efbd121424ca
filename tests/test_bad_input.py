"""Bad input: kept exactly and shown as text, or refused kindly with the text still there. Never a silent change."""

import re

import pytest
from django import forms as django_forms
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import config.urls  # noqa: F401 -- with it every view is loaded, and with the views every form
from peers.form_fields import WordsField
from peers.forms import SecretField
from peers.views.redirects import next_url
from recovery_plans.forms.profile import EntryForm
from recovery_plans.models import Entry
from tests.bad_input import (
    KINDS,
    Typed,
    one_newline,
    rolled_back,
    scene,
    send,
    typed_in,
    what_went_wrong,
)
from tests.bad_input_forms import NOBODYS_WORDS, SHEETS

__all__ = ["scene"]

pytestmark = pytest.mark.django_db


# --- every kind of text through every box ---

EVERY_BOX = [pytest.param(sheet, box, id=f"{sheet.name}-{box.name}") for sheet in SHEETS for box in sheet.boxes]


@pytest.mark.parametrize("sheet, box", EVERY_BOX)
def test_every_kind_of_text_is_kept_exactly_or_refused_with_the_text_on_the_page(sheet, box, scene, browser_of):
    client = browser_of(getattr(scene, sheet.by) if sheet.by else None)
    client.raise_request_exception = False
    found = {name: what_went_wrong(client, scene, sheet, box, typed) for name, typed in KINDS.items()}
    assert {name: problem for name, problem in found.items() if problem} == {}


def test_the_check_sees_a_box_that_trims_what_was_typed(scene, browser_of, monkeypatch):
    kept = WordsField.to_python
    monkeypatch.setattr(WordsField, "to_python", lambda box, value: kept(box, value).replace("\u200b", ""))
    found = try_one("entry-add", "words", "zero-width", scene, browser_of(scene.maya))
    assert found.startswith("kept, but as")


def test_the_check_sees_signs_taken_out_in_silence(scene, browser_of, monkeypatch):
    monkeypatch.setattr("peers.views.removed_characters.count_controls", lambda typed: 0)
    found = try_one("entry-add", "words", "bell", scene, browser_of(scene.maya))
    assert found == "characters were taken out in silence"


def test_the_check_sees_typed_text_that_is_gone_after_a_refusal(scene, browser_of, monkeypatch):
    monkeypatch.setattr(EntryForm, "get_initial_for_field", lambda *_: "")
    monkeypatch.setattr(WordsField, "bound_data", lambda *_: "")
    found = try_one("entry-add", "words", "15,001 characters", scene, browser_of(scene.maya))
    assert found == "refused, and the text is not on the page again"


def try_one(sheet_name, box_name, kind, scene, client):
    sheet = next(sheet for sheet in SHEETS if sheet.name == sheet_name)
    box = next(box for box in sheet.boxes if box.name == box_name)
    return what_went_wrong(client, scene, sheet, box, KINDS[kind])


NO_TEXT = (SecretField, django_forms.UUIDField)


def test_no_form_has_a_text_box_that_is_not_tried():
    tried = {(sheet.form, box.name) for sheet in SHEETS for box in sheet.boxes}
    left = []
    for form in every_form():
        for name, field in form.base_fields.items():
            is_text = isinstance(field, django_forms.CharField) and not isinstance(field, NO_TEXT)
            inherited = any((form, name) in tried or (other, name) in tried for other in form.__subclasses__())
            if is_text and not inherited and (form, name) not in tried and not is_nobodys_words(form, name):
                left.append(f"{form.__name__}.{name}")
    assert left == []


def every_form(form=django_forms.BaseForm):
    """Every form that an address of the project leads to; the URLconf is loaded by now, and all it needs."""
    for found in form.__subclasses__():
        if found.__module__.startswith(("peers.", "recovery_plans.")):
            yield found
        yield from every_form(found)


def is_nobodys_words(form, name):
    return any(issubclass(form, known) and name == field for known, field in NOBODYS_WORDS)


@given(words=st.text(st.characters(codec=None), max_size=300))
@hypothesis_settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(words="\ud800")
@example(words="a\ud83d")
@example(words="\x00")
def test_whatever_maya_types_is_kept_exactly_or_not_at_all(scene, browser_of, words):
    browser = browser_of(scene.maya)
    before = Entry.unguarded.count()
    with rolled_back():
        response = send(browser, reverse("entry-add", args=[scene.plan.pk, "vision"]), {"words": words})
        kept = Entry.unguarded.filter(section="vision").values_list("words", flat=True).first()
        plain = re.sub(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", one_newline(words))
        if re.search(r"[\ud800-\udfff]", words):
            assert (response.status_code, kept) == (400, None)
        elif kept is None:
            assert response.status_code in (200, 302)
            assert response.status_code == 200 or not plain.strip()
            assert Entry.unguarded.count() == before
        else:
            assert (response.status_code, kept) == (302, plain)


# --- what is typed unseen ---

SECRETS = [
    ("sign-in", "passphrase"),
    ("settings-passphrase", "passphrase"),
    ("settings-passphrase", "current"),
    ("join", "passphrase"),
]


@pytest.mark.parametrize("sheet_name, box", SECRETS)
def test_whatever_is_typed_unseen_is_never_shown_and_breaks_nothing(sheet_name, box, scene, browser_of):
    sheet = next(sheet for sheet in SHEETS if sheet.name == sheet_name)
    for name, typed in KINDS.items():
        client = browser_of(getattr(scene, sheet.by) if sheet.by else None)
        with rolled_back(client):
            data = {"username": "maya", **sheet.base(scene), box: typed.text}
            response = send(client, sheet.url(scene), data)
            assert response.status_code < 500, name
            shown = typed_in(response.content.decode()).get(box, [""])
            assert shown == [""], name


def test_whatever_is_typed_for_numbers_breaks_nothing(scene, browser_of):
    maya, typed = browser_of(scene.maya), {**KINDS, "other digits": Typed("١٢٣٤٥٦")}
    numbers = [(reverse("settings-lock"), "code"), (reverse("card-new", args=[scene.plan.pk]), "pin")]
    for url, box in numbers:
        for kind, number in typed.items():
            with rolled_back(maya):
                response = send(maya, url, {box: number.text})
                if box == "pin" and not number.text.strip():  # only a PIN may be left blank
                    assert response.status_code == 302, kind
                    continue
                assert response.status_code in (200, 422), kind
                assert 'class="errors"' in response.content.decode(), kind


# --- a page that came back, read in another language or cleared ---


@pytest.mark.parametrize("sheet", [pytest.param(sheet, id=sheet.name) for sheet in SHEETS])
def test_a_page_that_came_back_with_a_message_can_be_read_in_spanish(sheet, scene, browser_of):
    """The button asks for the page's own address: there must be a page there, and not only a place to send to."""
    client = browser_of(getattr(scene, sheet.by) if sheet.by else None)
    data = {**sheet.base(scene), sheet.boxes[0].name: "x" * 15_001}
    came_back = send(client, sheet.url(scene), data)
    assert came_back.status_code in (200, 422)
    (next_,) = set(re.findall(r'<input type="hidden" name="next" value="([^"]+)"', came_back.content.decode()))
    answer = client.post(reverse("language"), {"language": "es", "next": next_}, follow=True)
    assert answer.status_code == 200
    assert re.search(r'<html\s+lang="es"', answer.content.decode())
    cleared = client.get(next_url(RequestFactory().post("/", {"next": next_})), follow=True)
    assert cleared.status_code == 200
