"""Ideas on pages: Sam offers, Maya sees both texts and answers in one tap; each sees what is theirs to see."""

import html
import re
import uuid
from difflib import SequenceMatcher

import pytest
from django.urls import reverse

from peers.models import PlanCard
from recovery_plans.differences import IN, OUT, SAME, differences
from recovery_plans.models import Grant, Idea, LogLine, Revision
from tests.bench.site import queries_of
from tests.hands import PIN, together
from tests.recovery_plans.test_goals import page_of, url
from tests.ways import open_card

WORDS = "Two slow mornings that feel like mine"


def at(cast, name, **ids):
    return reverse(name, kwargs={"plan": cast.plan.pk, **{key: line.pk for key, line in ids.items()}})


def offer(cast, line=None, kind="words", **facts):
    facts = {"words": "" if kind == "state" else WORDS} | facts
    return Idea.offer(plan=cast.plan, kind=kind, line=line, by=cast.sam, **facts)


def plain(page):
    """The text of a page as it is read, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def sends(browser, cast, idea, answer, version=1, **more):
    data = {"answer": answer, "base_version": version, **more}
    return browser.post(at(cast, "idea-answer", idea=idea), data, follow=True).content.decode()


@pytest.fixture
def goal(cast, mornings):
    mornings.plan = cast.plan
    return mornings


# --- Sam offers ---


def test_sam_offers_other_words_and_sees_first_what_maya_will_see(cast, browser_of, goal):
    sam, address = browser_of(cast.sam), at(cast, "idea-words", line=goal)
    assert address in page_of(sam, url(cast, "goal", goal))
    form = page_of(sam, address)
    assert goal.words in form.partition("<textarea")[2]
    save_id = re.search(r'name="save_id" value="([^"]+)"', form).group(1)
    sent = {"words": WORDS, "why": "You named how many.", "seen_version": 1, "save_id": save_id}
    preview = sam.post(address, sent | {"look": "1"}).content.decode()
    assert "This is what Maya will see" in preview
    assert "You named how many." in preview
    assert not Idea.unguarded.exists(), "looking offers nothing"
    for _tap in range(2):
        page = sam.post(address, sent, follow=True).content.decode()
    idea = Idea.unguarded.get()
    assert (idea.words, idea.why, idea.base_version, idea.line) == (WORDS, "You named how many.", 1, goal)
    assert "Maya has not answered yet." in page


def test_looking_at_an_idea_first_shows_no_earlier_words(cast, browser_of, goal):
    """Which version Sam had seen is his browser's to say; it must not choose which of Maya's words he reads."""
    goal.rewrite(words="Tea before the secret", by=cast.maya, base_version=goal.version)
    goal.rewrite(words="Tea before the phone", by=cast.maya, base_version=goal.version)
    sent = {"words": "Tea, then the phone", "seen_version": 2, "look": "1"}
    preview = browser_of(cast.sam).post(at(cast, "idea-words", line=goal), sent)
    assert preview.status_code == 200
    assert "This is what Maya will see" in preview.content.decode()
    assert "secret" not in preview.content.decode()


def test_a_step_a_state_and_a_new_goal_are_offered_from_the_goal_and_the_list(cast, browser_of, goal):
    sam = browser_of(cast.sam)
    page, ideas = page_of(sam, url(cast, "goal", goal)), page_of(sam, at(cast, "ideas"))
    for name, ids, sent, where in (
        ("idea-step", {"goal": goal}, {"words": "Tea first"}, page),
        ("idea-state", {"goal": goal}, {"goal_state": "resting"}, page),
        ("idea-goal", {}, {"words": "Sing again"}, ideas),
    ):
        assert at(cast, name, **ids) in where
        assert sam.post(at(cast, name, **ids), sent).status_code == 302
    assert set(Idea.unguarded.values_list("kind", flat=True)) == {"step", "state", "goal"}
    page = page_of(sam, at(cast, "idea-goal"))
    assert "Maya has three ideas to think about. Let them breathe." in page
    assert "<textarea" not in page.partition("<main")[2]
    late = sam.post(at(cast, "idea-goal"), {"words": "Paint"})
    assert (late.status_code, "Let them breathe." in late.content.decode()) == (422, True)
    assert "Paint" in late.content.decode(), "what was typed is there again"


@pytest.mark.parametrize(
    "name, sent",
    [
        ("idea-words", {"words": "  "}),
        ("idea-words", {"words": "Mornings that feel like mine"}),
        ("idea-words", {"words": "Slow", "why": "x" * 301}),
        ("idea-state", {"goal_state": "now"}),
        ("idea-state", {"goal_state": "not_mine"}),
        ("idea-step", {"words": "Two\nlines"}),
    ],
)
def test_what_is_no_idea_is_not_offered(cast, browser_of, goal, name, sent):
    ids = {"line": goal} if name == "idea-words" else {"goal": goal}
    answer = browser_of(cast.sam).post(at(cast, name, **ids), sent)
    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    assert not Idea.unguarded.exists()


def test_only_what_is_not_theirs_to_change_has_the_link(cast, browser_of, goal):
    typed = cast.plan.add_entry(section="strengths", words="Typed", by=cast.sam)
    own = cast.plan.add_entry(section="strengths", words="Her own", by=cast.maya)
    address = reverse("part", kwargs={"plan": cast.plan.pk, "section": "strengths"})
    sam, maya = page_of(browser_of(cast.sam), address), page_of(browser_of(cast.maya), address)
    assert at(cast, "idea-words", line=own) in sam
    assert at(cast, "idea-words", line=typed) not in sam
    assert "Offer an idea" not in maya
    steps = page_of(browser_of(cast.sam), url(cast, "goal", goal))
    hers, his = goal.steps.get(words="Phone away at night"), goal.steps.get(words="Three slow mornings")
    assert at(cast, "idea-words", line=hers) in steps
    assert at(cast, "idea-words", line=his) not in steps


def test_where_sam_may_not_offer_there_is_no_page(cast, browser_of, goal):
    typed = cast.plan.add_goal(words="Typed", by=cast.sam)
    story = cast.plan.add_entry(section="experiences", words="Story", by=cast.maya)
    gone = cast.plan.add_entry(section="strengths", words="Gone", by=cast.maya)
    gone.take_out(by=cast.maya)
    sam = browser_of(cast.sam)
    for address in (
        at(cast, "idea-words", line=typed),
        at(cast, "idea-step", goal=typed),
        at(cast, "idea-state", goal=typed),
        at(cast, "idea-words", line=story),
        at(cast, "idea-words", line=gone),
    ):
        assert sam.get(address).status_code == 404
    sent = sam.post(at(cast, "idea-words", line=gone), {"words": "Too good to lose"})
    assert "This has been taken out." in sent.content.decode()
    assert "Too good to lose" in sent.content.decode()
    for other in (cast.maya, cast.lee, cast.dana):
        assert browser_of(other).get(at(cast, "idea-words", line=goal)).status_code == 404


def test_sam_sees_what_was_chosen_and_takes_an_idea_back(cast, browser_of, goal):
    ideas = [offer(cast, goal, words=words) for words in ("One", "Two", "Three")]
    ideas[0].keep_mine(by=cast.maya)
    ideas[1].rewrite(by=cast.maya, words="CANARY-HER-WAY", base_version=1)
    sam = browser_of(cast.sam)
    page = plain(page_of(sam, at(cast, "ideas")))
    assert "Maya kept their own words. Their words stay." in page
    assert "Maya wrote it another way." in page
    taken_back = sam.post(at(cast, "idea-take-back", idea=ideas[2]), follow=True).content.decode()
    assert "You took it back." in taken_back
    assert sam.post(at(cast, "idea-take-back", idea=ideas[0])).status_code == 302
    assert list(Idea.unguarded.order_by("words").values_list("state", flat=True)) == ["left", "taken_back", "rewritten"]


def test_of_a_part_that_is_closed_again_sam_reads_no_words(cast, browser_of):
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    story = cast.plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    idea = offer(cast, story, words="CANARY-STORY, gently")
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    sam = browser_of(cast.sam)
    page = page_of(sam, at(cast, "ideas"))
    assert "CANARY" not in page
    assert "For a part that is closed to you now." in page
    assert sam.post(at(cast, "idea-take-back", idea=idea)).status_code == 302
    idea.refresh_from_db()
    assert idea.state == "taken_back"


def test_who_walked_with_her_before_reads_nothing_and_another_only_their_own(cast, browser_of, goal):
    offer(cast, goal, words="CANARY-SAMS")
    cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=cast.person.walks.get(peer=cast.alex, ended_at=None), by=cast.maya)
    assert "CANARY-SAMS" not in page_of(browser_of(cast.alex), at(cast, "ideas"))
    assert browser_of(cast.alex).post(at(cast, "idea-take-back", idea=Idea.unguarded.get())).status_code == 404
    assert browser_of(cast.lee).get(at(cast, "ideas")).status_code == 404
    cast.walk.end(by=cast.maya)
    assert browser_of(cast.sam).get(at(cast, "ideas")).status_code == 404
    page = page_of(browser_of(cast.maya), at(cast, "ideas"))
    assert "Not answered. It is not waiting any more." in page
    assert at(cast, "idea-answer", idea=Idea.unguarded.get()) not in page


# --- Maya answers ---


def test_two_taps_from_the_plan_and_the_words_are_hers(cast, browser_of, goal):
    maya = browser_of(cast.maya)
    assert at(cast, "ideas") not in page_of(maya, url(cast, "plan"))
    idea = offer(cast, goal, why="You named how many.")
    plan = page_of(maya, url(cast, "plan"))
    assert "Sam has an idea for you" in plan
    assert WORDS not in plan
    page = page_of(maya, at(cast, "ideas"))
    order = [page.index(f">{label}<") for label in ("Keep my words", "Use these words")]
    assert order == sorted(order)
    assert page.index("Write it my way") > order[1]
    assert "“You named how many.”" in page
    assert "(taken out: Mornings" in plain(page)
    assert "(put in: Two slow mornings" in plain(page)
    assert "No ideas waiting." in sends(maya, cast, idea, "take")
    goal.refresh_from_db()
    assert (goal.words, goal.voice, goal.version) == (WORDS, "own", 2)
    assert "Sam has an idea" not in page_of(maya, url(cast, "plan"))


def test_the_plan_asks_the_database_no_more_where_an_idea_waits(cast, browser_of, goal):
    maya, address = browser_of(cast.maya), url(cast, "plan")
    page_of(maya, address)
    before = len(queries_of(lambda: maya.get(address)))
    offer(cast, goal)
    assert len(queries_of(lambda: maya.get(address))) == before
    assert "Sam has an idea for you" in page_of(maya, address)


def test_on_the_page_of_its_goal_an_idea_stands_inside_the_goal(cast, browser_of, goal):
    step = goal.steps.get(words="Phone away at night")
    first, second = offer(cast, goal), offer(cast, step, words="Phone in the kitchen")
    other = offer(cast, kind="goal")
    maya, address = browser_of(cast.maya), url(cast, "goal", goal)
    page = page_of(maya, address)
    assert at(cast, "idea-answer", idea=first) in page
    assert at(cast, "idea-answer", idea=second) in page
    assert at(cast, "idea-answer", idea=other) not in page
    assert at(cast, "idea-answer", idea=first) not in page_of(browser_of(cast.sam), address)
    page = sends(maya, cast, first, "keep", back_to="goal")
    assert "Your words stay." in page
    assert 'id="goal-words"' in page
    assert 'href="/static/css/ideas.css"' in page
    second.keep_mine(by=cast.maya)
    assert "ideas.css" not in page_of(maya, address)


def test_a_stale_idea_shows_what_changed_first_and_is_not_taken_by_an_old_page(cast, browser_of, goal):
    idea, maya = offer(cast, goal), browser_of(cast.maya)
    goal.rewrite(words="Evenings that feel like mine", by=cast.maya, base_version=1)
    page = plain(sends(maya, cast, idea, "take"))
    assert "Your words have changed since. Please look once more." in page
    assert "What changed: (taken out: Mornings ) (put in: Evenings ) that feel like mine" in page
    goal.refresh_from_db()
    assert goal.words == "Evenings that feel like mine"
    sends(maya, cast, idea, "take", version=2)
    goal.refresh_from_db()
    assert goal.words == WORDS


def test_another_state_is_not_taken_by_a_page_from_before_she_said_otherwise(cast, browser_of, goal):
    idea, maya = offer(cast, goal, kind="state", goal_state="resting", words=""), browser_of(cast.maya)
    hidden = f'name="base_state" value="{goal.state}"'
    assert hidden in page_of(maya, at(cast, "ideas"))
    goal.let_go(by=cast.maya)
    page = sends(maya, cast, idea, "take", base_state="now")
    assert "You have said something else about this goal since. Please look once more." in page
    assert hidden not in page
    goal.refresh_from_db()
    assert goal.state == "let_go"


def test_her_own_way_that_she_began_is_still_there_when_the_idea_was_taken_back(cast, browser_of, goal):
    idea, maya = offer(cast, goal), browser_of(cast.maya)
    address = at(cast, "idea-mine", idea=idea)
    held = reverse("draft", kwargs={"plan": cast.plan.pk, "box": f"ideas/{idea.pk}/my-way"})
    sent = {"words": "Mornings, my way", "save_id": str(uuid.uuid4()), "base_version": 1}
    assert maya.post(held, sent).status_code == 200
    idea.take_back(by=cast.sam)
    assert address in page_of(maya, at(cast, "ideas"))
    assert "Mornings, my way" in page_of(maya, address)
    maya.post(address, sent)
    goal.refresh_from_db()
    assert goal.words == "Mornings, my way"
    assert address not in page_of(maya, at(cast, "ideas")), "nothing is begun any more"


def test_maya_writes_it_her_way(cast, browser_of, goal):
    idea, maya = offer(cast, goal), browser_of(cast.maya)
    address = at(cast, "idea-mine", idea=idea)
    form = page_of(maya, address)
    assert WORDS in form
    assert goal.words in form.partition("<textarea")[2]
    assert maya.post(address, {"words": " ", "base_version": 1}).status_code == 422
    maya.post(address, {"words": "Slow on Sundays", "base_version": 1})
    goal.refresh_from_db()
    assert (goal.words, Idea.unguarded.get().state) == ("Slow on Sundays", "rewritten")
    assert "This idea is not waiting any more." in maya.get(address, follow=True).content.decode()


def test_her_own_way_of_a_state_of_a_step_and_of_words_that_changed(cast, browser_of, goal):
    maya = browser_of(cast.maya)
    state, step, words = offer(cast, goal, "state", goal_state="let_go"), offer(cast, goal, "step"), offer(cast, goal)
    maya.post(at(cast, "idea-mine", idea=state), {"goal_state": "resting", "base_version": 1})
    goal.refresh_from_db()
    assert goal.state == "resting"
    for _tap in range(2):
        sent = {"words": "Tea first", "base_version": 1, "save_id": "1" * 32}
        assert maya.post(at(cast, "idea-mine", idea=step), sent).status_code == 302
    assert goal.steps.filter(words="Tea first").count() == 1
    goal.rewrite(words="Changed", by=cast.maya, base_version=1)
    late = maya.post(at(cast, "idea-mine", idea=words), {"words": "Too good to lose", "base_version": 1})
    assert (late.status_code, "Too good to lose" in late.content.decode()) == (409, True)
    assert Revision.unguarded.get(version=None).words == "Too good to lose"
    maya.post(at(cast, "idea-mine", idea=words), {"words": "Too good to lose", "base_version": 2})
    goal.refresh_from_db()
    assert goal.words == "Too good to lose"


def test_what_she_begins_her_own_way_is_held_for_her_alone(cast, browser_of, goal):
    idea, maya = offer(cast, goal), browser_of(cast.maya)
    held = reverse("draft", kwargs={"plan": cast.plan.pk, "box": f"ideas/{idea.pk}/my-way"})
    sent = {"words": "CANARY-BEGUN", "save_id": "1" * 32, "base_version": 1}
    assert browser_of(cast.sam).post(held, sent).status_code == 404
    assert maya.post(held, sent).status_code == 200
    assert "CANARY-BEGUN" in page_of(maya, at(cast, "idea-mine", idea=idea))
    assert "CANARY-BEGUN" not in page_of(browser_of(cast.sam), at(cast, "ideas"))
    offered = reverse("draft", kwargs={"plan": cast.plan.pk, "box": f"ideas/lines/{goal.pk}"})
    assert browser_of(cast.sam).post(offered, sent).status_code == 404, "half an idea is held nowhere"


@pytest.mark.parametrize("odd", [{"answer": "maybe"}, {"answer": ""}, {"base_version": "one"}, {"base_version": "0"}])
def test_an_odd_answer_changes_nothing(cast, browser_of, goal, odd):
    idea = offer(cast, goal)
    data = {"answer": "take", "base_version": 1} | odd
    assert browser_of(cast.maya).post(at(cast, "idea-answer", idea=idea), data).status_code == 302
    idea.refresh_from_db()
    goal.refresh_from_db()
    assert (idea.state, goal.version) == ("waiting", 1)


def test_taken_back_meanwhile_it_says_so(cast, browser_of, goal):
    idea, maya = offer(cast, goal), browser_of(cast.maya)
    idea.take_back(by=cast.sam)
    assert "This idea was taken back." in sends(maya, cast, idea, "take")
    goal.refresh_from_db()
    assert goal.version == 1


def test_nobody_else_answers(cast, browser_of, goal):
    idea = offer(cast, goal)
    for other in (cast.sam, cast.lee, cast.noor, cast.dana):
        for name in ("idea-answer", "idea-mine"):
            sent = {"answer": "take", "base_version": 1, "words": "Not hers"}
            assert browser_of(other).post(at(cast, name, idea=idea), sent).status_code == 404
    goal.refresh_from_db()
    assert goal.version == 1


def test_a_session_by_sams_card_answers_nothing(cast, browser_of, goal):
    idea = offer(cast, goal)
    cast.maya.end_passphrase()
    PlanCard.objects.all().delete()
    browser = open_card(browser_of, person=cast.person, by=cast.sam).browser
    for name in ("idea-answer", "idea-mine"):
        sent = {"answer": "take", "base_version": 1, "words": "Not hers"}
        assert browser.post(at(cast, name, idea=idea), sent).status_code == 403
    idea.refresh_from_db()
    assert idea.state == "waiting"


def test_in_her_hands_she_answers_and_it_says_on_whose_tablet(cast, browser_of, goal):
    story = cast.plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    idea, hidden = offer(cast, goal), offer(cast, story, words="CANARY-STORY, gently")
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    cast.sam.take_device_pin(PIN)
    tablet = browser_of(cast.sam)
    page_of(tablet, together(cast.plan, "goals"))
    tablet.post(reverse("hands", args=[cast.plan.pk]) + "?part=goals")
    assert "CANARY" not in page_of(tablet, at(cast, "ideas"))
    assert tablet.post(at(cast, "idea-answer", idea=hidden), {"answer": "take", "base_version": 1}).status_code == 404
    sends(tablet, cast, idea, "take")
    goal.refresh_from_db()
    assert goal.words == WORDS
    line = LogLine.unguarded.get(what="idea_answered")
    assert (line.by, line.on_device_of) == (cast.maya.pk, cast.sam.pk)


def test_the_page_in_spanish_speaks_spanish(cast, browser_of, goal):
    offer(cast, goal)
    cast.maya.language = "es"
    cast.maya.save()
    page = page_of(browser_of(cast.maya), at(cast, "ideas"))
    assert "Dejar mis palabras" in page
    assert "Keep my words" not in page


# --- what differs, in words ---


@pytest.mark.parametrize(
    "before, after, pieces",
    [
        ("a b c", "a x c", [(SAME, "a "), (OUT, "b"), (IN, "x"), (SAME, " c")]),
        ("a b", "a b, slowly", [(SAME, "a b"), (IN, ", slowly")]),
        ("a b c d", "a x y d", [(SAME, "a "), (OUT, "b c"), (IN, "x y"), (SAME, " d")]),
        ("a b", "x y", [(IN, "x y")]),
        ("a b", "a", [(SAME, "a"), (OUT, " b")]),
        ("a " * 700, "b", [(SAME, "b")]),
        (".!" * 300, "!!." * 200, [(SAME, "!!." * 200)]),
    ],
)
def test_what_differs(before, after, pieces):
    assert differences(before, after) == pieces


def test_texts_that_have_only_their_spaces_in_common_are_not_compared_space_by_space(monkeypatch):
    """Each turn goes through every pair of them: with 300 words in each text that was a second."""
    turns, find = [], SequenceMatcher.find_longest_match
    monkeypatch.setattr(SequenceMatcher, "find_longest_match", lambda *args: turns.append(1) or find(*args))
    before, after = (" ".join(f"{name}{number}" for number in range(299)) for name in "ab")
    assert differences(before, after) == [(IN, after)]
    assert len(turns) < 10


def test_the_pieces_of_a_text_are_all_of_it():
    before, after = "Mornings\nthat  feel like mine", "Two mornings\nthat feel  like mine, slowly"
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != OUT) == after
    assert "".join(piece.text for piece in pieces if piece.kind != IN) == before
