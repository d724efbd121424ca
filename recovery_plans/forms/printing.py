"""Printing a plan: which parts, how large, on what paper."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from peers.form_fields import NameField
from peers.forms import PageForm
from recovery_plans.models.print_jobs import Paper, PrintSize
from recovery_plans.sections import GOALS, GOALS_LABEL, PRINTED_PARTS, Section


def part_label(part):
    return GOALS_LABEL if part == GOALS else Section(part).label


class PrintForm(PageForm):
    """What goes into a printed plan. Its answers are remembered, so that next time is one tap."""

    parts = forms.MultipleChoiceField(
        label=_("Which parts?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("“On a hard day” is always a last sheet of its own."),
        error_messages={"required": _("Pick at least one part to print.")},
    )
    size = forms.ChoiceField(choices=PrintSize.choices, label=_("How large?"), widget=forms.RadioSelect)
    paper = forms.ChoiceField(choices=Paper.choices, label=_("Which paper?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        label=_("Language of the headings"),
        widget=forms.RadioSelect,
        help_text=_("My own words stay as I said them."),
    )
    grey = forms.BooleanField(required=False, label=_("Black and white"))
    room_to_write = forms.BooleanField(required=False, label=_("Leave room to write"))
    name_on_paper = NameField(
        required=False,
        label=_("What should stand on the paper?"),
        help_text=_("Any name you go by. It stands on your PDF and on your one-page summary."),
    )

    def __init__(self, *args, prints, name="", **kwargs):
        """`name` is what stands on paper now; only the person, who has one, is asked."""
        super().__init__(*args, **kwargs)
        self.fields["name_on_paper"].initial = name
        if not name:
            del self.fields["name_on_paper"]
        open_parts = [part for part in PRINTED_PARTS if part in prints]
        self.fields["parts"].choices = [(part, part_label(part)) for part in open_parts]
