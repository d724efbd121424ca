"""The plan as a picture says what the plan says: no more, no less, and nothing that could hurt."""

import math
import re
import string
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles.finders import find
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery_plans.picture import Post, draw, posts_to_draw
from recovery_plans.picture.geometry import LAYOUTS, way_of
from recovery_plans.picture.positions import find_positions

SVG = "{http://www.w3.org/2000/svg}"
MAYAS_POSTS = (
    Post(number=1, state="now", steps=(True, True, False)),
    Post(number=2, state="now", steps=(True, False, False)),
    Post(number=3, state="resting", steps=()),
)

steps = st.lists(st.booleans(), max_size=10).map(tuple)
states = st.sampled_from(["now", "resting", "reached"])
plans = st.lists(st.tuples(states, steps), max_size=12).map(
    lambda goals: tuple(Post(number=at, state=state, steps=done) for at, (state, done) in enumerate(goals, start=1))
)
layouts = st.sampled_from(["banner", "tall", "wide"])
inks = st.sampled_from(["screen", "print", "grey"])
few_examples = settings(max_examples=40, deadline=None)


def draw_mayas_plan(posts=MAYAS_POSTS, **changes):
    facts = {
        "strengths": 5,
        "people": 3,
        "layout": "tall",
        "colours": "screen",
        "title": "Maya’s plan, drawn as a path",
        "description": "A path winds to a sunrise.",
    }
    return draw(posts, **{**facts, **changes})


def read(picture):
    return ElementTree.fromstring(picture)  # noqa: S314 - it is our own picture


def shown(picture, kind, *, ident="path"):
    """Give everything in the picture that shows one kind of thing (done, open, now, walker, fern …)."""
    root = read(picture)
    return [use for use in root.iter(f"{SVG}use") if use.get("href") == f"#{ident}-{kind}"]


def numbers_on_posts(picture):
    return [text.text for text in read(picture).iter(f"{SVG}text")]


# What the plan says


@few_examples
@given(posts=plans, layout=layouts, colours=inks, people=st.integers(1, 6), strengths=st.integers(0, 40))
def test_every_goal_step_person_and_strength_of_a_plan_is_in_its_picture(posts, layout, colours, people, strengths):
    picture = draw_mayas_plan(posts, layout=layout, colours=colours, people=people, strengths=strengths)
    assert sorted(numbers_on_posts(picture)) == sorted(str(post.number) for post in posts)
    for state in ("now", "resting", "reached"):
        assert len(shown(picture, state)) == sum(post.state == state for post in posts)
    all_steps = [done for post in posts for done in post.steps]
    assert len(shown(picture, "done")) == sum(all_steps)
    assert len(shown(picture, "open")) == len(all_steps) - sum(all_steps)
    assert len(shown(picture, "walker")) == people
    assert sum(len(shown(picture, plant)) for plant in ("cup", "lavender", "fern")) == strengths


def test_before_maya_has_a_goal_the_path_is_open_and_her_strengths_already_grow():
    picture = draw_mayas_plan(posts=(), strengths=4, people=1)
    assert numbers_on_posts(picture) == []
    assert len(shown(picture, "walker")) == 1
    assert [len(shown(picture, plant)) for plant in ("cup", "lavender", "fern")] == [2, 1, 1]
    assert "var(--pic-sun)" in picture


def test_a_resting_goal_is_dashed_and_a_reached_one_has_rays():
    root = read(draw_mayas_plan((*MAYAS_POSTS, Post(number=4, state="reached", steps=()))))
    kinds = {each.get("id"): each for each in root.iter(f"{SVG}g") if each.get("id")}
    dashed = {
        state: [
            ring.get("stroke")
            for ring in kinds[f"path-{state}"].iter(f"{SVG}circle")
            if "stroke-dasharray" in ring.keys()
        ]
        for state in ("now", "resting", "reached")
    }
    assert dashed == {
        "now": [],
        "resting": ["var(--pic-stoneedge)"],
        "reached": ["var(--pic-doneedge)", "var(--pic-done)"],
    }


