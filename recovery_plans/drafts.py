"""Drafts on pages: which box a form is, what was begun in it, and what somebody else began for the person."""

from django.http import Http404
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from peers.hands import hands_of
from recovery_plans.access import find_idea, find_line, find_line_of_any_kind, find_walk
from recovery_plans.forms.lines import BOXES, PlanForm, VersionedForm
from recovery_plans.models import Draft, Entry, Goal, Section, Step, Telling
from recovery_plans.sections import GOALS

LINES = {"line": Entry, "goal": Goal, "step": Step, "telling": Telling}
# Where the person reads what somebody else began for them.
PAGES_THAT_SHOW_BEGUN = ("plan", "part", "goal", "together-part")
BEGUN_IN_HANDS = "begun_in_hands"  # in the session, which drops it when the device is given back


# --- on a page ---


def take_up_drafts(request, shown):
    """Put what this reader began back into the forms of this page; to the person, also what others began for them."""
    boxes = {box: form for form in shown.values() if (box := box_of(form, request))}
    shows_begun = request.reach.is_owner and request.resolver_match.url_name in PAGES_THAT_SHOW_BEGUN
    if not boxes and not shows_begun:
        return []
    drafts = drafts_open_to_reader(request)
    for box, form in boxes.items():
        own = [draft for draft in drafts if draft.box == box and draft.author_id == request.user.pk]
        if own:
            _fill_in(form, own, address=draft_address(request.plan, box), carried=request.method == "POST")
    return [draft for draft in drafts if shows_begun and is_begun_here(draft, request)]


def drafts_open_to_reader(request):
    """What this reader may read of what was begun in this plan.

    On a device that somebody lent them, and before they have typed what only they know, no more than was begun there:
    by whoever lent it, and by them since they have it. What else they began, nobody but them sees.
    """
    drafts = [draft for draft in Draft.read_by(request.user, plan=request.plan) if draft.part in request.reach.sees]
    hands = hands_of(request)
    if hands is None or request.reach.opens_all:
        return drafts
    codes = request.session.get(BEGUN_IN_HANDS, [])
    return [draft for draft in drafts if draft.author_id == hands.lender.pk or str(draft.pk) in codes]


def remember_in_hands(request, draft):
    """This was begun on a lent device: it may come back there until the device is given back."""
    codes = request.session.get(BEGUN_IN_HANDS, [])
    if hands_of(request) and str(draft.pk) not in codes:
        request.session[BEGUN_IN_HANDS] = [*codes, str(draft.pk)]


def box_of(form, request):
    """The box that this form is on this page; "" where it has none."""
    if not isinstance(form, PlanForm) or not form.holds_drafts or not form.box:
        return ""
    names = dict(request.resolver_match.kwargs)
    if names.get("section") == GOALS:
        del names["section"]  # a part, but no section: their forms go to addresses of their own
    try:
        address = reverse(form.box, kwargs=names)
    except NoReverseMatch:
        return ""
    return box_at(request.plan, address)


def box_at(plan, address):
    """The box of a form that goes to this address of the plan."""
    return address.removeprefix(reverse("plan", kwargs={"plan": plan.pk})).strip("/")


def own_boxes(request):
    """The boxes in which this reader began something that is not kept yet."""
    return {draft.box for draft in drafts_open_to_reader(request) if draft.author_id == request.user.pk}


def draft_address(plan, box):
    """Where the words of this box are held."""
    return reverse("draft", kwargs={"plan": plan.pk, "box": box})


def _fill_in(form, drafts, *, address, carried):
    """The newest text goes into the form; older ones are shown beside it. Words that were carried on stand already.

    A form that came back with what was sent goes on with the draft of that very text.
    """
    if form.is_bound:
        drafts = [draft for draft in drafts if str(draft.save_id) == form.data.get("save_id")]
        form.draft, form.draft_address = drafts[0] if drafts else None, address
        return
    newest, *older = drafts
    typed = {} if carried else newest.fields
    form.initial |= {name: values if form.takes_several(name) else values[0] for name, values in typed.items()}
    form.initial["save_id"] = newest.save_id
    form.draft, form.draft_address = newest, address
    form.also_begun = [draft.words for draft in older]


def is_begun_here(draft, request):
    """Whether somebody else began this, and this page is about it."""
    names = request.resolver_match.kwargs
    if draft.author_id == request.user.pk:
        return False
    if "section" in names:
        return draft.part == (GOALS if names["section"] == GOALS else Section.from_slug(names["section"]))
    return "goal" not in names or str(names["goal"]) in draft.box


# --- what is sent ---


def find_box(request, box):
    """The form and the part of a box that this reader may write in; the usual 404 for any other."""
    try:
        match = resolve(f"{reverse('plan', kwargs={'plan': request.plan.pk})}{box}/")
    except Resolver404:
        raise Http404 from None
    form = BOXES.get(match.url_name)
    is_owner, in_hands = request.reach.is_owner, hands_of(request) is not None
    is_open = {"owns": is_owner, "accompanies": not is_owner or in_hands, "writes": True}
    if form is None or not is_open.get(match.func.door, False) or (in_hands and not match.func.in_hands):
        raise Http404
    return form, _part_of(request, match.kwargs, form=form)


def _part_of(request, names, *, form):
    """The part that a box with these names in its address belongs to; its lines must be open to the reader."""
    part = form.part
    if "section" in names:
        try:
            part = Section.from_slug(names["section"])
        except ValueError:
            raise Http404 from None
    if "walk" in names:
        find_walk(request.plan, names["walk"], reach=request.reach, reader=request.user)
    if "idea" in names:
        part = find_idea(request.plan, names["idea"], reach=request.reach).part
    if "about" in names:
        part = find_line_of_any_kind(request.plan, names["about"], reach=request.reach, to_write=True).part
    for name, table in LINES.items():
        if name in names:
            line = find_line(request.plan, table, names[name], reach=request.reach, to_write=True, even_gone=True)
            part = line.part
    if issubclass(form, VersionedForm):  # it changes the last of these; a new step is for whoever writes in this part
        line.require_words_from(request.user)
    request.reach.require(part, to_write=True)
    return part
