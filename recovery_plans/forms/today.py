"""Beginning to walk with someone: meeting them, or answering when they ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import LanguageSelect, NameField, WordsField
from peers.forms import PageForm
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
