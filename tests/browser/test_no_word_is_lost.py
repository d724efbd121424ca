"""No typed word is lost, in any box: each form that takes a person's words × each way in which words could get lost.

The table is made from the list of forms: a new one joins by itself. The control has the module switched off.
"""

import itertools
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Error, expect

from recovery_plans.forms.lines import BOXES, VersionedForm
from recovery_plans.models import Draft, Entry, Goal, Idea, Step, Telling, Visit
from tests.browser.conftest import go_back

# The page that a form stands on, where that is not the address it goes to.
PAGES = {"entry-add": "part", "together-add": "together-part", "step-add": "goal", "goal-change": "goal"}
LETS_PASS = ("weather.gov",)
_number = itertools.count(1)


@dataclass(frozen=True)
class Box:
    """One form on its page, as its reader has it."""

    name: str
    reader: object
    page: str
    action: str
    line: object = None  # with it, both texts stand side by side: somebody else was faster

    @property
    def selector(self):
        same_page = f'[action="{self.action}#sent"], [action="#sent"]'  # from the page that has this address itself
        return f'form[data-keep]:is([action="{self.action}"], {same_page})'

    def open(self, device, *, keeps_itself=True):
        """Go to the page that it is on; both texts come as the answer to words that were too late."""
        device.open(self.page)
        if self.line is None:
            return
        self.line.refresh_from_db()
        self.line.rewrite(words="Faster words", by=self.line.plan.owner, base_version=self.line.version)
        saves_itself = device.page.locator(f'{self.selector}[data-keep="itself"]').count()
        self.write(device.page, " late")
        if not (saves_itself and keeps_itself):
            self.keep(device.page)
        expect(device.page.locator(".both")).to_be_visible()  # in whichever language

    def write(self, page, words):
        """Write at the end of what stands there, key by key as people do."""
        box = page.locator(self.selector).locator("textarea, input[type=text]").filter(visible=True).first
        box.focus()
        box.press("Control+End")
        box.press_sequentially(words)

    def keep(self, page):
        """Tap the form's own button."""
        page.locator(self.selector).locator("button[type=submit]:not([formaction])").filter(visible=True).first.click()


@pytest.fixture
def boxes(plan, cast):
    assert reverse("home")  # every view, and so every form, is known from here on
    goal = plan.goals.get()
    entry = plan.add_entry(section="needs", words="Rest", by=cast.maya)
    hers = plan.add_entry(section="vision", words="Steady work", by=cast.maya)
    idea = Idea.offer(plan=plan, kind="words", line=hers, words="Steady work I like", by=cast.sam)
    names = {"idea": idea.pk, "section": "strengths", "goal": goal.pk, "step": goal.steps.first().pk, "line": entry.pk}
    went = Telling.write(plan=plan, about=goal.pk, of_part="goals", words="Slowly", by=cast.maya)
    names |= {"walk": cast.walk.pk, "about": entry.pk, "telling": went.pk}
    alone = [make_box(name, plan, cast, names) for name in BOXES]
    return [*alone, *boxes_beside_other_words(plan, cast), *boxes_side_by_side(plan, cast, goal)]


def boxes_side_by_side(plan, cast, goal):
    """The forms of a goal as they stand on the screen for two as well."""
    goals, one = f"/plans/{plan.pk}/together/goals/", f"/plans/{plan.pk}/together/goals/{goal.pk}/"
    new, step = reverse("goal-new", args=[plan.pk]), reverse("step-add", args=[plan.pk, goal.pk])
    return [Box("goal-new for two", cast.sam, goals, new), Box("step-add for two", cast.sam, one, step)]


