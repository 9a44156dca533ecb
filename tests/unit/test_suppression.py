"""Small groups cannot be read out of a report, neither directly nor by taking away."""

from hypothesis import given
from hypothesis import strategies as st

from server.rules.suppression import hidden

TOP = "局"


def report(**sizes: int) -> frozenset[str]:
    return hidden({TOP: sum(sizes.values()), **sizes}, {TOP: list(sizes)}, TOP)


def test_groups_of_five_are_shown() -> None:
    assert report(a=5, b=9) == frozenset()


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert report(a=4, b=9, c=30) == {"a", "b"}


def test_two_small_groups_hide_each_other() -> None:
    assert report(a=4, b=2, c=30) == {"a", "b"}


def test_an_empty_group_has_nothing_to_hide() -> None:
    assert report(a=0, b=9) == frozenset()


def test_a_small_whole_is_hidden_with_all_its_parts() -> None:
    assert report(a=1, b=2) == {TOP, "a", "b"}


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Three levels: a whole, its parts, and theirs."""
    sizes, below = {}, {TOP: [f"{number}" for number in range(draw(st.integers(0, 5)))]}
    for part in below[TOP]:
        below[part] = [f"{part}.{number}" for number in range(draw(st.integers(0, 4)))]
        for smaller in below[part]:
            sizes[smaller] = draw(st.integers(0, 12))
        sizes[part] = (
            sum(sizes[smaller] for smaller in below[part]) if below[part] else draw(st.integers(0, 12))
        )
    sizes[TOP] = sum(sizes[part] for part in below[TOP])
    return sizes, below


@given(trees())
def test_no_number_is_hidden_alone_among_those_that_add_up(
    tree: tuple[dict[str, int], dict[str, list[str]]],
) -> None:
    sizes, below = tree
    secret = hidden(sizes, below, TOP)

    assert all(group in secret for group, people in sizes.items() if 0 < people < 5)
    for group, parts in below.items():
        adding_up = [group, *(part for part in parts if sizes[part])]
        if len(adding_up) > 1:
            assert sum(each in secret for each in adding_up) != 1
