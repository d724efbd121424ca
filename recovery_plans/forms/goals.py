"""A goal: a new one with its first steps, other words, how it is today, what goes with it, the person's rulers."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.lines import PlanForm, VersionedForm, mark_language
from recovery_plans.forms.listed_steps import SEVERAL, ListedAsField, listed_steps
from recovery_plans.models import GoalState
from recovery_plans.sections import GOALS

STEPS_AT_ONCE, STEPS_IN_SIGHT = 12, 3
FURTHER_STEPS = [f"step_{number}" for number in range(2, STEPS_AT_ONCE + 1)]


class DayField(forms.DateField):
    """A day to look at a goal again: a day to come, within ten years. Never a due date."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", _("We could not read that day. Please write it as year-month-day, like 2030-05-19.")
        )
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
            **kwargs,
        )
        self.saved = None  # the day that is saved already; it may have gone by

    def validate(self, value):
        super().validate(value)
        if not isinstance(value, date) or value == self.saved:
            return
        today = timezone.localdate()
        if value < today:
            raise ValidationError(
                _(
                    "That day has gone by. Pick a day to come, or leave it blank. "
                    "Write it as year-month-day, like 2030-05-19."
                ),
                "past",
            )
        if value > today + timedelta(days=3653):
            raise ValidationError(
                _("That day is far away. Pick one in the next ten years. Write it as year-month-day, like 2030-05-19."),
                "far",
            )


def step_label(number):
    """What the box of a further step is called."""
    return _("Small step %(number)s") % {"number": number}


class GoalWordsForm(forms.Form):
    """What a person wants, and why it matters to them: a new goal and one that stands are asked alike."""

    words = WordsField(
        rows=2,
        label=_("What do you want?"),
        error_messages={"required": _("Write a word or two so we know what to call this goal.")},
    )
    why = WordsField(
        rows=2,
        required=False,
        label=_("Why does this matter to you?"),
        help_text=_("Your own reason, not what others want."),
    )


class GoalForm(GoalWordsForm, PlanForm):
    """A new goal: a word or two is enough. Its first small steps can come along; blank boxes say nothing."""

    box = "goal-new"
    also_sent_to = ("together-break", "hands")
    part = GOALS
    step = WordsField(
        one_line=True,
        required=False,
        label=_("What is one small thing you can do?"),
        help_text=_("So small it feels easy. You can always add more."),
    )

    listed_as = ListedAsField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = _("Use your own words. Big or small. You can change it any time.")
        for number, name in enumerate(FURTHER_STEPS, start=2):
            self.fields[name] = WordsField(one_line=True, required=False, label=step_label(number))

    def type_for(self, person):
        """Two read this form, one types for the other: her words, and no hints between the boxes."""
        name = {"name": person.name}
        self.fields["words"].label = _("In %(name)s’s words") % name
        self.fields["words"].help_text = _("Write it the way %(name)s says it.") % name
        for box in ("why", "step"):
            self.fields[box].help_text = ""

    @classmethod
    def field_of(cls, name):
        """Each box for a step is a field like the first."""
        return super().field_of("step" if name in FURTHER_STEPS else name)

    @classmethod
    def label_of_words(cls, name):
        """Also those of the further steps."""
        if name in FURTHER_STEPS:
            return step_label(FURTHER_STEPS.index(name) + 2)
        return super().label_of_words(name)

    @property
    def _step_boxes(self):
        return [self[name] for name in self.fields if name.startswith("step")]

    @property
    def steps_in_sight(self):
        """A few boxes for steps, and every further one in which something was typed."""
        return [box for index, box in enumerate(self._step_boxes) if index < STEPS_IN_SIGHT or box.value()]

    @property
    def steps_to_add(self):
        """The other boxes, for whoever wants more of them."""
        return [box for box in self._step_boxes[STEPS_IN_SIGHT:] if not box.value()]

    def as_goal(self):
        """The arguments of `plan.add_goal`. A step is named after its box; boxes left blank are left out."""
        data = dict(self.cleaned_data)
        apart = data.pop("listed_as") == SEVERAL
        steps = {}
        for name in [box.name for box in self._step_boxes]:
            words = data.pop(name)
            listed = listed_steps(words) if apart else []
            for number, step in enumerate(listed or [words]):
                steps[f"{name} {number}" if number else name] = step
        return {**data, "steps": {name: words for name, words in steps.items() if words}}

    @property
    def listed(self):
        """The steps that stand in one of the boxes as a list."""
        if not (self.is_bound and self.is_valid()):
            return []
        typed = (self.cleaned_data[box.name] for box in self._step_boxes)
        return [step for words in typed for step in listed_steps(words)]

    @property
    def asks_how_many(self):
        """Whether it is still to be said if such a list is one step or several."""
        return bool(self.listed) and not self.cleaned_data["listed_as"]