def boxes_beside_other_words(plan, cast):
    """Each form that changes a line, on the page that shows both texts."""
    goal = plan.add_goal(words="Sew for pay", by=cast.maya)
    lines = {
        "goal": goal,
        "step": goal.add_step(words="Ask Noor", by=cast.maya),
        "line": plan.add_entry(section="needs", words="Quiet", by=cast.maya),
    }
    went = {"about": goal.pk, "of_part": "goals", "words": "Well"}
    lines["telling"] = Telling.write(plan=plan, by=cast.maya, **went)
    names = {key: line.pk for key, line in lines.items()}
    kinds = {"goal-change": "goal", "step-change": "step", "telling-change": "telling"}
    return [
        replace(make_box(name, plan, cast, names), line=lines[kinds.get(name, "line")], name=f"{name} beside")
        for name, form in BOXES.items()
        if issubclass(form, VersionedForm)
    ]


def make_box(name, plan, cast, names):
    def address(of):
        for some in ({}, {"section"}, {"line"}, {"idea"}, {"goal"}, {"goal", "step"}, {"walk"}, {"about"}, {"telling"}):
            try:
                return reverse(of, kwargs={"plan": plan.pk, **{key: names[key] for key in some if key in names}})
            except NoReverseMatch:  # it has other names in it
                continue
        raise LookupError(of)

    reader = cast.sam if name.startswith("together") else cast.maya
    return Box(name, reader, address(PAGES.get(name, name)), address(name))


def everything_written(plan):
    """Every text of this plan that is safe: held as a draft, or kept."""
    lines = itertools.chain.from_iterable(
        table.unguarded.filter(plan=plan).values_list("words", "detail") for table in (Entry, Goal, Step, Telling)
    )
    visits = Visit.unguarded.filter(plan=plan).values_list("where")
    drafts = (draft.words for draft in Draft.unguarded.filter(plan=plan))
    return "\n".join(text for texts in itertools.chain(lines, visits, drafts) for text in texts)


def is_safe(plan, words):
    """Whether these words are safe now, or in a moment: what the browser sends while it goes may be on its way."""
    for _try in range(50):
        if words in everything_written(plan):
            return True
        time.sleep(0.1)
    return False


# --- the ways ---


def go_by(page, selector):
    """Tap the first of these links, and come to where it leads."""
    before = page.url
    page.locator(selector).filter(visible=True).first.click()
    expect(page).not_to_have_url(before)


def another_tab(page, box):
    go_by(page, ".chapters a:not([aria-current]), nav a:not([aria-current])")


def language(page, box):
    before = page.locator("html").get_attribute("lang")
    page.locator(".lang-form button").filter(visible=True).first.click()
    expect(page.locator("html")).not_to_have_attribute("lang", before)


def link(page, box):
    go_by(page, "a.crumb, .enough a, .top a")


def back(page, box):
    go_back(page)


def reload(page, box):
    page.reload()


def leave(page, box):
    page.locator("form#leave button").click()
    expect(page.locator("h1")).to_have_text("Somewhere else")


def crash(page, box):
    page.wait_for_timeout(4000)
    page.context.set_offline(True)  # nothing that it would send while it goes gets out
    page.close()


WAYS = [another_tab, language, link, back, reload, leave, crash]


def lost_words(way, boxes, plan, signed_in, switch_off=None):
    """The boxes whose words are lost on this way; `switch_off(page)` takes the module away before."""
    for box in boxes:
        words = f"kite {next(_number)} over the harbor"
        with signed_in(box.reader, "/safe/", lets_pass=LETS_PASS) as device:
            if switch_off:
                switch_off(device.page)
            box.open(device, keeps_itself=switch_off is None)
            box.write(device.page, words)
            way(device.page, box)
            if not is_safe(plan, words):
                yield box.name


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_whatever_happens_no_word_is_lost_in_any_box(way, boxes, plan, signed_in):
    assert len(boxes) == len(BOXES) + 4 + 2
    assert list(lost_words(way, boxes, plan, signed_in)) == []


