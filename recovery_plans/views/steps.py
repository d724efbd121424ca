"""Steps: one small thing at a time towards a goal, who does it, and how it is going."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from peers.pagination import code_in
from peers.views.redirects import back_to, post_only
from recovery_plans.forms.steps import StepChangeForm, StepForm, StepStateForm
from recovery_plans.models import EditConflict, Goal, SaveIdReused, Step, StepState, StepWho
from recovery_plans.sections import GOALS
from recovery_plans.views.beside import goes_on_beside
from recovery_plans.views.drafts import hold_returned
from recovery_plans.views.goal_pages import STEP, goal_page, goal_url, redirect_back
from recovery_plans.views.lines import both, celebrate, line_of, offer_undo, save_id_reused, say, show, take_out_draft


@post_only
def add(request, plan, goal):
    """Write down one small thing towards a goal."""
    line = line_of(request, Goal, goal, even_gone=True)
    form = StepForm(request.POST, **STEP)
    if not form.is_valid() or form.asks_how_many:
        hold_returned(request)
        return goal_page(request, goal, step_form=form)
    try:
        *_others, step = line.add_steps(form.as_steps(), in_one_piece=form.as_step(), by=request.user)
    except SaveIdReused:
        save_id_reused(form)
        return goal_page(request, goal, step_form=form, status=422)
    except EditConflict as conflict:
        return both(request, conflict, form=form, action=request.path, back=goal_url(request, plan, goal))
    take_out_draft(request, form)
    say(request, _("Saved."), form=form, at=f"step-{step.pk}")
    return redirect_back(request, plan, goal)


def find_step(request, goal, code, *, even_gone=False, goal_even_gone=False):
    """A step of this goal of this plan that this reader may write in; see line_of for what was taken out."""
    line = line_of(request, Goal, goal, even_gone=goal_even_gone)
    step = line_of(request, Step, code, even_gone=even_gone)
    if step.goal_id != line.pk:
        raise Http404
    step.goal = line
    return step


def change(request, plan, goal, step):
    """Change a step's words, who does it, and how it is going."""
    sent = request.method == "POST"
    line = find_step(request, goal, step, even_gone=sent, goal_even_gone=sent)
    line.require_words_from(request.user) if sent else line.require_pen(request.user)
    form = StepChangeForm(request.POST if sent else None, initial=StepChangeForm.read(line))
    status = 200
    if form.is_valid():
        try:
            line.rewrite(by=request.user, **form.as_change())
        except SaveIdReused:
            save_id_reused(form)
            status = 422
        except EditConflict as conflict:
            return both(request, conflict, form=form, action=request.path, back=goal_url(request, plan, goal))
        else:
            take_out_draft(request, form)
            say(request, _("Saved."), form=form, at=f"step-{line.pk}")
            return redirect_back(request, plan, goal, step=line.pk)
    shown = {"step": line, "goal": line.goal, "form": form, "may_state": line.may_be_stated_by(request.user)}
    shown["back_to"] = "together" if goes_on_beside(request) else back_to(request, "read-back")
    return show(request, "steps/change.html", status=status, **shown)


@post_only
def done(request, plan):
    """Say on the plan that a step is done. Which one, the button says that was tapped; without one, nothing changes."""
    request.reach.require(GOALS, to_write=True)
    code = code_in(request.POST.get("step"))
    if code is None:
        return redirect("plan", plan=plan.pk)
    step = line_of(request, Step, code)
    return state(request, plan, step.goal_id, step.pk)


@post_only
def state(request, plan, goal, step):
    """Say how a step is going: done, not yet, or it cannot be done yet."""
    line = find_step(request, goal, step)
    line.require_pen(request.user)
    form = StepStateForm(request.POST)
    if not form.is_valid():
        return goal_page(request, goal)
    before, after = line.state, form.cleaned_data["state"]
    verb = {StepState.DONE: line.do, StepState.NOT_YET: line.undo, StepState.CANNOT_YET: line.cannot_yet}[after]
    verb(by=request.user)
    if before != after:
        if after == StepState.DONE:
            tell_done(request, plan, line)
            offer_undo(request, "step-state", state=before, goal=line.goal.pk, step=line.pk)
        else:
            say(request, _("Saved."), at=back_to(request, "next") or f"step-{line.pk}")
    return redirect_back(request, plan, goal)


def tell_done(request, plan, step):
    """A calm word for a step that is done; the very first one has its own. True of who did it."""
    done = plan.count_steps_done()
    occasion = "first_step" if done == 1 else "step_done"
    if step.who != StepWho.ME:
        occasion = "step_done_with_others"
    at = back_to(request, "next") or f"step-{step.pk}"
    celebrate(request, occasion, turn=done, otherwise=_("Saved."), at=at)


@post_only
def remove(request, plan, goal, step):
    """Take a step out. It is kept, and can be brought back."""
    line = find_step(request, goal, step, even_gone=True)
    line.take_out(by=request.user)
    say(request, _("Taken out. You can bring it back."), at="steps")
    offer_undo(request, "step-restore", goal=line.goal.pk, step=line.pk)
    return redirect_back(request, plan, goal)


@post_only
def restore(request, plan, goal, step):
    """Bring back a step that was taken out."""
    line = find_step(request, goal, step, even_gone=True)
    line.bring_back(by=request.user)
    say(request, _("It is back where it was."), at=f"step-{line.pk}")
    return redirect_back(request, plan, goal, step=line.pk)
