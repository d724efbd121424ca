"""What a plan's PDF costs, against WeasyPrint as it comes; and whether anyone notices while five are being made.

Both are rendered in a child of one warm process, turn by turn: the baseline is the same plan's words as the prototype
prints them, `HTML("print.html").write_pdf()` with nothing set; ours is what the PDF service does, tags and all. Forking
and waiting are the same for both.
"""

import gc
import os
import sys
import traceback
from pathlib import Path

from tests.bench.measure import Measured, medians, ratio, take_turns
from tests.bench.site import load_site

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
PDF_AT_MOST = 0.6
ROUNDS, WARM = 15, 2


def in_a_child(do):
    """Do it in a fork of this process, and wait until it is done; everything loaded here is warm there.

    Returns how many milliseconds of processor time it took: other work on the machine weighs little on that.
    """
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            do()
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(status)
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError("a child did not print")
    return (used.ru_utime + used.ru_stime) * 1000


def sheet_of(plan):
    """The HTML of a plan, as the person prints it."""
    from recovery_plans.access import OWNER
    from recovery_plans.pdf.plan_sheet import Choices, PlanSheet
    from recovery_plans.plan_reading import PlanReading

    reading = PlanReading(plan, reach=OWNER, reader=plan.owner)
    return PlanSheet(reading, Choices(), printed_for=plan.owner).html()


def measure():
    import weasyprint

    from recovery_plans.pdf_service.render import Renderer
    from tests.bench.plans import marisols_plan
    from tests.pdfua import assert_pdf_ua

    plan = marisols_plan()
    html = sheet_of(plan)
    renderer = Renderer(stylesheet=ROOT / "static" / "css" / "print.css", fonts_folder=ROOT / "static" / "fonts")
    baseline = str(FOLDER / "baseline" / "print.html")
    weasyprint.HTML(baseline).write_pdf()  # warm
    assert_pdf_ua(renderer.print([html]))

    def as_it_comes():
        weasyprint.HTML(baseline).write_pdf()

    def as_the_service_does():
        gc.disable()
        renderer.print([html])

    gc.collect()
    gc.freeze()
    used = {"as it comes": [], "ours": []}
    its_html = take_turns({"its html": lambda: sheet_of(plan)}, rounds=ROUNDS)
    for _ in range(WARM + ROUNDS):
        used["as it comes"].append(in_a_child(as_it_comes))
        used["ours"].append(in_a_child(as_the_service_does))
    used = {name: taken[WARM:] for name, taken in used.items()}
    cost = ratio(used, "ours", "as it comes")
    yield Measured.at_most("a plan's PDF, PDF/UA-1, processor time", cost, "x WeasyPrint", PDF_AT_MOST)
    yield Measured.info("the baseline's PDF as it comes", medians(used)["as it comes"], "ms")
    yield Measured.info("a plan's PDF itself", medians(used)["ours"], "ms")
    yield Measured.info("its HTML", medians(its_html)["its html"], "ms")


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
