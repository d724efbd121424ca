"""What many summaries in one PDF cost, against one plain WeasyPrint document with the same words.

Ours goes the way of a print job: a real press, parts printed in children of their own, joined, tags kept. The plain one
is made in a warm process of its own, from one HTML document with the same stylesheet and nothing set.
"""

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.measure import Measured
from tests.bench.pdf import in_a_child
from tests.bench.place import open_place
from tests.concurrency import beside

PLAIN_AT_MOST, GROWTH_AT_MOST, MEMORY_AT_MOST, BOTH_AT_LEAST = 0.6, 4.4, 300, 0.5
FEW, MANY = 200, 800
TURNS, TURNS_OF_MANY = 5, 3
ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css" / "print.css"


def measure():
    import weasyprint

    from recovery_plans.press import client
    from tests.pdfua import defects

    sheets = all_sheets(MANY)
    plain = as_one_document(sheets[:FEW])
    fonts, css = weasyprint.text.fonts.FontConfiguration(), str(CSS)
    weasyprint.HTML(string=as_one_document(sheets[:2])).write_pdf(stylesheets=[css], font_config=fonts)  # warm

    def as_it_comes():
        as_far_back_as_the_press()
        weasyprint.HTML(string=plain).write_pdf(stylesheets=[css])

    with Press() as press:
        client.print_many(sheets[:2])  # warm
        plainly = []
        for _ in range(TURNS):
            took = timed(lambda: in_a_child(as_it_comes))
            few = timed(lambda: client.print_many(sheets[:FEW]))
            plainly.append((few, took))
        whole, growing, seen = [], [], press.watched()
        for _ in range(TURNS_OF_MANY):
            few = timed(lambda: client.print_many(sheets[:FEW]))
            with seen.looking():
                many = timed(lambda: whole.append(client.print_many(sheets)))
            growing.append((many, few))
    few, took = typical(plainly)
    many, beside = typical(growing)
    yield Measured.at_most("200 summaries in one PDF", few / took, "x WeasyPrint", PLAIN_AT_MOST)
    yield Measured.at_most("800 summaries", many / beside, "x 200 summaries", GROWTH_AT_MOST)
    yield Measured.at_most("most memory of any process of the press", seen.most / 1024, "MB", MEMORY_AT_MOST)
    yield Measured.at_least("time with two at work, of 800", seen.two / max(1, seen.looks), "share", BOTH_AT_LEAST)
    yield Measured.told("processor time used meanwhile", seen.cores, "of the time")
    yield Measured.told("200 summaries themselves", few / 1000, "s")
    yield Measured.told("200 plainly", took / 1000, "s")
    yield Measured.told("800 summaries themselves", many / 1000, "s")
    yield Measured.at_most("what is wrong with the tags of 800", len(defects(whole[0])), "defects", 0)


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


def as_far_back_as_the_press():
    """This process lets everybody else go first, as the press does: whatever else runs here weighs on both alike."""
    from recovery_plans.press.child import NICE
    from recovery_plans.press.server import stand_back

    os.setsid()
    stand_back()
    os.nice(NICE)


def typical(pairs):
    """The pair in the middle, by how many times longer its first took than its second."""
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]


def timed(do):
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


class Press:
    """A real press, and a look at how large its processes grow and how many of them work at once."""

    def __enter__(self):
        socket = os.environ["PRESS_SOCKET"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "recovery_plans.press", "--socket", socket], cwd=ROOT, start_new_session=True
        )
        until = time.monotonic() + 60
        while not os.path.exists(socket):
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError("the press did not start")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(timeout=20)

    def watched(self):
        return Watch(self._process.pid)


class Watch:
    """Looks at a process and its children, again and again."""

    def __init__(self, pid):
        self._pid = pid
        self.most = self.looks = self.two = self.took = self._used = 0

    @property
    def cores(self):
        """How many processors were at work, of the time it was looked at."""
        return self._used / self.took

    def _look(self, over):
        while not over.wait(0.02):
            children = _read(f"/proc/{self._pid}/task/{self._pid}/children").split()
            sizes = [_peak(pid) for pid in (str(self._pid), *children)]
            self.most = max(self.most, *sizes)
            self.looks += 1
            self.two += len(children) >= 2

    @contextlib.contextmanager
    def looking(self):
        """As long as the block lasts."""
        began, used = time.perf_counter(), _seconds_of_children(self._pid)
        with beside(self._look):
            yield
        self.took += time.perf_counter() - began
        self._used += _seconds_of_children(self._pid) - used


def _seconds_of_children(pid):
    """Processor time of all its children that have ended."""
    own = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(own[13]) + int(own[14])) / os.sysconf("SC_CLK_TCK")


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
    open_place()
    for measured in measure():
        measured.tell()
