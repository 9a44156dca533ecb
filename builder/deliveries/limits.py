"""How much a learning system keeps of a learner's progress, in characters."""

SCORM12_STATE = 4_096
"""cmi.suspend_data in SCORM 1.2 (CMIString4096)."""

SCORM2004_STATE = 64_000
"""cmi.suspend_data in SCORM 2004 4th Edition."""
