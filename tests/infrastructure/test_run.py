"""./run: one at a time in a folder, and for this machine alone."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLD = "source ./run; set_environment; lock_folder; echo here; read -r"


@pytest.fixture
def run_in(tmp_path):
    """Start what ./run does first, in one and the same folder; it holds until its input ends."""
    started = []

    def start():
        environment = os.environ | {"VAR_DIR": str(tmp_path / "var")}
        process = subprocess.Popen(
            ["bash", "-c", HOLD],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate(timeout=30)


def test_a_second_start_in_the_same_folder_is_refused_with_a_sentence(run_in):
    first = run_in()
    assert first.stdout.readline() == "here\n"
    second = run_in()
    output, complaint = second.communicate(timeout=30)
    assert (second.returncode, output) == (1, "")
    assert "is running from" in complaint
    assert "VAR_DIR=" in complaint, "it says what can be done"
    first.communicate(timeout=30)
    third = run_in()
    assert third.stdout.readline() == "here\n", "when the first has ended, the folder is free"


def test_it_listens_on_this_machine_alone_and_says_so():
    script = (ROOT / "run").read_text()
    assert script.count("--bind") == 1
    assert '--bind "127.0.0.1:$PORT"' in script
    assert "Only this machine reaches it." in script
