"""Everything people and machines have been seen to type into a text box, and the boxes they can type it into.

What becomes of each kind is written here once, apart from the code that does it: kept exactly, cleaned with a message,
refused with the text still on the page, or nothing where nothing was typed.
"""

import html
import re
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote_plus

import pytest
from django.db import transaction

from peers.models import Invitation, Organization, Person, PlanCard, User
from peers.models.organization import StaffRole
from recovery_plans.models import Agreement, Grant, Idea, Plan, Revision, Telling, Visit
from tests.cast import PASSPHRASE

KEPT, CLEANED, REFUSED, NOTHING = "kept", "cleaned, with a message", "refused, with the text on the page", "nothing"
LIMIT = 15_000
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Typed:
    """One kind of text. `becomes` is what is stored when characters are taken out of it."""

    text: str
    fate: str = KEPT
    becomes: str = ""


KINDS = {
    "empty": Typed("", NOTHING),
    "only spaces": Typed("   \t ", NOTHING),
    "only newlines": Typed("\r\n\r\n \r\n", NOTHING),
    "100,000 newlines": Typed("\n" * 100_000, NOTHING),
    "100,000 newlines with words": Typed("a" + "\n" * 100_000 + "b", REFUSED),
    "NUL": Typed("before\x00after", REFUSED),
    "bell": Typed("ding\x07 dong", CLEANED, "ding dong"),
    "escape": Typed("\x1b[31mred\x1b[0m", CLEANED, "[31mred[0m"),
    "delete and C1": Typed("a\x7fb\x85c\x9fd\x9b", CLEANED, "abcd"),
    "bidi overrides": Typed("I \u202ekool\u202c \u2066at me\u2069 \u200f\u061c"),
    "zero-width": Typed("a\u200bb\u200c\u200d\u2060c\ufeffd\u00ade"),
    "emoji families": Typed("👩‍👩‍👧‍👦 🏳️‍🌈 👍🏾 🇭🇹 😀"),
    "NFD": Typed("Jose\u0301 A\u030a Vie\u0323\u0302t"),
    "NFC": Typed("José Å Việt"),
    "right to left": Typed("أنا قوية وأمي معي، שלום 12"),
    "Chinese": Typed("我很坚强，頑張る 힘내 𠮷"),
    "Ge'ez": Typed("ሰላም ለዓለም፡፡ ቤተሰቤ"),
    "Khmer and Devanagari": Typed("ខ្មែរ क्षत्रिय"),
    "marks as people use them": Typed("s\u0323\u0307\u0301 Zz\u0327\u030c"),
    "thirty marks on one letter": Typed("Z" + "\u0301\u0323" * 15, REFUSED),
    "20,000 combining marks": Typed("Z" + "\u0301" * 20_000, REFUSED),
    "15,000 characters": Typed(("to go on " * 1667)[: LIMIT - 1] + "!"),
    "15,000 characters beyond the basic plane": Typed("😀" * LIMIT),
    "15,001 characters": Typed("x" * (LIMIT + 1), REFUSED),
    "a word of 100 KB": Typed("w" * 100_000, REFUSED),
    "lines": Typed("one\r\ntwo\r\n\r\nthree"),
    "old Mac lines": Typed("one\rtwo"),
    "a header in a name": Typed("Maya\r\nSet-Cookie: alongside=mine"),
    "strange line ends": Typed("one\u2028two\u2029three"),
    "HTML": Typed("<b>bold</b><img src=x onerror=alert(1)> & < > \" '"),
    "end of a box": Typed("</textarea></title></script><script>alert(1)</script>"),
    "SVG": Typed("<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>"),
    "attribute": Typed('" autofocus onfocus="alert(1)" x=\''),
    "entities": Typed("&lt;b&gt; &amp;amp; &#x202e; &nbsp;"),
    "template": Typed("{{ request.user.password }}{% debug %}{# gone #}{{ 7|add:7 }}"),
    "style": Typed("}body{background:url(file:///etc/passwd)}@import 'x';"),
    "attachment": Typed("<link rel=attachment href=file:///etc/passwd>"),
    "formula": Typed("=1+1"),
    "another formula": Typed("@SUM(A1:A9)|cmd"),
    "tab and formula": Typed("\t=HYPERLINK(1)"),
    "SQL": Typed("'); DROP TABLE recovery_plans_entry; -- %s %(x)s"),
    "format": Typed("%s %d %(count)s {0} {name} ${x} \\n \\u0000"),
    "not characters": Typed("\ufffe\uffff\U0010ffff\ue000"),
    "replacement character": Typed("caf\ufffd"),
}


