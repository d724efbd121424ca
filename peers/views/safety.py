"""Pages for everyone: what this is, staying private, help now."""

from django.shortcuts import render

from peers.doors import acting_as, is_here

# Who can say which people of their own a reader may call. This part of the house knows no plans; the other registers.
_THOSE_WHO_KNOW = []


def knows_own_people(look_up):
    """Register `look_up(user)`: the user's own supporters, each with `words` and `helps`."""
    _THOSE_WHO_KNOW.append(look_up)
    return look_up


def about(request):
    return render(request, "peers/about.html")


def safe(request):
    return render(request, "peers/safe.html")


def help_now(request):
    """Help lines, at any hour; for someone who has come in, their own people first."""
    supporters = []
    if is_here(request):
        with acting_as(request.user):
            supporters = [found for look_up in _THOSE_WHO_KNOW for found in look_up(request.user)]
    return render(request, "peers/help_now.html", {"supporters": supporters})


def components(request):
    """Every component in every state, for those who build pages."""
    return render(request, "components/all.html")
