"""What supervisors ask to print."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peers.pagination import code_in
from recovery_plans.models.print_jobs import PrintSize


class CodesField(forms.Field):
    """Any number of codes. What is no code is passed over: it can only come from a hand-made request."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return list(dict.fromkeys(code for code in map(code_in, value or []) if code))


class PrintSummariesForm(forms.Form):
    """Which pages to print, and how large. `everyone` means all that there are, not only those on this page; where one
    PDF cannot hold them, those who come `after` this one.
    """

    size = forms.ChoiceField(
        choices=[(PrintSize.REGULAR, _("Regular")), (PrintSize.LARGE, _("Large print"))], required=False
    )
    everyone = forms.BooleanField(required=False)
    grant = CodesField(required=False)
    peer = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)

    def clean_size(self):
        return self.cleaned_data["size"] or PrintSize.REGULAR
