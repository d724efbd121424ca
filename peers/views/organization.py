"""The organization, for its administrators. No plan can be seen from these pages."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from peers.models import Event, Role, User
from peers.models.hand_overs import NobodyToAsk, end_and_hand_over, left_with_nobody_by, who_walk_with_nobody
from peers.models.organization import NeedsAnAdministrator, StaffRole, can_be_resumed, still_open
from peers.organization_forms import EndRoleForm, InviteForm, OrganizationForm
from peers.pagination import by_name, one_page
from peers.qr_codes import qr_code
from peers.views.redirects import post_only
from peers.views.removed_characters import report_removed_characters

STAFF_ON_A_PAGE = 50
EVENTS_ON_A_PAGE = 30


def administered_by(user):
    """The organizations this user administers today, oldest first. The door lets in nobody without one."""
    held = [role for role in user.roles_now() if role.role == StaffRole.ADMINISTRATOR]
    return [role.organization for role in sorted(held, key=lambda role: role.since)]


@require_safe
def home(request):
    """Who works in it, who is invited, and what happened: kinds of events, never a word or a name of a person."""
    organization = administered_by(request.user)[0]
    staff = _staff(organization, after=request.GET.get("after"))
    events = _events(organization, before=request.GET.get("before"))
    return render(
        request,
        "peers/organization_log.html",
        {
            "organization": organization,
            "roles": staff.rows,
            "after": staff.after,
            "is_first_page": staff.is_first,
            "invitations": organization.invitations.filter(still_open()).order_by("created_at", "code"),
            "events": events.rows,
            "older": events.after,
            "ended_roles": organization.roles.filter(can_be_resumed()).select_related("user").order_by("-until"),
            "alone": who_walk_with_nobody(organization).count(),
        },
    )


def _staff(organization, *, after):
    """One page of who works in it today, by name, one row a role; and whether the role may be ended."""
    ever = organization.roles.select_related("user")
    page = one_page(ever.filter(until=None), order=by_name("user"), limit=STAFF_ON_A_PAGE, after=after, among=ever)
    administrators = organization.roles.filter(until=None, role=StaffRole.ADMINISTRATOR)[:2].count()
    for role in page.rows:
        role.may_end = role.role != StaffRole.ADMINISTRATOR or administrators > 1
    return page


def _events(organization, *, before):
    """One page of the organization's log, newest first."""
    events = Event.objects.filter(organization=organization.pk)
    page = one_page(events, order=[F("at").desc()], limit=EVENTS_ON_A_PAGE, after=before)
    _give_names(page.rows, organization)
    return page


def _give_names(events, organization):
    """Set `by_name` on each event where that user works or worked in the organization; never the name of a person."""
    team = User.objects.filter(pk__in={event.by for event in events if event.by}, roles__organization=organization)
    names = dict(team.values_list("pk", "name"))
    for event in events:
        event.by_name = names.get(event.by, "")


def edit(request):
    """Name, town and numbers of the organization."""
    organization = administered_by(request.user)[0]
    initial = {field: getattr(organization, field) for field in ("name", "town", "phone", "warmline")}
    form = OrganizationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        organization.describe(**form.cleaned_data, by=request.user)
        report_removed_characters(request, form)
        messages.info(request, _("Saved."))
        return redirect("organization")
    return render(request, "peers/organization_edit.html", {"form": form})


def invite(request):
    """Make a one-time link for someone who joins the team. It is on this page once, and stored nowhere."""
    organization = administered_by(request.user)[0]
    form = InviteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "peers/organization_invite.html", {"form": form})
    _invitation, token = organization.invite(**form.cleaned_data, by=request.user)
    report_removed_characters(request, form)
    link = request.build_absolute_uri(reverse("join", kwargs={"token": token}))
    return render(request, "peers/organization_invite.html", {"link": link, "qr": qr_code(link)})


@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request, role):
    """Two steps: what ending this role means, and whom it leaves with nobody; then its end, and what it let them open.

    It can be undone for a day.
    """
    held = _role_of_mine(request, role, until=None)
    left = left_with_nobody_by(held).count() if held.role == StaffRole.PEER_SPECIALIST else 0
    form = EndRoleForm(request.POST if request.method == "POST" else None, role=held, people_left=left)
    if not form.is_valid():
        walks = held.user.walks.filter(organization=held.organization, ended_at=None).count() if left else 0
        shown = {"role": held, "form": form, "left": left, "walks": walks}
        return render(request, "peers/role_end.html", shown, status=422 if form.errors else 200)
    try:
        end_and_hand_over(held, by=request.user, ask_peer=form.cleaned_data.get("peer"))
    except NeedsAnAdministrator:
        messages.info(request, _("This place needs someone to look after it. Please invite an administrator first."))
        return redirect("organization")
    except NobodyToAsk:
        messages.info(request, _("That has changed just now. Please look again."))
        return redirect("organization-role-end", role=held.pk)
    if held.user_id != request.user.pk:
        messages.info(request, _("The role has ended. Their screens are closed. You can undo this for a day."))
        return redirect("organization")
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)  # ending a role of one's own must not end this session
    return redirect("home")


@post_only
def resume_role(request, role):
    """Undo the end of a role, for a day."""
    if _role_of_mine(request, role, until__isnull=False).resume(by=request.user):
        messages.success(request, _("They are back, and walk with the same people as before."))
    else:
        messages.info(request, _("This cannot be undone any more. You can invite them again."))
    return redirect("organization")


def _role_of_mine(request, code, **which):
    """A role in an organization that the reader administers, or the usual 404."""
    mine = [organization.pk for organization in administered_by(request.user)]
    roles = Role.objects.select_related("user", "organization")
    return get_object_or_404(roles, pk=code, organization__in=mine, **which)
