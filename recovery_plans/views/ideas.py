"""Ideas: somebody offers the person a change; the person keeps their words, takes it, or says it their own way."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.views.redirects import back_to, post_only
from recovery_plans.access import find_idea
from recovery_plans.drafts import box_at, own_boxes
from recovery_plans.forms.ideas import TAKE, AnswerForm, MyWayForm, OfferForm
from recovery_plans.ideas import IdeaReading, read_idea, read_ideas
from recovery_plans.models import EditConflict, Goal, Idea, IdeaKind, IdeaState, SaveIdReused, TooManyIdeas
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import GOALS
from recovery_plans.views.lines import (
    NOT_SAVED,
    both,
    line_of,
    line_of_any_kind,
    require_own_yes,
    save_id_reused,
    say,
    show,
    take_out_draft,
)


def ideas(request, plan):
    """To the person every idea, those that wait first; to whoever walks with them their own, and what was chosen."""
    if not request.reach.is_owner:
        return offered(request, plan)
    found = read_ideas(plan, reach=request.reach)
    earlier = [idea for idea in found if not idea.is_waiting]
    return show(
        request,
        "ideas/ideas.html",
        waiting=[idea for idea in found if idea.is_waiting],
        earlier=earlier,
        begun=begun_my_way(request, [idea.idea for idea in earlier]),
        tells_of={"list"},
    )


def begun_my_way(request, ideas):
    """The codes of those among these ideas where the person's own words are begun and can still be kept."""
    boxes = own_boxes(request) if ideas else set()
    return {
        idea.pk
        for idea in ideas
        if not idea.is_gone and box_at(request.plan, reverse("idea-mine", args=[idea.plan_id, idea.pk])) in boxes
    }


# --- whoever walks with the person ---


def offered(request, plan):
    """What this reader has offered, what was chosen, and the lines that they can offer something for."""
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    found = [IdeaReading(idea) for idea in Idea.of_plan(plan, by=request.user)]
    return show(
        request,
        "ideas/offered.html",
        reading=reading,
        ideas=[(idea, idea.chosen_by(plan.person), idea.idea.part in request.reach.sees) for idea in found],
        sections=[section for section in reading.sections if section.may_write and offers_in(section.entries)],
        may_add=GOALS in request.reach.writes,
        tells_of={"list"},
    )


def offers_in(lines):
    """Whether there is a line among these that is the person's own."""
    return any(not line.may_change for line in lines)


def offer_words(request, plan, line):
    """Other words for a line of the person's own."""
    return offer(request, IdeaKind.WORDS, line_of_any_kind(request, line))


def offer_step(request, plan, goal):
    """A new step of a goal."""
    return offer(request, IdeaKind.STEP, line_of(request, Goal, goal, even_gone=True))


def offer_state(request, plan, goal):
    """Another state of a goal."""
    return offer(request, IdeaKind.STATE, line_of(request, Goal, goal, even_gone=True))


def offer_goal(request, plan):
    """A new goal."""
    request.reach.require(GOALS, to_write=True)
    return offer(request, IdeaKind.GOAL)


def offer(request, kind, line=None):
    """The page an idea is offered on, and how the person will see it."""
    plan, preview = request.plan, None
    Idea.require_may_offer(plan=plan, kind=kind, line=line, by=request.user)
    form = OfferForm(request.POST if request.method == "POST" else None, kind=kind, line=line)
    if line is not None and line.is_gone:
        if not form.is_bound:
            raise Http404
        form.add_error(None, _("This has been taken out."))
    elif form.is_valid() and "look" in request.POST:
        preview = read_idea(Idea.sketch(plan=plan, by=request.user, **form.as_idea()))
    elif form.is_valid():
        try:
            Idea.offer(plan=plan, by=request.user, **form.as_idea())
        except TooManyIdeas:
            form.add_error(None, enough(plan))
        except SaveIdReused:
            save_id_reused(form)
        else:
            say(request, _("Offered. It waits for an answer."), form=form, at="list")
            return to_ideas(plan)
    return show(
        request,
        "ideas/offer.html",
        status=422 if form.errors else 200,
        form=form,
        form_error_title=NOT_SAVED,
        kind=kind,
        line=line,
        preview=preview,
        enough="" if form.is_bound or Idea.has_room(plan=plan, by=request.user) else enough(plan),
    )


def enough(plan):
    """Why nothing more is offered just now."""
    return _("%(name)s has three ideas to think about. Let them breathe.") % {"name": plan.person.name}


@post_only
def take_back(request, plan, idea):
    """Take an idea back that was not answered yet."""
    found = find_idea(plan, idea, reach=request.reach)
    taken_back = found.take_back(by=request.user)
    say(request, _("Taken back.") if taken_back else _("It has already been answered."), at="list")
    return to_ideas(plan)


# --- the person ---


@post_only
def answer(request, plan, idea):
    """Keep my words, or use these: one tap, and no reason is asked."""
    require_own_yes(request)
    found = find_idea(plan, idea, reach=request.reach)
    form = AnswerForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data
        takes = seen.pop("answer") == TAKE
        if found.take(by=request.user, **seen) if takes else found.keep_mine(by=request.user):
            say(request, _("Saved. It is in your plan now.") if takes else _("Your words stay."), at="list")
        else:
            say(request, why_not(found), at="list")
    return to_answered(request, plan, found)


def why_not(idea):
    """What came between the page and the answer to it."""
    if idea.can_be_answered and idea.kind == IdeaKind.STATE:
        return _("You have said something else about this goal since. Please look once more.")
    if idea.can_be_answered:
        return _("Your words have changed since. Please look once more.")
    if idea.state == IdeaState.TAKEN_BACK:
        return _("This idea was taken back.")
    return _("This idea is not waiting any more.")


def my_way(request, plan, idea):
    """Neither the one nor the other: my own words, or what I say about a goal."""
    require_own_yes(request)
    found = find_idea(plan, idea, reach=request.reach)
    sent = request.method == "POST"
    if not sent and not found.can_be_answered and not begun_my_way(request, [found]):
        say(request, why_not(found), at="list")
        return to_ideas(plan)
    form = MyWayForm(request.POST if sent else None, idea=found)
    if form.is_valid():
        try:
            found.rewrite(by=request.user, **form.as_answer())
        except SaveIdReused:
            save_id_reused(form)
        except EditConflict as conflict:
            return both(request, conflict, form=form, action=request.path, back=reverse("ideas", args=[plan.pk]))
        else:
            take_out_draft(request, form)
            say(request, _("Saved."), form=form, at="list")
            return to_answered(request, plan, found)
    status, back = 422 if form.errors else 200, {"back_to": back_to(request, "goal")}
    return show(request, "ideas/my_way.html", status=status, form=form, idea=read_idea(found), **back)


def to_ideas(plan):
    return redirect("ideas", plan=plan.pk)


def to_answered(request, plan, idea):
    """Back to where it was answered: the goal it stood in, or all ideas."""
    goal = idea.step.goal_id if idea.step else idea.goal_id
    if goal and back_to(request, "goal"):
        return redirect(f"{reverse('goal', kwargs={'plan': plan.pk, 'goal': goal})}#told")
    return to_ideas(plan)
