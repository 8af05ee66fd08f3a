"""The manual of all commands in Markdown, made of their help: `python -m ion_cli.manual`, in the language of the locale."""

from typer.main import get_command

from ion_cli.failure import Exit
from ion_cli.help import Page, Row, pages
from ion_cli.program import NAME, app
from ion_cli.run import COMMON
from ion_cli.texts import text


def manual() -> str:
    """The exit codes, the options that every command has, then each command."""
    codes = _table((text("head.exit"), text("head.meaning")), [(str(int(one)), text(f"exit.{one.name}")) for one in Exit])
    found = list(pages(get_command(app()), NAME))
    everywhere = [row for row in found[1].lists[text("title.options")] if _common(row)]
    return "\n\n".join([codes, _rows(text("title.everywhere"), everywhere), *map(_section, found)])


def _section(page: Page) -> str:
    name = page.usage.split(" [", 1)[0]
    own = {title: [row for row in rows if not _common(row)] for title, rows in page.lists.items()}
    return "\n\n".join(
        [f"## {name}", page.about, f"`{page.usage}`", *(_rows(title, rows) for title, rows in own.items() if rows)]
    )


def _common(row: Row) -> bool:
    """True for an option that every command has."""
    return any(row[0].split(" ")[0].rstrip(",") == f"--{one}" for one in (*(one.name for one in COMMON), "help"))


def _rows(title: str, rows: list[Row]) -> str:
    return _table((title, ""), [(f"`{key}`", about) for key, about in rows])


def _table(heads: tuple[str, str], rows: list[Row]) -> str:
    lines = [heads, ("---", "---"), *((key, about.replace("|", "\\|")) for key, about in rows)]
    return "\n".join(f"| {key} | {about} |" for key, about in lines)


if __name__ == "__main__":
    print(manual())
