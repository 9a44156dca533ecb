"""A learner at a browser: answers the question that the page shows, rightly or wrongly."""

from builder.package import Package, open_package
from server.demo.history import form_of
from tests.http.pages import Page, PageClient

ANSWER = "回答する"


class Learner:
    """`learner.begins("customer-view")`, then `learner.answers(right=True)` until the result is shown."""

    def __init__(self, client: PageClient, package: bytes) -> None:
        self.client = client
        self.package: Package = open_package(package)

    def begins(self, module_id: str) -> Page:
        self.client.get(f"/modules/{module_id}/quiz")
        return self.client.submit("begin")

    @property
    def question_id(self) -> str:
        return self.client.shown.path.split("?")[0].rsplit("/", 1)[-1]

    def form(self, *, right: bool = True) -> dict[str, list[str]]:
        for module in self.package.manifest.modules:
            for _, question in self.package.quiz(module.id).questions():
                if question.id == self.question_id:
                    return form_of(question, right=right)
        raise AssertionError(f"no question {self.question_id}")

    def answers(self, *, right: bool = True) -> Page:
        """The page that explains the answer."""
        return self.client.submit("question", self.form(right=right))

    def goes_on(self) -> Page:
        """To the next question, or to the result."""
        return self.client.get(self.client.shown.path.split("?")[0].rsplit("/", 1)[0])

    def takes(self, module_id: str, *, wrong: int = 0) -> Page:
        """The result of a whole attempt in which so many answers, the first ones, are wrong."""
        self.begins(module_id)
        while "/result" not in self.client.shown.path:
            self.answers(right=wrong <= 0)
            wrong -= 1
            self.goes_on()
        return self.client.shown
