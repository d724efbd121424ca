"""Every form with a box for text: at which address, who fills it in, and where what is typed is kept.

What becomes of each kind of text is in `tests/bad_input.py`.
"""

from django.urls import reverse

from peers import forms as of_peers
from peers import organization_forms
from peers.forms import PinForm
from peers.models import Invitation, Organization, Person, User
from peers.models.users import signin_name
from recovery_plans.agreement import freeze
from recovery_plans.forms import goals, ideas, profile, steps
from recovery_plans.forms.agreement import AgreeForm, WriteDownForm
from recovery_plans.forms.printing import PrintForm
from recovery_plans.forms.sharing import SummaryYesForm
from recovery_plans.forms.tellings import TellingChangeForm, TellingForm
from recovery_plans.forms.today import CorrectNameForm, FindPersonForm, KnownByForm, LettersForm
from recovery_plans.forms.visits import NextVisitForm
from recovery_plans.models import Agreement, Entry, Goal, Idea, Step, Telling, Visit
from recovery_plans.views import today, together
from tests.bad_input import Box, Sheet
from tests.recovery_plans.agreeing import reading_of


def newest(model, field):
    def read(scene):
        row = model.unguarded.order_by("-created_at").first()
        return getattr(row, field) if row else ""

    return read


def of_the_idea(field):
    """The text of the idea that was offered after the scene's own."""

    def read(scene):
        idea = Idea.unguarded.exclude(pk=scene.idea.pk).first()
        return getattr(idea, field) if idea else ""

    return read


def stands(name, field):
    """The text of a line of the scene as the database has it now."""

    def read(scene):
        line = getattr(scene, name)
        return type(line).unguarded.values_list(field, flat=True).get(pk=line.pk)

    return read


def where_next(scene):
    return Visit.unguarded.filter(ended_at=None).values_list("where", flat=True).first() or ""


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


def just_met(scene):
    return reverse("person", kwargs={"plan": scene.just_met.pk})


def plain(**data):
    return lambda scene: dict(data)


def versioned(name, **data):
    return lambda scene: {"base_version": str(stands(name, "version")(scene)), **data}


def code(name):
    return lambda scene: getattr(scene, name).pk


def digest_now(scene, user=None):
    """Of what is on the screen when they say yes."""
    return freeze(reading_of(scene, user)).digest


def newest_agreement(scene):
    return Agreement.unguarded.order_by("-at").values_list("others", flat=True).first() or ""


READING = {"language": "en", "text_size": "100"}
HARBOR_STREET = {"name": "Harbor Street Peer Center", "town": "Fairhaven"}
NEW_SECRET = "seven lamps by the river"
OF_MAYA = {"pk": lambda scene: scene.maya.pk}
OF_SOMEONE_JUST_MET = {"pk": lambda scene: scene.just_met.person.user_id}
OF_HARBOR = {"pk": lambda scene: scene.harbor.pk}


def organization_box(name, limit):
    return Box(name, of_a_model(Organization, name, **OF_HARBOR), one_line=True, limit=limit)


