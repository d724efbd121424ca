"""Forms of a plan: they check, they never save; their fields are the verbs' arguments."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from peers.fields import WordsField
from recovery_plans.models import StepWho


class PlanForm(forms.Form):
    """What every form of a plan has: no form tag of its own, and a save id, so that two taps are one save."""

    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["save_id"].initial = uuid.uuid4
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_save_id(self):
        return self.cleaned_data["save_id"] or uuid.uuid4()


class VersionedForm(PlanForm):
    """A form that changes a line: it carries the version the words were read at."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)


class GoalForm(PlanForm):
    """A new goal: a word or two is enough."""

    words = WordsField(
        rows=2,
        label=_("What do you want?"),
        help_text=_("Use your own words. Big or small. You can change it any time."),
        error_messages={"required": _("Write a word or two so we know what to call this goal.")},
    )
    why = WordsField(
        rows=2, required=False, label=_("Why does this matter to you?"), help_text=_("Not for anyone else. For you.")
    )
    step = WordsField(
        one_line=True,
        required=False,
        label=_("What is one small thing you can do?"),
        help_text=_("So small it feels easy. You can always add more."),
    )


class StepForm(PlanForm):
    """A new step. "Me" is what it is unless someone says otherwise."""

    words = WordsField(
        one_line=True,
        label=_("What is one small thing you can do?"),
        help_text=_("So small it feels easy. You can always add more."),
        error_messages={"required": _("What is the step? One short line is enough.")},
    )
    who = forms.ChoiceField(choices=StepWho.choices, initial=StepWho.ME, label=_("Who will do it?"), required=False)
    other = WordsField(one_line=True, most=200, required=False, label=_("Who is it, if someone else?"))

    def clean_who(self):
        return self.cleaned_data["who"] or StepWho.ME
