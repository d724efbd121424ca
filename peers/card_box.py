"""Four words between being made and being written down: encrypted in the session that made them, for ten minutes."""

import json

from cryptography.fernet import InvalidToken
from django.urls import reverse

from peers.encryption import fernet_for

BOX = "card_to_print"
PRINTED = "card_printed"
SECONDS = 10 * 60
PURPOSE = "card to print"  # part of the encryption key


def put_in_box(request, card, *, words, token):
    """Keep what was just made for the page that shows it, and for print."""
    empty_box(request)
    link = request.build_absolute_uri(reverse("open-link", kwargs={"token": token}))
    kept = {"card": str(card.pk), "person": str(card.person_id), "own": card.is_own, "words": words, "link": link}
    request.session[BOX] = fernet_for(PURPOSE).encrypt(json.dumps(kept).encode()).decode()


def take_from_box(request, *, person):
    """What was made for this person in this very session within ten minutes; else None. It stays in the box."""
    try:
        kept = json.loads(fernet_for(PURPOSE).decrypt(request.session.get(BOX, "").encode(), ttl=SECONDS))
    except InvalidToken:
        return None
    return kept if kept["person"] == str(person.pk) else None


def is_in_box(request):
    """Whether words wait to be shown."""
    return BOX in request.session


def empty_box(request):
    """They are let go."""
    request.session.pop(BOX, None)
    request.session.pop(PRINTED, None)


def note_printed(request, *, person):
    """They are on paper now, and nowhere else."""
    empty_box(request)
    request.session[PRINTED] = str(person.pk)


def was_printed(request, *, person):
    """Whether the last words made for this person in this session went to paper."""
    return request.session.get(PRINTED) == str(person.pk)
