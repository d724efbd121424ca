"""The language of the pages, chosen with one tap on any page."""

from django.conf import settings
from django.http import HttpResponseRedirect

from peers.doors import acting_as, is_signed_in
from peers.hands import hands_of, read_in
from peers.views.redirects import next_url, post_only


@post_only
def choose(request):
    """Keep the choice in this browser, and in the user where one is signed in; then go back to the page.

    Someone whose own language no page has yet keeps it: their words are in it, whatever the pages are in.
    """
    response = HttpResponseRedirect(next_url(request))
    language, known = request.POST.get("language"), dict(settings.LANGUAGES)
    if language not in known:
        return response
    is_here = is_signed_in(request)
    if is_here and request.user.language in known:
        with acting_as(request.user):
            request.user.read_in(language=language)
    if is_here and hands_of(request):
        read_in(request, language)
    else:
        remember(response, language)
    return response


def remember(response, language):
    """Keep a choice of language in this browser until it is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
