"""What is sent with "yes, this is my plan", and with a yes that was said elsewhere."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from peers.forms import PageForm
from recovery_plans.models.agreement import OTHERS_LIMIT, WRITTEN_DOWN


class AgreeForm(PageForm):
    """The person's own yes, to the plan that was on the screen, by its digest. Nothing has to be typed."""

    box = "agree"

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    others = WordsField(
        one_line=True,
        limit=OTHERS_LIMIT,
        required=False,
        label=_("Who else is here?"),
        help_text=_("Names, if you like."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["save_id"].initial = uuid.uuid4

    def clean_save_id(self):
        return self.cleaned_data["save_id"] or uuid.uuid4()


class WriteDownForm(AgreeForm):
    """What the person said elsewhere, as who walks with them writes it down."""

    how = forms.ChoiceField(choices=[(how.value, how.label) for how in WRITTEN_DOWN])
