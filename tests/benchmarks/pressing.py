"""Our press on a page: `python -m tests.benchmarks.pressing FOLDER`."""

import sys
from pathlib import Path

from builder.press.pdf import press

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    files = [*folder.glob("assets/*/*"), *folder.glob("theme/*.*")]
    assets = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    (folder / "ours.pdf").write_bytes(press((folder / "page.html").read_text("utf-8"), assets).pdf)
