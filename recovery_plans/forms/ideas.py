"""An idea that is offered, the answer to it, and the person's own way of it."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from peers.forms import PageForm
from recovery_plans.forms.lines import MAX_VERSION, PlanForm, mark_language
from recovery_plans.ideas import offered_states
from recovery_plans.models import GoalState, IdeaKind, Step
from recovery_plans.models.ideas import WHY_LIMIT

KEEP, TAKE = "keep", "take"
EMPTY = {"required": _("Write a word or two.")}
TAP_ONE = {"required": _("Tap the one that fits."), "invalid_choice": _("Tap the one that fits.")}


def version_field(**kwargs):
    """Which version of a line was on the page; what has no line has the first."""
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MAX_VERSION, initial=1, **kwargs)


def fit_to(form, *, kind, line):
    """Ask only what this kind of idea is made of; a step is one line."""
    if kind == IdeaKind.STATE:
        del form.fields["words"]
        form.fields["goal_state"].choices = offered_states(line)
        return
    del form.fields["goal_state"]
    if kind == IdeaKind.STEP or isinstance(line, Step):
        label = form.fields["words"].label
        form.fields["words"] = WordsField(one_line=True, label=label, error_messages=EMPTY)
    mark_language(form, "words", language=line.language if line else "")


class OfferForm(PageForm):
    """Other words, a new step or goal, or a state, and one line why. Nothing of it is the person's before they see it.

    What is begun in it is held nowhere: what is not offered is nothing that the person should read.
    """

    box = "idea-words"
    also_sent_to = ("idea-step", "idea-goal", "idea-state")
    words = WordsField(rows=3, label=_("Your idea"), error_messages=EMPTY)
    goal_state = forms.ChoiceField(label=_("Your idea"), widget=forms.RadioSelect, error_messages=TAP_ONE)
    why = WordsField(
        one_line=True,
        limit=WHY_LIMIT,
        required=False,
        label=_("Why, in one line"),
        help_text=_("Say it as you would say it face to face. You can leave it blank."),
    )
    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen_version = version_field(required=False)

    def __init__(self, *args, kind, line=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.line = kind, line
        fit_to(self, kind=kind, line=line)
        self.fields["save_id"].initial = uuid.uuid4
        if kind == IdeaKind.WORDS:
            self.fields["words"].initial = line.words
            self.fields["seen_version"].initial = line.version

    def clean_words(self):
        words = self.cleaned_data["words"]
        if self.kind == IdeaKind.WORDS and words == self.line.words:
            raise ValidationError(_("These are the words that are there now. What would you change?"), "same")
        return words

    def as_idea(self):
        """The arguments of `Idea.offer`."""
        data = dict(self.cleaned_data)
        data["base_version"] = data.pop("seen_version") or 1
        return {**data, "kind": self.kind, "line": self.line}


class AnswerForm(forms.Form):
    """Keep what stands, or take the idea, with the version of the words, or the goal's state, that were on the page."""

    answer = forms.ChoiceField(choices=[(KEEP, KEEP), (TAKE, TAKE)])
    base_version = forms.IntegerField(min_value=1, max_value=MAX_VERSION)
    base_state = forms.ChoiceField(choices=GoalState, required=False)


class MyWayForm(PlanForm):
    """The person's own words, or the state they choose, where somebody had an idea."""

    box = "idea-mine"
    words = WordsField(rows=3, label=_("In my own words"), error_messages=EMPTY)
    goal_state = forms.ChoiceField(label=_("How is this goal today?"), widget=forms.RadioSelect, error_messages=TAP_ONE)
    base_version = version_field()

    def __init__(self, *args, idea, **kwargs):
        super().__init__(*args, **kwargs)
        fit_to(self, kind=idea.kind, line=idea.line)
        if idea.kind == IdeaKind.WORDS:
            self.fields["base_version"].initial = idea.line.version
            self.fields["words"].initial = idea.line.words
        elif idea.kind != IdeaKind.STATE:
            self.fields["words"].initial = idea.words

    def as_answer(self):
        """The arguments of `idea.rewrite`."""
        return dict(self.cleaned_data)