def test_a_done_stone_is_gold_with_a_tick_and_an_open_one_has_none():
    root = read(draw_mayas_plan())
    kinds = {each.get("id"): each for each in root.iter() if each.get("id")}
    done, waiting = kinds["path-done"], kinds["path-open"]
    assert done.find(f"{SVG}ellipse").get("fill") == "var(--pic-done)"
    assert done.find(f"{SVG}path") is not None
    assert waiting.tag == f"{SVG}ellipse"
    assert waiting.get("fill") == "var(--pic-stone)"


def test_six_people_wear_six_colours_and_a_seventh_is_not_drawn():
    walkers = shown(draw_mayas_plan(people=9), "walker")
    assert len(walkers) == 6
    assert len({walker.get("fill") for walker in walkers}) == 6


def test_maya_herself_is_always_on_her_path():
    assert [walker.get("fill") for walker in shown(draw_mayas_plan(people=0), "walker")] == ["var(--pic-pine)"]


# Where they stand


@pytest.mark.parametrize("layout", ["banner", "tall", "wide"])
def test_maya_stands_between_what_she_did_and_what_is_next(layout):
    positions = find_positions(MAYAS_POSTS, layout=layout, people=3)
    along = way_of(layout)

    def share(thing):
        return min(
            range(1001), key=lambda at: math.dist((along.at(at / 1000).x, along.at(at / 1000).y), (thing.x, thing.y))
        )

    second_done, next_one = positions.stones[1], positions.stones[2]
    assert (second_done.done, next_one.done, next_one.is_next) == (True, False, True)
    assert share(second_done) < share(positions.company) < share(next_one)
    assert [stone.is_next for stone in positions.stones].count(True) == 1


def test_when_every_goal_is_reached_nothing_is_asked_next_and_maya_stands_by_the_last():
    posts = tuple(Post(number=number, state="reached", steps=(True, False)) for number in (1, 2, 3))
    picture = draw_mayas_plan(posts)
    assert "pathpic-next" not in picture
    positions = find_positions(posts, layout="tall", people=2)
    nearest = min(
        positions.waymarks, key=lambda mark: math.dist((mark.x, mark.y), (positions.company.x, positions.company.y))
    )
    assert nearest.post.number == 3


def test_a_goal_at_rest_is_not_what_comes_next():
    posts = (Post(number=1, state="resting", steps=(False,)), Post(number=2, state="now", steps=(False,)))
    assert [stone.is_next for stone in find_positions(posts, layout="wide", people=1).stones] == [False, True]


@few_examples
@given(posts=plans, layout=layouts, people=st.integers(1, 6))
def test_numbers_stay_readable_however_long_the_plan(posts, layout, people):
    positions, ground = find_positions(posts, layout=layout, people=people), LAYOUTS[layout]
    for mark in positions.waymarks:
        x, y = mark.disc
        assert mark.radius >= 11
        assert mark.radius <= x <= ground.width - mark.radius
        assert mark.radius <= y <= ground.height - mark.radius
    for at, mark in enumerate(positions.waymarks):
        for other in positions.waymarks[at + 1 :]:
            # A disc never reaches the number in the middle of another.
            assert math.dist(mark.disc, other.disc) >= max(mark.radius, other.radius) * 1.5


@few_examples
@given(posts=plans, layout=layouts)
def test_stones_never_lie_on_each_other(posts, layout):
    stones = find_positions(posts, layout=layout, people=2).stones
    for stone, following in zip(stones, stones[1:], strict=False):
        apart = math.hypot(
            (stone.x - following.x) / (stone.reach + following.reach),
            (stone.y - following.y) / (0.46 * (stone.reach + following.reach)),
        )
        assert apart >= 0.85


