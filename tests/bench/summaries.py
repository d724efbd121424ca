"""What many summaries in one PDF cost, against WeasyPrint as it comes with the same people's words.

Ours goes the way of a print job: a real PDF service, one request of 200 people, tags kept. The baseline is the page
that the prototype prints, once for each of the same people, in one tagged document with nothing else set, made in a
warm process of its own. Processor time of both, so that other work on the machine does not matter.
"""

import contextlib
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from recovery_plans.pdf_service import client
from tests.bench.measure import Measured
from tests.bench.pdf import in_a_child
from tests.bench.pdf_service import cpu_seconds_of_workers, running_service
from tests.bench.site import load_site
from tests.concurrency import beside
from tests.pdfua import defects

PLAIN_AT_MOST, MEMORY_AT_MOST = 0.85, 400  # why 0.85: docs/decisions/0003-the-pdf-service.md
PEOPLE, TURNS = 200, 3
BASELINE = Path(__file__).resolve().parent / "baseline" / "summary.html"


def measure():
    import weasyprint

    people = all_people(PEOPLE)
    sheets, plain = all_sheets(people), as_the_prototype_prints(people)
    weasyprint.HTML(string=as_the_prototype_prints(people[:2]), base_url=str(BASELINE)).write_pdf()  # warm

    def as_it_comes():
        weasyprint.HTML(string=plain, base_url=str(BASELINE)).write_pdf(pdf_variant="pdf/ua-1")

    pairs = []
    with running_service() as service:
        client.print_many(sheets[:2])  # warm
        watch = Watch(service.pid)
        for _ in range(TURNS):
            took = in_a_child(as_it_comes) / 1000
            before = cpu_seconds_of_workers(service)
            with watch.looking():
                whole = client.print_many(sheets)
            while cpu_seconds_of_workers(service) == before:  # until the worker has ended
                time.sleep(0.05)
            pairs.append((cpu_seconds_of_workers(service) - before, took))
    ratio = statistics.median(ours / plainly for ours, plainly in pairs)
    yield Measured.at_most("200 summaries in one PDF, processor time", ratio, "x WeasyPrint", PLAIN_AT_MOST)
    yield Measured.at_most("most memory of any process of the service", watch.peak / 1024, "MB", MEMORY_AT_MOST)
    yield Measured.info("200 summaries themselves", statistics.median(ours for ours, _plainly in pairs), "s")
    yield Measured.info("200 plainly", statistics.median(plainly for _ours, plainly in pairs), "s")
    yield Measured.at_most("what is wrong with the tags of 200", len(defects(whole)), "defects", 0)


@dataclass(frozen=True)
class Shared:
    """One summary, the yes that opens it, and the supervisor who prints it."""

    summary: object
    grant: object
    by: object


def all_people(count):
    """This many people who all said something different, and yes to a summary."""
    from django.utils import timezone

    from peers.models import Organization, User
    from peers.models.organization import StaffRole
    from recovery_plans.demo import build_crowd
    from recovery_plans.summaries import printable_by, read_summaries

    build_crowd(count * 14 // 10)
    organization = Organization.objects.order_by("-created_at").first()
    dana = User.objects.welcome(name="Dana", username=f"dana-{timezone.now().timestamp()}")
    organization.take_on(user=dana, role=StaffRole.SUPERVISOR, by=dana)
    grants = list(printable_by(dana)[:count])
    assert len(grants) == count, len(grants)
    readings = read_summaries([grant.plan for grant in grants])
    return [Shared(summary=readings[grant.plan_id], grant=grant, by=dana) for grant in grants]


def all_sheets(people):
    """The HTML of their summaries, as a print job makes it."""
    from recovery_plans.print_jobs import sheet

    return [sheet(one.summary, one.grant, by=one.by, size="regular", language="en") for one in people]


def as_the_prototype_prints(people):
    """The same words as one HTML document, each summary on a page of its own."""
    from django.template import Context, Template

    return Template(BASELINE.read_text()).render(Context({"people": people}))


class Watch:
    """Looks at a process and its children, again and again, and keeps the most memory that any of them held, in kB."""

    def __init__(self, pid):
        self._pid, self.peak = pid, 0

    def _look(self, over):
        while not over.wait(0.02):
            children = _read(f"/proc/{self._pid}/task/{self._pid}/children").split()
            self.peak = max(self.peak, *[_peak(pid) for pid in (str(self._pid), *children)])

    @contextlib.contextmanager
    def looking(self):
        """As long as the block lasts."""
        with beside(self._look):
            yield


def _read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _peak(pid):
    """The most memory this process has held so far, in kB."""
    found = re.search(r"VmHWM:\s+(\d+)", _read(f"/proc/{pid}/status"))
    return int(found[1]) if found else 0


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
