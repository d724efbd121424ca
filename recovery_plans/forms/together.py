"""What is said side by side: some words, some chips, or both in one go."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from recovery_plans.conversation import CHIP_SETS, languages_of_chips
from recovery_plans.forms.profile import EntryForm
from recovery_plans.sections import row_of

# What is filled in on every such form before anyone has typed anything.
NOT_TYPED = ("prompt", "kind", "language", "save_id")


class TogetherForm(EntryForm):
    """What is said in one part, typed for the person: some words, some chips, or both in one go."""

    box = "together-add"
    also_sent_to = ("together-part", "together-later", "together-break", "hands")
    several = tuple(CHIP_SETS)

    def __init__(self, *args, section, person, peer, types_for_them, language, **kwargs):
        """`person` says it, beside them is `peer`; `language` is that of the page, in which the chips are."""
        super().__init__(*args, section=section, language=person.user.language, **kwargs)
        self.own_language, self.spoken_in = person.user.language, {}
        words, name = self.fields["words"], {"name": person.name}
        if not row_of(section).lists_people:
            words.help_text = _("A word or two is fine.")
            if types_for_them:
                words.label = _("In %(name)s’s words") % name
                words.help_text = _("Write it the way %(name)s says it.") % name
            words.widget.attrs["rows"] = 4
        else:
            words.widget.attrs |= {"rows": 2, "class": "short"}
            self.fields["helps"].widget.attrs["class"] = "short"
        for chip_set in CHIP_SETS:
            self._add_chip_set(chip_set, section, peer=peer, language=language)

    @classmethod
    def field_of(cls, name):
        """Also what was tapped; which words there are to tap hangs on the part and on the language of the page."""
        return forms.MultipleChoiceField() if name in CHIP_SETS else super().field_of(name)

    @classmethod
    def label_of_words(cls, name):
        """Also of what was tapped."""
        return _("Or tap any that fit") if name in CHIP_SETS else super().label_of_words(name)

    def _add_chip_set(self, chip_set, section, *, peer, language):
        offered = languages_of_chips(section, chip_set, language=language)
        if row_of(section).lists_people and chip_set == "chips":
            offered = {peer.name: self.own_language}  # the one beside the person can be the first of the list
        if offered:
            self.spoken_in[chip_set] = offered
            choices = [(word, word) for word in offered]
            self.fields[chip_set] = forms.MultipleChoiceField(
                choices=choices, required=False, label=_("Or tap any that fit")
            )

    @classmethod
    def unsaved(cls, typed, **about):
        """The form with what was typed, neither checked nor saved: another question was asked meanwhile."""
        form = cls(**about)
        for name in form.fields:
            if name in typed and name != "save_id":
                form.initial[name] = typed.getlist(name) if name in CHIP_SETS else typed[name].replace("\x00", "")
        return form

    @property
    def holds_something(self):
        """Whether anything was typed or tapped that the next page must carry on."""
        return any(value for name, value in self.initial.items() if name not in NOT_TYPED)

    @property
    def carried(self):
        """What was typed and tapped, as names and values for a page that holds it and does not show it."""
        for name, value in self.initial.items():
            if name not in ("prompt", "save_id"):
                yield from ((name, one) for one in (value if name in CHIP_SETS else [value]))

    @property
    def tapped(self):
        """By the name of a set of chips, what was tapped on the page this form comes from."""
        if self.is_bound:
            return {chip_set: self.data.getlist(chip_set) for chip_set in self.spoken_in}
        return {chip_set: self.initial.get(chip_set, []) for chip_set in self.spoken_in}

    @property
    def typed_lines(self):
        """The arguments of `plan.add_entry` for what was typed; none where nothing was."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in CHIP_SETS}
        return [data] if self.says_something else []

    @property
    def says_anything(self):
        """Whether anything was typed or tapped."""
        return self.says_something or any(self.cleaned_data[chip_set] for chip_set in self.spoken_in)

    @property
    def tapped_lines(self):
        """The arguments of `plan.add_entry` for each chip. Two taps on one save are still one line."""
        for chip_set, spoken_in in self.spoken_in.items():
            for words in self.cleaned_data[chip_set]:
                yield {
                    "words": words,
                    "kind": CHIP_SETS[chip_set],
                    "language": spoken_in[words],
                    "save_id": uuid.uuid5(self.cleaned_data["save_id"], f"{chip_set} {words}"),
                }
