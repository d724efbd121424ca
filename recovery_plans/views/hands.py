"""In their hands: the peer specialist's device goes to the person, and comes back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peers import throttling
from peers.card_box import put_in_box
from peers.hands import hands_of, put_in_their_hands, take_back
from peers.models import PlanCard
from peers.views.redirects import post_only
from peers.views.settings import render_of
from peers.views.signin import throttled
from recovery_plans.conversation import where_we_left_off
from recovery_plans.events import PlanEvent
from recovery_plans.forms.hands import TakeBackForm
from recovery_plans.models import LogLine, Section
from recovery_plans.sections import GOALS
from recovery_plans.views.beside import hold_goal_typed, may_make_own_words
from recovery_plans.views.drafts import hold_typed
from recovery_plans.views.together import goal_typed_again, part_typed_again


@post_only
def give(request, plan):
    """One tap: the device is in the person's hands, at the part the two were at."""
    if hands_of(request):  # a second tap
        return redirect(hands_of(request).page)
    slug = _slug(request, plan)
    try:  # without script what was typed comes along; it waits as a draft
        if slug == GOALS:
            hold_goal_typed(request)
        elif "save_id" in request.POST:
            hold_typed(request, f"together/{slug}/add")
    except ValidationError:
        return goal_typed_again(request) if slug == GOALS else part_typed_again(request, Section.from_slug(slug))
    LogLine.note(PlanEvent.HANDS_GIVEN, plan=plan, by=request.user)
    page = reverse("together-part", kwargs={"plan": plan.pk, "section": slug})
    if request.GET.get("then") == "read-back":
        page = to_read_back(plan)
    elif request.GET.get("then") == "agree":
        page = reverse("agree", kwargs={"plan": plan.pk})
    put_in_their_hands(request, person=plan.person, page=page)
    return redirect(page)


def to_read_back(plan):
    """Where the person reads back; it is for them alone, and no page of whoever lent the device."""
    return reverse("read-back", kwargs={"plan": plan.pk})


def _slug(request, plan):
    """The part the two were at, as its address says it."""
    asked = request.GET.get("part", "")
    if asked == GOALS:
        return asked
    try:
        return Section.from_slug(asked).slug
    except ValueError:
        return where_we_left_off(plan, reach=request.reach).slug


def back(request, plan):
    """Whoever lent the device takes it back with their PIN, or their passphrase."""
    hands = hands_of(request)
    if hands is None:  # it is back already
        return redirect("together", plan=plan.pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None, has_pin=bool(hands.lender.device_pin))
    ask = render_of("recovery_plans/hands/back.html", plan=plan, lender=hands.lender)
    if not form.is_valid():
        return ask(request, form)
    pin, passphrase = form.cleaned_data.get("pin"), form.cleaned_data["passphrase"]
    guess = {"kind": "pin", "at": f"device {hands.lender.pk}", "account": hands.lender.pk}
    if not pin:
        guess = {"kind": "passphrase", "at": hands.lender.username}
    if minutes := throttling.count_guess(request, **guess):
        form.add_error(None, throttling.wait_message(minutes))
        return throttled(ask(request, form), minutes)
    if not (hands.lender.fits_device_pin(pin) if pin else hands.lender.check_password(passphrase)):
        form.add_error("pin" if pin else "passphrase", _("That is not it. Please try again."))
        return ask(request, form)
    throttling.give_back(request, **guess)
    take_back(request)
    messages.success(request, _("It is back with you. What was written here is in the plan."))
    return redirect("together", plan=plan.pk) if hands.page == to_read_back(plan) else redirect(hands.page)


@post_only
def own_words(request, plan):
    """Own words for someone who never had any: a first card, opened in this very moment by the one it is for."""
    person, hands = plan.person, hands_of(request)
    if hands is None:
        return redirect("together", plan=plan.pk)
    if not may_make_own_words(request):
        return redirect(hands.page)
    card, _words, _token = PlanCard.make(person=person, by=hands.lender)
    own, words, token = card.open()
    put_in_box(request, own, words=words, token=token)
    return redirect("card-words", plan=plan.pk)
