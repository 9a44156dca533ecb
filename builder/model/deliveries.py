"""What may be asked of deliveries, and what systems with documented habits need: one line each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`one_unit`: cmi5 has the whole course in one unit, not one a module. `mastery_score`: the manifest of
    SCORM 1.2 names the score from which a course is passed.
    """

    one_unit: bool = False
    mastery_score: bool = True


USUAL = Options()


@dataclass(frozen=True)
class Preset:
    """`form`: of which delivery it is a kind. Why it differs, docs/deliveries.md says with its source."""

    form: str
    options: Options


PRESETS = {"moodle": Preset("scorm12", Options(mastery_score=False))}
"""The name of the system → what is made for it, in a file that ends in its name."""


@dataclass(frozen=True)
class Wanted:
    """What a build makes. `presets`: names of them, besides. `schemas`: a folder of those that manifests are
    held against, or none.
    """

    options: Options = USUAL
    presets: tuple[str, ...] = ()
    schemas: str = ""
