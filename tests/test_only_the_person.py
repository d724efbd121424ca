"""No verb of the model and no address lets anyone but Maya change what is hers.

The verbs are found, not listed: a new one is tried as soon as it is there, or it has to be said here what it takes.
"""

import inspect
import uuid

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recovery_plans.access import OWNER
from recovery_plans.agreement import freeze
from recovery_plans.models import Entry, Goal, Idea, Revision, Step, Telling
from recovery_plans.models.lines import Line
from recovery_plans.plan_reading import PlanReading
from tests.addresses import every_address, wanted_names

pytestmark = pytest.mark.django_db
OTHERS = ("sam", "lee", "noor", "dana", "alex", "rosa", "ines")
NOT_HERS = "Not her words"


class Hers:
    """Maya's plan: lines she wrote or said yes to, a step of hers in Sam's goal, how it went, and Sam's idea."""

    def __init__(self, cast):
        self.cast, self.plan = cast, cast.plan
        own = self.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
        person = self.plan.add_entry(section="supporters", words="Noor", helps="Calls", phone="555-0101", by=cast.maya)
        said_yes = self.plan.add_entry(section="needs", words="A bus pass", by=cast.sam)
        said_yes.read_back(by=cast.maya, base_version=1)
        goal = self.plan.add_goal(words="Slow mornings", why="I breathe", by=cast.maya)
        step = goal.add_step(words="Coffee on the steps", by=cast.maya)
        typed = self.plan.add_goal(words="Sew for pay", by=cast.sam)
        inside = typed.add_step(words="Oil the machine", by=cast.maya)
        gone = self.plan.add_entry(section="culture", words="Taken out", by=cast.maya)
        gone.take_out(by=cast.maya)
        about = {"about": step.pk, "of_part": "goals"}
        self.telling = Telling.write(plan=self.plan, words="It was quiet", by=cast.maya, **about)
        self.confirmed = [own, person, said_yes, goal, step, inside, gone, self.telling]
        self.typed = typed
        self.idea = Idea.offer(plan=self.plan, kind="words", line=goal, words="Two slow mornings", by=cast.sam)
        for line in [*self.confirmed, typed]:
            line.plan = self.plan

    def now(self):
        """Every column of every line of hers, whether it is in the plan, and what she answered."""
        found = []
        for line in self.confirmed:
            row = type(line).unguarded.filter(pk=line.pk)
            found += [row.values().get(), row.get().is_gone]
        return [*found, Revision.unguarded.filter(by=self.cast.maya).count()]

    def targets(self, model):
        """Fresh rows of this model that a verb can be tried on."""
        lines = [line for line in [*self.confirmed, self.typed] if isinstance(line, model)]
        codes = [line.pk for line in lines] or list(model._base_manager.values_list("pk", flat=True)[:2])
        rows = [model._base_manager.get(pk=code) for code in codes]
        for row in rows:
            if hasattr(model, "plan"):
                row.plan = self.plan
        return rows

    def values(self, *, line, version):
        """What a verb takes, by the names of its parameters."""
        cast = self.cast
        maya_s = Revision.unguarded.filter(by=cast.maya).first()
        return {
            "plan": self.plan,
            "line": line,
            "words": NOT_HERS,
            "why": NOT_HERS,
            "base_version": version,
            "save_id": maya_s.save_id if version == 3 else uuid.uuid4(),
            "section": "strengths",
            "part": "strengths",
            "kind": "words",
            "goal_state": "let_go",
            "entries": [self.confirmed[0]],
            "earlier": True,
            "steps": [{"words": NOT_HERS}],
            "in_one_piece": {"words": NOT_HERS},
            "name": NOT_HERS,
            "matters": 3,
            "what": "line_changed",
            "walk": cast.walk,
            "peer": cast.sam,
            "person": cast.person,
            "organization": cast.harbor,
            "days": 30,
            "frozen": freeze(PlanReading(self.plan, reach=OWNER, reader=cast.maya)),
            "how": "on_screen",
            "others": NOT_HERS,
            "instead_of": None,
            "where": NOT_HERS,
        }


@pytest.fixture
def hers(cast):
    return Hers(cast)


# --- the verbs ---


def verbs():
    """Every public verb of the models of a plan that says who does it: (model, name, its parameters)."""
    for model in apps.get_app_config("recovery_plans").get_models():
        for name, verb in inspect.getmembers(model, callable):
            ours = (getattr(verb, "__module__", "") or "").startswith("recovery_plans.")
            if ours and not name.startswith("_") and not inspect.isclass(verb):
                parameters = parameters_of(model, name)
                if "by" in parameters:
                    yield model, name, parameters


def parameters_of(model, name):
    """Those of the verb, and where it hands on what it does not know (`**new`), those of the class it stands over."""
    found = {}
    for kind in model.__mro__:
        if name in vars(kind):
            verb = inspect.signature(getattr(kind, name)).parameters
            found = {**verb, **found}
            if not any(one.kind == one.VAR_KEYWORD for one in verb.values()):
                break
    return found


VERBS = list(verbs())
# Named, as a search that finds nothing would be content with everything.
KNOWN = {"rewrite", "take_out", "bring_back", "read_back", "rest", "let_go", "move", "go_with", "measure", "do", "undo"}
KNOWN |= {"add_entry", "add_goal", "add_step", "add_steps", "offer", "take", "keep_mine", "take_back", "write"}
# What these take by the same name is something else.
OTHERWISE = {
    ("Visit", "set_next"): {"how": "phone"},
    ("Plan", "add_goal"): {"steps": {"first": NOT_HERS}},
    ("Plan", "begin_walk"): None,
}


