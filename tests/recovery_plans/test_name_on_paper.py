"""What name goes on the paper? The person says it, and no part of a name is ever guessed or cut off."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.urls import reverse

from peers.models import Person
from recovery_plans import print_jobs
from recovery_plans.access import OWNER
from recovery_plans.models import Grant
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
from recovery_plans.plan_reading import PlanReading

NAMES = ["Nguyễn Văn Minh", "陈 美玲", "Dr. Ruth", "María José", "Ana María de la Cruz"]
CHOICES = {"parts": ["vision"], "size": "regular", "paper": "letter", "language": "en"}


def print_page(cast, name="print"):
    return reverse(name, kwargs={"plan": cast.plan.pk})


def printed(cast):
    plan = type(cast.plan).unguarded.select_related("person__user").get(pk=cast.plan.pk)
    reading = PlanReading(plan, reach=OWNER, reader=cast.maya)
    return PlanSheet(reading, Choices(), printed_for=cast.maya).html()


def call(cast, name):
    cast.maya.take_name(name)


@pytest.fixture
def named_on_paper(cast, browser_of):
    """Prints as Maya with this in the box for the name. No PDF comes of it here; the name is kept all the same."""

    def choose(name, by=None):
        return browser_of(by or cast.maya).post(print_page(cast, "print-pdf"), {**CHOICES, "name_on_paper": name})

    return choose


@pytest.mark.parametrize("name", NAMES)
def test_the_box_is_filled_with_the_name_they_go_by_and_prints_all_of_it(cast, browser_of, named_on_paper, name):
    call(cast, name)
    page = browser_of(cast.maya).get(print_page(cast)).content.decode()
    assert "What name goes on the paper?" in page
    assert f'name="name_on_paper" value="{name}"' in page
    named_on_paper(name)
    assert f">{name}</h1>" in printed(cast)
    assert Person.objects.get(user=cast.maya).name_on_paper == ""  # their own name: it goes with what they are called


@pytest.mark.parametrize("name", NAMES)
def test_what_they_write_stands_there_letter_by_letter_and_is_remembered(cast, browser_of, named_on_paper, name):
    call(cast, "Maya Siddiqui-Byrne")
    named_on_paper(name)
    html = printed(cast)
    assert f">{name}</h1>" in html
    assert f"This plan belongs to {name}" in html
    assert "Siddiqui" not in html
    assert f'value="{name}"' in browser_of(cast.maya).get(print_page(cast)).content.decode()


def test_an_emptied_box_is_their_own_name_again(cast, named_on_paper):
    named_on_paper("M.")
    named_on_paper("")
    assert ">Maya</h1>" in printed(cast)


def test_whoever_is_called_otherwise_later_has_that_on_paper(cast, named_on_paper):
    named_on_paper("Maya")
    call(cast, "Maia")
    assert ">Maia</h1>" in printed(cast)


@pytest.mark.parametrize("wrong", ["x" * 81, "...", "two\nlines"])
def test_what_is_no_name_is_asked_for_again_with_the_text_in_its_box(cast, named_on_paper, wrong):
    answer = named_on_paper(wrong)
    assert answer.status_code == 422
    assert wrong.partition("\n")[0] in answer.content.decode()
    assert Person.objects.get(user=cast.maya).name_on_paper == ""


def test_whoever_walks_along_is_not_asked_and_prints_what_she_wants(cast, browser_of, named_on_paper):
    named_on_paper("M.")
    assert "name_on_paper" not in browser_of(cast.sam).get(print_page(cast)).content.decode()
    named_on_paper("Somebody else", by=cast.sam)
    assert Person.objects.get(user=cast.maya).name_on_paper == "M."


def test_it_stands_on_the_summary_and_its_cover_and_she_is_told_before_her_yes(cast, browser_of, named_on_paper, paper):
    call(cast, "Maya Siddiqui-Byrne")
    named_on_paper("Maya")
    page = browser_of(cast.maya).get(reverse("share-summary", kwargs={"plan": cast.plan.pk})).content.decode()
    assert "Printed, your name on it is <bdi>Maya</bdi>." in " ".join(page.split())
    grant = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    wanted = {"grant": str(grant.pk), "size": "regular", "language": "en"}
    browser_of(cast.dana).post(reverse("print-job-new"), wanted)
    assert print_jobs.print_next()
    cover, sheet = paper[-1]
    for html in (cover, sheet):
        assert "Maya" in html
        assert "Siddiqui" not in html


@pytest.mark.parametrize("name, on_paper", [("Maya Siddiqui-Byrne", "Maya"), ("Maya", "")])
def test_whoever_left_their_last_name_off_before_has_it_off_still(cast, name, on_paper):
    """The migration, with the rows that it asks for; who has one name keeps it by itself, also when it changes."""
    call(cast, name)
    person = Person.objects.select_related("user").get(user=cast.maya)
    choices = SimpleNamespace(plan=SimpleNamespace(person=person))

    class Rows:
        def filter(self, **wanted):
            assert wanted.pop("short_name") is True
            assert str(wanted.pop("reader")) == "F(plan__person__user)"
            return self

        def select_related(self, *_names):
            return [choices]

    apps = SimpleNamespace(get_model=lambda *_names: SimpleNamespace(_base_manager=Rows()))
    import_module("recovery_plans.migrations.0011_phone_numbers").keep_last_names_off(apps, None)
    assert Person.objects.get(user=cast.maya).name_on_paper == on_paper
