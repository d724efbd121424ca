"""Beginning to walk with someone: meeting them, or answering when they ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import LanguageSelect, NameField, WordsField, too_long
from peers.forms import PageForm
from peers.models.walks import KNOWN_BY_LIMIT
from recovery_plans.forms.lines import LANGUAGES_SPOKEN, PlanForm


class BeginWalkForm(PlanForm):
    """What every beginning of a walk asks: in which organization the two walk together, where there is a choice."""

    organization = forms.ChoiceField(label=_("Where do you walk together?"))

    def __init__(self, *args, organizations, **kwargs):
        """`organizations` are where the peer specialist works; only with two or more is there something to ask."""
        super().__init__(*args, **kwargs)
        self.organizations = {str(each.pk): each for each in organizations}
        self.fields["organization"].choices = [(code, each.name) for code, each in self.organizations.items()]
        if len(self.organizations) == 1:
            del self.fields["organization"]

    @property
    def chosen_organization(self):
        """The organization in which the two walk together."""
        chosen = self.cleaned_data.get("organization")
        return self.organizations[chosen] if chosen else next(iter(self.organizations.values()))


# Pictures to choose from, where nobody wants to type a word.
PICTURES = [
    ("", _("No picture")),
    ("🌻", _("🌻 sunflower")),
    ("⭐", _("⭐ star")),
    ("🐢", _("🐢 turtle")),
    ("🍎", _("🍎 apple")),
    ("🚲", _("🚲 bike")),
    ("🎸", _("🎸 guitar")),
]


class KnownByForm(PageForm):
    """What tells two people of one name apart: a word or a picture that the person chose too, or nothing."""

    box = "person"

    known_by = WordsField(
        one_line=True,
        required=False,
        limit=KNOWN_BY_LIMIT,
        label=_("A word that tells them apart, if you both like"),
        help_text=_("Pick it together, such as “blue cap”. They can see it and change it."),
    )
    picture = forms.ChoiceField(required=False, choices=PICTURES, widget=forms.RadioSelect, label=_("Or a picture"))

    def clean(self):
        """A word and a picture together have no more room than a word alone."""
        if {"known_by", "picture"} <= self.cleaned_data.keys() and len(self.chosen) > KNOWN_BY_LIMIT:
            self.add_error("known_by", too_long(len(self.chosen), KNOWN_BY_LIMIT))
        return self.cleaned_data

    @property
    def chosen(self):
        """What was chosen, as it stands beside the name; "" for nothing."""
        return " ".join(filter(None, (self.cleaned_data["picture"], self.cleaned_data["known_by"])))


class NewPersonForm(BeginWalkForm):
    """Meeting someone new: what they like to be called, and the language they like best. Nothing else is asked."""

    box = "person-new"
    holds_drafts = False  # there is no plan yet to hold it in

    name = NameField(
        label=_("What do they like to be called?"),
        help_text=_("A first name is enough. It can be changed."),
        error_messages={"required": _("Write the name they like to be called.")},
    )
    language = forms.ChoiceField(
        choices=LANGUAGES_SPOKEN, label=_("The language they like best"), required=False, widget=LanguageSelect
    )
    field_order = ["name", "language", "organization"]

    def clean_language(self):
        return self.cleaned_data["language"] or "en"


class FindPersonForm(PageForm):
    """Finding someone the reader walks with, by their name or a part of it. Nothing typed shows everyone."""

    box = "today"

    name = WordsField(one_line=True, limit=80, required=False, label=_("Find someone by name"))


class CorrectNameForm(PageForm):
    """The name of someone who has not opened their plan themself yet."""

    box = "person"

    name = NameField(
        label=_("What do they like to be called?"),
        error_messages={"required": _("Write the name they like to be called.")},
    )


class LettersForm(BeginWalkForm):
    """The six letters of someone who asks the reader to walk with them."""

    letters = forms.CharField(
        max_length=40,
        label=_("The six letters"),
        help_text=_("They are on the person's screen, for 15 minutes."),
        error_messages={"required": _("Please type the six letters.")},
    )
    field_order = ["letters", "organization"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["letters"].widget.attrs.update(
            {"autocapitalize": "characters", "autocomplete": "off", "dir": "ltr", "translate": "no"}
        )
