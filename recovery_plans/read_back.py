"""Reading back: the lines that somebody else typed and the person has not said yes to, one at a time."""

from dataclasses import dataclass

from recovery_plans.line_readings import GoalReading, LineReading


@dataclass(frozen=True)
class PlacedLine:
    """One line of the plan, and where it stands."""

    line: LineReading
    heading: str
    goal: GoalReading | None = None  # of a step

    @property
    def code(self):
        return self.line.code

    @property
    def waits(self):
        """Whether it waits to be read back."""
        return self.line.voice.is_marked


def placed_lines(reading):
    """Every line, in the order in which the plan shows them, as far as this reader sees."""
    found = [PlacedLine(line=entry, heading=section.title) for section in reading.sections for entry in section.entries]
    for goal in reading.goals:
        found.append(PlacedLine(line=goal, heading=reading.goals_title))
        found += [PlacedLine(line=step, heading=reading.goals_title, goal=goal) for step in goal.steps]
    return found


def waiting_lines(reading):
    """Every line that waits to be read back, in the order of the plan."""
    return [each for each in placed_lines(reading) if each.waits]


def waiting_from(reading, code):
    """Those that wait, from the line with this code on, whether that one waits or not; all where it is not there."""
    lines = placed_lines(reading)
    index = next((index for index, each in enumerate(lines) if each.code == code), 0)
    return [each for each in lines[index:] if each.waits]
