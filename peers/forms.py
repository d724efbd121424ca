"""Forms of users and organizations: they validate and never save; their fields are the arguments of model methods."""

import re
import unicodedata

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peers.form_fields import LanguageSelect, NameField, WordsField
from peers.models import User
from peers.models.users import TextSize, signin_name
from peers.models.walks import KNOWN_BY_LIMIT

DEVICES = [("own", _("My own")), ("shared", _("Shared or borrowed"))]


# The forms that take words, by the name of each address that they are sent to; a page may have two.
FORMS_AT = {}


class PageForm(forms.Form):
    """What every form has: the template writes the form tag and the CSRF token.

    A form that takes words names the address that it goes to as its `box`, and any other that it is sent to. Should it
    be refused before its view sees it, what was typed is given back under the labels of its fields.
    """

    box, also_sent_to = "", ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.box and "box" in vars(cls):
            for address in (cls.box, *cls.also_sent_to):
                FORMS_AT.setdefault(address, []).append(cls)

    @classmethod
    def label_of_words(cls, name):
        """The label of the box of this name, where it takes words; None for a choice, a code or a secret."""
        field = cls.base_fields.get(name)
        return field.label if isinstance(field, WordsField) else None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class SecretField(forms.CharField):
    """A password field: never shown again, may be pasted, and normalized, as keyboards encode letters differently."""

    def __init__(self, *, autocomplete, limit=1000, **kwargs):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none"})
        super().__init__(strip=False, widget=widget, **kwargs)
        self.limit = limit
        self.validators = []  # NUL is refused below, with our message

    def to_python(self, value):
        secret = super().to_python(value)
        if re.search("[\x00-\x1f\x7f\ud800-\udfff]", secret):
            raise ValidationError(
                _("There is a character here that we cannot keep. Please type it again."), "character"
            )
        if len(secret) > self.limit:
            raise ValidationError(_("This is longer than we can keep. Please make it shorter."), "long")
        return unicodedata.normalize("NFC", secret)


def signin_name_field(**kwargs):
    field = WordsField(one_line=True, limit=150, label=_("Sign-in name"), **kwargs)
    field.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "dir": "ltr"})
    return field


# --- signing in ---


class SignInForm(PageForm):
    """Signing in with a passphrase."""

    username = signin_name_field(error_messages={"required": _("Please type your sign-in name.")})
    passphrase = SecretField(
        autocomplete="current-password",
        label=_("Passphrase"),
        error_messages={"required": _("Please type your passphrase.")},
    )
    shared = forms.BooleanField(
        required=False,
        label=_("This phone or computer is shared or borrowed"),
        help_text=_("Then we cover the page after ten quiet minutes."),
    )


class CodeForm(PageForm):
    """The six numbers from a code app, with or without a gap in the middle."""

    code = forms.CharField(
        label=_("The six numbers"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none", "dir": "ltr"}
        ),
        error_messages={"required": _("Please type the six numbers.")},
    )

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError(_("Please type the six numbers that the app shows."), "shape")
        return code


class SignInCodeForm(CodeForm):
    """The six numbers; or, for someone who has lost their phone, one of their recovery codes."""

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        return code if re.fullmatch(r"[0-9]{12}", code) else super().clean_code()


def device_field():
    return forms.ChoiceField(
        choices=DEVICES,
        initial="shared",  # the careful answer, for whoever passes over the question
        widget=forms.RadioSelect,
        label=_("Whose phone or computer is this?"),
        error_messages={
            "required": _("Please pick one: your own, or shared."),
            "invalid_choice": _("Please pick one: your own, or shared."),
        },
    )


class CardForm(PageForm):
    """Signing in with a card. The PIN is asked only for a card that has one."""

    device = device_field()

    def ask_pin(self):
        self.fields["pin"] = SecretField(
            autocomplete="off",
            limit=20,
            label=_("The PIN of your card"),
            error_messages={"required": _("Please type the PIN of your card.")},
        )
        self.fields["pin"].widget.attrs["inputmode"] = "numeric"


