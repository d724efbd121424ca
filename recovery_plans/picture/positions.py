"""Who and what stands where on the path: stones, posts and the people, each with room of its own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .geometry import LAYOUTS, Layout, Way, edge, way_of
from .post import Post

START, END = 0.13, 0.93  # the shares of the path that carry anything
OPEN_PATH = 0.16  # where the person stands while there are no goals yet
MANY_POSTS, MANY_THINGS = 8, 40
POST_WEIGHT = 1.5  # a post takes more of the path than a stone
CLOSE = 170  # a post reaches no stone farther than this
STEM = 1.75  # how high a post's disc hangs, in radii
TURNS = (0, -0.3, 0.3, -0.6, 0.6, -0.9, 0.9)  # how far a post may move along the path to be seen


@dataclass(frozen=True)
class Stone:
    """A step, lying on the path. `reach` is half its width."""

    x: float
    y: float
    reach: float
    done: bool
    is_next: bool


@dataclass(frozen=True)
class Waymark:
    """A goal's post beside the path: where it stands and how large its disc is."""

    x: float
    y: float
    radius: float
    post: Post

    @property
    def disc(self) -> tuple[float, float]:
        return self.x, self.y - STEM * self.radius


@dataclass(frozen=True)
class Company:
    """Where the person and those who walk along stand now."""

    x: float
    y: float
    scale: float
    abreast: float  # how wide the group is


@dataclass(frozen=True)
class Positions:
    """Where things may stand in the picture without hiding one another."""

    stones: list[Stone]
    waymarks: list[Waymark]
    company: Company


def find_positions(posts: Sequence[Post], *, layout: str, people: int) -> Positions:
    """Give every step, goal and person a position, in the plan's order, from the front of the path to the sunrise."""
    things = 1 + sum(1 + len(post.steps) for post in posts)
    way = way_of(layout, perspective=1.0 if things <= MANY_THINGS else 0.6)
    ground = LAYOUTS[layout]
    order = _order(posts)
    shares, unit = _share_out(order, way, ground, people)
    company, stones, wanted = None, [], []
    for (kind, detail), share in zip(order, shares, strict=True):
        spot = way.at(share)
        if kind == "company":
            scale = _company_scale(spot.y, ground)
            company = Company(spot.x, spot.y, scale, _abreast(people) * scale)
        elif kind == "post":
            wanted.append((detail, share))
        else:
            room = 0.42 * unit * spot.stride
            reach = min(max(5.2, ground.half_width(spot.y) * 0.46), max(2.0, room))
            stones.append(Stone(spot.x, spot.y, reach, done=detail, is_next=kind == "next"))
    return Positions(stones, _plant_posts(wanted, way, ground, unit, stones, company), company)


def _order(posts: Sequence[Post]) -> list[tuple[str, object]]:
    """Line up what the path carries. The company stands before the first open step of the first goal of now."""
    order, after_reached, company_at = [], 0, None
    for post in posts:
        for done in post.steps:
            is_next = company_at is None and post.state == "now" and not done
            if is_next:
                company_at = len(order)
            order.append(("next" if is_next else "stone", done))
        if company_at is None and post.state == "now":
            company_at = len(order)
        order.append(("post", post))
        if post.state == "reached":
            after_reached = len(order)
    order.insert(after_reached if company_at is None else company_at, ("company", None))
    return order


def _share_out(order: list, way: Way, ground: Layout, people: int) -> tuple[list[float], float]:
    """Share out the path: to a stone one part, to the company and to a post as much as they are wide where they stand.

    How wide that is depends on how near it is, so a few rounds of trying settle it.
    """
    if len(order) == 1:
        return [OPEN_PATH], END - START
    weights = [1.0] * len(order)
    shrink = _shrink(sum(kind == "post" for kind, _ in order))
    for _ in range(4):
        unit = (END - START) / sum(weights)
        shares, walked = [], START
        for weight in weights:
            shares.append(walked + weight * unit / 2)
            walked += weight * unit
        for index, ((kind, detail), share) in enumerate(zip(order, shares, strict=True)):
            if kind == "company":
                spot = way.at(share)
                room = _abreast(people) * _company_scale(spot.y, ground) / (unit * spot.stride)
                weights[index] = max(0.5, min(8.0, room))
            elif kind == "post":
                spot = way.at(share)
                # A goal's own stones already keep its disc away from the one before.
                room = 2.3 * _radius(spot.y, ground, shrink) / (unit * spot.stride) - len(detail.steps)
                weights[index] = max(POST_WEIGHT, min(8.0, room))
    return shares, unit


