"""The tree of departments, as filters and reports need it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, select

from server.storage import tables


@dataclass(frozen=True)
class Department:
    """`path` names it from the top down: a 総務課 there is in every bureau. `depth` is 0 at the top."""

    id: str
    code: str
    name: str
    path: str
    depth: int


class Departments:
    """Every department, each followed by those below it, in the order of their codes."""

    def __init__(self, in_order: list[Department]) -> None:
        self.in_order = in_order
        self._by_id = {department.id: department for department in in_order}
        self._by_code = {department.code: department for department in in_order}

    def path(self, department_id: str) -> str:
        return self._by_id[department_id].path

    def with_code(self, code: str) -> Department | None:
        return self._by_code.get(code)

    def with_all_below(self, top: Department) -> list[str]:
        """The ids of a department and of every one below it."""
        following = self.in_order[self.in_order.index(top) + 1 :]
        return [top.id, *(below.id for below in takewhile(lambda other: other.depth > top.depth, following))]


def all_departments(connection: Connection) -> Departments:
    children: dict[str | None, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(tables.department).order_by(tables.department.c.code)):
        children[row.parent_id].append(row)

    def below(parent: Department | None) -> Iterator[Department]:
        for row in children[parent.id if parent else None]:
            path = f"{parent.path} {row.name}" if parent else row.name
            child = Department(row.id, row.code, row.name, path, parent.depth + 1 if parent else 0)
            yield child
            yield from below(child)

    return Departments(list(below(None)))