def attempt(hers, model, name, parameters, *, by, target, version):
    """Try one verb as somebody else. What of ours it raises is an answer; a wrong call is a mistake of this test."""
    line = target if isinstance(target, Line) else hers.confirmed[3]
    known = hers.values(line=line, version=version) | {"by": by} | (OTHERWISE.get((model.__name__, name)) or {})
    sent = {
        key: known[key]
        for key, one in parameters.items()
        if key in known and key != "self" and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    }
    is_of_a_row = "self" in parameters
    by_position = [key for key in sent if parameters[key].kind == inspect.Parameter.POSITIONAL_OR_KEYWORD]
    positional = [sent.pop(key) for key in by_position]
    verb = getattr(target if is_of_a_row else model, name)
    try:
        with transaction.atomic():
            verb(*positional, **sent)
    except Exception as answer:
        if not type(answer).__module__.startswith(("recovery_plans.", "peers.", "django.")):
            raise


def test_the_verbs_are_found_and_it_is_known_what_they_take(hers):
    assert {name for _model, name, _parameters in VERBS} >= KNOWN
    known = {*hers.values(line=None, version=1), "by", "self"}
    unknown = [
        f"{model.__name__}.{name}: {key}"
        for model, name, parameters in VERBS
        for key, one in parameters.items()
        if one.default is one.empty and key not in known and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
        if OTHERWISE.get((model.__name__, name), "") is not None
    ]
    assert unknown == [], "say in Hers.values what a new verb takes"


def everything_tried(hers):
    """Each verb, as each of the others, on each line: what has changed of hers, by whom and by which verb."""
    before = hers.now()
    for model, name, parameters in VERBS:
        if OTHERWISE.get((model.__name__, name), "") is None:
            continue
        for who in OTHERS:
            for target in hers.targets(model) or [None]:
                if target is None and "self" in parameters:
                    continue
                with transaction.atomic():
                    attempt(hers, model, name, parameters, by=getattr(hers.cast, who), target=target, version=1)
                    if hers.now() != before:
                        yield f"{who}: {model.__name__}.{name}"
                    transaction.set_rollback(True)


def test_no_verb_changes_a_line_of_hers_for_anybody_else(hers):
    assert list(everything_tried(hers)) == []


def test_with_the_pen_in_every_hand_it_is_noticed(hers, monkeypatch):
    """The control: the same, where the model lets anyone."""
    monkeypatch.setattr(Line, "may_be_changed_by", lambda line, user: True)
    monkeypatch.setattr(Line, "_pen", lambda line, user: Q(pk=line.pk))
    found = {change.partition(": ")[2] for change in everything_tried(hers)}
    assert found >= {"Entry.rewrite", "Goal.rewrite", "Step.rewrite", "Entry.take_out", "Step.take_out"}


@given(
    tries=st.lists(
        st.tuples(st.sampled_from(VERBS), st.sampled_from(OTHERS), st.integers(0, 9), st.integers(1, 3)),
        min_size=2,
        max_size=12,
    )
)
@hypothesis_settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nor_do_several_one_after_the_other(hers, tries):
    before = hers.now()
    with transaction.atomic():
        for (model, name, parameters), who, index, version in tries:
            targets = hers.targets(model)
            if OTHERWISE.get((model.__name__, name), "") is None or not (targets or "self" not in parameters):
                continue
            target = targets[index % len(targets)] if targets else None
            attempt(hers, model, name, parameters, by=getattr(hers.cast, who), target=target, version=version)
        assert hers.now() == before
        transaction.set_rollback(True)


# --- the addresses ---


def test_no_address_changes_a_line_of_hers_for_anybody_else(hers, browser_of):
    before, changed, tried = hers.now(), [], 0
    for who in OTHERS:
        for name, address in addresses(hers):
            with transaction.atomic():
                browser_of(getattr(hers.cast, who)).post(address, sent_everywhere())
                tried += 1
                if hers.now() != before:
                    changed.append(f"{who}: {name}")
                transaction.set_rollback(True)
    assert changed == []
    assert tried > 300


def addresses(hers):
    """Every address within a plan, for lines of hers."""
    [own, _person, said_yes, goal, step, inside, gone, _telling] = hers.confirmed
    some = {"plan": hers.plan.pk, "idea": hers.idea.pk, "section": "strengths", "walk": hers.cast.walk.pk, "box": "x"}
    some |= {"telling": hers.telling.pk}
    for name in sorted({pattern.name for pattern in every_address()}):
        wanted = wanted_names(name)
        if "plan" not in wanted:
            continue
        for line, its_goal, its_step in ((own, goal, step), (said_yes, hers.typed, inside), (gone, goal, step)):
            codes = some | {
                "line": line.pk,
                "about": line.pk,
                "goal": its_goal.pk,
                "step": its_step.pk,
                "hand_over": goal.pk,
                "agreement": goal.pk,
            }
            try:
                yield name, reverse(name, kwargs={key: codes[key] for key in wanted})
            except NoReverseMatch:
                yield name, reverse(name, kwargs={key: codes[key] for key in wanted} | {"section": "goals"})
            if not wanted & {"line", "about", "goal", "step"}:
                break


def sent_everywhere():
    return {
        "words": NOT_HERS,
        "why": NOT_HERS,
        "base_version": "1",
        "seen_version": "1",
        "state": "let_go",
        "goal_state": "let_go",
        "answer": "take",
        "earlier": "1",
        "matters": "3",
        "who": "me",
        "name": NOT_HERS,
    }


def test_all_three_kinds_of_lines_are_there(hers):
    assert {type(line) for line in hers.confirmed} == {Entry, Goal, Step, Telling}
