"""Printing a plan: which parts, how large, on what paper."""

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from peers.form_fields import NameField
from peers.forms import PageForm
from recovery_plans.models.print_jobs import Paper, PrintSize
from recovery_plans.sections import GOALS, GOALS_LABEL, PRINTED_PARTS, PRIVATE_SECTIONS, Section


def part_label(part):
    return GOALS_LABEL if part == GOALS else Section(part).label


class WhoFor(models.TextChoices):
    """Who a print is for: whatever part is open, or without those that begin closed, or as it is picked."""

    ME = "me", _("Me: all of it")
    SOMEBODY = "somebody", _("Someone else: not my story, not hard days")
    PICKED = "picked", _("I pick the parts")


SIZES = [(PrintSize.REGULAR, _("Regular")), (PrintSize.LARGE, _("Large")), (PrintSize.EXTRA_LARGE, _("Extra large"))]


class PrintForm(PageForm):
    """What goes into a printed plan. Its answers are remembered, so that next time is one tap."""

    who = forms.ChoiceField(choices=WhoFor.choices, label=_("Who is it for?"), required=False, widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label=_("Which parts?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("“On a hard day” is always a last sheet of its own."),
    )
    size = forms.ChoiceField(choices=SIZES, label=_("How large?"), widget=forms.RadioSelect)
    paper = forms.ChoiceField(choices=Paper.choices, label=_("Which paper?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        label=_("Language of the headings"),
        widget=forms.RadioSelect,
        help_text=_("My own words stay as I said them."),
    )
    grey = forms.BooleanField(required=False, label=_("Black and white"))
    room_to_write = forms.BooleanField(required=False, label=_("Leave room to write"))
    name_on_paper = NameField(
        required=False,
        label=_("What name goes on the paper?"),
        help_text=_("Any name you go by. It goes on your PDF and on your one-page summary."),
    )

    def __init__(self, *args, reach, name="", **kwargs):
        """`name` is what stands on paper now; only the person, who has one, is asked."""
        super().__init__(*args, **kwargs)
        self.fields["name_on_paper"].initial = name
        if not name:
            del self.fields["name_on_paper"]
        self.open_parts = [part for part in PRINTED_PARTS if part in reach.prints]
        self.fields["parts"].choices = [(part, part_label(part)) for part in self.open_parts]
        if reach.is_owner:
            self.initial.setdefault("who", self._who_for(self.initial.get("parts", self.open_parts)))
        else:
            del self.fields["who"]

    @property
    def shows_parts(self):
        """Whether the parts are to be seen at once: they are picked, or something about them is to be mended."""
        return bool(self.errors) or set(self["parts"].value() or []) != set(self.open_parts)

    @property
    def others(self):
        """What is chosen less often, and folded away."""
        return [self[name] for name in ("paper", "grey", "room_to_write", "name_on_paper") if name in self.fields]

    def _parts_for(self, who):
        if who == WhoFor.ME:
            return self.open_parts
        return [part for part in self.open_parts if part not in PRIVATE_SECTIONS]

    def _who_for(self, parts):
        found = [who for who in (WhoFor.ME, WhoFor.SOMEBODY) if self._parts_for(who) == list(parts)]
        return found[0] if found else WhoFor.PICKED

    def clean(self):
        answers = super().clean()
        who = answers.pop("who", "")
        if who in (WhoFor.ME, WhoFor.SOMEBODY):
            answers["parts"] = self._parts_for(who)
        if not answers.get("parts") and "parts" not in self.errors:
            self.add_error("parts", _("Pick at least one part to print."))
        return answers
