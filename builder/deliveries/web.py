"""The course for a file share or any web server: progress stays in the learner's browser."""

from collections.abc import Mapping

from builder.deliveries.site import with_store
from builder.model.deliveries import Options
from builder.package import Package


def files(package: Package, common: Mapping[str, bytes], _: Options) -> Mapping[str, bytes]:
    return with_store(package, common, "web")
