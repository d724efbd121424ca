"""In which order questions are offered: a hopeful one first, then fresh, put aside, used; and what "Another" shows."""

from collections.abc import Collection, Sequence


def offering(prompts: Sequence, *, used: Collection[str], later: Sequence[str]) -> tuple:
    """The questions in the order they are offered; each stands in it exactly once.

    Fresh ones come in the bank's order, then those kept with "Later" in the order they were kept, then those already
    used. A gentle question never leads: if it would, the first other one is asked before it, even a used one, for
    nobody's first question should be the hardest. (Only where all are gentle does a gentle one lead.)
    """
    kept = {}
    for index, prompt_id in enumerate(later):
        kept.setdefault(prompt_id, index)

    def rank(prompt):
        if prompt.id in used:
            return (2, 0)
        return (1, kept[prompt.id]) if prompt.id in kept else (0, 0)

    order = sorted(prompts, key=rank)
    leader = next((prompt for prompt in order if not prompt.gentle), None)
    if leader is not None and order[0].gentle:
        order.remove(leader)
        order.insert(0, leader)
    return tuple(order)


def following(order: Sequence, after: str | None):
    """The question that follows `after`, round and round; the first when `after` is none of them, None when empty."""
    if not order:
        return None
    indexes = {prompt.id: index for index, prompt in enumerate(order)}
    return order[(indexes.get(after, -1) + 1) % len(order)]
