"""Asks axe whether everyone can use a page as it stands in the browser."""

import json
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    if not SOURCE.exists():
        raise FileNotFoundError("axe is not here. ./test browser fetches it.")
    return SOURCE.read_text(encoding="utf-8")


def violations(page, *, without=()) -> list[dict]:
    """What axe finds on the page, as axe tells it. `without` names rules to leave out, each with a reason there."""
    # Through the developer tools, so that the page keeps its own strict content policy while it is looked at.
    session = page.context.new_cdp_session(page)
    try:
        _evaluate(session, _source() + "; 'ready'")
        options = {
            "runOnly": {"type": "tag", "values": RULES},
            "rules": {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in without},
            "resultTypes": ["violations"],
        }
        return _evaluate(session, f"axe.run(document, {json.dumps(options)}).then(found => found.violations)")
    finally:
        session.detach()


def axe_check(page, *, without=()) -> None:
    """Fails, with what is wrong and where, when axe finds anything on the page."""
    found = violations(page, without=without)
    assert not found, f"axe on {page.url}:\n" + "\n".join(_readable(violation) for violation in found)


def _evaluate(session, expression):
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    if "exceptionDetails" in answer:
        raise RuntimeError(f"axe did not run: {answer['exceptionDetails']}")
    return answer["result"].get("value")


def _readable(violation) -> str:
    lines = [f"- {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"][:8]:
        why = "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]][:3])
        lines.append(f"    {' '.join(map(str, node['target']))}: {why}")
    return "\n".join(lines)
