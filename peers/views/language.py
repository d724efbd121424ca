"""The language of the pages, chosen in one tap from any page."""

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from peers.doors import gone_quiet, tell_database
from peers.models import User
from peers.views.signin import where_to


@require_POST
def choose(request):
    """Keep the choice in this browser, and with the reader where they have come in; then go back to the page.

    Someone whose own language no page can speak yet keeps it: their words are in it, whatever the pages say.
    """
    response = HttpResponseRedirect(where_to(request))
    language, known = request.POST.get("language"), dict(settings.LANGUAGES)
    if language not in known:
        return response
    user = request.user
    if user.is_authenticated and user.language in known and not gone_quiet(request):
        with transaction.atomic():
            tell_database(user)
            User.objects.filter(pk=user.pk).update(language=language)
    remember(response, language)
    return response


def remember(response, language):
    """Keep a choice of language in this browser until it is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
