"""The course for a learning system that speaks SCORM 1.2: one SCO."""

from collections.abc import Mapping

from builder.deliveries.manifests import manifest
from builder.deliveries.site import with_store
from builder.model.deliveries import Options
from builder.package import Package


def files(package: Package, common: Mapping[str, bytes], options: Options) -> Mapping[str, bytes]:
    found = with_store(package, common, "scorm12")
    return {**found, "imsmanifest.xml": manifest("scorm12", package.manifest, [*found], options)}