class GoalChangeForm(GoalWordsForm, VersionedForm):
    """Other words for a goal, why it matters, and a day to look at it again.

    On its page they are saved with every pause. Held as a draft is only what is typed beside somebody else's words.
    """

    box = "goal-change"

    look_again_on = DayField(
        required=False,
        label=_("When would you like to look at it again?"),
        help_text=_("This is not a due date. It is a day to check in."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["class"] = "mine"
        self.fields["why"].widget.attrs["class"] = "short"
        self.fields["look_again_on"].saved = self.initial.get("look_again_on")
        mark_language(self, "words", "why", language=self.initial.get("language"))

    @staticmethod
    def read(goal):
        """What the form shows first: the goal as it stands, and the version these words were read at."""
        return {
            "words": goal.words,
            "why": goal.detail,
            "look_again_on": goal.look_again_on,
            "base_version": goal.version,
            "language": goal.language,
        }

    def as_change(self):
        """The arguments of `goal.rewrite`."""
        data = dict(self.cleaned_data)
        data["detail"] = data.pop("why")
        return data


class GoalStateForm(PlanForm):
    """How a goal is today."""

    state = forms.ChoiceField(
        choices=GoalState.choices,
        widget=forms.RadioSelect,
        label=_("How is this goal today?"),
        error_messages={"required": _("Tap the one that fits."), "invalid_choice": _("Tap the one that fits.")},
    )


class UsesForm(PlanForm):
    """Which strengths a goal uses, and which needs get in its way."""

    uses = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Which of your strengths can help here?")
    )
    in_the_way = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("What do you need for this?")
    )

    def __init__(self, *args, strengths, needs, **kwargs):
        """`strengths` and `needs` are the plan's own entries; nothing else can be chosen."""
        super().__init__(*args, **kwargs)
        self.own = {str(entry.pk): entry for entry in [*strengths, *needs]}
        self.fields["uses"].choices = [(str(entry.pk), entry.words) for entry in strengths]
        self.fields["in_the_way"].choices = [(str(entry.pk), entry.words) for entry in needs]

    def _ticks(self, name):
        return [(tick, self.own[str(tick.data["value"])].language) for tick in self[name]]

    @property
    def strengths(self):
        """Each strength's tick, and the language its words are in."""
        return self._ticks("uses")

    @property
    def needs(self):
        """The same for the needs."""
        return self._ticks("in_the_way")

    def chosen(self):
        """The entries that were ticked."""
        data = self.cleaned_data
        return [self.own[code] for code in [*data["uses"], *data["in_the_way"]]]


def ruler_field(label):
    """A row of squares from nought to ten; no answer is an answer."""
    return forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=[*((str(n), str(n)) for n in range(11)), ("", _("Skip"))],
        widget=forms.RadioSelect,
        label=label,
    )


class RulerForm(PlanForm):
    """The person's own rulers for a goal. Nobody else ever sees them."""

    matters = ruler_field(_("How much does this matter to you today?"))
    sure = ruler_field(_("How sure are you that you can take the next step?"))
