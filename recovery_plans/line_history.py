"""The history of one line, as one reader may read it: who wrote which words, and when.

The person reads all of it. Who walks along reads the words of a line that they may see since its part was opened to
them, beginning with those that stood then; of words that were kept beside it, and of a line that was taken out, only
their own. All of it is in the line and its revisions: the access log has no part in it.
"""

from dataclasses import dataclass

from django.db.models import F, Min, Q
from django.http import Http404

from peers.pagination import one_page
from recovery_plans.access import find_line_of_any_kind
from recovery_plans.differences import SAME, Piece, differences
from recovery_plans.history import KEPT_IN_SIGHT
from recovery_plans.models import Action, Entry, Goal, GrantedPart, Purpose, Revision, Step, Telling, Voice
from recovery_plans.models.sharing import in_force

TEXTS_ON_A_PAGE = 20


@dataclass(frozen=True)
class TextThen:
    """One text that a line has had, with what differs from the one before it, where that may be read too."""

    text: Revision
    pieces: list
    is_own: bool  # whether its reader wrote it

    @property
    def is_first(self):
        return self.text.version == 1


@dataclass(frozen=True)
class LineHistory:
    """A line, one page of the texts it has had, newest first, and words that were kept beside it."""

    line: object
    texts: list
    older: object  # the code to go on from; None at the end
    beside: list


def find_line_with_history(plan, code, *, reach, reader):
    """A line whose history is open to this reader, or the usual 404."""
    line = find_line_of_any_kind(plan, code, reach=reach, tables=(Entry, Goal, Step, Telling))
    took_it_out = line.removed_by_id == reader.pk and line.voice in (Voice.TYPED, Voice.PAPER)
    if not reach.is_owner and (line.is_gone or _is_told_of_what_is_gone(line)) and not took_it_out:
        raise Http404
    return line


def _is_told_of_what_is_gone(line):
    """Whether it tells of a line that was taken out."""
    if not isinstance(line, Telling):
        return False
    return not Telling.unguarded.filter(Telling.of_what_stands(line.plan), pk=line.pk).exists()


def read_history(line, *, reach, reader, after=None):
    """The history of a line, in the same few questions however long it is."""
    revisions = Revision.unguarded.filter(plan=line.plan, line=line.pk).select_related("by", "on_device_of")
    texts = revisions.exclude(version=None)
    beside = revisions.filter(version=None).order_by("-at", "save_id")
    if not reach.is_owner:
        texts = _since_opened(texts, opened_at=_opened_at(line, reader))
        beside = beside.filter(by=reader)
    page = one_page(texts, order=[F("version").desc()], limit=TEXTS_ON_A_PAGE, after=after)
    befores = [*page.rows[1:], _before(page.rows[-1], texts) if page.after else None]
    return LineHistory(
        line=line,
        texts=[_read(text, before, reader) for text, before in zip(page.rows, befores, strict=False)],
        older=page.after,
        beside=[_read(text, None, reader) for text in beside[:KEPT_IN_SIGHT]] if page.is_first else [],
    )


def _opened_at(line, reader):
    """Since when the part of this line is open to one who walks along."""
    of_reader = {"grant__plan": line.plan, "grant__reader": reader, "grant__purpose": Purpose.WALK}
    parts = GrantedPart.unguarded.filter(in_force("grant__"), part=line.part, action=Action.SEE, **of_reader)
    return parts.aggregate(first=Min("grant__starts_at"))["first"]


def _since_opened(texts, *, opened_at):
    """The text that stood when the part was opened, and those that followed. What was changed before was not shown."""
    stood = texts.filter(at__lt=opened_at).order_by("-version").values("version")[:1]
    return texts.filter(Q(at__gte=opened_at) | Q(version=stood))


def _before(text, texts):
    return texts.filter(version__lt=text.version).order_by("-version").first()


def _read(text, before, reader):
    pieces = differences(before.words, text.words) if before else [Piece(SAME, text.words)]
    return TextThen(text, pieces, is_own=text.by_id == reader.pk)
