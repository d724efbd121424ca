"""The tags of every page: icons."""

import pytest
from django.template import Context, Template


def test_an_icon_is_drawn_whether_its_name_is_known_early_or_late():
    early = Template("{% load alongside %}{% icon 'sprout' %}").render(Context())
    late = Template("{% load alongside %}{% icon name %}").render(Context({"name": "sprout"}))
    assert early == late
    assert early.startswith("<svg")
    with pytest.raises(LookupError):
        Template("{% load alongside %}{% icon name %}").render(Context({"name": "../../secret"}))
