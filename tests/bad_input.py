"""Everything people and machines have been seen to type into a text box, and the boxes they can type it into.

What becomes of each kind is said here once, apart from the code that does it: kept exactly, cleaned and told, refused
with the text still on the page, or nothing where nothing was said.
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
from django.urls import reverse

from peers import forms as of_peers
from peers.models import Invitation, Organization, PlanCard, User
from peers.models.organization import StaffRole
from peers.models.users import signin_name
from recovery_plans.forms import goals, profile, steps
from recovery_plans.forms.cards import CardPinForm
from recovery_plans.forms.sharing import SummaryYesForm
from recovery_plans.models import Entry, Goal, Grant, Plan, Revision, Step
from recovery_plans.views import today, together
from tests.cast import PASSPHRASE

KEPT, CLEANED, REFUSED, NOTHING = "kept", "cleaned and told", "refused, with the text on the page", "nothing"
AT_MOST = 15_000
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Typed:
    """One kind of text. `becomes` is what is stored when signs are taken out of it."""

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
    "15,000 signs": Typed(("to go on " * 1667)[: AT_MOST - 1] + "!"),
    "15,000 signs beyond the basic plane": Typed("😀" * AT_MOST),
    "15,001 signs": Typed("x" * (AT_MOST + 1), REFUSED),
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
    "replacement sign": Typed("caf\ufffd"),
}


def one_newline(text):
    """Line ends as they are kept: one sign, whatever machine typed them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoded(said):
    """A form's body as a browser writes it; a broken sign goes as the bytes a broken browser would send."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value, encoding='utf-8', errors='surrogatepass')}"
        for name, value in said.items()
    )


def send(client, url, said, **more):
    return client.post(url, encoded(said), content_type=FORM, **more)


# --- the scene ---


@pytest.fixture
def scene(cast):
    """The cast, a supporter, a goal with a step, and an invitation that waits."""
    cast.passphrase = PASSPHRASE
    cast.supporter = cast.plan.add_entry(section="supporters", words="Noor", helps="She calls", by=cast.maya)
    cast.entry = cast.plan.add_entry(section="strengths", words="I keep going", by=cast.maya)
    cast.goal = cast.plan.add_goal(words="A place of my own", by=cast.maya)
    cast.goal.plan = cast.plan
    cast.step = cast.goal.add_step(words="Call Sam", by=cast.maya)
    _invitation, cast.invited = cast.harbor.invite(role=StaffRole.PEER_SPECIALIST, name="Kofi", by=cast.ines)
    return cast


# --- boxes ---


@dataclass(frozen=True)
class Box:
    """One text box: where its text is kept, and what this box has no room for."""

    name: str
    kept: object = None  # scene -> the text as the database has it; None when the text is never kept
    one_line: bool = False
    most: int = AT_MOST
    trimmed: bool = False  # a name has no space before or after it
    mended: object = None  # a sign-in name has one spelling

    def fate(self, typed):
        text = one_newline(typed.text)
        if typed.fate == NOTHING and not ("\n" in text and self.one_line):
            return NOTHING
        if (self.one_line and "\n" in text) or len(text) > self.most:
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


def newest(model, field):
    def read(scene):
        row = model.unguarded.order_by("-created_at").first()
        return getattr(row, field) if row else ""

    return read


def stands(name, field):
    """The text of a line of the scene as the database has it now."""

    def read(scene):
        line = getattr(scene, name)
        return type(line).unguarded.values_list(field, flat=True).get(pk=line.pk)

    return read


def of_a_model(model, field, **found_by):
    def read(scene):
        rows = model.objects.filter(**{key: value(scene) for key, value in found_by.items()})
        return rows.order_by("-created_at").values_list(field, flat=True).first()

    return read


def in_plan(name, **ids):
    def address(scene):
        found = {key: value if isinstance(value, str) else value(scene) for key, value in ids.items()}
        return reverse(name, kwargs={"plan": scene.plan.pk, **found})

    return address


def at(name):
    return lambda scene: reverse(name)


def plain(**said):
    return lambda scene: dict(said)


def versioned(name, **said):
    return lambda scene: {"base_version": str(stands(name, "version")(scene)), **said}


def code(name):
    return lambda scene: getattr(scene, name).pk


READING = {"language": "en", "text_size": "100"}
PLACE = {"name": "Harbor Street Peer Center", "town": "Fairhaven"}
NEW_SECRET = "seven lamps by the river"
OF_MAYA = {"pk": lambda scene: scene.maya.pk}
OF_HARBOR = {"pk": lambda scene: scene.harbor.pk}


def organization_box(name, most):
    return Box(name, of_a_model(Organization, name, **OF_HARBOR), one_line=True, most=most)


SHEETS = [
    Sheet(
        "entry-add",
        profile.EntryForm,
        "maya",
        in_plan("entry-add", section="strengths"),
        plain(),
        (Box("words", newest(Entry, "words")),),
    ),
    Sheet(
        "entry-add-supporter",
        profile.EntryForm,
        "maya",
        in_plan("entry-add", section="supporters"),
        plain(words="Noor"),
        (Box("words", newest(Entry, "words")), Box("helps", newest(Entry, "detail"))),
    ),
    Sheet(
        "entry-add-for-maya",
        profile.EntryForm,
        "sam",
        in_plan("entry-add", section="needs"),
        plain(kind="from_us"),
        (Box("words", newest(Entry, "words")),),
    ),
    Sheet(
        "entry-change",
        profile.EntryChangeForm,
        "maya",
        in_plan("entry-change", line=code("supporter")),
        versioned("supporter", words="Noor"),
        (Box("words", stands("supporter", "words")), Box("helps", stands("supporter", "detail"))),
    ),
    Sheet(
        "goal-new",
        goals.GoalForm,
        "maya",
        in_plan("goal-new"),
        plain(words="A room"),
        (
            Box("words", newest(Goal, "words")),
            Box("why", newest(Goal, "detail")),
            Box("step", newest(Step, "words"), one_line=True),
            Box("step_2", newest(Step, "words"), one_line=True),
            Box("step_12", newest(Step, "words"), one_line=True),
        ),
    ),
    Sheet(
        "goal-change",
        goals.GoalChangeForm,
        "maya",
        in_plan("goal-change", goal=code("goal")),
        versioned("goal", words="A room"),
        (Box("words", stands("goal", "words")), Box("why", stands("goal", "detail"))),
    ),
    Sheet(
        "step-add",
        steps.StepForm,
        "maya",
        in_plan("step-add", goal=code("goal")),
        plain(words="Call", who="other"),
        (
            Box("words", newest(Step, "words"), one_line=True),
            Box("other", newest(Step, "detail"), one_line=True, most=200),
        ),
    ),
    Sheet(
        "step-change",
        steps.StepChangeForm,
        "maya",
        in_plan("step-change", goal=code("goal"), step=code("step")),
        versioned("step", words="Call", who="other"),
        (
            Box("words", stands("step", "words"), one_line=True),
            Box("other", stands("step", "detail"), one_line=True, most=200),
        ),
    ),
    Sheet(
        "settings",
        of_peers.SettingsForm,
        "maya",
        at("settings"),
        plain(**READING),
        (Box("name", of_a_model(User, "name", **OF_MAYA), one_line=True, most=80, trimmed=True),),
    ),
    Sheet(
        "settings-passphrase",
        of_peers.OwnPassphraseForm,
        "maya",
        at("settings-passphrase"),
        lambda scene: {"current": scene.passphrase, "passphrase": NEW_SECRET},
        (Box("username", of_a_model(User, "username", **OF_MAYA), one_line=True, most=150, mended=signin_name),),
    ),
    Sheet(
        "organization-edit",
        of_peers.OrganizationForm,
        "ines",
        at("organization-edit"),
        plain(**PLACE),
        (
            organization_box("name", 120),
            organization_box("town", 120),
            organization_box("phone", 40),
            organization_box("warmline", 40),
        ),
    ),
    Sheet(
        "organization-invite",
        of_peers.InviteForm,
        "ines",
        at("organization-invite"),
        plain(role="peer_specialist"),
        (Box("name", of_a_model(Invitation, "name"), one_line=True, most=80),),
    ),
    Sheet(
        "join",
        of_peers.JoinForm,
        "",
        lambda scene: reverse("join", kwargs={"token": scene.invited}),
        plain(name="Kofi", username="kofi", passphrase=NEW_SECRET),
        (
            Box("name", of_a_model(User, "name"), one_line=True, most=80, trimmed=True),
            Box("username", of_a_model(User, "username"), one_line=True, most=150, mended=signin_name),
        ),
    ),
    Sheet(
        "sign-in",
        of_peers.SignInForm,
        "",
        at("sign-in"),
        plain(passphrase="not the right one"),
        (Box("username", one_line=True, most=150),),
        guess=True,
    ),
    Sheet(
        "open",
        of_peers.CardWordsForm,
        "",
        at("open"),
        plain(device="own"),
        (Box("card_words", one_line=True, most=500),),
        guess=True,
    ),
    Sheet(
        "together-add",
        together.TogetherForm,
        "sam",
        in_plan("together-add", section="culture"),
        plain(),
        (Box("words", newest(Entry, "words")),),
    ),
    Sheet(
        "together-add-supporter",
        together.TogetherForm,
        "sam",
        in_plan("together-add", section="supporters"),
        plain(words="Noor"),
        (Box("helps", newest(Entry, "detail")),),
    ),
    Sheet(
        "person-new",
        today.NewPersonForm,
        "sam",
        at("person-new"),
        plain(language="en"),
        (Box("name", of_a_model(User, "name"), one_line=True, most=80, trimmed=True),),
    ),
    Sheet(
        "share-summary",
        SummaryYesForm,
        "maya",
        in_plan("share-summary"),
        plain(days="90"),
        (Box("from_us", newest(Entry, "words")),),
    ),
]

# Text fields whose text is nobody's words. Each is looked at by a test of its own.
NOBODYS_WORDS = {
    (of_peers.CodeForm, "code"): "six numbers",
    (CardPinForm, "pin"): "four to eight digits",
    (profile.EntryForm, "prompt"): "the code of a question of the bank",
}


# --- trying one kind in one box ---


def what_went_wrong(client, scene, sheet, box, typed):
    """Send one kind of text through one box and say what was not as it should be; "" when all was well."""
    with rolled_back(client):
        return _try(client, scene, sheet, box, typed)


@contextmanager
def rolled_back(client=None):
    """The next try finds the plan, and who is here, as this one found it."""
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
        return "" if after in ("", before) else f"nothing was said, and {after!r} is kept"
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
    return "" if fate == KEPT or re.search(r"We took out \d+ signs? that", page) else "signs were taken out, untold"


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
        Revision.unguarded.count(),
        list(User.objects.order_by("pk").values_list("name", "username", "password")),
        list(Organization.objects.order_by("pk").values_list("name", "town", "phone", "warmline")),
        (Invitation.objects.count(), Plan.unguarded.count(), Grant.unguarded.count(), PlanCard.objects.count()),
    )


def executable(text, page):
    """Whether typed markup reached the page unescaped."""
    return any(sign in text for sign in "<>\"'&") and html.escape(text) != text and text in page


class _Typed(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.open = {}, None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "input" and said.get("type") != "hidden":
            self.found.setdefault(said.get("name"), []).append(said.get("value") or "")
        elif tag == "textarea":
            self.open = said.get("name") or said.get("id")
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
