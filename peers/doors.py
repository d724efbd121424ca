"""The doors: every address is entered through one, and it stands in the URLconf.

A door asks who is there, opens the transaction, tells the database who acts, lets in or answers 404, calls the view
(which renders inside the transaction), commits, and forbids every cache to keep the page. A view without a door, or
without a reason to be public, fails the build (tests/test_access.py).
"""

import functools
import time
from contextlib import contextmanager, nullcontext

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import Http404
from django.shortcuts import resolve_url

from peers.models.organization import StaffRole

SHARED_DEVICE_QUIET_SECONDS = 10 * 60
# How exactly it is noted when someone was last seen: this often is enough, and spares a write on every page.
SEEN_EVERY_SECONDS = 30
# Longer than any address of ours; Django sends nobody to one that is longer than browsers know.
ADDRESS_AT_MOST = 1000


class Promise:
    """What a view answers when the slow part must wait until the transaction is over, such as printing.

    `keep` is called without arguments after the commit and returns the response.
    """

    def __init__(self, keep):
        self.keep = keep


def public(view, *, because):
    """An address anyone may open, signed in or not. The reason stands beside it in the URLconf."""

    @functools.wraps(view)
    def enter(request, **kwargs):
        return kept_by_nobody(view(request, **kwargs))

    return marked(enter, door="public", because=because)


def signed_in(view):
    """An address for everyone who is here; it shows nothing but their own."""
    return behind(view, door="signed_in", admit=lambda request, kwargs: kwargs)


def staff(role, view):
    """An address for those who hold a role somewhere today; to anyone else it does not exist."""

    def admit(request, kwargs):
        if not request.user.holds(role):
            raise Http404
        return kwargs

    return behind(view, door=role.value, admit=admit)


def walks(view):
    """For peer specialists."""
    return staff(StaffRole.PEER_SPECIALIST, view)


def administers(view):
    """For those who set the place up. They never see a plan."""
    return staff(StaffRole.ADMINISTRATOR, view)


def behind(view, *, door, admit):
    """Hang a view behind a door. `admit(request, kwargs)` returns the view's arguments or raises Http404."""

    @functools.wraps(view)
    def enter(request, **kwargs):
        if not is_here(request):
            return kept_by_nobody(ask_who_is_there(request))
        reads = request.method in ("GET", "HEAD")
        try:
            answer = _answer(request, view, admit, kwargs, reads=reads)
        except (IntegrityError, OperationalError) as problem:
            # Two saves met in one moment, and nothing of this one was kept. Asked again, it finds what the other wrote.
            if not _met(problem, reads=reads):
                raise
            answer = _answer(request, view, admit, kwargs, reads=False)
        if isinstance(answer, Promise):
            answer = answer.keep()
        return kept_by_nobody(answer)

    return marked(enter, door=door)


def _answer(request, view, admit, kwargs, *, reads):
    """All or nothing: who acts, what they may, and what the view does, in one transaction."""
    with _beside_writers() if reads else nullcontext(), acting_as(request.user):
        return view(request, **admit(request, dict(kwargs)))


@contextmanager
def _beside_writers():
    """SQLite has one writer at a time. A page that is only read waits for none; should it note a look after all, it
    becomes the writer then, or is asked again as one."""
    if connection.vendor != "sqlite":
        yield
        return
    mode, connection.transaction_mode = connection.transaction_mode, None
    try:
        yield
    finally:
        connection.transaction_mode = mode


def _met(problem, *, reads):
    """Whether two saves stood in each other's way: one row twice, or each waiting for the other."""
    if isinstance(problem, IntegrityError) or (reads and connection.vendor == "sqlite"):
        return True
    return getattr(problem.__cause__, "sqlstate", "") in ("40P01", "40001")


def marked(enter, *, door, because=""):
    enter.door, enter.because = door, because
    return enter


def ask_who_is_there(request):
    """Send to sign-in; come back afterwards only where coming back changes nothing. What was typed is given back."""
    from peers.views import problems  # its pages need the doors

    if request.method == "POST" and (typed := problems.typed_in(request)):
        return problems.signed_out(request, typed)
    back = request.get_full_path() if request.method == "GET" else resolve_url("home")
    back = back if len(back) <= ADDRESS_AT_MOST else resolve_url("home")
    return redirect_to_login(back)


def is_here(request):
    """Whether someone is signed in and still at this screen. A public page that knows its reader asks this first."""
    return request.user.is_authenticated and not gone_quiet(request)


def gone_quiet(request):
    """Whether a shared device was left alone too long. Closes the plan; what was saved is saved."""
    if request.session.get("device") != "shared":
        return False
    now, seen = int(time.time()), request.session.get("seen", 0)
    if now - seen > SHARED_DEVICE_QUIET_SECONDS + SEEN_EVERY_SECONDS:
        go_out(request)
        return True
    if now - seen >= SEEN_EVERY_SECONDS:
        request.session["seen"] = now
    return False


def go_out(request):
    """End the session, and with it what was still to be told: the next one at this device is not told it."""
    logout(request)
    request.COOKIES.pop(CookieStorage.cookie_name, None)
    get_messages(request).used = True


@contextmanager
def acting_as(user):
    """All or nothing, and the database knows who acts."""
    with transaction.atomic():
        tell_database(user)
        yield


def tell_database(user):
    """Tell the database who acts, for this transaction only. The second wall (row-level security) will hang here.

    Transaction-local always: with a session-level setting the next borrower of a pooled connection would act as
    this one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.user_id', %s, true)", [str(user.pk)])


def kept_by_nobody(response):
    """No cache, no history snapshot: after leaving, Back shows nothing."""
    response.headers["Cache-Control"] = "no-store"
    return response
