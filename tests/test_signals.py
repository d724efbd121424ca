"""What peers tells the plans, and asks them, by signals, in the transaction of what happened."""

import pytest
from django.dispatch import Signal

from peers import signals
from peers.models import PlanCard, Walk
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine

SIGNALS = {
    "device_taken_back",
    "known_by_changed",
    "walk_ended",
    "walk_resumed",
    "way_in_changed",
    "supporters_requested",
    "health_checks_requested",
}


class LogBroken(Exception):
    """The access log could not be written."""


def break_down(*args, **kwargs):
    raise LogBroken


@pytest.fixture
def broken_log(monkeypatch):
    monkeypatch.setattr(LogLine, "note", break_down)


def test_each_has_one_receiver():
    found = {name: signal for name, signal in vars(signals).items() if isinstance(signal, Signal)}
    assert set(found) == SIGNALS
    assert [name for name, signal in found.items() if len(signal.receivers) != 1] == []


def test_a_walk_does_not_end_without_its_line_in_the_log(cast, broken_log):
    with pytest.raises(LogBroken):
        cast.walk.end(by=cast.maya)
    assert Walk.objects.get(pk=cast.walk.pk).ended_at is None


@pytest.mark.parametrize("maker", ["sam", "maya"])
def test_a_card_opens_nothing_without_its_line_in_the_log(cast, browser_of, maker, monkeypatch):
    _card, words, _token = PlanCard.make(person=cast.person, by=getattr(cast, maker))
    monkeypatch.setattr(LogLine, "note", break_down)
    browser = browser_of(raise_request_exception=False)
    assert browser.post("/open/", {"card_words": words, "device": "own"}).status_code == 500
    assert browser.get("/settings/").status_code == 302
    assert not LogLine.unguarded.filter(what__in=[PlanEvent.CARD_OPENED, PlanEvent.OWN_WORDS_USED]).exists()
    assert not PlanCard.objects.exclude(opened_at=None).exists()