def _shrink(posts: int) -> float:
    return 1.0 if posts <= MANY_POSTS else max(0.6, 1 - 0.035 * (posts - MANY_POSTS))


def _radius(y: float, ground: Layout, shrink: float) -> float:
    return 19 * max(0.74, ground.scale(y)) * shrink


def _company_scale(y: float, ground: Layout) -> float:
    # Even near the sun the people are large enough to be seen.
    return max(0.56, 0.9 * ground.scale(y))


def _abreast(people: int) -> float:
    return (24, 44, 64, 56, 66, 76)[people - 1]


def _plant_posts(
    wanted: list[tuple[Post, float]], way: Way, ground: Layout, unit: float, stones: list[Stone], company: Company
) -> list[Waymark]:
    """Put each post beside the path where it hides least: first one by one, then once more, seeing all the others."""
    shrink = _shrink(len(wanted))
    placed: list[Waymark | None] = [None] * len(wanted)
    for _ in range(2):
        for index, (post, share) in enumerate(wanted):
            others = [mark for at, mark in enumerate(placed) if mark and at != index]
            spot = way.at(share)
            close = [stone for stone in stones if abs(stone.x - spot.x) + abs(stone.y - spot.y) < CLOSE]
            choices = (
                (_cost(mark, others, close, company, ground) + extra, order, mark)
                for order, (mark, extra) in enumerate(_choices(post, share, way, ground, unit, shrink))
            )
            placed[index] = min(choices)[2]
    return placed


def _choices(post: Post, share: float, way: Way, ground: Layout, unit: float, shrink: float):
    for turn in TURNS:
        spot = way.at(share + turn * unit * POST_WEIGHT / 2)
        radius = _radius(spot.y, ground, shrink)
        half = ground.half_width(spot.y)
        for side in (-1, 1):
            aside = spot.aside[0] * side, spot.aside[1] * side
            dx, dy = edge(aside, half + radius * 0.7, half * 0.5 + radius * 0.22)
            # On the near side of the path a post's disc hangs over the stones.
            near = 0.6 * max(0.0, aside[1])
            yield Waymark(spot.x + dx, spot.y + dy, radius, post), abs(turn) * 0.5 + near


def _cost(mark: Waymark, others: list[Waymark], stones: list[Stone], company: Company, ground: Layout) -> float:
    """Say how much a post would hide, or be hidden, standing there."""
    x, y = mark.disc
    size = mark.radius * (1.45 if mark.post.state == "reached" else 1.12)
    cost = 0.0
    for other in others:
        gap = size + other.radius * (1.45 if other.post.state == "reached" else 1.12) - math.dist(mark.disc, other.disc)
        cost += 9 * max(0.0, gap) / size
    for stone in stones:
        cost += 6 * max(0.0, size + stone.reach - math.dist(mark.disc, (stone.x, stone.y))) / size
        # The foot of a post is not to stand on a stone either.
        cost += 2 * max(0.0, stone.reach + 4 - math.dist((mark.x, mark.y), (stone.x, stone.y))) / 4
    middle = company.y - 22 * company.scale
    wide, tall = company.abreast / 2 + size + 4, 34 * company.scale + size
    cost += 12 * max(0.0, 1 - math.hypot((x - company.x) / wide, (y - middle) / tall))
    outside = max(size + 4 - x, x + size + 4 - ground.width, size + 4 - y, mark.y + 4 - ground.height, 0)
    return cost + outside
