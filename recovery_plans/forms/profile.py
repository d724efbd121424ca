"""A statement in one part of the profile: a new one, and other words for one that stands."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.form_fields import LanguageSelect, WordsField
from peers.phone_numbers import PhoneField
from recovery_plans.forms.lines import LANGUAGES_SPOKEN, PlanForm, VersionedForm, mark_language
from recovery_plans.sections import EntryKind, row_of


def languages(*, own, spoken=""):
    """The languages to choose from: the person's own by choosing nothing, and the one the words are in already."""
    others = [(code, name) for code, name in LANGUAGES_SPOKEN if code != own]
    listed = not spoken or spoken in dict(others)
    own_name = dict(LANGUAGES_SPOKEN).get(own, own) or _("My language")
    return [("", own_name), *others, *([] if listed else [(spoken, spoken)])]


class EntryForm(PlanForm):
    """One statement in a section. Its fields are those of `plan.add_entry`; a section asks only what fits it."""

    box = "entry-add"
    words = WordsField(rows=3, label=_("In my own words"), required=False)
    helps = WordsField(rows=2, required=False, label=_("How they help"))
    phone = PhoneField(label=_("Phone number, if you like"))
    kind = forms.ChoiceField(required=False, label=_("What is it?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(required=False, label=_("The language of these words"), widget=LanguageSelect)
    prompt = forms.SlugField(max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, section, language="", **kwargs):
        """`section` is where the words go; `language` is the person's own, which is what silence means."""
        super().__init__(*args, **kwargs)
        row = row_of(section)
        if not row.lists_people:
            del self.fields["helps"]
        else:
            self.fields["words"].label = _("Who is it?")
            self.fields["words"].widget.attrs["rows"] = 1
        if not row.takes_phone:
            del self.fields["phone"]
        if row.kinds:
            self.fields["kind"].choices = row.kinds
            self.fields["kind"].initial = EntryKind.PLAIN  # nothing wears anyone out by mistake
        else:
            del self.fields["kind"]
        self.fields["language"].widget.own = language
        self.fields["language"].choices = partial(languages, own=language)

    @property
    def says_something(self):
        """Whether there is anything to keep: words of only spaces are simply not added."""
        return bool(self.cleaned_data["words"])

    def clean(self):
        data = super().clean()
        if not data.get("words") and "words" not in self.errors:
            if data.get("helps") or (data.get("phone") and "helps" in self.fields):
                self.add_error("words", _("Who is it? A name is enough."))
            elif data.get("phone"):
                self.add_error("words", _("Whose number is it? A word or two is enough."))
        return data


class EntryChangeForm(EntryForm, VersionedForm):
    """Other words for an entry that stands already."""

    box = "entry-change"

    def __init__(self, *args, section, language="", **kwargs):
        super().__init__(*args, section=section, language=language, **kwargs)
        self.own_language = language
        del self.fields["prompt"]
        self.fields["words"].required = True
        self.fields["words"].error_messages["required"] = _(
            "Write a word or two. If you want it gone, use “Take it out”."
        )
        spoken = self.initial.get("language", "")
        self.fields["language"].choices = partial(languages, own=language, spoken=spoken)
        mark_language(self, "words", "helps", language=spoken or language)

    @staticmethod
    def read(entry, *, language):
        """What the form shows first: the entry as it stands, and the version these words were read at."""
        return {
            "words": entry.words,
            "helps": entry.detail,
            "phone": entry.phone,
            "kind": entry.kind,
            "language": "" if entry.language == language else entry.language,
            "base_version": entry.version,
        }

    def as_change(self):
        """The arguments of `entry.rewrite`."""
        data = dict(self.cleaned_data)
        data["detail"] = data.pop("helps", self.initial.get("helps", ""))
        data["phone"] = data.get("phone", self.initial.get("phone", ""))
        data["language"] = data["language"] or self.own_language
        return data
