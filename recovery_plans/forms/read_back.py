"""The answer to one line that was read back."""

from django import forms

from recovery_plans.forms.lines import MAX_VERSION

YES, OUT = "yes", "out"


class ReadBackForm(forms.Form):
    """Yes, or out of the plan, to the words that the page showed; no words are typed in it."""

    answer = forms.ChoiceField(choices=[(YES, YES), (OUT, OUT)])
    base_version = forms.IntegerField(min_value=1, max_value=MAX_VERSION)
