"""Departments, known by their code. A new name is a rename: the code stays, and so does its history."""

from sqlalchemy import Connection, insert, select, update

from server.storage import tables
from server.storage.ids import new_id


def find_or_create(connection: Connection, code: str, name: str) -> str:
    """The id of the department with this code, which is called by this name from now on."""
    department = tables.department
    row = connection.execute(select(department).where(department.c.code == code)).one_or_none()
    if row is None:
        department_id = new_id()
        connection.execute(insert(department).values(id=department_id, code=code, name=name))
        return department_id
    if row.name != name:
        connection.execute(update(department).where(department.c.id == row.id).values(name=name))
    return str(row.id)


def place_below(connection: Connection, department_id: str, parent_id: str) -> None:
    department = tables.department
    connection.execute(update(department).where(department.c.id == department_id).values(parent_id=parent_id))
