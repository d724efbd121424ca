"""Meeting someone new."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import LanguageSelect, NameField
from recovery_plans.forms.lines import LANGUAGES_SPOKEN, PlanForm


class NewPersonForm(PlanForm):
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
    organization = forms.ChoiceField(label=_("Where do you walk together?"))

    def __init__(self, *args, organizations, **kwargs):
        """`organizations` are where the peer specialist works; only with two or more is there something to ask."""
        super().__init__(*args, **kwargs)
        self.organizations = {str(each.pk): each for each in organizations}
        self.fields["organization"].choices = [(code, each.name) for code, each in self.organizations.items()]
        if len(self.organizations) == 1:
            del self.fields["organization"]

    def clean_language(self):
        return self.cleaned_data["language"] or "en"

    @property
    def chosen_organization(self):
        """The organization in which the two walk together."""
        chosen = self.cleaned_data.get("organization")
        return self.organizations[chosen] if chosen else next(iter(self.organizations.values()))
