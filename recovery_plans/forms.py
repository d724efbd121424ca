"""Forms of a plan: they check, they never save; their fields are the verbs' arguments."""

import uuid
from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.fields import LanguageSelect, WordsField
from recovery_plans.models import EntryKind, GoalState, Section, StepState, StepWho

# The languages people here are most likely to speak, each in its own words. The plan's own comes first on the page.
LANGUAGES_SPOKEN = [
    ("en", "English"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ht", "Kreyòl ayisyen"),
    ("vi", "Tiếng Việt"),
    ("zh-Hant", "中文"),
    ("ar", "العربية"),
    ("km", "ខ្មែរ"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("so", "Soomaali"),
]
KINDS_ASKED = {
    Section.VALUES: [
        (EntryKind.LIFTS, _("It lights me up")),
        (EntryKind.DRAINS, _("It wears me out")),
        (EntryKind.PLAIN, _("It just matters to me")),
    ],
    Section.NEEDS: [
        (EntryKind.PLAIN, _("This is for me to know")),
        (EntryKind.FROM_US, _("This is something the team could help with")),
    ],
}


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
        self.stands = None  # the day that stands already; it may have gone by

    def validate(self, value):
        super().validate(value)
        if not isinstance(value, date) or value == self.stands:
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


STEPS_AT_ONCE, STEPS_IN_SIGHT = 12, 3


class GoalForm(PlanForm):
    """A new goal: a word or two is enough. Its first small steps can come along; blank boxes say nothing."""

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(2, STEPS_AT_ONCE + 1):
            label = _("Small step %(number)s") % {"number": number}
            self.fields[f"step_{number}"] = WordsField(one_line=True, required=False, label=label)

    @property
    def _step_boxes(self):
        return [self[name] for name in self.fields if name.startswith("step")]

    @property
    def steps_in_sight(self):
        """A few boxes for steps, and every further one in which something was typed."""
        return [box for place, box in enumerate(self._step_boxes) if place < STEPS_IN_SIGHT or box.value()]

    @property
    def steps_to_add(self):
        """The other boxes, for whoever wants more of them."""
        return [box for box in self._step_boxes[STEPS_IN_SIGHT:] if not box.value()]

    @property
    def steps(self):
        """What was said in each box for a step, by the box; blank ones are left out."""
        said = {box.name: self.cleaned_data[box.name] for box in self._step_boxes}
        return {name: words for name, words in said.items() if words}


class StepForm(PlanForm):
    """A new step. "Me" is what it is unless someone says otherwise."""

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
    other = WordsField(one_line=True, most=200, required=False, label=_("Who is it, if someone else?"))

    def clean_who(self):
        return self.cleaned_data["who"] or StepWho.ME

    def clean(self):
        said = super().clean()
        if said.get("other") and said.get("who") == StepWho.ME:
            said["who"] = StepWho.OTHER  # a name was written; the choice was only left where it stood
        return said


class EntryForm(PlanForm):
    """One statement in a section. Its fields are those of `plan.add_entry`; a section asks only what fits it."""

    words = WordsField(rows=3, label=_("In my own words"), required=False)
    helps = WordsField(rows=2, required=False, label=_("How they help"))
    kind = forms.ChoiceField(required=False, label=_("What is it?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(required=False, label=_("The language of these words"), widget=LanguageSelect)
    prompt = forms.SlugField(max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, section, language="", **kwargs):
        """`section` is where the words go; `language` is the person's own, which is what silence means."""
        super().__init__(*args, **kwargs)
        section = Section(section)
        if section != Section.SUPPORTERS:
            del self.fields["helps"]
        else:
            self.fields["words"].label = _("Who is it?")
            self.fields["words"].widget.attrs["rows"] = 1
        if section in KINDS_ASKED:
            self.fields["kind"].choices = KINDS_ASKED[section]
            self.fields["kind"].initial = KINDS_ASKED[section][0][0]
        else:
            del self.fields["kind"]
        self.fields["language"].widget.own = language
        own = dict(LANGUAGES_SPOKEN).get(language, language)
        others = [(code, name) for code, name in LANGUAGES_SPOKEN if code != language]
        self.fields["language"].choices = [("", own or _("My language")), *others]

    @property
    def says_something(self):
        """Whether there is anything to keep: words of only spaces are simply not added."""
        return bool(self.cleaned_data["words"])

    def clean(self):
        said = super().clean()
        if said.get("helps") and not said.get("words") and "words" not in self.errors:
            self.add_error("words", _("Who is it? A name is enough."))
        return said


def mark_language(form, *names, language):
    """Say in which language the words in these boxes are, so that they are read aloud in it."""
    for name in names:
        if language and name in form.fields:
            form.fields[name].widget.attrs["lang"] = language


class EntryChangeForm(EntryForm, VersionedForm):
    """Other words for an entry that stands already."""

    def __init__(self, *args, section, language="", **kwargs):
        super().__init__(*args, section=section, language=language, **kwargs)
        self.own_language = language
        del self.fields["prompt"]
        self.fields["words"].required = True
        self.fields["words"].error_messages["required"] = _(
            "Write a word or two. If you want it gone, use “Take it out”."
        )
        spoken = self.initial.get("language", "")
        if spoken and spoken not in dict(self.fields["language"].choices):
            self.fields["language"].choices = [*self.fields["language"].choices, (spoken, spoken)]
        mark_language(self, "words", "helps", language=spoken or language)

    @staticmethod
    def read(entry, *, language):
        """What the form shows first: the entry as it stands, and the version these words were read at."""
        return {
            "words": entry.words,
            "helps": entry.detail,
            "kind": entry.kind,
            "language": "" if entry.language == language else entry.language,
            "base_version": entry.version,
        }

    def as_change(self):
        """The arguments of `entry.rewrite`."""
        said = dict(self.cleaned_data)
        said["detail"] = said.pop("helps", self.initial.get("helps", ""))
        said["language"] = said["language"] or self.own_language
        return said


class GoalChangeForm(VersionedForm):
    """Other words for a goal, why it matters, and a day to look at it again."""

    words = WordsField(
        rows=2,
        label=_("What do you want?"),
        error_messages={"required": _("Write a word or two so we know what to call this goal.")},
    )
    why = WordsField(
        rows=2, required=False, label=_("Why does this matter to you?"), help_text=_("Not for anyone else. For you.")
    )
    look_again_on = DayField(
        required=False,
        label=_("When would you like to look at it again?"),
        help_text=_("This is not a due date. It is a day to check in."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["class"] = "mine"
        self.fields["why"].widget.attrs["class"] = "short"
        self.fields["look_again_on"].stands = self.initial.get("look_again_on")
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
        said = dict(self.cleaned_data)
        said["detail"] = said.pop("why")
        return said


class StepChangeForm(StepForm, VersionedForm):
    """Other words for a step, and who does it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_language(self, "words", "other", language=self.initial.get("language"))

    @staticmethod
    def read(step):
        """What the form shows first: the step as it stands, and the version these words were read at."""
        said = {"words": step.words, "who": step.who, "other": step.detail, "base_version": step.version}
        return {**said, "language": step.language}

    def as_change(self):
        """The arguments of `step.rewrite`."""
        said = dict(self.cleaned_data)
        said["detail"] = said.pop("other")
        return said


class GoalStateForm(PlanForm):
    """How a goal is today."""

    state = forms.ChoiceField(
        choices=GoalState.choices,
        widget=forms.RadioSelect,
        label=_("How is this goal today?"),
        error_messages={"required": _("Tap the one that fits."), "invalid_choice": _("Tap the one that fits.")},
    )


class StepStateForm(PlanForm):
    """How a step is going."""

    state = forms.ChoiceField(choices=StepState.choices, label=_("How is this step going?"))


class UsesForm(PlanForm):
    """Which strengths a goal uses, and which needs get in its way."""

    uses = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Which of your strengths can help here?")
    )
    in_the_way = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Does one of these get in the way?")
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
        said = self.cleaned_data
        return [self.own[code] for code in [*said["uses"], *said["in_the_way"]]]


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
