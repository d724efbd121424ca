"""Leave: one tap, and this place is gone from the screen."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from peers.doors import sign_out


class SeeOther(HttpResponseRedirect):
    """Go there with a plain GET, whatever was sent here."""

    status_code = 303


# No token is asked for: an old one must never keep somebody signed in. All that a stranger's page could do with this
# address is sign a reader out, and it cannot even do that, as the session's cookie is not sent along (SameSite).
@csrf_exempt
def leave(request):
    """End the session and go to a neutral site. A GET changes nothing and shows the button."""
    if request.method != "POST":
        return render(request, "peers/leave.html")
    sign_out(request)
    response = SeeOther(settings.EXIT_SITE)
    # Cookies are taken back one by one: "cookies" here would also sign the reader out of every other site under the
    # same domain. Pages are never kept (no-store), so "cache" would only hold the screen for as long as it is emptied.
    response.headers["Clear-Site-Data"] = '"storage"'
    for name in (settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    return response
