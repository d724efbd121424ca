"""Which page follows: the one that a form or a link names, where it is one of ours."""

from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request):
    """The path in `next`, as the page that was asked for before sign-in; else the start. Never another site."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    # No host is allowed at all: only a path of this site passes.
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else resolve_url("home")


def back_to(request, *pages):
    """The name in `back_to`, where it is one of these pages; "" for the page that follows as usual."""
    name = request.POST.get("back_to") or request.GET.get("back_to", "")
    return name if name in pages else ""
