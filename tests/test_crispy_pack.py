"""Our own pack of form templates: every message can be reached, every control is named, nothing typed is lost."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

ISLANDS = [("north", "North side"), ("south", "South side")]
VOID = {"input", "br", "img", "link", "meta", "hr"}


class Everything(forms.Form):
    """One field of each kind that our pages use."""

    words = forms.CharField(
        label="What do you want?",
        help_text="A word or two is enough.",
        error_messages={"required": "Write a word or two so we know what to call this goal."},
    )
    why = forms.CharField(label="Why does this matter to you?", widget=forms.Textarea)
    language = forms.ChoiceField(label="Language", choices=ISLANDS)
    device = forms.ChoiceField(
        label="Whose phone is this?", help_text="Shared: we keep nothing.", choices=ISLANDS, widget=forms.RadioSelect
    )
    yes = forms.BooleanField(label="They said yes", help_text="Read it aloud first.")
    parts = forms.MultipleChoiceField(label="Which parts?", choices=ISLANDS, widget=forms.CheckboxSelectMultiple)
    day = forms.DateField(label="A day", widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(label="Passphrase", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    save_id = forms.UUIDField(widget=forms.HiddenInput)
    span = forms.SplitDateTimeField(label="When do we meet?")

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        return helper


class Page(HTMLParser):
    """A printed form, read back: its elements, and whether each one that opens also closes."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts = [], [], {}
        self.feed(html)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice: {names}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("textarea", "a", "h2", "legend", "label"):
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag, **wanted):
        return [
            attrs
            for found, attrs in self.elements
            if found == tag and all(attrs.get(name.replace("_", "-")) == value for name, value in wanted.items())
        ]

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]

    def by_id(self, wanted):
        return next((tag, attrs) for tag, attrs in self.elements if attrs.get("id") == wanted)


def printed(form, **context):
    return render_crispy_form(form, context=context)


def refused(**typed):
    form = Everything(typed)
    assert not form.is_valid()
    form.add_error(None, "Those two do not go together.")
    return form


@pytest.mark.parametrize("form", [Everything(), refused()], ids=["empty", "refused"])
def test_a_form_is_whole_html_and_no_id_stands_twice(form):
    page = Page(printed(form))
    assert len(page.ids()) == len(set(page.ids()))
    assert not [attrs for _tag, attrs in page.elements if "style" in attrs or "onclick" in attrs]


def test_every_message_in_the_summary_reaches_its_control():
    form = refused()
    page = Page(printed(form))
    links = [attrs["href"] for attrs in page.all("a")]
    visible_errors = sum(len(field.errors) for field in form if not field.is_hidden)
    assert len(links) == visible_errors
    assert visible_errors >= 9
    for href in links:
        tag, attrs = page.by_id(href.removeprefix("#"))
        assert tag in ("input", "textarea", "select")
        assert attrs.get("type") != "hidden"


def test_one_message_in_the_summary_is_not_followed_by_its_label():
    class OneBox(forms.Form):
        goal = forms.CharField(label="What do you want?", error_messages={"required": "Write a word or two."})
        why = forms.CharField(label="Why does this matter?", error_messages={"required": "Write why."})

    def summary(**typed):
        return printed(OneBox(typed)).split("</ul>")[0]

    assert "What do you want?" not in summary(why="It is mine")
    assert "Write a word or two." in summary(why="It is mine")
    assert "What do you want?" in summary()  # of several, each says which box it is about


def test_a_radio_group_is_reached_at_its_first_choice():
    page = Page(printed(refused()))
    links = {attrs["href"] for attrs in page.all("a")}
    assert {"#id_device_0", "#id_parts_0", "#id_span_0"} <= links
    assert page.by_id("id_device_0")[1]["type"] == "radio"
    assert page.by_id("id_parts_0")[1]["type"] == "checkbox"


def test_the_summary_speaks_first_and_can_take_the_focus():
    page = Page(printed(refused()))
    (summary,) = page.all("div", role="alert")
    assert summary["tabindex"] == "-1"
    assert "autofocus" in summary
    assert page.texts["h2"] == ["Please look at this"]
    assert page.elements.index(("div", summary)) < min(
        index for index, (tag, _attrs) in enumerate(page.elements) if tag in ("input", "textarea", "select")
    )


def test_messages_that_belong_to_no_field_or_to_a_hidden_one_are_said_without_a_link():
    html = printed(refused(save_id="not-a-uuid"))
    assert "<p>Those two do not go together.</p>" in html
    assert "<p>Enter a valid UUID.</p>" in html
    assert "#id_save_id" not in html


