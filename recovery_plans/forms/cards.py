"""A plan card: nothing but a PIN, for those who want one."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peers.forms import PageForm


class CardPinForm(PageForm):
    """An optional PIN of four to eight digits, asked for beside the words."""

    pin = forms.CharField(
        required=False,
        label=_("A PIN, if you want one"),
        help_text=_("4 to 8 digits. Then the card alone opens nothing."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "dir": "ltr"}),
    )

    def clean_pin(self):
        pin = re.sub(r"[\s-]", "", self.cleaned_data["pin"])
        if pin and not re.fullmatch(r"[0-9]{4,8}", pin):
            raise ValidationError(_("Please choose 4 to 8 digits, or leave it blank."), "shape")
        return pin
