"""What is looked at on every page. Each inspection yields the faults it finds, in words."""

from pathlib import Path

LAYOUT = (Path(__file__).parent / "layout.js").read_text("utf-8")
"""What they need in every page. axe, which weighs more than all of them, comes only where it is asked."""
