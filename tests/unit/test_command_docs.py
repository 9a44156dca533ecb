"""docs/commands.md says of every command what `--help` says."""

import re
from collections.abc import Iterator

import click

from server.commands import SUMMARIES, cli
from server.settings import Settings
from tests.builders.package import ROOT

ROW = re.compile(r"^\| `kyozai (?P<usage>[^`]*)` \|")


def documented() -> set[str]:
    lines = (ROOT / "docs" / "commands.md").read_text("utf-8").splitlines()
    return {row["usage"] for line in lines if (row := ROW.match(line))}


def usages(group: click.Group, path: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from usages(command, f"{path}{name} ")
        else:
            yield f"{path}{name}{''.join(parameters(command))}"


def parameters(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            yield f" {parameter.make_metavar(click.Context(command))}"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f" [{'/'.join(parameter.opts)}]"


def test_every_command_is_documented_with_its_arguments_and_options() -> None:
    assert documented() == set(usages(cli))


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert (command.help or "").splitlines()[0] == SUMMARIES[name]


def test_every_setting_is_documented_with_its_default() -> None:
    documented = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        if name != "demo":  # for `kyozai demo` alone
            assert f"| `{name}` | `KYOZAI_{name.upper()}` |" in documented
            if isinstance(field.default, int):
                assert f"`KYOZAI_{name.upper()}` | {str(field.default).lower()} |" in documented
