"""What is said side by side: some words, some tap-words, or both in one go."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from recovery_plans.conversation import BAGS, languages_of_taps
from recovery_plans.forms.profile import EntryForm
from recovery_plans.models import EntryKind, Section

# What stands in every such form before anyone has said anything.
NOT_SAID = ("prompt", "kind", "language", "save_id")


class TogetherForm(EntryForm):
    """What is said in one part, typed for the person: some words, some tap-words, or both in one go."""

    def __init__(self, *args, section, person, writer, language, **kwargs):
        """`person` says it, `writer` types it; `language` is that of the page, in which the tap-words are."""
        super().__init__(*args, section=section, language=person.user.language, **kwargs)
        self.own_language, self.spoken_in = person.user.language, {}
        words, name = self.fields["words"], {"name": person.name}
        if section != Section.SUPPORTERS:
            words.label, words.help_text = (
                _("In %(name)s’s words") % name,
                _("Write it the way %(name)s says it.") % name,
            )
            words.widget.attrs["rows"] = 4
        else:
            words.widget.attrs |= {"rows": 2, "class": "short"}
            self.fields["helps"].widget.attrs["class"] = "short"
        if section == Section.VALUES:
            self.fields["kind"].initial = EntryKind.PLAIN  # nothing wears anyone out by mistake
        for bag in BAGS:
            self._add_bag(bag, section, writer=writer, language=language)

    def _add_bag(self, bag, section, *, writer, language):
        offered = languages_of_taps(section, bag, language=language)
        if section == Section.SUPPORTERS and bag == "chips":
            offered = {writer.name: self.own_language}  # the one beside the person can be the first of the list
        if offered:
            self.spoken_in[bag] = offered
            choices = [(word, word) for word in offered]
            self.fields[bag] = forms.MultipleChoiceField(
                choices=choices, required=False, label=_("Or tap any that fit")
            )

    @classmethod
    def unsaved(cls, typed, **about):
        """The form with what was typed, neither checked nor saved: another question was asked meanwhile."""
        form = cls(**about)
        for name in form.fields:
            if name in typed and name != "save_id":
                form.initial[name] = typed.getlist(name) if name in BAGS else typed[name].replace("\x00", "")
        return form

    @property
    def holds_something(self):
        """Whether anything was typed or tapped that the next page must carry on."""
        return any(said for name, said in self.initial.items() if name not in NOT_SAID)

    @property
    def carried(self):
        """What was typed and tapped, as names and values for a page that holds it and does not show it."""
        for name, said in self.initial.items():
            if name not in ("prompt", "save_id"):
                yield from ((name, one) for one in (said if name in BAGS else [said]))

    @property
    def tapped(self):
        """By bag, what was tapped on the page this form comes from."""
        if self.is_bound:
            return {bag: self.data.getlist(bag) for bag in self.spoken_in}
        return {bag: self.initial.get(bag, []) for bag in self.spoken_in}

    @property
    def typed_lines(self):
        """The arguments of `plan.add_entry` for what was typed; none where nothing was."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in BAGS}
        return [said] if self.says_something else []

    @property
    def says_anything(self):
        """Whether anything was typed or tapped."""
        return self.says_something or any(self.cleaned_data[bag] for bag in self.spoken_in)

    @property
    def tapped_lines(self):
        """The arguments of `plan.add_entry` for each tap-word. Two taps on one save are still one line."""
        for bag, spoken_in in self.spoken_in.items():
            for words in self.cleaned_data[bag]:
                yield {
                    "words": words,
                    "kind": BAGS[bag],
                    "language": spoken_in[words],
                    "save_id": uuid.uuid5(self.cleaned_data["save_id"], f"{bag} {words}"),
                }
