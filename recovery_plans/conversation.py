"""A conversation over one part of a plan: which question is asked now, which comes next, and what to tap."""

from dataclasses import dataclass
from functools import cached_property

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from peers.fields import NameField
from recovery_plans.forms import LANGUAGES_SPOKEN, EntryForm
from recovery_plans.models import EntryKind, Section
from recovery_plans.prompts import bank, next_prompt, other_language


@dataclass(frozen=True)
class Asked:
    """One question as both people see it: in the reader's language, and under it in the other's."""

    id: str
    text: str
    heads_up: str
    second: str
    second_language: str


class Conversation:
    """What two people talk about in one part: never a rule, always an offer."""

    def __init__(self, reading, section, *, language, wanted=""):
        self.reading, self.section, self.language, self.wanted = reading, Section(section), language, wanted
        self.words = bank(language).section(self.section)

    @cached_property
    def _so_far(self):
        used = {entry.line.prompt for entry in self.reading.entries(self.section) if entry.line.prompt}
        return {"used": used, "later": self.reading.kept_questions, "language": self.language}

    @cached_property
    def asked(self):
        """The question on the screen: the wanted one, else what the bank would ask now."""
        known = {prompt.id: prompt for prompt in self.words.prompts}
        prompt = known.get(self.wanted) or next_prompt(self.section, **self._so_far)
        second = other_language(self.language)
        return Asked(
            id=prompt.id,
            text=prompt.text,
            heads_up=prompt.heads_up,
            second=bank(second).prompt(prompt.id).text,
            second_language=second,
        )

    @property
    def another(self):
        """The code of the question after this one; going on and on shows each once and comes round again."""
        return next_prompt(self.section, after=self.asked.id, **self._so_far).id

    @property
    def tip(self):
        """A tip for the one who listens, which both can read; another one with each answer."""
        tips = bank(self.language).tips
        return tips[len(self.reading.entries(self.section)) % len(tips)]


class TogetherForm(EntryForm):
    """What is said in one part, typed for the person: some words, some tap-words, or both in one go."""

    def __init__(self, *args, section, language="", said=(), page_language="en", **kwargs):
        """`said` are the words that stand in this part already; they are not offered to tap again."""
        super().__init__(*args, section=section, language=language, **kwargs)
        words = bank(page_language).section(Section(section))
        taken = {text.casefold() for text in said}
        self.bags = [
            ("chips", EntryKind.PLAIN, _("Or tap any that fit"), words.chips),
            ("lifts", EntryKind.LIFTS, _("What lights me up"), words.chips_lifts),
            ("drains", EntryKind.DRAINS, _("What wears me out"), words.chips_drains),
        ]
        self.bags = [bag for bag in self.bags if bag[3]]
        for name, _kind, label, chips in self.bags:
            offered = [(chip, chip) for chip in chips if chip.casefold() not in taken]
            self.fields[name] = forms.MultipleChoiceField(
                choices=offered, required=False, label=label, widget=forms.CheckboxSelectMultiple
            )
        self.helper.render_unmentioned_fields = False

    @property
    def tapped(self):
        """Every tap-word that was chosen, with its kind."""
        return [(chip, kind) for name, kind, _label, _chips in self.bags for chip in self.cleaned_data[name]]

    @property
    def typed(self):
        """The arguments of `plan.add_entry` for what was typed; None when nothing was."""
        names = {"words", "helps", "kind", "language", "prompt", "save_id"} & set(self.cleaned_data)
        return {name: self.cleaned_data[name] for name in names} if self.cleaned_data["words"] else None

    @property
    def tap_words(self):
        """The sets of tap-words, bound, for the page to print as chips."""
        return [self[name] for name, *_rest in self.bags if self.fields[name].choices]

    @property
    def boxes(self):
        """The other fields, for the page to print in order."""
        tapped = {name for name, *_rest in self.bags}
        return [self[name] for name in self.fields if name not in tapped]


class NewPersonForm(forms.Form):
    """Meeting someone new: what they like to be called, and the language they speak. Nothing else is asked."""

    save_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = NameField(
        label=_("What do they like to be called?"),
        help_text=_("A first name is enough. It can be changed."),
        error_messages={"required": _("Write the name they like to be called.")},
    )
    language = forms.ChoiceField(choices=LANGUAGES_SPOKEN, label=_("The language they speak"), required=False)
    # Says that this is not the person of that name whom they walk with already.
    someone_new = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_language(self):
        return self.cleaned_data["language"] or "en"
