"""Pages for everyone: what this is, staying private, help now."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from peers.doors import acting_as, is_signed_in
from peers.signals import supporters_requested


@require_safe
def about(request):
    return render(request, "peers/about.html")


@require_safe
def safe(request):
    return render(request, "peers/safe.html")


@require_safe
def help_now(request):
    """Help lines, at any hour; below them, for someone who is signed in, their own people and hard days."""
    found = []
    if is_signed_in(request):
        with acting_as(request.user):
            answers = supporters_requested.send(None, request=request)
            found = [number for _receiver, numbers in answers for number in numbers]
    shown = {
        "supporters": [number for number in found if not number.is_hard_day],
        "hard_days": [number for number in found if number.is_hard_day],
    }
    return render(request, "peers/help_now.html", shown)


@require_safe
def components(request):
    """Every component in every state, for those who build pages."""
    return render(request, "components/all.html")