def one_newline(text):
    """Line ends as they are kept: one character, whatever machine typed them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoded(data):
    """A form's body as a browser writes it; a broken character goes as the bytes a broken browser would send."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value, encoding='utf-8', errors='surrogatepass')}"
        for name, value in data.items()
    )


def send(client, url, data, **more):
    return client.post(url, encoded(data), content_type=FORM, **more)


# --- the scene ---


@pytest.fixture
def scene(cast):
    """The cast, a supporter, a goal with a step, and an invitation that waits."""
    cast.passphrase = PASSPHRASE
    cast.supporter = cast.plan.add_entry(section="supporters", words="Noor", helps="She calls", by=cast.maya)
    cast.entry = cast.plan.add_entry(section="strengths", words="I keep going", by=cast.maya)
    cast.goal = cast.plan.add_goal(words="A place of my own", by=cast.maya)
    cast.goal.plan = cast.plan
    cast.just_met = Plan.meet(name="Bo", language="en", peer=cast.sam, organization=cast.harbor, known_by="🌻")
    cast.person.take_known_by("blue cap", by=cast.sam)
    cast.step = cast.goal.add_step(words="Call Sam", by=cast.maya)
    _invitation, cast.invited = cast.harbor.invite(role=StaffRole.PEER_SPECIALIST, name="Kofi", by=cast.ines)
    words = {"kind": "words", "line": cast.entry, "words": "I keep going, slowly"}
    cast.idea = Idea.offer(plan=cast.plan, by=cast.sam, **words)
    about = {"about": cast.step.pk, "of_part": "goals"}
    cast.telling = Telling.write(plan=cast.plan, words="He was glad", by=cast.maya, **about)
    return cast


# --- boxes ---


@dataclass(frozen=True)
class Box:
    """One text box: where its text is kept, and what this box has no room for."""

    name: str
    kept: object = None  # scene -> the text as the database has it; None when the text is never kept
    one_line: bool = False
    limit: int = LIMIT
    trimmed: bool = False  # a name has no space before or after it, and a letter or digit that shows
    mended: object = None  # a sign-in name has one spelling
    needs_digit: bool = False  # a phone number

    def fate(self, typed):
        text = one_newline(typed.text)
        if typed.fate == NOTHING and not ("\n" in text and self.one_line):
            return NOTHING
        if (self.one_line and "\n" in text) or len(text) > self.limit:
            return REFUSED
        if self.trimmed and not re.search(r"[^\W_]", text):
            return REFUSED
        if self.needs_digit and not re.search(r"\d", text):
            return REFUSED
        return typed.fate

    def wanted(self, typed):
        text = typed.becomes or one_newline(typed.text)
        if self.mended:
            return self.mended(text)
        return text.strip() if self.trimmed else text


@dataclass(frozen=True)
class Sheet:
    """One form at one address, who fills it in, and what else it needs to be sent."""

    name: str
    form: type
    by: str
    url: object  # scene -> address
    base: object  # scene -> what else is sent
    boxes: tuple
    guess: bool = False  # a way in: the text is compared, never kept


# --- trying one kind in one box ---