def phone_box(kept):
    return Box("phone", kept, one_line=True, limit=80, needs_digit=True)


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
        (
            Box("words", newest(Entry, "words")),
            Box("helps", newest(Entry, "detail")),
            phone_box(newest(Entry, "phone")),
        ),
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
        (
            Box("words", stands("supporter", "words")),
            Box("helps", stands("supporter", "detail")),
            phone_box(stands("supporter", "phone")),
        ),
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
            Box("other", newest(Step, "detail"), one_line=True, limit=200),
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
            Box("other", stands("step", "detail"), one_line=True, limit=200),
        ),
    ),
    Sheet(
        "visit",
        NextVisitForm,
        "maya",
        in_plan("visit", walk=lambda scene: scene.plan.person.walks_now()[0].pk),
        plain(),
        (Box("where", where_next, one_line=True, limit=120),),
    ),
    Sheet(
        "agree",
        AgreeForm,
        "maya",
        in_plan("agree"),
        lambda scene: {"digest": digest_now(scene)},
        (Box("others", newest_agreement, one_line=True, limit=200),),
    ),
    Sheet(
        "agree, written down",
        WriteDownForm,
        "sam",
        in_plan("agree"),
        lambda scene: {"digest": digest_now(scene, scene.sam), "how": "aloud"},
        (Box("others", newest_agreement, one_line=True, limit=200),),
    ),
    Sheet(
        "idea-goal",
        ideas.OfferForm,
        "sam",
        in_plan("idea-goal"),
        plain(words="Sing again"),
        (Box("words", of_the_idea("words")), Box("why", of_the_idea("why"), one_line=True, limit=300)),
    ),
    Sheet(
        "idea-mine",
        ideas.MyWayForm,
        "maya",
        in_plan("idea-mine", idea=code("idea")),
        versioned("entry"),
        (Box("words", stands("entry", "words")),),
    ),
    Sheet(
        "telling-new",
        TellingForm,
        "maya",
        in_plan("telling-new", about=code("goal")),
        plain(),
        (Box("words", newest(Telling, "words")),),
    ),
    Sheet(
        "telling-change",
        TellingChangeForm,
        "maya",
        in_plan("telling-change", telling=code("telling")),
        versioned("telling"),
        (Box("words", stands("telling", "words")),),
    ),
    Sheet(
        "settings",
        of_peers.SettingsForm,
        "maya",
        at("settings"),
        plain(**READING),
        (Box("name", of_a_model(User, "name", **OF_MAYA), one_line=True, limit=80, trimmed=True),),
    ),
    Sheet(
        "settings, told apart",
        of_peers.SettingsForm,
        "maya",
        at("settings"),
        plain(**READING, name="Maya"),
        (Box("known_by", of_a_model(Person, "known_by", user=OF_MAYA["pk"]), one_line=True, limit=40),),
    ),
    Sheet(
        "settings-passphrase",
        of_peers.OwnPassphraseForm,
        "maya",
        at("settings-passphrase"),
        lambda scene: {"current": scene.passphrase, "passphrase": NEW_SECRET},
        (Box("username", of_a_model(User, "username", **OF_MAYA), one_line=True, limit=150, mended=signin_name),),
    ),
    Sheet(
        "organization-edit",
        organization_forms.OrganizationForm,
        "ines",
        at("organization-edit"),
        plain(**HARBOR_STREET),
        (
            organization_box("name", 120),
            organization_box("town", 120),
            organization_box("phone", 40),
            organization_box("warmline", 40),
        ),
    ),
    Sheet(
        "organization-invite",
        organization_forms.InviteForm,
        "ines",
        at("organization-invite"),
        plain(role="peer_specialist"),
        (Box("name", of_a_model(Invitation, "name"), one_line=True, limit=80),),
    ),
    Sheet(
        "join",
        of_peers.JoinForm,
        "",
        lambda scene: reverse("join", kwargs={"token": scene.invited}),
        plain(name="Kofi", username="kofi", passphrase=NEW_SECRET),
        (
            Box("name", of_a_model(User, "name"), one_line=True, limit=80, trimmed=True),
            Box("username", of_a_model(User, "username"), one_line=True, limit=150, mended=signin_name),
        ),
    ),
    Sheet(
        "sign-in",
        of_peers.SignInForm,
        "",
        at("sign-in"),
        plain(passphrase="not the right one"),
        (Box("username", one_line=True, limit=150),),
        guess=True,
    ),
    Sheet(
        "open",
        of_peers.CardWordsForm,
        "",
        at("open"),
        plain(device="own"),
        (Box("card_words", one_line=True, limit=500),),
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
        (Box("helps", newest(Entry, "detail")), phone_box(newest(Entry, "phone"))),
    ),
    Sheet(
        "person-new",
        today.NewPersonForm,
        "sam",
        at("person-new"),
        plain(language="en"),
        (Box("name", of_a_model(User, "name"), one_line=True, limit=80, trimmed=True),),
    ),
    Sheet(
        "person, told apart",
        KnownByForm,
        "sam",
        just_met,
        plain(do="tell_apart"),
        (Box("known_by", of_a_model(Person, "known_by", user=OF_SOMEONE_JUST_MET["pk"]), one_line=True, limit=40),),
    ),
    Sheet(
        "person",
        CorrectNameForm,
        "sam",
        just_met,
        plain(),
        (Box("name", of_a_model(User, "name", **OF_SOMEONE_JUST_MET), one_line=True, limit=80, trimmed=True),),
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
    (AgreeForm, "digest"): "of what was on the screen (test_agreement.py)",
    (WriteDownForm, "digest"): "of what was on the screen (test_agreement.py)",
    (of_peers.SettingsForm, "known_by_was"): "what the page showed, compared and not kept (test_told_apart.py)",
    (PrintForm, "name_on_paper"): "a name, like that of the settings (test_name_on_paper.py)",
    (LettersForm, "letters"): "six letters (test_walk_requests.py)",
    (of_peers.CodeForm, "code"): "six numbers",
    (organization_forms.FindByNameForm, "name"): "looked for, and kept nowhere (test_second_locks.py)",
    (FindPersonForm, "name"): "looked for, and kept nowhere (test_today.py)",
    (PinForm, "pin"): "four to eight digits",
    (of_peers.OwnWordsForm, "card_words"): "four words, in a session that came in by a card (test_own_words.py)",
    (profile.EntryForm, "prompt"): "the code of a question of the bank",
}
