"""Forms of the screens two people look at together: what was said, what was tapped, and meeting someone new."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.fields import NameField
from recovery_plans.conversation import FIELDS, languages_of_taps
from recovery_plans.forms import LANGUAGES_SPOKEN, EntryForm, PlanForm
from recovery_plans.models import EntryKind, Section


class TogetherForm(EntryForm):
    """What the person says, typed by the one beside them, and the words they tap: all in one save."""

    def __init__(self, *args, section, person, writer, language, **kwargs):
        """`person` says it, `writer` types it; `language` is that of the page, in which the tap-words are."""
        super().__init__(*args, section=section, language=person.user.language, **kwargs)
        self.own_language, self.spoken_in = person.user.language, {}
        words = self.fields["words"]
        words.widget.attrs["rows"] = 2 if section == Section.SUPPORTERS else 4
        if section != Section.SUPPORTERS:
            words.label = _("In %(name)s’s words") % {"name": person.name}
            words.help_text = _("Write it the way %(name)s says it.") % {"name": person.name}
        for field in FIELDS:
            offered = languages_of_taps(section, field, language=language)
            if section == Section.SUPPORTERS and field == "taps":
                offered = {writer.name: ""}  # the one beside them can be the first on the list
            if offered:
                self.spoken_in[field] = offered
                self.fields[field] = forms.MultipleChoiceField(
                    choices=[(word, word) for word in offered], required=False, label=_("Or tap any that fit")
                )
        if section == Section.VALUES:
            self.fields["kind"].initial = EntryKind.PLAIN  # nobody is said to be worn out by mistake

    def tapped(self):
        """By field, what was tapped, as it stands on the page."""
        if self.is_bound:
            return {field: self.data.getlist(field) for field in self.spoken_in}
        return {field: self.initial.get(field, []) for field in self.spoken_in}

    def typed_line(self):
        """What was typed, as arguments of `plan.add_entry`; None where nothing was."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in FIELDS}
        return said if self.says_something else None

    def tapped_lines(self):
        """What was tapped, as arguments of `plan.add_entry`: a word tapped twice in one save is one line."""
        for field, spoken_in in self.spoken_in.items():
            for words in self.cleaned_data[field]:
                language = spoken_in[words]
                yield {
                    "words": words,
                    "kind": FIELDS[field],
                    "language": "" if language == self.own_language else language,
                    "save_id": uuid.uuid5(self.cleaned_data["save_id"], f"{field} {words}"),
                }

    @classmethod
    def unsaved(cls, typed, **about):
        """The form with what was typed, not checked and not saved: another question was asked meanwhile."""
        form = cls(**about)
        for name in form.fields:
            if name in typed and name != "save_id":
                form.initial[name] = typed.getlist(name) if name in FIELDS else typed[name].replace("\x00", "")
        return form

    @property
    def holds_something(self):
        """Whether anything was typed or tapped that a page must carry on."""
        held = [name for name in self.initial if name not in ("prompt", "kind", "language")]
        return any(self.initial[name] for name in held)


class NewPersonForm(PlanForm):
    """Someone new: a name to call them is enough."""

    name = NameField(
        label=_("What do they like to be called?"),
        error_messages={"required": _("A name to call them is enough. It can be any name.")},
    )
    language = forms.ChoiceField(choices=LANGUAGES_SPOKEN, label=_("What language do they like best?"))
    organization = forms.ChoiceField(label=_("Where do you walk together?"))

    def __init__(self, *args, organizations, **kwargs):
        """`organizations` are those the peer specialist works in; only with two or more is there something to ask."""
        super().__init__(*args, **kwargs)
        self.organizations = {str(place.pk): place for place in organizations}
        if len(self.organizations) > 1:
            self.fields["organization"].choices = [(code, place.name) for code, place in self.organizations.items()]
        else:
            del self.fields["organization"]

    @property
    def place(self):
        """The organization in which the two walk together."""
        chosen = self.cleaned_data.get("organization")
        return self.organizations[chosen] if chosen else next(iter(self.organizations.values()))