def test_a_form_without_faults_has_no_summary():
    assert "errors" not in printed(Everything())
    assert 'role="alert"' not in printed(Everything())


@pytest.mark.parametrize("form", [Everything(), refused()], ids=["empty", "refused"])
def test_every_description_that_is_named_is_there(form):
    page = Page(printed(form))
    named = [name for _tag, attrs in page.elements for name in (attrs.get("aria-describedby") or "").split()]
    assert named
    assert set(named) <= set(page.ids())


def test_hint_and_message_are_both_read_with_the_control():
    page = Page(printed(refused()))
    assert page.by_id("id_words")[1]["aria-describedby"] == "id_words_helptext id_words_error"
    assert page.by_id("id_words")[1]["aria-invalid"] == "true"
    assert page.by_id("div_id_device")[1]["aria-describedby"] == "id_device_helptext id_device_error"
    assert page.by_id("id_why")[1]["aria-describedby"] == "id_why_error"


def test_a_description_of_the_pages_own_stays_beside_hint_and_message():
    class Described(forms.Form):
        words = forms.CharField(help_text="Short.", widget=forms.TextInput(attrs={"aria-describedby": "question"}))

    page = Page(printed(Described({})))
    assert page.by_id("id_words")[1]["aria-describedby"] == "question id_words_helptext id_words_error"


def test_every_control_has_a_name_that_is_said():
    page = Page(printed(Everything()))
    labelled = {attrs["for"] for attrs in page.all("label")}
    for tag, attrs in page.elements:
        if tag in ("input", "textarea", "select") and attrs.get("type") != "hidden":
            in_a_group_of_its_own = attrs["id"].startswith("id_span_")  # named by the legend around the two boxes
            assert attrs["id"] in labelled or in_a_group_of_its_own
    assert page.texts["legend"] == ["Whose phone is this?", "Which parts?", "When do we meet?"]


def test_what_maya_typed_is_kept_and_shown_as_text():
    typed = '</textarea><script>alert("x")</script> & "I keep my word"'
    html = printed(
        refused(words=typed, why=f"  {typed}\nsecond line", language="south", device="south", parts=["north"])
    )
    page = Page(html)
    assert "<script" not in html
    assert page.by_id("id_words")[1]["value"] == typed
    assert "".join(page.texts["textarea"]) == f"\n  {typed}\nsecond line"  # HTML drops the first line break
    assert "checked" in page.by_id("id_device_1")[1]
    assert "checked" in page.by_id("id_parts_0")[1]
    assert "selected" in page.all("option", value="south")[0]


def test_a_passphrase_is_never_printed_back_and_can_be_looked_at():
    page = Page(printed(refused(secret="river lamp cotton")))
    box = page.by_id("id_secret")[1]
    assert "value" not in box
    assert box["autocomplete"] == "current-password"
    (show,) = page.all("button", data_shows="id_secret")
    assert "hidden" in show, "the button does nothing without script, so it is not there without script"
    assert show["type"] == "button"


def test_the_direction_of_peoples_words_is_left_open():
    page = Page(printed(Everything()))
    assert page.by_id("id_why")[1]["dir"] == "auto"
    assert page.by_id("id_words")[1]["dir"] == "auto"
    assert "dir" not in page.by_id("id_day")[1]

    class Settled(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"dir": "ltr"}))

    assert Page(printed(Settled())).by_id("id_code")[1]["dir"] == "ltr"


def test_printing_a_form_twice_leaves_its_fields_as_they_were():
    form = refused()
    assert printed(form) == printed(form)
    assert "dir" not in form.fields["why"].widget.attrs


def test_a_form_that_stands_in_a_page_brings_no_form_tag_and_no_token_of_its_own():
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(
        Context({"form": Everything(), "csrf_token": "token-of-the-page"})
    )
    assert "<form" not in html
    assert "token-of-the-page" not in html


def test_a_helper_that_asks_for_a_form_tag_gets_one_with_the_token():
    html = render_crispy_form(Everything(), helper=FormHelper(), context={"csrf_token": "token-of-the-page"})
    (tag,) = Page(html).all("form")
    assert tag["method"] == "post"
    assert "novalidate" in tag
    assert html.count("token-of-the-page") == 1


def test_the_messages_are_marked_and_hidden_from_nobody():
    page = Page(printed(refused()))
    for name in ("words", "why", "language", "device", "yes", "parts", "day", "secret", "span"):
        tag, attrs = page.by_id(f"id_{name}_error")
        assert tag == "div"
        assert "hidden" not in attrs
        assert "field--err" in page.by_id(f"div_id_{name}")[1]["class"]
