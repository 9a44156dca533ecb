"""`course/releases/<number>.json`: what a release consisted of, for the ones after it to be held against."""

import json
from typing import Literal

from builder.digests import canonical, digest
from builder.model.base import Day, Digest, Model, Version
from builder.model.package import Manifest, PackagedIntroduction, PackagedModule

FRAME = {"title", "description", "guideline", "notice", "sources", "glossary"}


class Release(Model):
    """Module versions and digests. `frame` covers what stands around the lessons: the course's title,
    its notice, the guideline's articles, the sources, the glossary."""

    format: Literal[1]
    number: Version
    released: Day
    content_digest: Digest
    frame: Digest
    introduction: PackagedIntroduction
    modules: tuple[PackagedModule, ...]


def release_of(manifest: Manifest) -> Release:
    return Release(
        format=1,
        number=manifest.release,
        released=manifest.released,
        content_digest=manifest.content_digest,
        frame=digest(canonical(manifest.model_dump(mode="json", include=FRAME))),
        introduction=manifest.introduction,
        modules=manifest.modules,
    )


def as_file(release: Release) -> str:
    """One line per value, so that a difference between two releases can be read."""
    return json.dumps(release.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
