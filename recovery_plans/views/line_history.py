"""The history of one line: who wrote which words, and when."""

from recovery_plans.history import may_write
from recovery_plans.line_history import find_line_with_history, read_history
from recovery_plans.line_readings import voice_of
from recovery_plans.models import Entry, Goal, Section, Step
from recovery_plans.sections import GOALS, GOALS_LABEL
from recovery_plans.views.back import moment_url, restore_url
from recovery_plans.views.lines import show


def history(request, plan, line):
    """Every text that a line has had, newest first, and the way back where it was taken out."""
    line = find_line_with_history(plan, line, reach=request.reach, reader=request.user)
    before = request.GET.get("before")
    # A step of a goal that is gone comes back with its goal.
    comes_back = line.removed_at is not None and may_write(line, reach=request.reach, reader=request.user)
    read = read_history(line, reach=request.reach, reader=request.user, after=before)
    return show(
        request,
        "back/history.html",
        line=line,
        history=read,
        voice=voice_of(line),
        heading=GOALS_LABEL if line.part == GOALS else Section(line.part).label,
        state=line.get_state_display() if isinstance(line, Goal | Step) else "",
        restore_url=restore_url(line) if comes_back else "",
        back_url=moment_url(request, line) if isinstance(line, Entry | Goal | Step) else "",
    )
