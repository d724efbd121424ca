"""Forms of sharing: the yes to the one-page summary, and what supervisors ask to print."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.fields import WordsField
from recovery_plans.forms import PlanForm
from recovery_plans.models.printing import PrintSize
from recovery_plans.models.sharing import SUMMARY_DAYS

HOW_LONG = [(30, _("1 month")), (90, _("3 months")), (182, _("6 months")), (365, _("1 year"))]


class SummaryYesForm(PlanForm):
    """A yes to the one page: for how long, and what would help."""

    days = forms.TypedChoiceField(
        choices=HOW_LONG,
        coerce=int,
        initial=SUMMARY_DAYS,
        widget=forms.RadioSelect,
        label=_("For how long?"),
        help_text=_("You can stop it any day before."),
        error_messages={
            "required": _("Please pick for how long."),
            "invalid_choice": _("Please pick for how long."),
        },
    )
    from_us = WordsField(
        rows=2,
        required=False,
        label=_("What would help me from them?"),
        help_text=_("If you like. It goes on the page, and in your plan under “What I need right now”."),
    )


class CodesField(forms.Field):
    """Any number of codes. What is no code is passed over: it can only come from a hand-made request."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return list(dict.fromkeys(code for code in map(code_in, value or []) if code))


def code_in(text):
    """The code in a text that came with a request; None where there is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class PrintSummariesForm(forms.Form):
    """Which pages to print, and how large. `everyone` means all that there are, not only those on this page."""

    size = forms.ChoiceField(
        choices=[(PrintSize.REGULAR, _("Regular")), (PrintSize.LARGE, _("Large print"))], required=False
    )
    everyone = forms.BooleanField(required=False)
    grant = CodesField(required=False)
    peer = forms.UUIDField(required=False)

    def clean_size(self):
        return self.cleaned_data["size"] or PrintSize.REGULAR
