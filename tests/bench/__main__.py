"""Measure, print a table, and write var/bench.json. `./bench` measures everything; `./bench pages pdf` only those.

Every part runs in a process of its own, so that each loads the app anew with its own database: a new SQLite file, or a
private PostgreSQL on the disk with fsync on. Nothing of a real installation on this machine is read or written.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench.measure import Measured
from tests.infrastructure import postgres

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "var" / "bench.json"
# What each part runs, and on which databases.
PARTS = {
    "pages": (["pages"], ["sqlite", "postgresql"]),
    "saving": (["saving"], ["sqlite", "postgresql"]),
    "pdf": (["pdf", "while_printing"], ["sqlite"]),
    "summaries": (["summaries"], ["sqlite"]),
    "busy": (["busy"], ["sqlite"]),
    "slow_bodies": (["slow_bodies"], ["sqlite"]),
    "scale": (["scale"], ["postgresql"]),
}
# What a thing takes depends on where a process happens to have its objects in memory: a bare view differs by a tenth
# from process to process, a page by less, a PDF against another by a twentieth.
IN_THREE_PROCESSES = ("pages", "saving", "pdf", "summaries")


def main(wanted):
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        sys.stderr.write(f"usage: ./bench [{'] ['.join(PARTS)}]\n")
        return 2
    found = []
    for part in wanted or PARTS:
        modules, databases = PARTS[part]
        for database in databases:
            for module in modules:
                found += measured(part, module, database)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")
    missed = [one for one in found if not one.ok]
    limits = [one for one in found if one.target is not None]
    say(f"\n{len(limits) - len(missed)} of {len(limits)} within their limits; written to var/bench.json")
    return 1 if missed else 0


def measured(part, module, database):
    """Everything this module measures on this database, printed as it comes."""
    say(f"\n{part}, {database}" if module == part else "")
    found = []
    for one in middle_of_three(module, database) if module in IN_THREE_PROCESSES else once(module, database):
        found.append(one)
        print_row(one)
    return found


def once(module, database):
    with fresh_environment(database) as environment:
        yield from (scale if module == "scale" else in_a_process)(module, environment)


def middle_of_three(module, database):
    """Each number as the middle one of three processes finds it, each with a site of its own."""
    runs = [list(once(module, database)) for _ in range(3)]
    if len({len(run) for run in runs}) != 1:
        return [one for run in runs for one in run if not one.ok]
    return [sorted(same, key=lambda one: one.value)[1] for same in zip(*runs, strict=True)]


@contextlib.contextmanager
def fresh_environment(database):
    """An empty site to measure: the environment that its settings are read from."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-bench-"))
    (folder / "static").mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    environment = kept | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAR_DIR": str(folder),
        "PDF_SERVICE_SOCKET": str(folder / "pdf-service.sock"),
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    try:
        with contextlib.ExitStack() as stack:
            if database == "postgresql":
                environment["DATABASE_URL"] = stack.enter_context(on_disk()).url()
            yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def on_disk():
    """A private PostgreSQL whose files lie on the disk: in memory, a durable commit would cost nothing."""
    in_memory, postgres._shared_memory_or_disk = postgres._shared_memory_or_disk, lambda: None
    try:
        with postgres.private_postgres() as cluster:
            yield cluster
    finally:
        postgres._shared_memory_or_disk = in_memory


def in_a_process(module, environment):
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout:
        yield Measured(**json.loads(line))
    if process.wait():
        yield broken(module)


def scale(module, environment):
    """The two databases of one PostgreSQL, side by side."""
    from tests.bench import scale as part

    small = environment["DATABASE_URL"]
    large = small.replace(f"/{postgres.DATABASE}?", f"/{postgres.DATABASE}_many?")
    host = small.partition("host=")[2].partition("&")[0]
    made = subprocess.run(
        [
            postgres.programs() / "createdb",
            "-h",
            host,
            "-p",
            str(postgres.PORT),
            "-U",
            postgres.APP,
            f"{postgres.DATABASE}_many",
        ]
    )
    if made.returncode:
        yield broken(module)
        return
    os.environ.update(environment)
    try:
        yield from part.measure([small, large])
    except RuntimeError as problem:
        sys.stderr.write(f"{problem}\n")
        yield broken(module)


def broken(module):
    return Measured(name=f"{module} did not come to its end", value=0, unit="", target=0, ok=False)


def print_row(one):
    limit = "" if one.target is None else f"{one.target:g}"
    verdict = "" if one.target is None else "ok" if one.ok else "MISSED"
    say(f"  {one.name:<62} {one.value:>9.2f}  {one.unit:<18} {limit:>6}  {verdict}")


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
