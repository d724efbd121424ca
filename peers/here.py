"""Who is here: whoever a session was opened for, with all that every page asks of them."""

from contextvars import ContextVar

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db.models import FilteredRelation, Q
from django.utils.functional import SimpleLazyObject

from peers.asking import Question, columns, given, made_of
from peers.models import Organization, Person, Role, User

# Someone who is here, the person they are where they have a plan, and each role they hold: one row a role.
_PARTS = [(User, ""), (Person, "person__"), (Role, "held__"), (Organization, "held__organization__")]


def with_roles(rows, path=""):
    """The same rows, one for each role that the user at the end of `path` holds now, oldest role first."""
    held = FilteredRelation(f"{path}roles", condition=Q(**{f"{path}roles__until": None}))
    return rows.annotate(held=held).order_by("held__since", "held__pk")


def columns_of_who(path=""):
    """The columns that `made` reads, for the user at the end of `path`, such as "user__"."""
    starts = [start if start.startswith("held__") else path + start for _model, start in _PARTS]
    return [name for (model, _start), start in zip(_PARTS, starts, strict=True) for name in columns(model, start)]


def made(rows):
    """The user of these rows, with the person they are and the roles they hold; None where they are not active."""
    if not rows:
        return None
    user, person, _role, _organization = _parts(rows[0])
    if user is None or not user.is_active:
        return None
    if person is not None:
        person.user = user
    user._state.fields_cache["person"] = person
    user._roles_now = []
    for _user, _person, role, organization in map(_parts, rows):
        if role is not None:
            role.user, role.organization = user, organization
            user._roles_now.append(role)
    return user


def _parts(row):
    """The four models of one row; None for those that are not there."""
    start = 0
    for model, _start in _PARTS:
        end = start + len(model._meta.concrete_fields)
        yield made_of(model, row[start:end])
        start = end


WHO = Question(lambda: with_roles(User.objects.filter(pk=given("user"))).values_list(*columns_of_who()))
# Whom the session that was just opened brought along, while Django asks whether they are still who they were.
_BROUGHT = ContextVar("brought", default=None)


def find_who(code):
    """The user with this code, as `made`; the one a session has just brought is not asked for again."""
    brought = _BROUGHT.get()
    return brought if brought is not None and brought.pk == code else made(WHO.rows(user=code))


class WhoIsHere(AuthenticationMiddleware):
    """Django's own, with all its checks; only whom to check comes with the session, in one question for both."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _checked(request))


def _checked(request):
    request.session.get(SESSION_KEY)  # opens it
    brought = _BROUGHT.set(request.session.who)
    try:
        return get_user(request)
    finally:
        _BROUGHT.reset(brought)
