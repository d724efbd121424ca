"""Addresses made by hand: lines of another plan, pages elsewhere, forged hosts, odd questions."""

from urllib.parse import quote

import pytest
from django.urls import reverse

import recovery_plans.urls
from recovery_plans.models import Plan
from tests.bad_input import everything, scene, send
from tests.cast import PASSPHRASE

__all__ = ["scene"]

pytestmark = pytest.mark.django_db


OF_ONE_LINE = [
    pytest.param(pattern.name, set(pattern.pattern.converters), id=pattern.name)
    for pattern in recovery_plans.urls.of_a_plan
    if set(pattern.pattern.converters) & {"goal", "line", "step"}
]


@pytest.mark.parametrize("name, needs", OF_ONE_LINE)
def test_a_goal_of_mayas_is_not_there_under_noors_plan(name, needs, scene, browser_of):
    noors = Plan.start(person=scene.noor.person, by=scene.noor)
    hers = noors.add_goal(words="Garden", by=scene.noor)
    known = {"goal": scene.goal.pk, "line": scene.entry.pk, "step": scene.step.pk}
    tries = [{key: known[key] for key in needs}]
    if "step" in needs:
        tries.append({"goal": hers.pk, "step": scene.step.pk})
    before = everything()
    for ids in tries:
        url = reverse(name, kwargs={"plan": noors.pk, **ids})
        data = {"words": "Mine now", "base_version": "1", "state": "reached"}
        assert send(browser_of(scene.noor), url, data).status_code == 404
        assert browser_of(scene.noor).get(url).status_code in (404, 405)
    assert everything() == before


ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "http:evil.example",
    "\t//evil.example",
    "/%0d%0aSet-Cookie:a=b",
    "https:///evil.example",
    "\x00",
]


def test_after_signing_in_nobody_is_led_elsewhere(scene, browser_of):
    data = {"username": "maya", "passphrase": PASSPHRASE}
    for there in ELSEWHERE:
        answers = [
            send(browser_of(), reverse("sign-in"), {**data, "next": there}),
            send(browser_of(), reverse("sign-in") + f"?next={quote(there)}", data),
            send(browser_of(), reverse("language"), {"language": "es", "next": there}),
        ]
        for response in answers:
            assert response.status_code == 302, there
            assert response["Location"] == "/" or response["Location"].startswith("/%0d%0a"), there
            assert set(response.cookies) <= {"alongside", "csrftoken", "language", "been-here"}, there


def test_a_forged_host_is_refused_and_a_forwarded_one_is_not_heard(scene, browser_of):
    assert browser_of().get("/", headers={"host": "evil.example"}).status_code == 400
    for forwarded in ({"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Server": "evil.example"}):
        response = browser_of(scene.ines).post(
            reverse("organization-invite"), {"role": "supervisor"}, headers=forwarded
        )
        assert response.status_code == 200
        assert "evil.example" not in response.content.decode()


def test_a_stranger_who_lies_about_where_he_is_is_slowed_all_the_same(scene, browser_of):
    statuses = [
        browser_of()
        .post(
            reverse("sign-in"),
            {"username": "maya", "passphrase": f"guess {n}"},
            headers=dict.fromkeys(("X-Forwarded-For", "X-Real-Ip", "Client-Ip"), f"203.0.113.{n}"),
        )
        .status_code
        for n in range(12)
    ]
    assert statuses[-1] == 429
    home = browser_of(REMOTE_ADDR="198.51.100.7")
    assert home.post(reverse("sign-in"), {"username": "maya", "passphrase": PASSPHRASE}).status_code == 302


@pytest.mark.parametrize(
    "query", ["start=" + "9" * 4000, "start=\u0663", "start=-1", "start=\u00b2", "start=%00", "start=%ff"]
)
def test_a_starter_that_was_not_offered_begins_nothing(query, scene, browser_of):
    assert browser_of(scene.maya).get(reverse("goal-new", args=[scene.plan.pk]) + "?" + query).status_code in (200, 400)


@pytest.mark.parametrize("query", ["%00", "%ff", "../../etc", "<script>", "9" * 4000])
def test_odd_questions_in_an_address_break_nothing(query, scene, browser_of):
    maya, ines = browser_of(scene.maya), browser_of(scene.ines)
    assert maya.get(reverse("part", args=[scene.plan.pk, "vision"]) + f"?ask={query}").status_code in (200, 400)
    assert ines.get(reverse("organization") + f"?before={query}").status_code in (200, 400)
    for address in (f"/o/{query}/", f"/join/{query}/", f"/plans/{query}/", f"/plans/{scene.plan.pk}/about/{query}/"):
        assert maya.get(address).status_code in (200, 400, 404)
