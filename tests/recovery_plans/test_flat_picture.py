"""The picture on paper is made of little, and looks as the one on the screen does."""

from xml.etree import ElementTree

import pymupdf
import pytest

from recovery_plans.picture import Post, draw
from recovery_plans.picture.flat import draw_flat
from tests.recovery_plans.pdf_service_running import page, picture

POSTS = (
    Post(number=1, state="reached", steps=(True, True)),
    Post(number=2, state="now", steps=(True, False, False)),
    Post(number=3, state="resting", steps=(False,)),
    Post(number=10, state="now", steps=()),
)


def shapes(drawn):
    return list(ElementTree.fromstring(drawn).iter())  # noqa: S314 - it is our own picture


@pytest.mark.parametrize("colours", ["print", "grey"])
@pytest.mark.parametrize("posts, strengths, people", [((), 0, 1), (POSTS, 5, 3), (POSTS * 3, 40, 9)])
def test_it_is_made_of_shapes_alone(colours, posts, strengths, people):
    drawn = draw_flat(posts, strengths=strengths, people=people, colours=colours)
    kinds = {element.tag.partition("}")[2] for element in shapes(drawn)}
    assert kinds <= {"svg", "defs", "linearGradient", "stop", "path", "ellipse"}
    assert "transform" not in drawn
    assert len(drawn) < 60_000


def test_things_of_one_ink_are_drawn_in_one_go():
    few, many = (draw_flat(POSTS, strengths=strengths, people=1, colours="print") for strengths in (3, 9))
    assert len(shapes(many)) < len(shapes(few)) + 25


def test_the_same_facts_give_the_same_picture_and_names_are_not_in_it():
    told = {"strengths": 4, "people": 2, "colours": "print"}
    assert draw_flat(POSTS, **told) == draw_flat(list(POSTS), **told)
    assert "<text" not in draw_flat(POSTS, **told)
    assert "<title" not in draw_flat(POSTS, **told)


@pytest.mark.slow
@pytest.mark.parametrize("colours", ["print", "grey"])
def test_it_looks_as_the_picture_does_before_it_is_laid_flat(own_pdf_service, colours):
    flat = draw_flat(POSTS, strengths=14, people=4, colours=colours)
    round_ = draw(POSTS, strengths=14, people=4, layout="wide", colours=colours, title="x", description="x")
    looks = [seen(own_pdf_service, drawn) for drawn in (flat, round_)]
    assert len(looks[0]) == len(looks[1]) > 100_000
    differ = sum(abs(one - other) > 40 for one, other in zip(*looks, strict=True))
    assert differ < len(looks[0]) / 150


def seen(pdf_service, drawn):
    """The picture as it is printed, point by point."""
    css = "<style>@page{size:420px 220px;margin:0}body{margin:0}p{margin:0}img{width:400px}</style>"
    html = page(f'<p><img alt="x" src="{picture("image/svg+xml", drawn.encode())}"/></p>', head=css)
    with pymupdf.open(stream=pdf_service.print(html)) as document:
        return document[0].get_pixmap(dpi=96).samples
