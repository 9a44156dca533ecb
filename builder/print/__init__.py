"""The PDFs: a handout of the whole course and a summary on one page."""

from builder.model.problem import Problem


class PrintFailed(Exception):
    """The course cannot be printed as it is written. Carries what its authors have to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems
