"""Looking at the plan again: the person asks for it in one tap, and takes it back in one."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.views.redirects import post_only
from recovery_plans.views.lines import require_own_yes, say


@post_only
def review(request, plan):
    """Ask, or with `take_back` ask no more."""
    require_own_yes(request)
    if "take_back" in request.POST:
        plan.take_back_review(by=request.user)
        say(request, _("Taken back."))
    else:
        plan.ask_review(by=request.user)
        say(request, _("Asked. The plan says so until you agree again, or take it back."))
    return HttpResponseRedirect(f"{reverse('plan', kwargs={'plan': plan.pk})}#told")