def what_went_wrong(client, scene, sheet, box, typed):
    """Send one kind of text through one box and say what was not as it should be; "" when all was well."""
    with rolled_back(client):
        return _try(client, scene, sheet, box, typed)


@contextmanager
def rolled_back(client=None):
    """The next try finds the plan, and the session, as this one found it."""
    cookies = deepcopy(client.cookies) if client else None
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
    if client:
        client.cookies = cookies


def _try(client, scene, sheet, box, typed):
    rows, before = everything(), box.kept and box.kept(scene)
    response = send(client, sheet.url(scene), {**sheet.base(scene), box.name: typed.text})
    if response.status_code >= 500:
        return f"answered {response.status_code}"
    page = response.content.decode()
    if executable(typed.text, page):
        return "stands in the page as markup"
    if sheet.guess or everything() == rows:
        return _not_kept(sheet, box, typed, response, page, before)
    after, fate = box.kept(scene), box.fate(typed)
    if fate == NOTHING:
        return "" if after in ("", before) else f"nothing was typed, and {after!r} is kept"
    if fate == REFUSED:
        return f"should be refused, and {after[:40]!r} is kept"
    if after != box.wanted(typed):
        return f"kept, but as {after[:40]!r}"
    if response.status_code == 302:
        response = client.get(response["Location"], follow=True)
        page = response.content.decode()
    if response.status_code != 200:
        return f"kept, and then the page answered {response.status_code}"
    if executable(typed.text, page):
        return "stands in the page as markup"
    if fate == CLEANED and not re.search(r"We took out \d+ characters? that", page):
        return "characters were taken out in silence"
    return ""


def _not_kept(sheet, box, typed, response, page, before):
    """Nothing was stored: then a message says so, and what was typed is in its box again."""
    fate = box.fate(typed)
    if fate == NOTHING:
        return "" if response.status_code == 302 or 'class="errors"' in page else "refused without a word"
    if fate in (KEPT, CLEANED) and not sheet.guess and not box.mended and box.wanted(typed) != before:
        return f"should be kept, and was not (status {response.status_code})"
    if response.status_code == 302:
        return "" if box.wanted(typed) == before else "neither kept nor shown again"
    if response.status_code not in (200, 422, 429):
        return f"refused with {response.status_code}"
    if 'class="errors"' not in page:
        return "refused without a word"
    shown = [one_newline(value) for value in typed_in(page).get(box.name, [])]
    return "" if one_newline(typed.text) in shown else "refused, and the text is not on the page again"


def everything():
    """A mark of all that the tried forms can change."""
    return (
        (Revision.unguarded.count(), Visit.unguarded.count(), Idea.unguarded.count()),
        list(User.objects.order_by("pk").values_list("name", "username", "password")),
        list(Person.objects.order_by("pk").values_list("known_by", flat=True)),
        list(Organization.objects.order_by("pk").values_list("name", "town", "phone", "warmline")),
        (
            Agreement.unguarded.count(),
            Invitation.objects.count(),
            Plan.unguarded.count(),
            Grant.unguarded.count(),
            PlanCard.objects.count(),
        ),
    )


def executable(text, page):
    """Whether typed markup reached the page unescaped."""
    return any(character in text for character in "<>\"'&") and html.escape(text) != text and text in page


class _Typed(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.open = {}, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and attrs.get("type") != "hidden":
            self.found.setdefault(attrs.get("name"), []).append(attrs.get("value") or "")
        elif tag == "textarea":
            self.open = attrs.get("name") or attrs.get("id")
            self.found.setdefault(self.open, []).append("")

    def handle_data(self, data):
        if self.open:
            self.found[self.open][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the first newline of a box.
            self.found[self.open][-1] = re.sub(r"\A\r?\n", "", self.found[self.open][-1])
            self.open = None


def typed_in(page):
    """What stands in the text boxes of a page, by name."""
    parser = _Typed()
    parser.feed(page)
    parser.close()
    return parser.found
