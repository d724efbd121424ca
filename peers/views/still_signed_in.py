"""Whether somebody is signed in, and still the one whose page this is: a tab asks when it comes to the front."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

from peers.doors import is_signed_in


def still_signed_in(request):
    """Who is signed in, as a mark that says nothing of them, with a token for the forms of the page that asks."""
    if not is_signed_in(request):
        return JsonResponse({"who": ""}, status=403)
    return JsonResponse({"who": mark_of(request.user), "token": get_token(request)})


def mark_of(user):
    """The same for the same user on this site, and no key to anything."""
    return salted_hmac("alongside.still-signed-in", str(user.pk)).hexdigest()[:16]
