"""The course package: the one zip between builder and server. Writing it is `builder.package.writing`."""

from builder.package.reading import Package, PackageInvalid, open_package

__all__ = ["Package", "PackageInvalid", "open_package"]
