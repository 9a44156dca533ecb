"""`kyozai records`: a file for each of its commands, or for those that belong together."""

import click

from server.commands.records.compare import compare_command
from server.commands.records.erase import erase_command
from server.commands.records.export import audit_pack_command, export_command
from server.commands.records.rebuild import rebuild_command
from server.commands.records.retention import retention_command
from server.commands.records.seal import new_key_command, seal_command, verify_command


@click.group()
def command() -> None:
    """Export the completion records, seal and verify them, or check the kept states."""


for each in (
    audit_pack_command,
    compare_command,
    erase_command,
    export_command,
    new_key_command,
    rebuild_command,
    retention_command,
    seal_command,
    verify_command,
):
    command.add_command(each)
