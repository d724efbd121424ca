"""A plan card: nothing but a PIN, for those who want one."""

from django.utils.translation import gettext_lazy as _

from peers.forms import PinForm


class CardPinForm(PinForm):
    """An optional PIN of four to eight digits, asked for beside the words."""

    help_text = _("4 to 8 digits. Then the card alone opens nothing.")
