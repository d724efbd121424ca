"""Twelve people who said yes to their page, and what a test asks of a print job."""

import re
from pathlib import Path

import pymupdf

from peers.models import Person
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, Plan, PrintJob
from recovery_plans.print_jobs import ask_to_print

ROOT = Path(__file__).resolve().parents[2]
NAMES = [f"Person {letter}" for letter in "ABCDEFGHIJKL"]


def meet(cast, name, organization=None, peer=None):
    """Someone with a plan of a few words, and a yes to the page."""
    organization, peer = organization or cast.harbor, peer or cast.sam
    plan = Plan.start(person=Person.meet(name=name, peer=peer, organization=organization), by=peer)
    plan.add_entry(section="strengths", words=f"Strength of {name}", by=plan.person.user)
    return Grant.say_yes_to_summary(plan=plan, organization=organization, by=plan.person.user)


def ask(cast, grants, **more):
    return ask_to_print(grants=list(grants), by=cast.dana, size="regular", language="en", **more)


def fresh(job):
    return PrintJob.unguarded.get(pk=job.pk)


def sheets_in(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return [" ".join(page.get_text().split()) for page in document]


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1]).split())


def prints_of(grant):
    return LogLine.unguarded.filter(plan=grant.plan_id, what=PlanEvent.SUMMARY_PRINTED).count()
