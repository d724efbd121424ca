"""Who has looked: the person reads who looked, printed and changed, in plain words."""

from django.shortcuts import render

from recovery_plans.looks import read_looks
from recovery_plans.sharing_forms import code_in


def looks(request, plan):
    """Looks and prints, and what others changed; with ?own=1 what the person did too. Newest first."""
    with_own = "own" in request.GET
    lines, older = read_looks(plan, before=code_in(request.GET.get("before")), with_own=with_own)
    shown = {"plan": plan, "lines": lines, "older": older, "with_own": with_own}
    return render(request, "recovery_plans/looks/looks.html", shown)
