"""What every page knows: the navigation, the help lines, and how this reader likes to read."""

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from peers.hands import hands_of
from peers.models.organization import StaffRole
from peers.models.users import TextSize
from peers.views.still_signed_in import mark_of
from peers.ways import way_of

BRAND = "Alongside"

# Which item of the navigation is the current one on which page; a page that is in no row has none.
PAGES_OF = {
    "plan": "plan goal goal-new goal-change goal-state goal-move goal-uses goal-ruler step-add step-change together "
    "together-part together-break",
    "about-me": "about-me part entry-add entry-change entry-remove",
    "back": "back",
    "share": "share share-summary share-summary-stop share-part walk-ask hand-over-answer walk-end looks print "
    "print-pdf card card-new card-words card-pin card-written card-off card-pdf ways-in way-end ways-end-others "
    "new-card-answer",
    "today": "today person-new person-asked person-meet person",
    "team": "team",
    "summaries": "summaries summary summary-pdf print-job-new print-job print-job-pdf",
    "organization": "organization organization-invite organization-edit organization-role-end "
    "organization-alone organization-alone-ask organization-role-resume organization-passphrase-link "
    "organization-second-locks organization-second-lock-off",
}
ITEM_OF = {page: item for item, pages in PAGES_OF.items() for page in pages.split()}
# The part of a plan that is one tap away from every page of its person. The door to it shows nothing of what is there.
HARD_DAYS = "hard-days"


def page(request):
    """The context processor. It must not fail for anyone: an anonymous reader, a page that is not there, a problem."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        user = None
    match = getattr(request, "resolver_match", None)
    return {
        "brand": BRAND,
        "nav": navigation(request, user, match) if user and not hands_of(request) else [],
        "hands": hands_of(request),
        "help_lines": help_lines(request, user),
        "exit_site": settings.EXIT_SITE,
        "languages": languages(),
        "text_size": text_size(request, user),
        "plain_font": bool(user and user.plain_font),
        "saves_data": saves_data(request),
        **new_card_question(request, user),
        "calm": bool(user and user.calm),
        "who": mark_of(user) if user else "",
        "is_shared": bool(user) and request.session.get("device") == "shared",
    }


def text_size(request, user):
    """In percent: as this reader likes it; in the person's hands a step larger than usual at least."""
    if user is None:
        return TextSize.USUAL
    return max(user.text_size, TextSize.LARGER) if hands_of(request) else user.text_size


def saves_data(request):
    """Whether the browser asks for less: the heading font is then left out."""
    return request.headers.get("Save-Data", "").lower() == "on"


def languages():
    """Every language that pages have, each by its own name."""
    now = get_language()
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize(), "current": code == now}
        for code, _name in settings.LANGUAGES
    ]


def new_card_question(request, user):
    """The new card that this session, where it is the person's own, is to be asked about; and where it is answered."""
    way = way_of(request) if user and not hands_of(request) else None
    own = own_plan(user, getattr(request, "plan", None)) if way else None
    if own is None or way.asks_about is None:
        return {}
    return {"new_card_asked": way.asks_about, "own_plan_code": own.pk}


# --- navigation ---


def navigation(request, user, match):
    """The few items of the navigation, in the same order on every page."""
    opened = getattr(request, "plan", None)
    own = own_plan(user, opened)
    someone_elses = opened is not None and opened is not own
    items = [("today", _("Today"), "sun", None)] if user.holds(StaffRole.PEER_SPECIALIST) else []
    if someone_elses:
        items += [
            ("plan", _("This plan"), "footprints", opened.pk),
            ("about-me", _("About me"), "sprout", opened.pk),
            ("back", _("Looking back"), "history", opened.pk),
        ]
    elif own is not None and (opened is not None or not user.roles_now()):
        items += [
            ("plan", _("My plan"), "footprints", own.pk),
            ("about-me", _("About me"), "sprout", own.pk),
            ("back", _("Looking back"), "history", own.pk),
            (HARD_DAYS, _("Hard day"), "umbrella", own.pk),
            own_last_item(request, own),
        ]
    else:
        items += staff_items(user)
        if own is not None:
            items.append(("plan", _("My plan"), "footprints", own.pk))
    current = current_item(match, [item for item, _label, _icon, _plan in items])
    return [
        {"label": label, "url": address_of(item, plan), "icon": icon, "current": item == current}
        for item, label, icon, plan in items
    ]


def current_item(match, items):
    """Which of these items the page belongs to; "" for none."""
    item = ITEM_OF.get(match.url_name, "") if match else ""
    if item == "about-me" and HARD_DAYS in items and match.kwargs.get("section") == HARD_DAYS:
        return HARD_DAYS
    return item


def address_of(item, plan):
    """Where an item of the navigation leads; `plan` is the code of the plan it is in, if any."""
    if item == HARD_DAYS:
        return reverse("part", kwargs={"plan": plan, "section": HARD_DAYS})
    return reverse(item, kwargs={"plan": plan} if plan else None)


def own_last_item(request, own):
    """Sharing is the person's alone: in a session that is not their own, only the print is there."""
    way = way_of(request)
    if way is not None and way.is_own:
        return ("share", _("Share, print"), "printer", own.pk)
    return ("print", _("Print"), "printer", own.pk)


def staff_items(user):
    """The items of a supervisor and of an administrator."""
    items = []
    if user.holds(StaffRole.SUPERVISOR):
        items += [("team", _("Team"), "users", None), ("summaries", _("Summaries"), "file-text", None)]
    if user.holds(StaffRole.ADMINISTRATOR):
        items.append(("organization", _("Organization"), "building-2", None))
    return items


def own_plan(user, opened):
    """The reader's own plan, or None. The one that a door has just found is not queried again."""
    person = getattr(user, "person", None)
    if person is None:
        return None
    if opened is not None and opened.person_id == person.pk:
        return opened
    try:
        return person.plan
    except ObjectDoesNotExist:
        return None


# --- help at any hour ---


def help_lines(request, user):
    """Whom to call at any hour, free: the nation's line, the state's, and the organization's own where it has one."""
    lines = [
        help_line(_("Call or text 988"), "988"),
        help_line(_("Help Line"), "833-773-2445"),
    ]
    organization = own_organization(request, user)
    if organization is not None and organization.warmline:
        lines.append(help_line(_("Warmline"), organization.warmline, is_own=True))
    return lines


def help_line(label, number, *, is_own=False):
    """A number to call; `is_own` says that it is the organization's, of which we know nothing more."""
    digits = "".join(character for character in number if character.isdigit() or character == "+")
    return {"label": label, "number": number, "href": f"tel:{digits}", "is_own": is_own}


def own_organization(request, user):
    """The organization whose warmline belongs on the page: where the reader works, or where they were met."""
    if user is None:
        return None
    roles = user.roles_now()
    if roles:
        return roles[0].organization
    person = getattr(user, "person", None)
    if person is None:
        return None
    opened = getattr(request, "plan", None)
    if opened is not None and opened.person_id == person.pk:
        return opened.person.organization
    return person.organization
