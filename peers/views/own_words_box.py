"""The page that stands where a part is the person's alone: "This opens with your own words", and a box to type them."""

from django.shortcuts import render

from peers.forms import OwnWordsForm
from peers.views import problems
from peers.ways import way_of


def own_words_first(request):
    """The answer of a door to a session that is not the person's own. What was typed is given back."""
    typed = problems.typed_in(request) if request.method == "POST" else []
    next_path = request.get_full_path() if request.method == "GET" else ""
    return own_words_page(request, new_form(request), next_path=next_path, typed=typed, status=403)


def new_form(request, data=None):
    """The box: own words always; the passphrase where there is one; the PIN of before where own words had one."""
    return OwnWordsForm(
        data, has_passphrase=request.user.has_passphrase, asks_pin=cards_with_pin(way_of(request)) != []
    )


def cards_with_pin(way):
    """Own words that work in full and have a PIN: who knows it is the person."""
    return [card for card in way.cards if card.opens_all and card.has_pin] if way.ticket else []


def own_words_page(request, form, *, next_path, typed=(), status=200):
    shown = {"form": form, "next": next_path, "typed": typed, "way": way_of(request)}
    return render(request, "peers/own_words.html", shown, status=status)
