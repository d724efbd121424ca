"""What many summaries in one PDF cost, against one plain WeasyPrint document with the same words.

Ours goes the way of a print job: a real PDF service, one request of 200 people, tags kept. The plain one is made in a
warm process of its own, from one HTML document with the same stylesheet and nothing set. Processor time of both, so
that other work on the machine does not matter.
"""

import contextlib
import re
import statistics
import time
from pathlib import Path

from recovery_plans.pdf_service import client
from tests.bench.measure import Measured
from tests.bench.pdf import in_a_child
from tests.bench.pdf_service import ROOT, cpu_seconds_of_workers, running_service
from tests.bench.site import load_site
from tests.concurrency import beside
from tests.pdfua import defects

PLAIN_AT_MOST, MEMORY_AT_MOST = 0.7, 400
PEOPLE, TURNS = 200, 3
CSS = ROOT / "static" / "css" / "print.css"


def measure():
    import weasyprint

    sheets = all_sheets(PEOPLE)
    plain = as_one_document(sheets)
    fonts, css = weasyprint.text.fonts.FontConfiguration(), str(CSS)
    weasyprint.HTML(string=as_one_document(sheets[:2])).write_pdf(stylesheets=[css], font_config=fonts)  # warm

    def as_it_comes():
        weasyprint.HTML(string=plain).write_pdf(stylesheets=[css])

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


def all_sheets(count):
    """The HTML of this many summaries, of people who all said something different."""
    from django.utils import timezone

    from peers.models import Organization, User
    from peers.models.organization import StaffRole
    from recovery_plans.demo import build_crowd
    from recovery_plans.print_jobs import sheet
    from recovery_plans.summaries import printable_by, read_summaries

    build_crowd(count * 14 // 10)
    organization = Organization.objects.order_by("-created_at").first()
    dana = User.objects.welcome(name="Dana", username=f"dana-{timezone.now().timestamp()}")
    organization.take_on(user=dana, role=StaffRole.SUPERVISOR, by=dana)
    grants = list(printable_by(dana)[:count])
    assert len(grants) == count, len(grants)
    readings = {}
    for first in range(0, count, 100):
        readings |= read_summaries([grant.plan for grant in grants[first : first + 100]])
    return [sheet(readings[grant.plan_id], grant, by=dana, size="regular", language="en") for grant in grants]


def as_one_document(sheets):
    """The same words as one HTML document, each summary on a page of its own."""
    head, bodies = sheets[0].partition("<body")[0], []
    for sheet in sheets:
        attributes, inside = re.search(r"<body([^>]*)>(.*)</body>", sheet, re.DOTALL).groups()
        bodies.append(f"<div{attributes}>{inside}</div>")
    apart = "<style>body>div+div{break-before:page}</style></head>"
    return f"{head.replace('</head>', apart)}<body>{''.join(bodies)}</body></html>"


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
