"""Drafts: what is typed in a box is held until it is kept or taken out."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse

from peers.form_fields import WordsField
from peers.pagination import code_in
from peers.views.redirects import next_url, post_only
from recovery_plans.drafts import find_box, remember_in_hands
from recovery_plans.models import Draft

MAX_CHOICES = 200


@post_only
def hold(request, plan, box):
    """Hold what was typed in one box. The answer names the save id that it was sent under, and no words."""
    save_id = code_in(request.POST.get("save_id"))
    if "take_out" in request.GET and save_id is not None:
        find_box(request, box)
        Draft.take_out(plan=plan, author=request.user, save_id=save_id)
        return HttpResponseRedirect(next_url(request))
    try:
        draft = hold_typed(request, box)
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=422)
    answer = {"asked": str(save_id), "save_id": str(draft.save_id if draft else save_id)}
    return JsonResponse(answer | {"version": draft.version if draft else 0})


def hold_returned(request):
    """A form comes back with a message: what can be held of it waits, whichever page is read next."""
    box = request.path.removeprefix(reverse("plan", kwargs={"plan": request.plan.pk})).strip("/")
    with suppress(ValidationError):
        hold_typed(request, box)


def hold_typed(request, box):
    """Hold what this request brings for a box; the draft, or None where nothing is left to hold.

    Raises ValidationError for words that cannot be stored, and for a request without a save id.
    """
    form, part = find_box(request, box)
    save_id = code_in(request.POST.get("save_id"))
    if save_id is None:
        raise ValidationError("")
    fields = typed_in(form, request.POST)
    draft = Draft.hold(
        plan=request.plan,
        author=request.user,
        box=box,
        part=part,
        fields=fields,
        save_id=save_id,
        version=version_in(request.POST.get("draft_version", "")),
    )
    if draft is not None:
        remember_in_hands(request, draft)
    return draft


def version_in(text):
    """The version in a request; 0, of no draft, for what is no version."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def typed_in(form, sent):
    """What was typed and chosen in a form of this kind, by the names of its fields; nothing where nobody wrote a word.

    Raises ValidationError for words that cannot be stored.
    """
    found, says_something = {}, False
    for name, values in sent.lists():
        field = form.field_of(name)
        if field is None:
            continue
        if isinstance(field, WordsField):
            values = [field.to_python(words) for words in values[:1]]
            says_something |= any(values)
        else:
            values = [value for value in values[:MAX_CHOICES] if len(value) <= MAX_CHOICES]
            says_something |= form.takes_several(name) and any(values)
        if not any("\x00" in value for value in values):
            found[name] = values
    return found if says_something else {}
