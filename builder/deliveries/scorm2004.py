"""The course for a learning system that speaks SCORM 2004 4th Edition: one SCO."""

from collections.abc import Mapping

from builder.deliveries.manifests import manifest
from builder.deliveries.site import with_store
from builder.model.deliveries import Options
from builder.package import Package


def files(package: Package, common: Mapping[str, bytes], options: Options) -> Mapping[str, bytes]:
    found = with_store(package, common, "scorm2004")
    return {**found, "imsmanifest.xml": manifest("scorm2004", package.manifest, [*found], options)}
