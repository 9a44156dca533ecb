"""What every delivery has in common: the frame, the pages, the scripts, the figures and the PDFs."""

from collections.abc import Mapping
from importlib.resources import files

from builder.deliveries.data import course_data
from builder.deliveries.pages import FRAME, THEME, frame_page, pages, script_data
from builder.language import LANGUAGES
from builder.package import Package
from builder.player import SCRIPTS
from builder.rendering import questions
from builder.rendering.styles import SCREEN_STYLES

ALWAYS = ("quiz.js", "state.js", "interactions.js", "scorm.js", "frame.js", "page.js", "marks.js")


def common_files(package: Package) -> dict[str, bytes]:
    """Path → file: what is the same in every delivery."""
    made = {THEME: SCREEN_STYLES}
    for language in LANGUAGES:
        made |= dict(pages(package, language))
    scripts = {name: SCRIPTS[name] for name in ALWAYS} | questions.SCRIPTS
    scripts["course.js"] = f"window.Kyozai = {{ course: {script_data(course_data(package))} }};\n".encode()
    made |= {f"scripts/{name}": data for name, data in scripts.items()}
    made |= {path: data for path, data in package.files.items() if path.startswith("assets/")}
    made |= {name: package.files[name] for name in ("handout.pdf", "summary.pdf")}
    made["NOTICE"] = (files("builder") / "deliveries" / "NOTICE").read_bytes()
    return made


def with_store(package: Package, common: Mapping[str, bytes], store: str) -> dict[str, bytes]:
    """With the frame, and where the player keeps progress: `store-<store>.js`."""
    script = f"store-{store}.js"
    frame = frame_page(package.manifest, store)
    return {**common, FRAME: frame, f"scripts/{script}": SCRIPTS[script]}
