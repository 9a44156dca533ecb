"""Who may do what and see which fields: one table.

Every request is checked against it, exports leave out what it does not name, docs/permissions.md is written
from it, and every test of access is made from it.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    LEARNER = "learner"
    HR = "hr"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


GRANTED = tuple(role for role in Role if role is not Role.MANAGER)
"""Nobody is made a manager: whoever heads a department, or stands in for its head, is one that day."""

PRIVILEGED = frozenset({Role.HR, Role.AUDITOR, Role.ADMINISTRATOR})
"""These rights wait for a second factor."""


class Action(StrEnum):
    """PUBLIC needs nobody signed in; SIGNED_IN any person; the others a role that the table names.

    An auditor has none but those that begin with `see` and `export`: such an action changes nothing.
    """

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    LEARN = "learn"
    SEE_RECORDS = "see-records"
    SEE_SECTION = "see-section"
    SEE_IMPORTS = "see-imports"
    SEE_POLICIES = "see-policies"
    SEE_ACCESS_LOG = "see-access-log"
    EXPORT_RECORDS = "export-records"
    CLOSE_REPORTS = "close-reports"
    CORRECT_RECORDS = "correct-records"
    IMPORT_ROSTER = "import-roster"
    MANAGE_DEPARTMENTS = "manage-departments"
    SET_POLICIES = "set-policies"
    NAME_DEPUTIES = "name-deputies"
    ISSUE_SLIPS = "issue-slips"
    MANAGE_ACCOUNTS = "manage-accounts"


class Field(StrEnum):
    """What is known of people. LEARN shows only what is the reader's own."""

    NUMBER = "number"
    NAME = "name"
    READING = "reading"
    DEPARTMENT = "department"
    POSTINGS = "postings"
    STATE = "state"
    DUE = "due"
    VERSION = "version"
    COMPLETED = "completed"
    EVIDENCE = "evidence"
    EXEMPTION = "exemption"
    COUNTS = "counts"
    POLICY = "policy"
    IMPORT = "import"
    ACCOUNT = "account"
    ACCESS = "access"
    CERTIFICATE = "certificate"
    SCORE = "score"
    ANSWERS = "answers"


EVERY_FIELD = frozenset(Field)

_NAMED = frozenset({Field.NUMBER, Field.NAME, Field.READING, Field.DEPARTMENT})
_STANDING = frozenset({Field.STATE, Field.DUE, Field.VERSION, Field.COMPLETED, Field.EVIDENCE, Field.COUNTS})
_RECORDS = _NAMED | _STANDING | {Field.POSTINGS, Field.EXEMPTION}
_SECTION = frozenset({Field.NUMBER, Field.NAME, Field.DEPARTMENT, Field.STATE, Field.DUE, Field.COUNTS})
_OWN = _NAMED | _STANDING | {Field.CERTIFICATE, Field.SCORE, Field.ANSWERS}
_IMPORTS = frozenset({Field.NAME, Field.IMPORT})
_LOG = frozenset({Field.NUMBER, Field.NAME, Field.ACCESS})

Permissions = dict[Action, Mapping[Role, frozenset[Field]]]

PERMISSIONS: Permissions = {
    Action.LEARN: {Role.LEARNER: _OWN},
    Action.SEE_RECORDS: {Role.HR: _RECORDS, Role.AUDITOR: _RECORDS},
    Action.SEE_SECTION: {Role.MANAGER: _SECTION},
    Action.SEE_IMPORTS: {Role.HR: _IMPORTS, Role.AUDITOR: _IMPORTS},
    Action.SEE_POLICIES: {Role.HR: frozenset({Field.POLICY}), Role.AUDITOR: frozenset({Field.POLICY})},
    Action.SEE_ACCESS_LOG: {Role.AUDITOR: _LOG, Role.ADMINISTRATOR: _LOG},
    Action.EXPORT_RECORDS: {Role.HR: _RECORDS, Role.AUDITOR: _RECORDS},
    Action.CLOSE_REPORTS: {Role.HR: _RECORDS},
    Action.CORRECT_RECORDS: {Role.HR: _RECORDS},
    Action.IMPORT_ROSTER: {Role.HR: _RECORDS | _IMPORTS},
    Action.MANAGE_DEPARTMENTS: {Role.HR: frozenset({Field.DEPARTMENT})},
    Action.SET_POLICIES: {Role.HR: _RECORDS | {Field.POLICY}},
    Action.NAME_DEPUTIES: {Role.MANAGER: _SECTION},
    Action.ISSUE_SLIPS: {Role.HR: _NAMED | {Field.ACCOUNT}, Role.ADMINISTRATOR: _NAMED | {Field.ACCOUNT}},
    Action.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR: _NAMED | {Field.ACCOUNT}},
}
"""Action → role → the fields that its pages and files may show to that role."""
