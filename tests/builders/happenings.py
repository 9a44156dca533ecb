"""Random histories of one person: what may happen, and telling it to the record."""

from datetime import date, timedelta

from hypothesis import strategies as st

from server.record.departments import DepartmentRefused
from server.record.postings import PostingRefused
from tests.builders.site import Site
from tests.builders.staff import Person

M = "customer-view"

happenings = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "completes",
                "completes-major",
                "moves",
                "leaves",
                "returns",
                "takes-leave",
                "release",
                "exempt",
                "policy-of-a-department",
                "department-is-moved",
            ]
        ),
        st.integers(1, 40),
    ),
    max_size=8,
)


def tell(site: Site, person: Person, happening: str, on: str) -> None:
    """Happenings that do not fit the story so far are passed over, as the record itself refuses them."""
    staff = site.staff
    try:
        match happening:
            case "completes":
                staff.completes(person, M, on=on)
            case "completes-major":
                staff.completes(person, M, on=on, version="2.0.0")
            case "moves":
                staff.moves_to(person, "港湾課", on=on)
            case "leaves":
                staff.leaves(person, last=on)
            case "returns":
                staff.posts(person, "総務課", on)
            case "takes-leave":
                staff.takes_leave(person, on, (date.fromisoformat(on) + timedelta(days=20)).isoformat())
            case "exempt":
                staff.is_exempt(person, M, on)
            case "policy-of-a-department":
                staff.policy(since=on, days=10, departments=("港湾課",))
            case "department-is-moved":
                staff.places("港湾課", "総務課", on=on)
            case "release":
                staff.release("2.0.0", M, on=on, versions={M: "2.0.0"})
    except (PostingRefused, DepartmentRefused, AssertionError):
        return