def test_more_than_eight_posts_are_smaller():
    def largest(count):
        posts = tuple(Post(number=number, state="now", steps=()) for number in range(1, count + 1))
        return max(mark.radius for mark in find_positions(posts, layout="wide", people=1).waymarks)

    assert largest(12) < largest(8)


# A great many goals


def many_posts(count, *, first_now=0, state="resting", steps=(True, False)):
    """So many goals in one state, but for the one that Maya works on now."""
    return tuple(
        Post(number=number, state="now" if number == first_now else state, steps=steps)
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize(
    "first_now, drawn",
    [(1, (1, 40)), (20, (1, 40)), (21, (1, 40)), (22, (2, 41)), (150, (130, 169)), (299, (261, 300))],
)
def test_of_three_hundred_goals_the_forty_around_maya_are_drawn(first_now, drawn):
    posts = many_posts(300, first_now=first_now)
    first, last = drawn
    numbers = [str(number) for number in range(first, last + 1)]
    assert sorted(numbers_on_posts(draw_mayas_plan(posts))) == sorted(numbers)
    assert [str(post.number) for post in posts_to_draw(posts)] == numbers
    assert "pathpic-next" in draw_mayas_plan(posts)


@pytest.mark.parametrize("state, drawn", [("reached", (261, 300)), ("resting", (1, 40))])
def test_without_a_goal_of_now_they_are_those_by_the_last_reached_or_the_first(state, drawn):
    shown = posts_to_draw(many_posts(300, state=state))
    assert (shown[0].number, shown[-1].number) == drawn


def test_up_to_forty_goals_each_is_drawn():
    for count in (39, 40):
        assert len(numbers_on_posts(draw_mayas_plan(many_posts(count)))) == count


def test_three_hundred_goals_take_no_longer_to_draw_than_forty():
    def calls(posts):
        counted = 0

        def count(_frame, event, _what):
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            draw_mayas_plan(posts, layout="wide")
        finally:
            sys.setprofile(None)
        return counted

    forty = calls(many_posts(40, first_now=3, steps=(True, False, False)))
    assert forty > 10_000
    assert calls(many_posts(300, first_now=150, steps=(True, False, False))) < 2 * forty


# What it never says, and never brings along


@few_examples
@given(posts=plans, layout=layouts, colours=inks)
def test_the_picture_holds_no_word_but_its_title_and_description(posts, layout, colours):
    root = read(draw_mayas_plan(posts, layout=layout, colours=colours))
    text = "".join(root.itertext())
    assert re.sub(r"\d", "", text) == "Maya’s plan, drawn as a pathA path winds to a sunrise."
    assert "%" not in text


@few_examples
@given(posts=plans, layout=layouts, colours=inks, strengths=st.integers(0, 60), people=st.integers(0, 9))
def test_a_strict_page_can_show_it_and_it_is_light(posts, layout, colours, strengths, people):
    picture = draw_mayas_plan(posts, layout=layout, colours=colours, strengths=strengths, people=people)
    root = read(picture)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags.isdisjoint({"style", "script", "image", "foreignObject", "a", "animate"})
    attributes = {(name, value) for each in root.iter() for name, value in each.attrib.items()}
    assert not [name for name, _ in attributes if name == "style" or name.startswith("on")]
    assert all(value.startswith("#path-") for name, value in attributes if name.endswith("href"))
    assert ("var(" in picture) == (colours == "screen")
    assert len(picture.encode()) < 24_000
    width, height = LAYOUTS[layout].width, LAYOUTS[layout].height
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert not re.search(r"\d\.\d{4}|nan|inf\b|\de-", picture)


def test_an_everyday_plan_weighs_about_ten_kilobytes():
    assert len(draw_mayas_plan().encode()) < 11_000


@few_examples
@given(posts=plans, layout=layouts, colours=inks)
def test_the_same_plan_always_gives_the_same_picture(posts, layout, colours):
    once = draw_mayas_plan(posts, layout=layout, colours=colours)
    assert draw_mayas_plan(list(posts), layout=layout, colours=colours) == once


def test_grey_ink_has_only_greys():
    colours = set(re.findall(r"#([0-9A-F]{6})\b", draw_mayas_plan(colours="grey")))
    assert len(colours) > 8
    assert all(colour[:2] == colour[2:4] == colour[4:] for colour in colours)


def test_every_colour_of_the_screen_has_its_ink_on_paper():
    everything = {"posts": (*MAYAS_POSTS, Post(number=4, state="reached", steps=())), "people": 6}
    named = set(re.findall(r"var\(--pic-([a-z0-9]+)\)", draw_mayas_plan(**everything)))
    on_paper = draw_mayas_plan(**everything, colours="print")
    assert len(re.findall(r"var\(", on_paper)) == 0
    assert {"sky1", "sun", "path", "done", "pine", "plum", "clay", "lake", "petal3"} <= named


# Its words


@few_examples
@given(title=st.text(), description=st.text())
def test_any_words_are_told_as_they_are_and_break_nothing(title, description):
    root = read(draw_mayas_plan(title=title, description=description))
    kept = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

    def as_read(text):
        return kept.sub("", text).replace("\r\n", "\n").replace("\r", "\n")

    assert (root.find(f"{SVG}title").text or "") == as_read(title)
    assert (root.find(f"{SVG}desc").text or "") == as_read(description)


def test_words_that_look_like_code_stay_words():
    picture = draw_mayas_plan(title='</title><script>alert("x")</script>', description="a & b")
    assert "<script" not in picture
    assert "a &amp; b" in picture


def test_a_screen_reader_hears_the_title_and_the_description():
    root = read(draw_mayas_plan(ident="path-tall"))
    assert root.get("role") == "img"
    named = [next(each for each in root if each.get("id") == ident) for ident in root.get("aria-labelledby").split()]
    assert [each.text for each in named] == ["Maya’s plan, drawn as a path", "A path winds to a sunrise."]


def test_two_pictures_on_one_page_share_no_id():
    def ids(picture):
        return set(re.findall(r' id="([^"]+)"', picture))

    banner, tall = draw_mayas_plan(layout="banner", ident="wide-path"), draw_mayas_plan(ident="path")
    assert ids(banner).isdisjoint(ids(tall))
    assert {reference[1:] for reference in re.findall(r"#[a-z-]+path-[a-z]+", banner)} <= ids(banner)


@few_examples
@given(ident=st.text(string.punctuation + string.whitespace, min_size=1, max_size=4))
def test_an_ident_that_could_break_out_is_refused(ident):
    with pytest.raises(ValueError, match="ident"):
        draw_mayas_plan(ident=ident)


@pytest.mark.parametrize("wrong, named", [({"layout": "square"}, "layout"), ({"colours": "neon"}, "colours")])
def test_a_layout_or_ink_we_do_not_have_is_refused(wrong, named):
    with pytest.raises(ValueError, match=named):
        draw_mayas_plan(**wrong)


def test_a_goal_is_never_late():
    with pytest.raises(ValueError, match="resting"):
        Post(number=1, state="late", steps=())


def test_the_road_of_the_welcome_picture_is_the_plans_own_with_its_round_bends():
    """The welcome picture is a file, drawn once; its bends were corners after the plan's had become round."""
    welcome = Path(find("pictures/morning.svg")).read_text(encoding="utf-8")
    picture = draw([], strengths=5, people=2, layout="banner", colours="screen", title="", description="")
    for part in ("pathedge", "path"):
        road = re.search(rf'<path(?=[^>]*fill="var\(--pic-{part}\)")[^>]* d="([^"]{{500,}})"', picture)
        road = road or re.search(rf'<path d="([^"]{{500,}})"[^>]*fill="var\(--pic-{part}\)"', picture)
        assert f'd="{road.group(1)}" class="f-{part}"' in welcome
