"""Which page follows: the one that a form or a link names, where it is one of ours."""

from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


def answers_forms(view):
    """No page is led back to this address: it shows one only in answer to a form."""
    view.is_post_only = True
    return view


def post_only(view):
    """Django's `require_POST`, known as one that answers forms."""
    return answers_forms(require_POST(view))


def next_url(request):
    """The path in `next`, as the page that was asked for before sign-in; else the start. Never another site."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    # No host is allowed at all: only a path of this site passes.
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return _page_above(path) if is_ours else resolve_url("home")


def _page_above(path):
    """The same path; of a page that came in answer to a form, the nearest one above it that can be asked for."""
    above = path.partition("?")[0]
    if not _is_post_only(above):
        return path
    while above.count("/") > 1:
        above = above.rstrip("/").rpartition("/")[0] + "/"
        if _is_post_only(above) is False:
            return above
    return resolve_url("home")


def _is_post_only(path):
    """Whether only forms are sent to this address; None where there is none."""
    try:
        return getattr(resolve(path).func, "is_post_only", False)
    except Resolver404:
        return None


def back_to(request, *pages):
    """The name in `back_to`, where it is one of these pages; "" for the page that follows as usual."""
    name = request.POST.get("back_to") or request.GET.get("back_to", "")
    return name if name in pages else ""
