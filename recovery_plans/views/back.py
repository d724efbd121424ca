"""Looking back: the way the plan came, and how it went, in the person's words."""

from dataclasses import dataclass

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.hands import hands_of
from peers.views.redirects import post_only
from recovery_plans.forms.tellings import TellingChangeForm, TellingForm
from recovery_plans.history import kept_words
from recovery_plans.line_readings import SectionReading
from recovery_plans.looking_back import look_back
from recovery_plans.models import EditConflict, Entry, Goal, SaveIdReused, Section, Step, Telling
from recovery_plans.plan_reading import PlanReading
from recovery_plans.review import review_of
from recovery_plans.views.lines import (
    NOT_SAVED,
    both,
    line_of,
    line_of_any_kind,
    offer_undo,
    restore_of,
    save_id_reused,
    say,
    show,
    take_out_draft,
)
from recovery_plans.who_sees import who_sees


def back(request, plan):
    """What was reached, done, added, let go or taken out, by month, newest first."""
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    looked = look_back(reading, after=request.GET.get("before", ""), at=request.GET.get("at", ""))
    moments = [moment for _month, found in looked.months for moment in found if moment.line]
    for moment in moments:
        moment.url = url_of(request, moment)
        moment.restore_url = restore_url(moment.line) if moment.may_bring_back else ""
    return show(
        request,
        "back/back.html",
        tells_of={moment.told_at for moment in moments if moment.may_tell},
        reading=reading,
        review=review_of(reading),
        looked=looked,
        kept=list(_kept_words(reading)) if looked.is_first else [],
    )


def url_of(request, moment):
    """Where the line of a moment stands; "" where it stands nowhere any more."""
    plan = request.plan.pk
    if moment.is_gone:
        return ""
    if moment.goal:
        return reverse("goal", kwargs={"plan": plan, "goal": moment.goal})
    if moment.section is None:
        return reverse("telling-change", args=[plan, moment.line.pk]) if request.reach.is_owner else ""
    return reverse("part", kwargs={"plan": plan, "section": Section(moment.section).slug})


@dataclass(frozen=True)
class KeptWords:
    """Words that came too late to be a line's: whose, when, and where the line is changed, for copying them over."""

    words: str
    detail: str
    phone: str
    language: str
    at: object
    by_name: str  # empty for the reader's own
    heading: str
    change_url: str


def _kept_words(reading):
    for kept in kept_words(reading):
        text = kept.text
        yield KeptWords(
            words=text.words,
            detail=text.detail,
            phone=text.phone,
            language=text.language,
            at=text.at,
            by_name="" if text.by_id == reading.reader.pk else text.by.name,
            heading=kept.heading,
            change_url=change_url(kept.line) if kept.may_change else "",
        )


def change_url(line):
    """Where the words of a line are changed."""
    if isinstance(line, Entry):
        return reverse("entry-change", kwargs={"plan": line.plan_id, "line": line.pk})
    if isinstance(line, Goal):
        return reverse("goal", kwargs={"plan": line.plan_id, "goal": line.pk})
    if isinstance(line, Telling):
        return reverse("telling-change", kwargs={"plan": line.plan_id, "telling": line.pk})
    return reverse("step-change", kwargs={"plan": line.plan_id, "goal": line.goal_id, "step": line.pk})


def restore_url(line):
    """Where a line that was taken out is brought back."""
    name, ids = restore_of(line)
    return reverse(name, kwargs={"plan": line.plan_id, **ids})


# --- how it went ---


def tell(request, plan, about):
    """Say how it went with one line of the plan, if the person likes."""
    line = line_of_any_kind(request, about)
    sent = request.method == "POST"
    form = TellingForm(request.POST if sent else None)
    if not form.is_valid():
        return telling_page(request, line, form, status=422 if sent else 200)
    try:
        Telling.write(plan=plan, about=line.pk, of_part=line.part, by=request.user, **form.cleaned_data)
    except SaveIdReused:
        save_id_reused(form)
        return telling_page(request, line, form, status=422)
    take_out_draft(request, form)
    say(request, _("Saved."), form=form, at=f"of-{line.pk}")
    return to_moment(request, line)


def change(request, plan, telling):
    """Say how it went in other words."""
    sent = request.method == "POST"
    found = line_of(request, Telling, telling, even_gone=sent)
    line = line_of_any_kind(request, found.about)
    initial = {"words": found.words, "base_version": found.version}
    form = TellingChangeForm(request.POST if sent else None, initial=initial, language=found.language)
    if not form.is_valid():
        return telling_page(request, line, form, telling=found, status=422 if sent else 200)
    try:
        found.rewrite(by=request.user, **form.cleaned_data)
    except SaveIdReused:
        save_id_reused(form)
        return telling_page(request, line, form, telling=found, status=422)
    except EditConflict as conflict:
        return both(request, conflict, form=form, action=request.path, back=moment_url(request, line))
    take_out_draft(request, form)
    say(request, _("Saved."), form=form, at=f"of-{line.pk}")
    return to_moment(request, line)


def telling_page(request, line, form, *, telling=None, status=200):
    """The page with the box for how it went, under the line it is about."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    readers = reading.readers.of(line.part)
    part = SectionReading(section=line.part, entries=[], is_open=True, may_write=True, readers=readers)
    return show(
        request,
        "back/telling.html",
        status=status,
        seen_by=who_sees(reading, part),
        line=line,
        form=form,
        form_error_title=NOT_SAVED,
        telling=telling,
        back_url=moment_url(request, line),
    )


@post_only
def remove(request, plan, telling):
    """Take out how it went. It is kept, and can be brought back."""
    found = line_of(request, Telling, telling, even_gone=True)
    found.take_out(by=request.user)
    line = line_of_any_kind(request, found.about)
    say(request, _("Taken out. You can bring it back."), at=f"of-{line.pk}")
    offer_undo(request, "telling-restore", telling=found.pk)
    return to_moment(request, line)


@post_only
def restore(request, plan, telling):
    """Bring it back."""
    found = line_of(request, Telling, telling, even_gone=True)
    found.bring_back(by=request.user)
    line = line_of_any_kind(request, found.about)
    say(request, _("It is back where it was."), at=f"of-{line.pk}")
    return to_moment(request, line)


def moment_url(request, line):
    """Where a line is looked back on; in the person's hands, where it stands: looking back is for their own session."""
    plan = {"plan": request.plan.pk}
    if hands_of(request) is None:
        return f"{reverse('back', kwargs=plan)}?at={line.pk}"
    if isinstance(line, Entry):
        return reverse("part", kwargs={**plan, "section": Section(line.section).slug})
    return reverse("goal", kwargs={**plan, "goal": line.goal_id if isinstance(line, Step) else line.pk})


def to_moment(request, line):
    """Back to where the line is looked back on, at what was just told."""
    return HttpResponseRedirect(f"{moment_url(request, line)}#told")
