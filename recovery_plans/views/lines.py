"""What entries, goals and steps have in common on a page: whose pen, two texts at once, undo, quiet messages."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from peers.doors import NeedsOwnWords
from peers.hands import hands_of
from peers.views.redirects import back_to
from peers.views.removed_characters import report_removed_characters
from peers.ways import way_of
from recovery_plans.access import find_line, find_line_of_any_kind
from recovery_plans.drafts import take_up_drafts
from recovery_plans.models import Draft, Entry, Goal, Step, Telling
from recovery_plans.prompts import bank
from recovery_plans.views.drafts import version_in

UNDO = "undo"
NOT_SAVED = gettext_lazy("That did not save. Your words are still here.")


def show(request, template, *, status=200, tells_of=(), **shown):
    """Print a page of a plan: what every such page knows, and what this one shows.

    `tells_of` are the ids of what this page can tell of in place; what is told of anything else stands on top.
    """
    known = {"plan": request.plan, "person": request.plan.person, "reach": request.reach, "undo": take_undo(request)}
    known["told_at"] = take_told_at(request, tells_of)
    known["begun"] = take_up_drafts(request, shown)
    return render(request, f"recovery_plans/{template}", {**known, **shown}, status=status)


def line_of(request, table, code, *, to_write=True, even_gone=False):
    """A line of the opened plan that this reader may write in; with `even_gone`, also one that was taken out."""
    return find_line(request.plan, table, code, reach=request.reach, to_write=to_write, even_gone=even_gone)


def line_of_any_kind(request, code):
    """The entry, goal or step with this code, as `line_of` finds it; also one that was taken out."""
    return find_line_of_any_kind(request.plan, code, reach=request.reach, to_write=True)


def require_own_yes(request):
    """A yes is the person's own: in their hands it says on whose device; otherwise the session has to be their own.

    Raises NeedsOwnWords in a session by a card of another hand: whoever made the card could say yes to their own words.
    """
    if hands_of(request) is None and not way_of(request).is_own:
        raise NeedsOwnWords


# --- quiet messages: facts, never a person's words ---


def say(request, message="", *, form=None, at=""):
    """Tell what happened, and how many characters were taken out of what was typed.

    `at` is the id of what it happened to: a page that shows it tells it there.
    """
    if message:
        messages.success(request, message, extra_tags=at)
    if form is not None:
        report_removed_characters(request, form)


def told_or(request, otherwise):
    """The id that a page is to be opened at: what is told on it, or where there is nothing to tell, this one."""
    return "told" if len(messages.get_messages(request)) else otherwise


def take_told_at(request, tells_of):
    """Where on this page the newest waiting message belongs; "" for the top of it."""
    if request.method != "GET":
        return ""
    waiting = messages.get_messages(request)
    at = next((message.extra_tags for message in reversed(list(waiting)) if message.extra_tags), "")
    waiting.used = False  # they are still to be shown
    return at if at in tells_of else ""


def celebrate(request, on, *, turn=0, otherwise="", at=""):
    """A calm, true sentence for the person; someone else's tap is only noted."""
    sentences = bank(get_language()).celebrations[on] if request.reach.is_owner else [otherwise]
    say(request, sentences[turn % len(sentences)], at=at)


def save_id_reused(form):
    """One save came with other words the second time: say so; what was typed stays on the page."""
    form.add_error(None, _("This was already saved once with other words. Your words are still here. Save them again."))
    form.data = form.data.copy()
    form.data["save_id"] = ""


def take_out_draft(request, form):
    """What was typed in this form is kept now: there is nothing left to hold.

    A page that never held any of it says so, and nothing is looked for.
    """
    sent = request.POST.get("draft_version", "")
    if sent == "0":
        return
    version = version_in(sent) or None
    Draft.take_out(plan=request.plan, author=request.user, save_id=form.cleaned_data["save_id"], version=version)


# --- undo: the code of what was taken out, never its words ---


def offer_undo(request, name, *, state="", **ids):
    """Offer, on the next page, to take the last thing back. Only codes are kept, in the session."""
    request.session[UNDO] = {
        "plan": str(request.plan.pk),
        "url": reverse(name, kwargs={"plan": request.plan.pk, **ids}),
        "state": state,
        "step": str(ids.get("step", "")),
        "back_to": back_to(request, "plan", "next", "back", "together", "read-back"),
    }


def restore_of(line):
    """Where a line that was taken out is brought back: the name of the address, and the codes in it."""
    if isinstance(line, Entry):
        return "entry-restore", {"line": line.pk}
    if isinstance(line, Goal):
        return "goal-restore", {"goal": line.pk}
    if isinstance(line, Telling):
        return "telling-restore", {"telling": line.pk}
    assert isinstance(line, Step)
    return "step-restore", {"goal": line.goal_id, "step": line.pk}


def read_back_url(plan, at):
    """Where reading back goes on: with this line, or where it waits no more, with the next that does."""
    return reverse("read-back", kwargs={"plan": plan.pk}) + (f"?at={at}" if at else "")


def take_undo(request):
    """What can be taken back, once; nothing of another plan."""
    if request.method != "GET":
        return None
    offered = request.session.get(UNDO)
    if not offered or offered["plan"] != str(request.plan.pk):
        return None
    del request.session[UNDO]
    return offered


# --- two texts at once ---


def both(request, conflict, *, form, action, back):
    """Someone else changed the line first: both texts side by side, nothing lost, and a fresh base to save on.

    Where the line was taken out, or made the person's own, there is nothing to save on; what was typed is kept.
    `form` is the form that was sent, `action` where it goes, `back` the page where their text stands.
    """
    take_out_draft(request, form)
    form.data = form.data.copy()
    form.data["base_version"] = conflict.theirs.version
    form.data["save_id"] = ""
    shown = {"theirs": conflict.theirs, "mine": conflict.mine, "form": form, "action": action, "back_url": back}
    shown["back_to"] = back_to(request, "together", *(["read-back"] if request.reach.is_owner else []))
    if shown["back_to"] == "read-back":
        shown |= {"back_url": read_back_url(request.plan, ""), "back_at": conflict.theirs.pk}
    shown["is_gone"] = conflict.theirs.is_gone
    shown["may_change"] = not conflict.theirs.is_gone and conflict.theirs.may_be_changed_by(request.user)
    return show(request, "lines/both.html", status=409, **shown)
