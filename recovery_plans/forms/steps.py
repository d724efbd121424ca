"""A step: a new one, other words, and how it is going."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.lines import PlanForm, VersionedForm, mark_language
from recovery_plans.models import StepState, StepWho


class StepForm(PlanForm):
    """A new step. "Me" is what it is unless someone says otherwise."""

    box = "step-add"
    words = WordsField(
        one_line=True,
        label=_("What is one small thing you can do?"),
        help_text=_("So small it feels easy. You can always add more."),
        error_messages={"required": _("What is the step? One short line is enough.")},
    )
    who = forms.ChoiceField(
        choices=StepWho.choices,
        initial=StepWho.ME,
        label=_("Who will do it?"),
        required=False,
        widget=forms.RadioSelect,
    )
    other = WordsField(one_line=True, limit=200, required=False, label=_("Who is it, if someone else?"))

    def clean_who(self):
        return self.cleaned_data["who"] or StepWho.ME

    def clean(self):
        data = super().clean()
        if data.get("other") and data.get("who") == StepWho.ME:
            data["who"] = StepWho.OTHER  # a name was written; the choice was only left where it stood
        return data


class StepChangeForm(StepForm, VersionedForm):
    """Other words for a step, and who does it."""

    box = "step-change"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_language(self, "words", "other", language=self.initial.get("language"))

    @staticmethod
    def read(step):
        """What the form shows first: the step as it stands, and the version these words were read at."""
        data = {"words": step.words, "who": step.who, "other": step.detail, "base_version": step.version}
        return {**data, "language": step.language}

    def as_change(self):
        """The arguments of `step.rewrite`."""
        data = dict(self.cleaned_data)
        data["detail"] = data.pop("other")
        return data


class StepStateForm(PlanForm):
    """How a step is going."""

    state = forms.ChoiceField(choices=StepState.choices, label=_("How is this step going?"))
