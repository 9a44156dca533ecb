"""`course/releases/<number>.json`: what a release consisted of, for the ones after it to be held against."""

import json
from typing import Literal

from builder.model.base import Day, Digest, Model, Version
from builder.model.package import Manifest, PackagedIntroduction, PackagedModule


class Release(Model):
    """Module versions and digests, no texts."""

    format: Literal[1]
    number: Version
    released: Day
    content_digest: Digest
    introduction: PackagedIntroduction
    modules: tuple[PackagedModule, ...]


def release_of(manifest: Manifest) -> Release:
    return Release(
        format=1,
        number=manifest.release,
        released=manifest.released,
        content_digest=manifest.content_digest,
        introduction=manifest.introduction,
        modules=manifest.modules,
    )


def as_file(release: Release) -> str:
    """One line per value, so that a difference between two releases can be read."""
    return json.dumps(release.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
