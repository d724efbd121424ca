"""The yes to the one-page summary."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.lines import PlanForm
from recovery_plans.models.sharing import SUMMARY_DAYS
from recovery_plans.sections import Section

HOW_LONG = [(30, _("1 month")), (90, _("3 months")), (182, _("6 months")), (365, _("1 year"))]


class SummaryYesForm(PlanForm):
    """A yes to the one page: for how long, and what would help."""

    box = "share-summary"
    part = Section.NEEDS
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
        label=_("How could the team help me?"),
        help_text=_("If you like. It goes on the page, and in your plan under “What I need right now”."),
    )
