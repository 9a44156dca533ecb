"""What is made from a course package for others: one file each, and one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from builder.archive import archive
from builder.deliveries import cmi5, scorm12, scorm2004, web
from builder.deliveries.data import longest_state, sizes
from builder.deliveries.limits import SCORM12_STATE, SCORM2004_STATE
from builder.deliveries.site import common_files
from builder.model.deliveries import USUAL, Options
from builder.model.package import Manifest
from builder.package import Package


@dataclass(frozen=True)
class Delivery:
    """`files`: path → bytes of everything in it, from a package and its `common_files`. `longest_state`: the
    characters that it keeps of a learner.
    """

    suffix: str
    files: Callable[[Package, Mapping[str, bytes], Options], Mapping[str, bytes]]
    longest_state: int | None = None

    def fits(self, course: Manifest) -> bool:
        """Whether it can keep the progress of any learner of the course."""
        longest = longest_state(course.id, course.release, sizes(course))
        return self.longest_state is None or longest <= self.longest_state

    def make(self, package: Package, common: Mapping[str, bytes], options: Options = USUAL) -> bytes:
        return archive(self.files(package, common, options))


DELIVERIES = {
    "web": Delivery("-web.zip", web.files),
    "scorm12": Delivery("-scorm12.zip", scorm12.files, SCORM12_STATE),
    "cmi5": Delivery("-cmi5.zip", cmi5.files),
    "scorm2004": Delivery("-scorm2004.zip", scorm2004.files, SCORM2004_STATE),
}

__all__ = ["DELIVERIES", "Delivery", "common_files"]
