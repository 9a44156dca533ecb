"""The kinds of corrections: one file each, and one line here."""

from server.corrections.changes import Kind
from server.corrections.kinds import completion, exemption, merger, training

KINDS: dict[str, Kind] = {
    "void-completion": completion.VOID,
    "reinstate-completion": completion.REINSTATE,
    "record-training": training.RECORD,
    "exempt": exemption.EXEMPT,
    "end-exemption": exemption.END,
    "merge-persons": merger.MERGE,
}
