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
    """Help lines, at any hour; below them, for someone who is signed in, their own people."""
    supporters = []
    if is_signed_in(request):
        with acting_as(request.user):
            answers = supporters_requested.send(None, request=request)
            supporters = [supporter for _receiver, found in answers for supporter in found]
    return render(request, "peers/help_now.html", {"supporters": supporters})


@require_safe
def components(request):
    """Every component in every state, for those who build pages."""
    return render(request, "components/all.html")
