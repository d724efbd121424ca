"""A step: a new one, other words, and how it is going."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.lines import PlanForm, VersionedForm, mark_language
from recovery_plans.forms.listed_steps import SEVERAL, ListedAsField, listed_steps
from recovery_plans.models import StepState, StepWho


class StepForm(PlanForm):
    """A new step. "Me" is what it is unless someone says otherwise."""

    box = "step-add"
    also_sent_to = ("together-break", "hands")
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
    listed_as = ListedAsField()

    @property
    def listed(self):
        """The steps that stand in the box as a list."""
        return listed_steps(self.cleaned_data["words"]) if self.is_bound and self.is_valid() else []

    @property
    def asks_how_many(self):
        """Whether it is still to be said if that list is one step or several."""
        return bool(self.listed) and not self.cleaned_data["listed_as"]

    def as_step(self):
        """The arguments of `goal.add_step` for all that was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "listed_as"}

    def as_steps(self):
        """The same for each step; the first is kept under the save id of the form."""
        step = self.as_step()
        listed = self.listed if self.cleaned_data["listed_as"] == SEVERAL else []
        for number, words in enumerate(listed or [step["words"]]):
            save_id = uuid.uuid5(step["save_id"], str(number)) if number else step["save_id"]
            yield step | {"words": words, "save_id": save_id}

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
    also_sent_to = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["listed_as"]
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
