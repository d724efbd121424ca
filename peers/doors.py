"""The doors: every address is entered through one, and it stands in the URLconf.

A door looks who is signed in, opens the transaction, sets the user in the database, lets in or answers 404, calls the
view (which renders inside the transaction), and commits. A view without a door, or without a reason to be public, fails
the build (tests/test_access.py).
"""

import functools
import time
from contextlib import contextmanager, nullcontext

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import resolve_url

from peers.by_script import is_sent_by_script
from peers.faults import is_connection_cut
from peers.hands import forget_hands, hands_of, to_the_page_in_hand
from peers.models.organization import StaffRole
from peers.views import problems
from peers.views.own_words_box import own_words_first
from peers.ways import forget_way, way_of

IDLE_SECONDS_ON_SHARED_DEVICE = 10 * 60
# How exactly a session knows when it was last used: this is enough, and saves a write on every page.
SEEN_EVERY_SECONDS = 30
# Longer than any address of ours; Django redirects to none that is longer than browsers allow.
MAX_NEXT_LENGTH = 1000


class AfterCommit:
    """What a view returns when something slow, such as printing, must wait until the transaction is over.

    `respond` is called without arguments after the commit and returns the response.
    """

    def __init__(self, respond):
        self.respond = respond


def public(view, *, because):
    """An address anyone may open, signed in or not. The reason stands beside it in the URLconf."""

    @functools.wraps(view)
    def enter(request, **kwargs):
        return view(request, **kwargs)

    return marked(enter, door="public", because=because)


def signed_in(view, *, by_any_way=False, in_hands=False):
    """An address for everyone who is signed in; it shows nothing but their own."""

    def admit(request, kwargs):
        return kwargs

    return behind(view, door="signed_in", admit=admit, by_any_way=by_any_way, in_hands=in_hands)


def staff(role, view):
    """An address for those who hold a role in any organization today; to anyone else it does not exist."""

    def admit(request, kwargs):
        if not request.user.holds(role):
            raise Http404
        return kwargs

    return behind(view, door=role.value, admit=admit)


def walks(view):
    """For peer specialists."""
    return staff(StaffRole.PEER_SPECIALIST, view)


def administers(view):
    """For administrators. They never see a plan."""
    return staff(StaffRole.ADMINISTRATOR, view)


def behind(view, *, door, admit, by_any_way=False, in_hands=False):
    """Put a view behind a door. `admit(request, kwargs)` returns the view's arguments or raises Http404.

    Without `by_any_way`, it opens only in a session that is the person's own; one that a card of another hand opened
    gets the box for own words instead. Without `in_hands`, it does not open on a device that is in a person's hands:
    they stay at the page they are at.
    """

    def admit_own(request, kwargs):
        kwargs = admit(request, kwargs)  # first: what is not theirs is not there, whatever the way in
        if not by_any_way and not way_of(request).is_own:
            raise NeedsOwnWords
        return kwargs

    @functools.wraps(view)
    def enter(request, **kwargs):
        if not is_signed_in(request):
            return require_sign_in(request)
        if hands_of(request) and not in_hands:
            return to_the_page_in_hand(request)
        is_read = request.method in ("GET", "HEAD")
        try:
            response = _call_view(request, view, admit_own, kwargs, is_read=is_read)
        except NeedsOwnWords:
            return own_words_first(request)
        except HandsAreOver:
            sign_out(request)
            return require_sign_in(request)
        except (IntegrityError, OperationalError, InterfaceError) as error:
            # Two saves met, or the connection was cut before anything was kept. Called again, the view finds what the
            # other wrote, or another connection.
            if not (_is_conflict(error, is_read=is_read) or _was_cut(request, error)):
                raise
            response = _call_view(request, view, admit_own, kwargs, is_read=False)
        return response.respond() if isinstance(response, AfterCommit) else response

    enter.by_any_way, enter.in_hands = by_any_way, in_hands
    return marked(enter, door=door)


class NeedsOwnWords(Exception):
    """What was asked for is the person's alone, and this session is not their own."""


class HandsAreOver(Exception):
    """Whoever lent the device has nothing open of this person any more: it is not in their hands, and shows nothing."""


def _call_view(request, view, admit, kwargs, *, is_read):
    """All or nothing: who acts, what they may, and what the view does, in one transaction."""
    request.is_answered = False
    with _deferred_on_sqlite() if is_read else nullcontext(), acting_as(request.user):
        response = view(request, **admit(request, dict(kwargs)))
        request.is_answered = True
        return response


@contextmanager
def _deferred_on_sqlite():
    """Begin the transaction of a page that is only read without the write lock, as SQLite has one writer at a time.

    Should the page note a look after all, it takes the lock then, or is called again as a save.
    """
    if connection.vendor != "sqlite":
        yield
        return
    mode, connection.transaction_mode = connection.transaction_mode, None
    try:
        yield
    finally:
        connection.transaction_mode = mode


def _was_cut(request, error):
    """Whether the connection was cut before the commit: after it nobody knows whether this was kept."""
    return not request.is_answered and is_connection_cut(error)


def _is_conflict(error, *, is_read):
    """Whether two transactions were in each other's way: the same row twice, a deadlock, a failed serialization."""
    if isinstance(error, IntegrityError) or (is_read and connection.vendor == "sqlite"):
        return True
    return getattr(error.__cause__, "sqlstate", "") in ("40P01", "40001")


def marked(enter, *, door, because=""):
    enter.door, enter.because = door, because
    return enter


def require_sign_in(request):
    """Redirect to sign-in, and back afterwards only to a page that was read. What was typed is given back instead."""
    if is_sent_by_script(request):
        return HttpResponseForbidden()
    if request.method == "POST" and (typed := problems.typed_in(request)):
        return problems.signed_out(request, typed)
    next_url = request.get_full_path() if request.method == "GET" else resolve_url("home")
    return redirect_to_login(next_url if len(next_url) <= MAX_NEXT_LENGTH else resolve_url("home"))


def is_signed_in(request):
    """Whether someone is signed in and their session still runs. For public pages too."""
    return request.user.is_authenticated and not _has_expired(request) and not _way_is_off(request)


def _way_is_off(request):
    """Whether the card or the own words that opened this session work no more. This ends it."""
    if way_of(request) is not None:
        return False
    sign_out(request)
    return True


def _has_expired(request):
    """Whether a shared device was idle for too long. This ends its session; what was saved is saved."""
    if request.session.get("device") != "shared":
        return False
    now, seen = int(time.time()), request.session.get("seen", 0)
    if now - seen > IDLE_SECONDS_ON_SHARED_DEVICE + SEEN_EVERY_SECONDS:
        sign_out(request)
        return True
    if now - seen >= SEEN_EVERY_SECONDS:
        request.session["seen"] = now
    return False


def sign_out(request):
    """End the session, and drop its messages: the next user of this device must not read them."""
    logout(request)
    forget_hands(request)
    forget_way(request)
    request.COOKIES.pop(CookieStorage.cookie_name, None)
    get_messages(request).used = True


@contextmanager
def acting_as(user):
    """All or nothing, and the database knows who acts."""
    with transaction.atomic():
        set_database_user(user)
        yield


def set_database_user(user):
    """Set who acts in the database, for this transaction only. Row-level security will read it.

    Transaction-local always: with a session-level setting the next borrower of a pooled connection would act as
    this one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.user_id', %s, true)", [str(user.pk)])
