"""The `kyozai` command. It only parses and dispatches; a command is imported when it is used."""

import importlib
import sys
from collections.abc import Sequence

import click

from server.commands.faults import report_fault

COMMANDS = {
    "admin": "server.commands.admin",
    "backup": "server.commands.backup",
    "build": "builder.commands.build",
    "check": "builder.commands.check",
    "coverage": "builder.commands.coverage",
    "delivery": "builder.commands.delivery",
    "demo": "server.commands.demo",
    "diff": "builder.commands.diff",
    "init": "server.commands.init",
    "new": "builder.commands.new",
    "preview": "builder.commands.preview",
    "publish": "server.commands.publish",
    "records": "server.commands.records",
    "release": "builder.commands.release",
    "restore": "server.commands.restore",
    "roster": "server.commands.roster",
    "schema": "builder.commands.schema",
    "serve": "server.commands.serve",
    "simulate": "server.commands.simulate",
    "withdraw": "server.commands.withdraw",
}

SUMMARIES = {
    "admin": "Invite an administrator, HR or an auditor, or let one enrol a second factor anew.",
    "backup": "Write everything of this moment into FILE, while the server goes on.",
    "build": "Build the course package, the PDFs and the deliveries into dist/.",
    "check": "Check lessons and quizzes; every problem with place, cause and hint.",
    "coverage": "Show for every value what is there, still a draft, or missing.",
    "delivery": "Verify what is made for other learning systems, ours or another's.",
    "demo": "Serve the course with sample staff on this machine only. Everything in it is invented.",
    "diff": "Show what changed since a release, per module, with its change level.",
    "init": "Make the settings (kyozai.toml), the database and the first administrator.",
    "new": "Begin a module or a quiz, with files that check finds no error in.",
    "preview": "Show the course while it is being written.",
    "publish": "Publish a course package: from then on new attempts are of its release.",
    "records": "Export the completion records, seal and verify them, or check the kept states.",
    "release": "Write course/releases/NUMBER.json, once, when the course is ready to be published.",
    "restore": "Bring a backup back, into an empty database and nowhere else.",
    "roster": "Check, import or take back a staff list (CSV in UTF-8 or CP932, or xlsx).",
    "schema": "Write the JSON Schemas by which editors complete and check the YAML files.",
    "serve": "Serve the course. There is no debug mode.",
    "simulate": "Fill an empty database with an invented organisation, for measuring.",
    "withdraw": "Withdraw the newest release: states are as if it had never been, completions of it stay.",
}


class LazyGroup(click.Group):
    """Knows its commands by name; imports the one that was asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Kyozai (教材): from lessons and quizzes to completions that HR can stand behind.

    Exit codes: 0 done, 1 problems in the input, 2 wrong usage, 3 a fault of ours.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    try:
        sys.exit(cli.main(args=arguments, prog_name="kyozai", standalone_mode=True))
    except Exception as fault:  # the last line of defence: one line for the user, the rest in a log
        sys.exit(report_fault(fault))