class CardWordsForm(CardForm):
    """Signing in with a card: its four words, and whose device this is."""

    card_words = WordsField(
        one_line=True,
        limit=500,
        label=_("The four words on your card"),
        help_text=_("Big or small letters, with or without spaces. You can paste them."),
        error_messages={"required": _("Please type the four words on your card.")},
    )
    field_order = ["card_words", "pin", "device"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["card_words"].widget.attrs["autocapitalize"] = "none"

    def ask_pin(self):
        super().ask_pin()
        self.order_fields(self.field_order)


class OwnWordsForm(PageForm):
    """Own words, typed in a session that is not yet the person's own; or the passphrase, or the PIN of before."""

    card_words = WordsField(
        one_line=True, limit=500, required=False, label=_("Your own four words"), help_text=_("With or without spaces.")
    )

    def __init__(self, *args, has_passphrase, asks_pin, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["card_words"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "off"}
        if asks_pin:
            self.ask_pin()
        if has_passphrase:
            self.fields["passphrase"] = SecretField(autocomplete="off", required=False, label=_("Or your passphrase"))

    def ask_pin(self):
        self.fields["pin"] = SecretField(autocomplete="off", limit=20, required=False, label=_("Your PIN"))
        self.fields["pin"].widget.attrs["inputmode"] = "numeric"

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Please type your four words."), "required")
        return data


class PinForm(PageForm):
    """A PIN of four to eight digits, for those who want one."""

    help_text = ""
    pin = forms.CharField(
        required=False,
        label=_("A PIN, if you want one"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "dir": "ltr"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pin"].help_text = self.help_text

    def clean_pin(self):
        pin = re.sub(r"[\s-]", "", self.cleaned_data["pin"])
        if pin and not re.fullmatch(r"[0-9]{4,8}", pin):
            raise ValidationError(_("Please choose 4 to 8 digits, or leave it blank."), "shape")
        return pin


class DevicePinForm(PinForm):
    """The PIN with which a peer specialist takes back a device from a person's hands."""

    help_text = _("4 to 8 digits. Without one, your passphrase takes it back.")


# --- a name and passphrase of one's own ---

_PASSPHRASE_MESSAGES = {
    "password_too_short": _("Please make it at least 12 characters long. A few words in a row are good."),
    "password_too_common": _("Many people use this one, so it is easy to guess. Please choose another."),
    "password_too_similar": _("This is too close to your name. Please choose another."),
}


class NewPassphraseForm(PageForm):
    """A sign-in name that nobody has yet, and a passphrase that is not easy to guess."""

    checks_taken = True  # whether the form itself says that a name is taken

    username = signin_name_field(
        help_text=_("What you type to sign in. Letters and numbers, no spaces."),
        error_messages={"required": _("Please choose a name to sign in with.")},
    )
    passphrase = SecretField(
        autocomplete="new-password",
        label=_("New passphrase"),
        help_text=_("At least 12 characters. A few words in a row are good."),
        error_messages={"required": _("Please choose a passphrase.")},
    )

    def __init__(self, *args, user=None, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_username(self):
        username = signin_name(self.cleaned_data["username"])
        if not re.fullmatch(r"[\w.@+-]+", username):
            raise ValidationError(_("Letters and numbers only, please, with no spaces."), "shape")
        if len(username) > 150:
            raise ValidationError(_("This is longer than we can keep. Please make it shorter."), "long")
        if self.checks_taken and self.name_is_taken(username):
            raise ValidationError(NAME_TAKEN, "taken")
        return username

    def name_is_taken(self, username):
        """Whether someone else has this name. Only for a reader we know: the answer says who has an account."""
        return User.objects.filter(username=username).exclude(pk=self.user.pk if self.user else None).exists()

    def clean(self):
        data = super().clean()
        if data.get("passphrase"):
            try:
                validate_password(data["passphrase"], User(username=data.get("username"), name=data.get("name", "")))
            except ValidationError as refused:
                for problem in refused.error_list:
                    self.add_error("passphrase", _PASSPHRASE_MESSAGES.get(problem.code, problem))
        return data


NAME_TAKEN = _("Someone here has that sign-in name. Please choose another.")


class OwnPassphraseForm(NewPassphraseForm):
    """With the passphrase one has now, where there is one: an open session alone must not be enough to change it.

    The view says whether a name is taken only once that passphrase is right.
    """

    box = "settings-passphrase"
    checks_taken = False

    current = SecretField(
        autocomplete="current-password",
        label=_("The passphrase you have now"),
        error_messages={"required": _("Please type the passphrase you have now.")},
    )
    field_order = ["username", "current", "passphrase"]

    def __init__(self, *args, ask_current, **kwargs):
        super().__init__(*args, **kwargs)
        if not ask_current:  # they have none yet, or signed in with a card they made themselves
            del self.fields["current"]


class ForgottenPassphraseForm(NewPassphraseForm):
    """A new passphrase by a one-time link; the sign-in name stays."""

    username = None

    def clean(self):
        self.cleaned_data |= {"username": self.user.username, "name": self.user.name}
        return super().clean()


class JoinForm(NewPassphraseForm):
    """Joining the team by invitation: a name to call you, a sign-in name, a passphrase."""

    box = "join"
    name = NameField(
        label=_("Your name"),
        help_text=_("As the people you walk with know you."),
        error_messages={"required": _("Please write the name we should call you.")},
    )
    field_order = ["name", "username", "passphrase"]


# --- how I like to read ---


def languages_for(user):
    """The languages of pages; and the person's own where it is another, so that it can be kept."""
    known = list(settings.LANGUAGES)
    if user.language not in dict(known):
        known.append((user.language, user.language))
    return known


class SettingsForm(PageForm):
    """How someone likes to be called and how they like to read."""

    box = "settings"
    name = NameField(
        label=_("What should we call you?"),
        error_messages={"required": _("Please write the name we should call you.")},
    )
    language = forms.ChoiceField(label=_("Language"), widget=LanguageSelect)
    text_size = forms.TypedChoiceField(
        choices=TextSize.choices, coerce=int, widget=forms.RadioSelect, label=_("Size of the text")
    )
    # Chosen with a peer specialist who walks with another of the same name; only then is there something to change, and
    # to bring back after it was taken out.
    known_by = WordsField(
        one_line=True,
        required=False,
        limit=KNOWN_BY_LIMIT,
        label=_("What tells me from someone of my name"),
        help_text=_("The team sees it beside your name. Empty it to take it out."),
    )
    # What it was when the page was made: an old page that is kept does not bring an old one back.
    known_by_was = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    plain_font = forms.BooleanField(required=False, label=_("Plain letters everywhere"))
    calm = forms.BooleanField(required=False, label=_("No movement on the page"))

    def __init__(self, *args, user, person=None, **kwargs):
        """`person` is the user as the person of a plan, if they have one."""
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages_for(user)
        if person and (person.known_by or person.known_by_is_theirs):
            self.fields["known_by"].initial = self.fields["known_by_was"].initial = person.known_by
        else:
            del self.fields["known_by"], self.fields["known_by_was"]

    @property
    def chooses_known_by(self):
        """Whether something else was chosen than the page showed. Where it had no box for it, nothing was."""
        data = self.cleaned_data
        if "known_by" not in data or "known_by" not in self.data:
            return False
        return "known_by_was" not in self.data or data["known_by"] != data["known_by_was"]
