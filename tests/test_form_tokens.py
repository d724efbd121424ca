"""Every form that changes something carries its token: without it, the form would do nothing but be refused.

The templates are looked at as they are written, so that none is missed; the pages as browsers get them.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.browser.demo_site import DemoSite

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
METHOD = re.compile(r"""method\s*=\s*["']?\s*([a-z]+|\{\{)""", re.IGNORECASE)
TOKEN = re.compile(r"\{%\s*csrf_token\s*%\}")


def forms_that_change_something(template):
    """Each form that is sent with POST, or with a method that is filled in later."""
    for form in FORM.findall(COMMENT.sub("", template)):
        method = METHOD.search(form)
        if method and method[1].lower() != "get":
            yield form


def forms_without_token(template):
    return [form[:120] for form in forms_that_change_something(template) if not TOKEN.search(form)]


class Forms(HTMLParser):
    """The forms of a page that are sent with POST, and how many of them carry a token."""

    def __init__(self):
        super().__init__()
        self.actions, self.bare = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.is_post = attrs.get("method", "get").lower() == "post"
            if self.is_post:
                self.actions.append(attrs.get("action", ""))
                self.bare.append(attrs.get("action", ""))
        if attrs.get("name") == "csrfmiddlewaretoken" and attrs.get("value") and self.is_post:
            self.bare.pop()


def forms_on(html):
    page = Forms()
    page.feed(html)
    return page


def test_every_form_in_every_template_carries_its_token():
    texts = {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    assert sum(len(list(forms_that_change_something(text))) for text in texts.values()) >= 50
    assert {name: found for name, text in texts.items() if (found := forms_without_token(text))} == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_form_on_every_page_carries_its_token():
    demo, seen, bare = DemoSite(), set(), {}
    for shown in demo.every_page():
        if shown.sent is not None:
            continue
        page = forms_on(demo.client(shown.reader).get(shown.address).content.decode())
        seen |= set(page.actions)
        if page.bare:
            bare[str(shown)] = page.bare
    assert bare == {}
    assert len(seen) > 40


# --- the test of the test ---


@pytest.mark.parametrize(
    "planted",
    [
        '<form method="post" action="{% url "step-state" plan=plan.pk %}">\n<button>Go</button></form>',
        "<form class='x'\n  method='POST'>{# {% csrf_token %} #}</form>",
        '<form method="{{ method }}"></form>',
        '<form method="post"><button></form><p>{% csrf_token %}</p>',
    ],
)
def test_a_form_without_its_token_is_found(planted):
    assert len(forms_without_token(planted)) == 1
    assert forms_without_token(planted.replace("</form>", "{% csrf_token %}</form>")) == []
    assert forms_without_token('<form method="get"></form><form></form>') == []


def test_a_page_with_a_bare_form_is_found():
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="x">'
    page = f'<form method="post" action="/a/">{token}</form><form method="post" action="/b/"></form><form></form>'
    assert forms_on(page).bare == ["/b/"]
    assert forms_on(page).actions == ["/a/", "/b/"]
