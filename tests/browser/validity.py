"""Asks the Nu Html Checker whether pages are written as HTML should be."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

# What the checker says that is no mistake, each with its reason.
LET_PASS = (
    "Trailing slash on void elements has no effect",  # a habit of Django's own widgets; harmless, as it says itself
)


def problems(html_texts: dict[str, str]) -> list[str]:
    """What the checker finds, one readable line each. One run for all texts, as starting Java takes longest."""
    java = shutil.which("java")
    if not java or not JAR.exists():
        raise FileNotFoundError("The HTML checker or java is not here. ./test browser fetches both.")
    assert html_texts, "no page to look at"
    with tempfile.TemporaryDirectory(prefix="alongside-html-") as folder:
        names = {}
        for number, (name, text) in enumerate(html_texts.items()):
            path = Path(folder) / f"{number:04}.html"
            path.write_text(text, encoding="utf-8")
            names[path.name] = name
        result = subprocess.run(
            [
                java,
                "-Xss4m",
                "-jar",
                str(JAR),
                "--stdout",
                "--exit-zero-always",
                "--format",
                "json",
                *sorted(str(path) for path in Path(folder).iterdir()),
            ],
            capture_output=True,
            text=True,
            timeout=300,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        if result.returncode:
            raise RuntimeError(f"The HTML checker did not run:\n{result.stderr[-2000:]}")
        messages = json.loads(result.stdout)["messages"]
    return [_readable(message, names) for message in messages if not message.get("message", "").startswith(LET_PASS)]


def valid_html(html_texts: dict[str, str]) -> None:
    """Fails, with each problem and where it is, unless every text ({name: html}) is valid."""
    found = problems(html_texts)
    assert not found, "\n".join(found)


def _readable(message, names) -> str:
    name = names.get(Path(message.get("url", "")).name, "the checker")
    extract = " ".join(message.get("extract", "").split())
    return f"- {name}, line {message.get('lastLine', '?')}: {message.get('message')} [{extract}]"
