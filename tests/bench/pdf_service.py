"""A real PDF service to measure, as ./run starts it, in a session of its own."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from recovery_plans.pdf_service import client

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "gunicorn", "--config", "recovery_plans/pdf_service/gunicorn.conf.py"]


@contextlib.contextmanager
def running_service():
    """The service at PDF_SERVICE_SOCKET; its process."""
    process = subprocess.Popen(COMMAND, cwd=ROOT, start_new_session=True)
    try:
        while not client.is_running():
            if process.poll() is not None:
                raise RuntimeError("the PDF service did not start")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def cpu_seconds_of_workers(process):
    """Processor time of all its workers that have ended."""
    stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[13]) + int(stat[14])) / os.sysconf("SC_CLK_TCK")
