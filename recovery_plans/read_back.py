"""Reading back: the lines that somebody else typed and the person has not said yes to, one at a time."""

from dataclasses import dataclass

from recovery_plans.line_readings import GoalReading, LineReading


@dataclass(frozen=True)
class WaitingLine:
    """One line that waits to be read back, and where it stands."""

    line: LineReading
    heading: str
    goal: GoalReading | None = None  # of a step

    @property
    def code(self):
        return self.line.code


def waiting_lines(reading):
    """Every line that waits, in the order in which the plan shows them, as far as this reader sees."""
    found = [
        WaitingLine(line=entry, heading=section.title)
        for section in reading.sections
        for entry in section.entries
        if entry.voice.is_marked
    ]
    for goal in reading.goals:
        lines = [goal, *goal.steps]
        found += [
            WaitingLine(line=line, heading=reading.goals_title, goal=None if line is goal else goal)
            for line in lines
            if line.voice.is_marked
        ]
    return found


def from_line_on(waiting, code):
    """Those that wait from the line with this code on; from the first on where it does not wait any more."""
    index = next((index for index, each in enumerate(waiting) if each.code == code), 0)
    return waiting[index:]
