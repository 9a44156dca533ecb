"""`kyozai build` as it is, but for the press: a full build of pages.

`python -m tests.benchmarks.pages --course COURSE`
"""

from builder.commands import build

if __name__ == "__main__":
    build.print_pdf = lambda name, rendered: b"%PDF-1.7 not printed\n"
    build.command()
