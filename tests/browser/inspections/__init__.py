"""What is looked at on every page. Each inspection yields the faults it finds, in words."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

SCRIPTS = (Axe().axe_script, (Path(__file__).parent / "layout.js").read_text("utf-8"))
"""What they need in every page."""
