"""A person's own completions and certificates."""

from flask import render_template

from server.learning.blueprint import blueprint, missing_is_404
from server.learning.completions import completion_of, completions_of
from server.storage.engine import reading
from server.web.access import Action, requires, signed_in
from server.web.database import engine


@blueprint.get("/completions")
@requires(Action.LEARN)
def completions() -> str:
    with reading(engine()) as connection:
        return render_template(
            "learning/completions.html", completions=completions_of(connection, signed_in().id)
        )


@blueprint.get("/completions/<completion_id>")
@requires(Action.LEARN)
@missing_is_404
def certificate(completion_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        own = completion_of(connection, person.id, completion_id)
    return render_template("learning/certificate.html", completion=own, person=person)
