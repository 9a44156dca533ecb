"""The floor of printing: WeasyPrint as anybody would call it. `python handout.py FOLDER`."""

import sys
from pathlib import Path

from weasyprint import HTML

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    HTML(folder / "page.html").write_pdf(folder / "floor.pdf", pdf_variant="pdf/ua-1")
