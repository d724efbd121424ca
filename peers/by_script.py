"""Forms that a script sends, so that a dropped line leaves the page, and what was typed in it, where it is."""

from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase

BY_SCRIPT, GO_ON = "X-By-Script", "X-Go-On"


def is_sent_by_script(request):
    """Whether a script sent this: it then asks for the status, not for a page."""
    return BY_SCRIPT in request.headers


def name_the_next_page(get_response):
    """Answer a script with the address of the page that follows, instead of a redirect that it would follow unseen.

    The browser then opens that page itself, and the message on it is still there to be read.
    """

    def middleware(request):
        response = get_response(request)
        if request.headers.get(BY_SCRIPT) != "next" or not isinstance(response, HttpResponseRedirectBase):
            return response
        answer = HttpResponse(status=204, headers={GO_ON: response.url})
        answer.cookies = response.cookies
        return answer

    return middleware
