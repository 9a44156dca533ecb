"""What changed in a module since somebody completed it: to read, and to confirm."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.learning.blueprint import blueprint, missing_is_404, newest_or_missing
from server.learning.revisions import NothingToCompare, confirm, revision_of, unread_changes
from server.record.standing import states_of
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _


@blueprint.get("/modules/<module_id>/changes")
@requires(Action.LEARN)
@missing_is_404
def changes(module_id: str) -> str:
    person = signed_in()
    with reading(engine()) as connection:
        published = newest_or_missing(connection)
        try:
            revision = revision_of(connection, person.id, published, module_id)
        except NothingToCompare:
            abort(404)
        states = states_of(connection, person.id, clock.today())
        state_of = {each: kept.state for each, kept in states.items()}
        return render_template(
            "learning/changes.html",
            module=revision.after,
            revision=revision,
            manifest=published.manifest,
            standing=states.get(module_id),
            is_to_be_confirmed=module_id in unread_changes(connection, person.id, published, state_of),
        )


@blueprint.post("/modules/<module_id>/changes")
@requires(Action.LEARN)
@missing_is_404
def confirm_changes(module_id: str) -> AnyResponse:
    with writing(engine(), signed_in().id) as connection:
        confirm(connection, signed_in().id, newest_or_missing(connection), module_id, at=clock.now())
    flash(_("変わったところの確認を記録しました。修了はそのままです。"))
    return redirect(url_for("learning.module", module_id=module_id), 303)
