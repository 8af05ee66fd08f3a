"""The help of a command in the language of the locale, on the screen and, from the same parts, in the documents."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ion_cli.texts import text

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The help of one command: how it is called, what it does, and titled lists of its parts."""

    usage: str
    about: str
    lists: dict[str, list[Row]]


def page(command: Any, context: Any) -> Page:
    """The page of a command."""
    arguments = [_row(one) for one in command.get_params(context) if one.param_type_name == "argument"]
    options = [_row(one) for one in command.get_params(context) if one.param_type_name == "option" and not one.hidden]
    commands = [(name, text_of(one)) for name, one in getattr(command, "commands", {}).items() if not one.hidden]
    titled = {"title.arguments": arguments, "title.options": options, "title.commands": commands}
    usage = f"{context.command_path} {' '.join(one.strip('{}') for one in command.collect_usage_pieces(context))}"
    return Page(usage, text_of(command), {text(title): rows for title, rows in titled.items() if rows})


def text_of(command: Any) -> str:
    """The help text of a command."""
    return str(command.help or "")


def shown(it: Page, width: int | None = None) -> str:
    """The page as a terminal shows it: Korean takes two columns a letter, and is aligned by them."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table

    written = io.StringIO()
    console = Console(file=written, markup=False, emoji=False, highlight=False, width=width)
    console.print(f"{text('title.usage')}: {it.usage}", "", it.about, sep="\n")
    for title, rows in it.lists.items():
        console.print("", f"{title}:", sep="\n")
        grid = Table.grid(padding=(0, 2))
        for row in rows:
            grid.add_row(*row)
        console.print(Padding(grid, (0, 0, 0, 2)))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def _row(parameter: Any) -> Row:
    name = f"option.{parameter.name.replace('_', '-')}"
    if parameter.param_type_name == "argument":
        return f"{parameter.metavar}{'...' if parameter.nargs != 1 else ''}", parameter.help or ""
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if parameter.name in ("help", "install_completion", "show_completion"):  # typer's own, which speak English alone
        return names, text(name)
    value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    return names + value, f"{parameter.help or ''}{text('title.required') if parameter.required else ''}"


class IonCommand(TyperCommand):
    """A command that shows our help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(shown(page(self, ctx)))


class IonGroup(TyperGroup):
    """A group of commands that shows our help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(shown(page(self, ctx)))


def pages(command: Any, name: str, parent: Any = None) -> Iterator[Page]:
    """The pages of a command and of all below it, in order."""
    context = command.context_class(command, info_name=name, parent=parent)
    yield page(command, context)
    for below, one in getattr(command, "commands", {}).items():
        yield from pages(one, below, context)
