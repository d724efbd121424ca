"""The profile: its parts, each a list of statements in the person's words."""

from dataclasses import dataclass

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from peers.hands import hands_of
from peers.views.redirects import back_to, post_only
from recovery_plans.access import note_look
from recovery_plans.conversation import Conversation
from recovery_plans.forms.profile import EntryChangeForm, EntryForm
from recovery_plans.models import EditConflict, Entry, SaveIdReused, Section
from recovery_plans.plan_reading import PlanReading
from recovery_plans.views.drafts import hold_returned
from recovery_plans.views.lines import (
    NOT_SAVED,
    both,
    celebrate,
    line_of,
    offer_undo,
    read_back_url,
    save_id_reused,
    say,
    show,
    take_out_draft,
    told_or,
)
from recovery_plans.who_sees import who_sees

# Where a part's page tells what was done with no line of it: over the list, and over the words to tap.
THE_LIST, CHIPS = "list", "chips"


@dataclass(frozen=True)
class PartRow:
    """One part as a row on a page: its first line, and who can see it."""

    reading: object
    section: object  # SectionReading

    @property
    def icon(self):
        return self.section.icon

    @property
    def seen_by(self):
        return who_sees(self.reading, self.section)

    @property
    def first(self):
        return self.section.entries[0] if self.section.entries else None


def part_rows(reading):
    """The parts in the order they are offered; none is counted, none is required."""
    return [PartRow(reading, section) for section in reading.sections]


def about_me(request, plan):
    """The parts, each with its first line and who can see it."""
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    return show(request, "profile/about_me.html", reading=reading, rows=part_rows(reading))


def part(request, plan, section):
    """One part: what was said, one question at a time, and a place for more."""
    section = find_section(section)
    if section not in request.reach.sees:
        return closed_part(request, section)
    return part_page(request, section)


def find_section(slug):
    """The part with this address, or the usual 404."""
    try:
        return Section.from_slug(slug)
    except ValueError:
        raise Http404 from None


def closed_part(request, section):
    """A part the person has not opened to this reader: its heading, and nothing of what stands there."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    return show(request, "profile/closed.html", reading=reading, row=PartRow(reading, reading.section(section)))


def part_page(request, section, *, form=None, status=200):
    """The page of one part; `form` is the one that was sent, with what was typed."""
    plan = request.plan
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    talk = Conversation(reading, section, language=get_language(), wanted=request.GET.get("ask", ""))
    return show(
        request,
        "profile/part.html",
        status=status,
        reading=reading,
        row=PartRow(reading, reading.section(section)),
        talk=talk,
        chip_sets=talk.chip_sets(),
        tells_of={THE_LIST, CHIPS, *(entry.anchor for entry in reading.entries(section))},
        form=form or EntryForm(section=section, language=plan.language, initial={"prompt": talk.asked.id}),
        form_error_title=NOT_SAVED,
    )


# --- one entry ---


@post_only
def add(request, plan, section):
    """Write one statement in a part, typed or tapped; a statement of nothing is simply not added."""
    section = find_section(section)
    request.reach.require(section, to_write=True)
    typed = request.POST.copy()
    tapped = "chip" in typed
    if tapped:
        # Tap-words are in the language of the page; "" is the plan's own.
        typed["words"], language = typed["chip"], get_language()
        typed["language"] = "" if language == plan.language else language
    form = EntryForm(typed, section=section, language=plan.language)
    if not form.is_valid():
        hold_returned(request)
        return part_page(request, section, form=form)
    if form.says_something:
        try:
            kept = keep(plan, section, form.cleaned_data, tapped=tapped, by=request.user)
        except SaveIdReused:
            save_id_reused(form)
            return part_page(request, section, form=form, status=422)
        take_out_draft(request, form)
        if not kept:
            note_look(request)  # that it stands there already is seen, and so it is noted
        # A word that was tapped is answered where the next one is tapped, and what was typed where it stands now.
        at = CHIPS if tapped or not kept else f"line-{kept.pk}"
        if kept and section == Section.STRENGTHS:
            celebrate(request, "strength_added", otherwise=_("Saved."), at=at)
        else:
            say(request, _("Saved."), at=at)
        say(request, form=form)
    return to_part(request, plan, section)


def keep(plan, section, data, *, tapped, by):
    """Write what was typed; what was tapped only if it does not stand there already. Returns the line, or None."""
    if tapped:
        return next(iter(plan.add_entries(section=section, by=by, tapped=[data])), None)
    return plan.add_entry(section=section, by=by, **data)


def to_part(request, plan, section, *, at=None):
    """Back to the page it was done on: reading back with this line, side by side or that of this part."""
    page_back = back_to(request, *pages_back(request))
    if page_back == "read-back":
        return redirect(read_back_url(plan, at))
    together = page_back == "together"
    page, fragment = ("together-part", "h-list") if together else ("part", "h-mine")
    fragment = told_or(request, fragment)
    address = reverse(page, kwargs={"plan": plan.pk, "section": Section(section).slug})
    return HttpResponseRedirect(f"{address}#{fragment}")


def pages_back(request):
    """The pages that a change may have been begun on; side by side is for two, or in the person's hands."""
    if not request.reach.is_owner:
        return ("back", "together")
    return ("back", "read-back", "together") if hands_of(request) else ("back", "read-back")


def change(request, plan, line):
    """Change the words of one entry, if it is the reader's to change."""
    sent = request.method == "POST"
    entry = line_of(request, Entry, line, even_gone=sent)
    entry.require_words_from(request.user) if sent else entry.require_pen(request.user)
    form = EntryChangeForm(
        request.POST if sent else None,
        section=entry.section,
        language=plan.language,
        initial=EntryChangeForm.read(entry, language=plan.language),
    )
    status = 200
    if form.is_valid():
        try:
            entry.rewrite(by=request.user, **form.as_change())
        except SaveIdReused:
            save_id_reused(form)
            status = 422
        except EditConflict as conflict:
            back = reverse("part", kwargs={"plan": plan.pk, "section": Section(entry.section).slug})
            return both(request, conflict, form=form, action=request.path, back=back)
        else:
            take_out_draft(request, form)
            say(request, _("Saved."), form=form, at=f"line-{entry.pk}")
            return to_part(request, plan, entry.section, at=entry.pk)
    shown = {
        "entry": entry,
        "form": form,
        "section": Section(entry.section),
        "back_to": back_to(request, *pages_back(request)),
    }
    return show(request, "profile/change.html", status=status, **shown)


@post_only
def remove(request, plan, line):
    """Take one entry out of the plan. It is kept, and can be brought back."""
    entry = line_of(request, Entry, line, even_gone=True)
    entry.take_out(by=request.user)
    say(request, _("Taken out. You can bring it back."), at=THE_LIST)
    offer_undo(request, "entry-restore", line=entry.pk)
    return to_part(request, plan, entry.section)


@post_only
def restore(request, plan, line):
    """Bring back an entry that was taken out."""
    entry = line_of(request, Entry, line, even_gone=True)
    entry.bring_back(by=request.user)
    say(request, _("It is back where it was."), at=f"line-{entry.pk}")
    if back_to(request, "back"):
        return HttpResponseRedirect(f"{reverse('back', kwargs={'plan': plan.pk})}#told")
    return to_part(request, plan, entry.section, at=entry.pk)
