"""Forms of the organization: what it is called, who joins it, whose role ends, and who is asked to meet someone."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField
from peers.forms import PageForm
from peers.models.organization import StaffRole


class OrganizationForm(PageForm):
    """Name, town and telephone numbers of the organization."""

    box = "organization-edit"
    name = WordsField(
        one_line=True,
        limit=120,
        label=_("Name"),
        error_messages={"required": _("Please write the name of the organization.")},
    )
    town = WordsField(one_line=True, limit=120, required=False, label=_("Town"))
    phone = WordsField(
        one_line=True, limit=40, required=False, label=_("Phone"), help_text=_("For someone who lost their card.")
    )
    warmline = WordsField(
        one_line=True,
        limit=40,
        required=False,
        label=_("Warmline"),
        help_text=_("Your own line to talk to someone, if you have one."),
    )


def names_of(users):
    """Choices of users by their code; a name turns nothing that stands beside it."""
    return [(code, format_html("<bdi>{}</bdi>", user.name)) for code, user in users.items()]


class AskToMeetForm(PageForm):
    """Which peer specialist is asked to meet someone."""

    peer = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Who could meet them?"),
        error_messages={"required": _("Please pick someone."), "invalid_choice": _("Please pick someone.")},
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.peers = {str(user.pk): user for user in organization.peer_specialists_now()}
        self.fields["peer"].choices = names_of(self.peers)

    def clean_peer(self):
        return self.peers[self.cleaned_data["peer"]]


class EndRoleForm(PageForm):
    """Ending someone's role: whoever is left with nobody can be handed over in the same step."""

    peer = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label=_("Who could meet them?"),
        error_messages={"invalid_choice": _("Please pick someone.")},
    )

    def __init__(self, *args, role, people_left, **kwargs):
        super().__init__(*args, **kwargs)
        working = role.organization.peer_specialists_now().exclude(pk=role.user_id) if people_left else []
        self.peers = {str(user.pk): user for user in working}
        if self.peers:
            self.fields["peer"].choices = [*names_of(self.peers), ("", _("No one yet. I will ask later."))]
        else:
            del self.fields["peer"]

    def clean_peer(self):
        return self.peers.get(self.cleaned_data["peer"])


class FindByNameForm(PageForm):
    """Finding someone by their name, or a part of it. Nothing typed finds everyone."""

    box = "organization-second-locks"
    name = WordsField(one_line=True, limit=80, required=False, label=_("Their name"))


class InviteForm(PageForm):
    """Inviting someone to the team."""

    box = "organization-invite"
    role = forms.ChoiceField(
        choices=StaffRole.choices,
        initial=StaffRole.PEER_SPECIALIST,
        widget=forms.RadioSelect,
        label=_("What will they do here?"),
        error_messages={"required": _("Please pick what they will do here.")},
    )
    name = WordsField(
        one_line=True, limit=80, required=False, label=_("Their name"), help_text=_("So that you know who it was for.")
    )
