"""Which numbers of small groups a report to others hides, so that nobody can be read out of it."""

from collections.abc import Mapping, Sequence

SMALLEST = 5
"""A group of fewer people has no numbers shown."""


def hidden(
    sizes: Mapping[str, int], below: Mapping[str, Sequence[str]], top: str, smallest: int = SMALLEST
) -> frozenset[str]:
    """The groups whose numbers are not shown.

    `sizes`: group → people. `below`: group → the groups that it consists of. A number that is hidden alone
    could be worked out from the group above and from its neighbours: then the next smallest is hidden too.
    """
    found: set[str] = set()
    waiting = [top]
    if 0 < sizes[top] < smallest:
        found.add(top)
    while waiting:
        group = waiting.pop()
        parts = sorted((part for part in below.get(group, ()) if sizes[part]), key=lambda part: sizes[part])
        small = [part for part in parts if sizes[part] < smallest]
        unknown = len(small) + (group in found)
        found.update(parts[: len(small) + 1] if unknown == 1 else small)
        waiting += parts
    return frozenset(found)
