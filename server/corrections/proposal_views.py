"""HR's page of the corrections that wait for a second one of HR."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from builder.language import N_
from server.corrections.blueprint import blueprint
from server.corrections.changes import ChangeRefused, moves_of
from server.corrections.deciding import Proposal, accept, decided, proposal_with_id, reject, waiting
from server.corrections.kinds import KINDS
from server.corrections.wording import names_of
from server.record.standing import COURSE
from server.releases.library import modules_on
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Action, requires, signed_in
from server.web.database import engine
from server.web.language import gettext as _

OWN = N_("自分が申請した訂正は、承認できません。別の人事担当が承認します。")
DECIDED = N_("この訂正は、もう別の人が決めています。")
ACCEPTED = N_("承認しました。記録に加わり、受講状態も新しくなっています。")
REJECTED = N_("取り下げました。記録は変わりません。")

Answer = AnyResponse | tuple[str, int]


@blueprint.get("/hr/corrections")
@requires(Action.CORRECT_RECORDS)
def proposals() -> str:
    with reading(engine()) as connection:
        return _list_page(connection, {})


@blueprint.get("/hr/corrections/<proposal_id>")
@requires(Action.CORRECT_RECORDS, fresh=True)
def proposal(proposal_id: str) -> str:
    with writing(engine()) as connection:
        return _page(connection, _waiting(connection, proposal_id), {})


@blueprint.post("/hr/corrections/<proposal_id>/accept")
@requires(Action.CORRECT_RECORDS, fresh=True)
def accept_proposal(proposal_id: str) -> Answer:
    return _decide(proposal_id, accept, ACCEPTED, by_another=True)


@blueprint.post("/hr/corrections/<proposal_id>/reject")
@requires(Action.CORRECT_RECORDS, fresh=True)
def reject_proposal(proposal_id: str) -> Answer:
    """By whoever asked for it, too."""
    return _decide(proposal_id, reject, REJECTED)


def _decide(
    proposal_id: str,
    operation: Callable[[Connection, Proposal], None],
    done: str,
    *,
    by_another: bool = False,
) -> Answer:
    with writing(engine()) as connection:
        asked = _known(connection, proposal_id)
        if asked.decided_at is not None:
            return _list_page(connection, {"waiting": _(DECIDED)}), 409
        if by_another and asked.proposed_by == signed_in().id:
            return _page(connection, asked, {"accept": _(OWN)}), 403
        try:
            with connection.begin_nested():
                operation(connection, asked)
        except ChangeRefused as refused:
            return _page(connection, asked, {"accept": refused.message}), 409
    flash(_(done))
    return redirect(url_for("corrections.proposals"), 303)


def _waiting(connection: Connection, proposal_id: str) -> Proposal:
    asked = _known(connection, proposal_id)
    return asked if asked.decided_at is None else abort(404)


def _known(connection: Connection, proposal_id: str) -> Proposal:
    return proposal_with_id(connection, proposal_id) or abort(404)


def _page(connection: Connection, asked: Proposal, errors: dict[str, str]) -> str:
    """What it would move by now; nothing where it does not fit any more."""
    kind = KINDS[asked.change.kind]
    try:
        moves = moves_of(connection, kind, asked.change, asked.proposed_by)
    except ChangeRefused as refused:
        moves, errors = [], {"accept": refused.message, **errors}
    return render_template(
        "corrections/proposal.html",
        proposal=asked,
        words=kind.words(connection, asked.change),
        moves=moves,
        modules=modules_on(connection, clock.today()),
        courses=[move for move in moves if move.module_id == COURSE],
        names=_names(connection, [asked], asked.change.people),
        is_own=asked.proposed_by == signed_in().id,
        errors=errors,
    )


def _list_page(connection: Connection, errors: dict[str, str]) -> str:
    pending, done = waiting(connection), decided(connection)
    return render_template(
        "corrections/proposals.html",
        waiting=[(each, KINDS[each.change.kind].words(connection, each.change)) for each in pending],
        decided=[(each, KINDS[each.change.kind].words(connection, each.change)) for each in done],
        names=_names(connection, [*pending, *done]),
        errors=errors,
    )


def _names(connection: Connection, shown: Sequence[Proposal], others: Sequence[str] = ()) -> dict[str, str]:
    hands = {hand for each in shown for hand in (each.proposed_by, each.decided_by) if hand}
    return names_of(connection, hands | set(others))