def test_with_the_module_switched_off_words_are_lost(boxes, plan, signed_in):
    """The control: the table above would notice."""

    def switch_off(page):
        page.route("**/keep.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    assert list(lost_words(link, boxes, plan, signed_in, switch_off)) == [box.name for box in boxes]


# --- at the tap ---


def test_a_line_that_drops_at_the_tap_leaves_the_page_and_the_words_go_when_it_is_back(boxes, plan, signed_in):
    for box in boxes:
        words = f"kite {next(_number)} over the harbor"
        with signed_in(box.reader, box.page) as device:
            page = device.page
            page.context.set_offline(True)
            box.write(page, words)
            box.keep(page)
            status = page.get_by_role("status").filter(has_text="Not saved yet. Keep this page open.")
            expect(status.first).to_be_visible()
            page.context.set_offline(False)
            expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_have_count(0)
            assert is_safe(plan, words), box.name


def test_without_script_the_words_stand_in_the_box_on_back(boxes, plan, signed_in):
    """A dropped line at the tap leads to the browser's own page there. Once the line is back, Back has the words.

    Not those of a box of one line: a browser that may remember them for Back offers them to whoever types there next.
    """
    for box in [box for box in boxes if box.line is None]:
        words = f"kite {next(_number)} over the harbor"
        with signed_in(box.reader, box.page, java_script_enabled=False) as device:
            page, typed_in = (
                device.page,
                device.page.locator(box.selector).locator("textarea").filter(visible=True).first,
            )
            if not typed_in.count():
                assert box.name.startswith(("step-add", "step-change", "visit"))
                continue
            box.write(page, words)
            drop_the_line_at_the_tap(page, box)
            go_back(page)
            expect(typed_in).to_have_value(re.compile(words))


def test_without_script_reload_on_the_browsers_own_page_sends_the_words(boxes, plan, signed_in):
    for box in [box for box in boxes if box.name in ("entry-add", "goal-new", "step-add", "step-change")]:
        words = f"kite {next(_number)} over the harbor"
        with signed_in(box.reader, box.page, java_script_enabled=False) as device:
            box.write(device.page, words)
            drop_the_line_at_the_tap(device.page, box)
            device.page.reload()
            assert is_safe(plan, words), box.name


def drop_the_line_at_the_tap(page, box):
    page.context.set_offline(True)
    with suppress(Error):  # the page that was asked for does not come
        box.keep(page)
    expect(page).to_have_url("chrome-error://chromewebdata/")
    page.context.set_offline(False)


def becomes_safe(page, plan, words):
    """Between one answer and the next request nothing is being saved for a moment: what waits is on its way then."""
    for _look in range(150):
        if is_safe(plan, words):
            return True
        page.wait_for_timeout(200)
    return False


def test_words_typed_while_a_slow_answer_is_on_its_way_are_held(boxes, plan, signed_in, monkeypatch):
    call = WSGIHandler.__call__

    def late(self, environ, start):
        if environ["REQUEST_METHOD"] == "POST" and "/drafts/" not in environ["PATH_INFO"]:
            time.sleep(3)
        return call(self, environ, start)

    monkeypatch.setattr(WSGIHandler, "__call__", late)
    for box in boxes:
        first, then = f"kite {next(_number)}", f" and kite {next(_number)}"
        with signed_in(box.reader, box.page) as device:
            box.write(device.page, first)
            box.keep(device.page)
            box.write(device.page, then)
            box.keep(device.page)  # a second tap is answered
            expect(device.page.get_by_role("status").filter(has_text="Saving").first).to_be_visible()
            expect(device.page.get_by_role("status").filter(has_text="Saving")).to_have_count(0)
            assert becomes_safe(device.page, plan, first), box.name
            assert becomes_safe(device.page, plan, then.strip()), box.name


def test_what_was_begun_stands_in_the_box_again_and_can_be_cleared(plan, cast, signed_in):
    part = reverse("part", kwargs={"plan": plan.pk, "section": "strengths"})
    with signed_in(cast.maya, part) as phone:
        box = phone.page.get_by_label("In my own words")
        box.press_sequentially("I mend what others throw away")
        phone.sees("Saved. Not on the plan yet.")
        phone.tap("Another question")
        phone.sees("You began this before. It is not on the plan yet.")
        expect(box).to_have_value("I mend what others throw away")
    with signed_in(cast.maya, part) as other:
        other.sees("You began this before.")
        other.tap("Clear what I typed")
        expect(other.page.get_by_label("In my own words")).to_have_value("")
    assert not Draft.unguarded.exists()


def test_loaded_anew_in_the_same_moment_the_box_has_the_words_again(plan, cast, signed_in, monkeypatch):
    """The last words are slower than the page that is loaded: it is asked once more."""
    call = WSGIHandler.__call__

    def late(self, environ, start):
        if "/drafts/" in environ["PATH_INFO"]:
            time.sleep(0.7)
        return call(self, environ, start)

    monkeypatch.setattr(WSGIHandler, "__call__", late)
    with signed_in(cast.maya, reverse("part", kwargs={"plan": plan.pk, "section": "strengths"})) as phone:
        phone.page.get_by_label("In my own words").fill("I mend what others throw away")
        phone.page.reload()
        expect(phone.page.get_by_label("In my own words")).to_have_value("I mend what others throw away")
        phone.tap("Add", exact=True)
        phone.sees("I mend what others throw away", within=".kept")
    assert plan.entries.filter(words="I mend what others throw away").count() == 1
    assert not Draft.unguarded.exists()


def test_what_is_typed_beside_somebody_elses_text_is_held_too(plan, cast, signed_in):
    entry = plan.add_entry(section="needs", words="Rest", by=cast.maya)
    with signed_in(cast.maya, reverse("entry-change", kwargs={"plan": plan.pk, "line": entry.pk})) as phone:
        entry.rewrite(words="Rest on Sundays", by=cast.maya, base_version=1)
        phone.write("In my own words", "Rest by the sea")
        phone.tap("Save", exact=True)
        phone.sees_heading("Both texts are kept")
        phone.sees("Rest on Sundays")
        phone.write("In my own words", "Rest by the sea, on Sundays")
        phone.sees("Saved. Not on the plan yet.")
        assert is_safe(plan, "Rest by the sea, on Sundays")
        phone.tap("Keep my words")
        phone.sees("Rest by the sea, on Sundays", within=".kept")
    entry.refresh_from_db()
    assert entry.words == "Rest by the sea, on Sundays"
    assert not Draft.unguarded.exists()


def test_what_is_typed_beside_other_words_for_a_goal_stands_in_its_box_until_it_is_kept(plan, cast, signed_in):
    goal = plan.goals.get()
    with signed_in(cast.maya, reverse("goal", kwargs={"plan": plan.pk, "goal": goal.pk})) as phone:
        goal.rewrite(words="Evenings on the pier", by=cast.maya, base_version=1)
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.sees_heading("Both texts are kept")
        phone.write("What do you want?", "Slow, sweet mornings with Noor")
        phone.page.reload()
        phone.sees("You began this before. It is not on the plan yet.")
        phone.sees("Evenings on the pier")
        expect(phone.page.get_by_label("What do you want?")).to_have_value("Slow, sweet mornings with Noor")
        phone.write("What do you want?", "Slow, sweet mornings with Noor and Lee")
        phone.sees("Saved. Not on the plan yet.")
        goal.refresh_from_db()
        assert goal.words == "Evenings on the pier", "nothing is saved there by itself"
        phone.tap("Keep my words")
        phone.sees_no("You began this before. It is not on the plan yet.", "Evenings on the pier")
        expect(phone.page.locator('#goal-words[data-keep="itself"]')).to_be_visible()
    goal.refresh_from_db()
    assert (goal.words, goal.version) == ("Slow, sweet mornings with Noor and Lee", 3)
    assert not Draft.unguarded.exists()
