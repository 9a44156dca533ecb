"""The course for a learning system that speaks cmi5: one assignable unit a module, or one for all."""

from collections.abc import Mapping

from builder.deliveries.manifests import manifest
from builder.deliveries.site import with_store
from builder.model.deliveries import Options
from builder.package import Package


def files(package: Package, common: Mapping[str, bytes], options: Options) -> Mapping[str, bytes]:
    return {
        **with_store(package, common, "cmi5"),
        "cmi5.xml": manifest("cmi5", package.manifest, (), options),
    }
