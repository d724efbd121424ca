"""Two roles in two places: what someone does in one organization opens nothing in another."""

import pytest
from django.urls import reverse

from peers.models import User
from peers.models.organization import StaffRole
from recovery_plans.models import Grant, GrantedPart, PrintJob
from recovery_plans.print_jobs import ask_to_print, print_next
from recovery_plans.summaries import names_known_to
from tests.cast import staff
from tests.history import rewriting
from tests.recovery_plans.test_summaries import body, someone, text_of


@pytest.fixture
def rosa(cast):
    """Rosa walks with people at Harbor Street, and supports the peer specialists of Millbrook."""
    cast.harbor.take_on(user=cast.rosa, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    cast.rosa.roles.get(organization=cast.millbrook).end(by=cast.ines)
    cast.millbrook.take_on(user=cast.rosa, role=StaffRole.SUPERVISOR, by=cast.ines)
    return cast.rosa


def test_a_supervisor_elsewhere_does_not_read_the_page_of_where_she_walks_with_people(cast, browser_of, shared, rosa):
    someone(cast, "Teo", peer=staff("Kim", cast.millbrook, StaffRole.PEER_SPECIALIST), organization=cast.millbrook)
    browser = browser_of(rosa)
    listed = text_of(body(browser, reverse("summaries")))
    assert "Teo" in listed
    assert "Maya" not in listed
    assert browser.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert browser.post(reverse("summary-pdf", args=[shared.pk])).status_code == 404


def test_her_team_is_that_of_where_she_is_a_supervisor(cast, browser_of, shared, rosa):
    staff("Kim", cast.millbrook, StaffRole.PEER_SPECIALIST)
    team = text_of(body(browser_of(rosa), reverse("team")))
    assert "Kim" in team
    for name in ("Sam", "Lee", "Alex"):
        assert name not in team


def test_no_name_is_told_for_a_code_of_somewhere_else(cast, shared, rosa):
    other = someone(cast, "Teo", peer=rosa, organization=cast.millbrook)
    (theirs,) = Grant.unguarded.filter(plan=other, purpose="summary")
    codes = [shared.pk, theirs.pk]
    assert names_known_to(rosa, codes) == {str(theirs.pk): "Teo"}
    assert names_known_to(cast.dana, codes) == {str(shared.pk): "Maya"}
    assert names_known_to(cast.sam, codes) == {}


def test_a_print_job_with_a_code_of_somewhere_else_prints_no_page_and_no_name(cast, browser_of, shared, rosa, paper):
    job = ask_to_print(grants=[shared], by=rosa, size="regular", language="en")
    print_next()
    assert "Maya" not in str(paper)
    assert "I keep my word" not in str(paper)
    assert "Maya" not in body(browser_of(rosa), reverse("print-job", args=[job.pk]))


def test_a_role_that_has_ended_there_opens_nothing_though_another_goes_on(cast, browser_of, shared):
    cast.harbor.take_on(user=cast.dana, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    assert browser_of(cast.dana).get(reverse("summary", args=[shared.pk])).status_code == 200
    cast.dana.roles.get(role=StaffRole.SUPERVISOR).end(by=cast.ines)
    cast.millbrook.take_on(user=cast.dana, role=StaffRole.SUPERVISOR, by=cast.ines)
    dana = browser_of(User.objects.get(pk=cast.dana.pk))
    assert dana.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert "Maya" not in body(dana, reverse("summaries"))
    assert "Sam" not in text_of(body(dana, reverse("team")))


def test_a_yes_that_only_lets_the_page_be_seen_does_not_let_it_be_printed(cast, browser_of, shared, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    to_see = Grant.unguarded.create(
        plan=cast.plan,
        supervisors_of=cast.harbor,
        purpose="summary",
        given_by=cast.maya,
        given="on_paper",
        ends_at=shared.ends_at,
    )
    GrantedPart.unguarded.create(grant=to_see, part="summary", action="see")
    dana = browser_of(cast.dana)
    assert dana.get(reverse("summary", args=[to_see.pk])).status_code == 200
    assert dana.post(reverse("summary-pdf", args=[to_see.pk])).status_code == 404
    for asked in ({"grant": str(to_see.pk)}, {"everyone": "1"}):
        dana.post(reverse("print-job-new"), asked)
    assert not PrintJob.unguarded.exists()
    GrantedPart.unguarded.create(grant=to_see, part="summary", action="print")
    assert dana.post(reverse("summary-pdf", args=[to_see.pk])).status_code == 503, "she may; only that nothing prints"


def test_a_yes_that_only_lets_the_page_be_printed_does_not_let_it_be_seen(cast, browser_of, shared):
    with rewriting(GrantedPart) as parts:
        parts.filter(grant=shared, action="see").delete()
    dana = browser_of(cast.dana)
    assert dana.get(reverse("summary", args=[shared.pk])).status_code == 404
    assert "Maya" not in body(dana, reverse("summaries"))
