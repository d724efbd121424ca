"""A card for someone, and one's own words: ways in without mail or phone. Their words are shown once, kept nowhere."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from peers.card_box import empty_box, note_printed, put_in_box, take_from_box, was_printed
from peers.doors import AfterCommit
from peers.models import PlanCard
from peers.qr_codes import qr_code
from peers.views.redirects import post_only
from peers.ways import CARD, WayKind, way_of
from recovery_plans.forms.cards import CardPinForm
from recovery_plans.models.print_jobs import PrintSize
from recovery_plans.pdf.plan_sheet import Choices, as_download, print_one
from recovery_plans.pdf_service.client import PdfFailed


def card(request, plan):
    """To who walks along: the card that waits, and a new one. To the person: own words, and others."""
    # Here leads "I have written it down". Whoever comes to this page has left the one that shows the words, and from
    # then on nobody prints them: so a look at a page lets them go, on purpose.
    empty_box(request)
    return _page(request, plan, CardPinForm())


def _page(request, plan, form, status=200):
    working = PlanCard.working(plan.person)
    shown = {
        "plan": plan,
        "form": form,
        "card": next((card for card in working if not card.is_own and card.opened_at is None), None),
        "own": [card for card in working if card.is_own],
        "may_make": _may_make(request),
        "signs_in_otherwise": bool(plan.person.user.roles_now()),
    }
    return render(request, "recovery_plans/cards/card.html", shown, status=status)


def _may_make(request):
    """Whether this session may make what this page makes: own words only the person's own session, or once more the
    one that a card has just opened, as long as nobody has used those that it gave.
    """
    if not request.reach.is_owner or request.reach.opens_all:
        return True
    way = way_of(request)
    return way.kind in (WayKind.FIRST_CARD, WayKind.NEW_CARD) and not way.card.gave_used_words


@post_only
def new(request, plan):
    """Make a card, or own words. They are shown on the next page, and nowhere else."""
    form = CardPinForm(request.POST)
    if plan.person.user.roles_now() or not _may_make(request):
        return redirect("card", plan=plan.pk)  # who works here signs in with a passphrase; a card would open nothing
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    if request.reach.is_owner and not request.reach.opens_all:
        made, words, token = way_of(request).card.give_own_words()
    else:
        made, words, token = PlanCard.make(person=plan.person, by=request.user, pin=form.cleaned_data["pin"])
        if request.reach.is_owner and way_of(request).kind == WayKind.OWN_WORDS:
            request.session[CARD] = str(made.pk)  # this very visit stays open; those that the old words opened end
    put_in_box(request, made, words=words, token=token)
    return redirect("card-words", plan=plan.pk)


def words(request, plan):
    """The four words and the square, until they are written down: ten minutes at most, in this session alone."""
    kept = take_from_box(request, person=plan.person)
    if kept is None:
        return redirect("card", plan=plan.pk)
    return _words_page(request, plan, kept, CardPinForm())


def _words_page(request, plan, kept, form, status=200):
    made = PlanCard.objects.select_related("given_through__created_by").filter(pk=kept["card"]).first()
    shown = {
        "plan": plan,
        "words": kept["words"],
        "own": kept["own"],
        "made": made,
        "qr": qr_code(kept["link"]),
        "host": request.get_host(),
        "form": form if kept["own"] and not made.has_pin else None,
    }
    return render(request, "recovery_plans/cards/words.html", shown, status=status)


@post_only
def written(request, plan):
    """The words are written down: they are shown no more. On to the plan; the first time, to what comes before it."""
    empty_box(request)
    return redirect("home")


@post_only
def pin(request, plan):
    """Add a PIN to the own words that have just been made."""
    kept = take_from_box(request, person=plan.person)
    if kept is None or not kept["own"]:
        return redirect("card", plan=plan.pk)
    form = CardPinForm(request.POST)
    if not form.is_valid():
        return _words_page(request, plan, kept, form, status=422)
    if form.cleaned_data["pin"]:
        PlanCard(pk=kept["card"]).take_pin(form.cleaned_data["pin"])
        messages.success(request, _("Your words ask for this PIN from now on. It is not on paper."))
    return redirect("card-words", plan=plan.pk)


@post_only
def off(request, plan):
    """Turn off the card that nobody has opened yet. Own words are the person's to end."""
    empty_box(request)
    PlanCard.turn_off_unopened(person=plan.person, by=request.user)
    # A second tap reads the same: it is true both times.
    messages.success(request, _("The card is turned off. It opens nothing now."))
    return redirect("card", plan=plan.pk)


@post_only
def pdf(request, plan):
    """Print what was just made: wallet size, to cut out, or in large print. Once: then its words are on paper only."""
    size = PrintSize.LARGE if request.POST.get("size") == PrintSize.LARGE else PrintSize.REGULAR
    kept = take_from_box(request, person=plan.person)
    if kept is None:
        if was_printed(request, person=plan.person):
            messages.info(request, _("It was printed already. Its words are on paper now, and nowhere else."))
        else:
            messages.info(request, _("The words of a card are kept for ten minutes. Please make a new card."))
        return redirect("card", plan=plan.pk)
    organization = plan.person.organization
    html = render_to_string(
        "print/card.html",
        {
            "name": plan.person.name,
            "for_someone_else": not kept["own"],
            "four_words": kept["words"].split(),
            "has_pin": PlanCard.objects.filter(pk=kept["card"]).exclude(pin_hash="").exists(),
            "qr": qr_code(kept["link"]),
            "host": request.get_host(),
            "phone": organization.phone if organization else "",
            "size": size,
            "page": Choices(size=size).page,
            "language": get_language(),
        },
    )
    return AfterCommit(lambda: _printed(request, plan, html, size=size))


def _printed(request, plan, html, *, size):
    try:
        made = print_one(html)
    except PdfFailed:
        return render(request, "recovery_plans/printing/failed.html", {"plan": plan, "card_size": size}, status=503)
    note_printed(request, person=plan.person)
    return as_download(made, called="card")
