"""A person's own completions and certificates."""

import json

from flask import Response, abort, render_template, request

from server.learning.blueprint import blueprint, missing_is_404
from server.learning.certificate import certificate_pdf
from server.learning.completions import (
    OwnCompletion,
    certified,
    completion_of,
    completions_of,
    is_superseded,
)
from server.record.personal import kept_about
from server.storage.engine import reading
from server.web import clock
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
    with reading(engine()) as connection:
        own = completion_of(connection, signed_in().id, completion_id)
        superseded = is_superseded(connection, own)
    return render_template(
        "learning/certificate.html", completion=own, person=signed_in(), superseded=superseded
    )


@blueprint.get("/my-data.json")
@requires(Action.SIGNED_IN)
def own_data() -> Response:
    """Everything that is kept about whoever is signed in."""
    with reading(engine()) as connection:
        kept = kept_about(connection, signed_in().id, with_private=True)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/certificates")
@requires(Action.PUBLIC)
def verify() -> str | tuple[str, int]:
    """Whoever holds a certificate may ask. It names nobody: the paper does."""
    typed = request.args.get("number", "").strip()
    with reading(engine()) as connection:
        found = certified(connection, typed) if typed else None
        superseded = is_superseded(connection, found) if found else False
    page = render_template(
        "learning/verify.html", typed=typed, completion=found, superseded=superseded, now=clock.now()
    )
    return page if found or not typed else (page, 404)


@blueprint.get("/completions/<completion_id>/certificate.pdf")
@requires(Action.LEARN)
@missing_is_404
def certificate_on_paper(completion_id: str) -> Response:
    own = _own_completion(completion_id)
    if own.is_void:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{own.number}.pdf"'}
    return Response(certificate_pdf(own, signed_in().name), mimetype="application/pdf", headers=headers)


def _own_completion(completion_id: str) -> OwnCompletion:
    with reading(engine()) as connection:
        return completion_of(connection, signed_in().id, completion_id)
