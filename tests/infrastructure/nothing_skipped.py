"""Where it is decided whether a change is taken (CI), a skipped test is a failed one.

A test that does not belong to a run (PostgreSQL's own rules, on SQLite) is left out by its marker instead.
"""

import os

import pytest

_skipped = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    if _skipped and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if _skipped and os.environ.get("CI"):
        terminalreporter.section("skipped, which CI does not allow")
        for nodeid in sorted(set(_skipped)):
            terminalreporter.line(nodeid)
