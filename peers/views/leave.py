"""Leave: one tap ends the session and opens a neutral site."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from peers.doors import sign_out


class SeeOther(HttpResponseRedirect):
    """A redirect that the browser follows with a GET, whatever method it used."""

    status_code = 303


# No CSRF token is needed: an expired one must never keep somebody signed in. All that another site could do with this
# address is sign a reader out, and it cannot even do that, as browsers do not send the session cookie along (SameSite).
@csrf_exempt
def leave(request):
    """End the session and go to a neutral site. A GET changes nothing and shows the button."""
    if request.method != "POST":
        return render(request, "peers/leave.html")
    sign_out(request)
    response = SeeOther(settings.EXIT_SITE)
    # Cookies are deleted one by one: "cookies" in this header would also sign the reader out of every other site under
    # the same domain. No page is in a cache (no-store), so "cache" would only delay the redirect while it is emptied.
    response.headers["Clear-Site-Data"] = '"storage"'
    for name in (settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    return response
