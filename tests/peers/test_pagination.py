"""Long lists, a page at a time: everyone once, in order, whatever their names and however many stand on a page."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from peers.models import Organization, Role, User
from peers.models.organization import StaffRole
from peers.names import sorting_key
from peers.pagination import by_name, one_page

DAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
# Few names and few moments, so that many are alike.
NAMES = st.sampled_from(["Ada", "ada", "ADA", "Ada B", "Áine", "bea", "Bea", "Zoe", "zoë", "Ñusta", "李", "mañana"])
PEOPLE = st.lists(st.tuples(NAMES, st.integers(0, 2)), max_size=14)
SIZES = st.integers(1, 6)
ORDERS = {
    "by name": by_name(),
    "newest first": [F("created_at").desc()],
    "oldest first": [F("created_at").asc()],
    "newest first, then by name": [F("created_at").desc(), *by_name()],
}

tried_often = hypothesis_settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
pytestmark = pytest.mark.django_db


@contextmanager
def users(people):
    """Users with these names and moments, for one example."""
    with transaction.atomic():
        yield User.objects.bulk_create(
            User(name=name, password="!", created_at=DAY + timedelta(minutes=minute)) for name, minute in people
        )
        transaction.set_rollback(True)


def read_on(rows, *, order, limit, among=None, meanwhile=lambda shown: None):
    """Every row, page after page, as a reader goes through them; `meanwhile` happens between two pages."""
    after, read = None, []
    while True:
        page = one_page(rows, order=order, limit=limit, after=after, among=among)
        if page.is_first and after is not None:
            return read  # nothing was left behind the last one shown
        read += page.rows
        assert len(page.rows) <= limit
        if page.after is None:
            return read
        assert len(page.rows) == limit, "a page that goes on is full"
        after = str(page.after)
        meanwhile(page.rows)


@pytest.mark.parametrize("way", ORDERS)
@tried_often
@given(people=PEOPLE, limit=SIZES)
def test_everyone_is_there_once_and_in_order(way, people, limit):
    with users(people):
        read = read_on(User.objects.all(), order=ORDERS[way], limit=limit)
        assert read == list(User.objects.order_by(*ORDERS[way], "pk"))
        assert len(read) == len(set(read)) == len(people)


@tried_often
@given(people=PEOPLE, limit=SIZES)
def test_one_person_with_many_roles_has_a_row_for_each(people, limit):
    with users(people) as made:
        for name in ("Harbor", "Millbrook"):
            organization = Organization.found(name=name)
            held = [Role(user=user, organization=organization, role=role) for user in made for role in StaffRole]
            Role.objects.bulk_create(held)
        read = read_on(Role.objects.select_related("user"), order=by_name("user"), limit=limit)
        assert read == list(Role.objects.order_by(*by_name("user"), "pk"))
        assert len(set(read)) == len(made) * 2 * len(StaffRole)


@pytest.mark.parametrize("way", ORDERS)
@tried_often
@given(people=PEOPLE, limit=SIZES, leaves=st.lists(st.booleans(), min_size=14, max_size=14))
def test_when_someone_leaves_meanwhile_nobody_else_is_passed_over_or_shown_twice(way, people, limit, leaves):
    with users(people) as made:
        leaving = {user.pk for user, leaves_now in zip(made, leaves, strict=False) if leaves_now}

        def some_leave(shown):
            User.objects.filter(pk__in=leaving & {user.pk for user in shown}).update(is_active=False)

        active = User.objects.filter(is_active=True)
        read = read_on(active, order=ORDERS[way], limit=limit, among=User.objects.all(), meanwhile=some_leave)
        assert read == list(User.objects.order_by(*ORDERS[way], "pk"))


@pytest.mark.parametrize("after", [None, "", "nonsense", "\x00", "' or 1=1", str(UUID(int=7)), UUID(int=7)])
def test_after_a_row_that_never_was_comes_the_first_page(after):
    with users([("Ada", 0), ("Bea", 0), ("Cy", 0)]):
        page = one_page(User.objects.all(), order=by_name(), limit=2, after=after)
        assert ([user.name for user in page.rows], page.is_first) == (["Ada", "Bea"], True)


def test_when_nothing_is_left_behind_it_is_the_first_page_again():
    with users([("Ada", 0), ("Bea", 0)]) as (_ada, bea):
        page = one_page(User.objects.all(), order=by_name(), limit=5, after=bea.pk)
        assert ([user.name for user in page.rows], page.is_first, page.after) == (["Ada", "Bea"], True, None)


# --- the order of names ---


def names_in_order(*names):
    with users([(name, 0) for name in names]):
        return list(User.objects.order_by(*by_name()).values_list("name", flat=True))


def test_big_and_small_letters_are_one():
    assert names_in_order("zoe", "Bea", "ada", "Cy", "ZOE B", "adam") == ["ada", "adam", "Bea", "Cy", "zoe", "ZOE B"]


def test_a_letter_with_a_mark_stands_beside_the_one_without():
    """SQLite had É after Z."""
    names = ["Zoe", "Ñusta", "Ángel", "Ana", "élan", "Elena", "nora", "Øystein", "Oscar"]
    assert names_in_order(*names) == [
        "Ana",
        "Ángel",
        "élan",
        "Elena",
        "nora",
        "Ñusta",
        "Oscar",
        "Øystein",
        "Zoe",
    ]


def test_names_that_differ_in_little_have_one_order_on_both_databases():
    names = [
        "Đặng",
        "de la Cruz",
        "Deb",
        "Groß",
        "Grosz",
        "J",
        "J.",
        "Jose",
        "José",
        "José 2",
        "José A",
        "jose B",
        "Łukasz",
        "Mary Jane",
        "Mary-Jane",
        "Maryam",
        "Nguyen",
        "Nguyễn",
        "O'Brien",
        "O’Brien",
        "Obrien",
        "Þóra",
        "李",
    ]
    assert names_in_order(*reversed(names)) == names


LETTERS = "aAbceéÉêếnñÑoóøØuüzZđĐłŁßçşğıİ"
# A name begins with a letter. Which of two apostrophes comes first is another thing in each version of ICU.
NAMES = st.tuples(st.sampled_from(LETTERS), st.text(alphabet=LETTERS + "'-. 12" * 2, max_size=6)).map("".join)


@pytest.mark.postgresql_only
@tried_often
@given(st.lists(NAMES, max_size=12, unique=True))
@example(["Be", "be", "bE", "É", "é"])
def test_sqlite_sorts_latin_names_as_postgresql_does(names):
    with users([(name, 0) for name in names]):
        assert sorted(names, key=sorting_key) == list(User.objects.order_by(*by_name()).values_list("name", flat=True))


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_name_has_its_place(names):
    """Whatever stands in them: names that differ have different keys."""
    assert len({sorting_key(name) for name in names}) == len(set(names))


@pytest.mark.postgresql_only
def test_the_order_of_names_is_the_one_that_the_index_has():
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
    plan = User.objects.order_by(*by_name())[:50].explain()
    assert "users_by_name" in plan
    assert "Sort" not in plan, "already in order, so a page is read and no more"
    behind = User.objects.annotate(called=by_name()[0].expression).filter(called__gte="M").order_by("called", "pk")
    assert "Index Cond" in behind[:50].explain()
