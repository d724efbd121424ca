"""Taking back a device that is in a person's hands."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peers.forms import PageForm, SecretField


class TakeBackForm(PageForm):
    """The PIN of whoever lent the device, where they have one; or their passphrase."""

    pin = SecretField(autocomplete="off", limit=20, required=False, label=_("Your PIN"))
    passphrase = SecretField(autocomplete="off", required=False, label=_("Or your passphrase"))

    def __init__(self, *args, has_pin, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pin"].widget.attrs["inputmode"] = "numeric"
        if not has_pin:
            del self.fields["pin"]
            self.fields["passphrase"].label = _("Your passphrase")
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True  # nothing else is to be done on this page

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Please type it."), "required")
        return data
