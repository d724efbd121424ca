"""The next time that two who walk together meet: a day, a time, a way, a place. Nothing of it is asked for."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from recovery_plans.forms.goals import DayField
from recovery_plans.forms.lines import PlanForm
from recovery_plans.models import How
from recovery_plans.models.visits import WHERE_LIMIT
from recovery_plans.sections import VISITS

# Days from today that can be tapped: most people meet once a week, or every other.
DAYS_TO_TAP = {"7": _("In one week"), "14": _("In two weeks")}


class NextVisitForm(PlanForm):
    """When, how and where the two meet next. `in_days` is a day that was tapped, `none` that there is no next time."""

    box = "visit"
    part = VISITS

    instead_of = forms.UUIDField(widget=forms.HiddenInput, required=False)
    day = DayField(required=False, label=_("Which day?"))
    time = forms.TimeField(
        required=False,
        label=_("What time?"),
        widget=forms.TimeInput(attrs={"type": "time", "autocomplete": "off"}, format="%H:%M"),
        error_messages={"invalid": _("We could not read that time. Please write it like 15:30.")},
    )
    how = forms.ChoiceField(
        required=False,
        choices=[("", _("Not said yet")), *How.choices],
        label=_("How?"),
        widget=forms.RadioSelect,
    )
    where = WordsField(one_line=True, limit=WHERE_LIMIT, required=False, label=_("Where?"))

    def __init__(self, data=None, *, visit=None, **kwargs):
        """`visit` is the one that stands: a new one begins with its time, way and place, and with its day to come."""
        super().__init__(data, **kwargs)
        if visit is not None:
            arranged = visit.arranged | {"instead_of": visit.pk}
            self.initial = (arranged | {"day": None} if visit.is_over else arranged) | self.initial

    @property
    def days_to_tap(self):
        """Each day that can be tapped: what is sent, its words, and the day itself."""
        today = timezone.localdate()
        return [(days, words, today + timedelta(days=int(days))) for days, words in DAYS_TO_TAP.items()]

    def clean(self):
        data = super().clean()
        if "none" in self.data:
            return data | {"day": None, "time": None, "how": "", "where": ""}
        if (days := self.data.get("in_days")) in DAYS_TO_TAP:
            self.errors.pop("day", None)
            data["day"] = timezone.localdate() + timedelta(days=int(days))
        return data
