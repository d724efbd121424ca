"""Make each change of the lists on a copy, and see that its tests notice:  ./test mutants   (or  -- A1 A4  for some).

First the unchanged copy must pass every test that is named; otherwise nothing that follows would mean anything.
"""

import contextlib
import os
import queue
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.infrastructure.postgres import private_postgres
from tests.mutants.changes import DATABASES, LISTS, WrongList, read_changes
from tests.mutants.copies import Copy

ROOT = Path(__file__).resolve().parents[2]


def say(line):
    print(line, flush=True)


def main(wanted, *, root=ROOT, lists=LISTS, workers=None):
    try:
        changes = read_changes(root, lists, wanted)
    except WrongList as wrong:
        say(f"The list is wrong. {wrong}")
        return 2
    equivalent = [change for change in changes if change.equivalent]
    to_try = [change for change in changes if not change.equivalent]
    for change in equivalent:
        say(f"{change.id:<5} equivalent: {change.equivalent}")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="alongside-mutants-")))
        copies = [Copy(root, folder / str(n), n) for n in range(min(workers or os.cpu_count(), len(to_try)))]
        addresses = {"sqlite": lambda copy: ""}
        if any(change.database == "postgresql" for change in to_try):
            cluster = stack.enter_context(private_postgres())
            # Each copy has a database of its own in it; the tests make it.
            addresses["postgresql"] = lambda copy: cluster.url(database=f"alongside_{copy.number}")
        if not control_passes(to_try, copies, addresses):
            say("The unchanged code does not pass; no change was tried.\n0 passed, 1 failed")
            return 1
        noticed = [report(*result) for result in try_all(to_try, copies, addresses)]
    say(f"{noticed.count(True)} passed, {noticed.count(False)} failed")
    return 0 if all(noticed) else 1


def control_passes(changes, copies, addresses):
    """Whether the unchanged code passes every test that is named."""
    for database in DATABASES:
        tests = sorted({test for change in changes if change.database == database for test in change.tests})
        if not tests:
            continue
        began = time.monotonic()
        outcome = copies[0].test(tests, "-n", str(len(copies)), database_url=addresses[database](copies[0]))
        say(f"control on {database}: {'passed' if outcome.passed else 'NOT PASSED'} {seconds_since(began)}")
        if not outcome.passed:
            say(outcome.output)
            return False
    return True


def try_all(changes, copies, addresses):
    """Each change with its outcome, as they end; as many at once as there are copies."""
    free = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(change):
        copy, began = free.get(), time.monotonic()
        try:
            return change, copy.try_change(change, addresses[change.database](copy)), began
        finally:
            free.put(copy)

    pool = ThreadPoolExecutor(max(len(copies), 1))
    try:
        for done in as_completed([pool.submit(one, change) for change in changes]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits for those that are being tried, not for the whole list


def report(change, outcome, began):
    """Say how it went; whether a test noticed."""
    if outcome.failed:
        verdict = f"caught: {outcome.why}"
    elif outcome.passed:
        verdict = f"NOT CAUGHT by {' '.join(change.tests)}"
    else:
        verdict = f"NOT TRIED: {outcome.why}\n{outcome.output}"
    say(f"{change.id:<5} {change.file}  {verdict} {seconds_since(began)}")
    return outcome.failed


def seconds_since(began):
    return f"({time.monotonic() - began:.0f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
