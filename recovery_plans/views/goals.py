"""Goals: what the person wants, how it is today, and what goes with it."""

from django.shortcuts import redirect, render

from recovery_plans.forms import GoalForm


def new(request, plan):
    """Write down a new goal; why and a first step can stay blank."""
    request.reach.require("goals", to_write=True)
    form = GoalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        goal = plan.add_goal(words=said["words"], why=said["why"], save_id=said["save_id"], by=request.user)
        if said["step"] and not goal.steps.exists():
            goal.add_step(words=said["step"], by=request.user)
        return redirect("goal", plan=plan.pk, goal=goal.pk)
    return render(request, "recovery_plans/goals/new.html", {"plan": plan, "form": form})


def goal(request, *args, **kwargs):
    raise NotImplementedError


def change(request, *args, **kwargs):
    raise NotImplementedError


def state(request, *args, **kwargs):
    raise NotImplementedError


def move(request, *args, **kwargs):
    raise NotImplementedError


def remove(request, *args, **kwargs):
    raise NotImplementedError


def restore(request, *args, **kwargs):
    raise NotImplementedError


def uses(request, *args, **kwargs):
    raise NotImplementedError


def ruler(request, *args, **kwargs):
    raise NotImplementedError
