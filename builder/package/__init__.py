"""The course package: the one zip between builder and server. Writing it is `builder.package.writing`."""

from builder.package.contents import packages_in
from builder.package.reading import Package, PackageInvalid, open_package

__all__ = ["Package", "PackageInvalid", "open_package", "packages_in"]
