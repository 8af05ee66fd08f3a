"""A report of the console: its size, requests, time until it can be used, contrast and labels."""

import json
import re
import zlib
from typing import Any

from ion_mentoring.resources import ROOT
from tests.console.slow_phone import SLOWER, TYPING_MS, first_visits

CONSOLE = ROOT.parent / "console"
BUILT = ROOT / "ion_mentoring/handlers/api/console_files"
SOURCES = CONSOLE / "src"
FIRST_VIEW = 40_000  # bytes over the wire
WHOLE = 70_000
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
ON = {
    "ink": ("paper", "card", "raised"),
    "soft": ("paper", "card"),
    "accent": ("paper", "card"),
    "danger": ("paper", "card"),
    "calm-ink": ("calm", "card"),
    "lua": ("paper", "card"),
    "elro": ("paper", "card"),
    "riri": ("paper", "card"),
    "nana": ("paper", "card"),
}
GRAPHICS = {
    "edge": ("paper", "card"),
    "calm-line": ("calm", "paper"),
    **dict.fromkeys(("tone", "pace", "intent", "situation", "affinity"), ("card",)),
}


def packed(name: str) -> int:
    """Bytes over the wire."""
    packer = zlib.compressobj(9, wbits=31)
    return len(packer.compress((BUILT / name).read_bytes()) + packer.flush())


def listed() -> dict[str, Any]:
    """The list of the built files."""
    found: dict[str, Any] = json.loads((BUILT / "files.json").read_text(encoding="utf-8"))
    return found


def code_files() -> list[str]:
    """All files but pictures and licences."""
    return [name for name in listed()["files"] if not name.endswith((".png", ".txt"))]


def shown_first() -> list[str]:
    """The files that the page names, and that its first view waits for."""
    page = (BUILT / "index.ko.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css|svg|webmanifest))"', page)
    return ["index.ko.html", *dict.fromkeys(named)]


def colours(scheme: int) -> dict[str, str]:
    """The colours of the theme: 0 light, 1 dark."""
    style = (SOURCES / "style/theme.css").read_text(encoding="utf-8")
    return {name: values[scheme] for name, *values in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", style)}


def luminance(colour: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ratios(scheme: int) -> list[tuple[str, str, float, float]]:
    """Each colour, what it stands on, the least ratio, and the ratio."""
    theme = colours(scheme)
    tables = ((ON, TEXT), (GRAPHICS, GRAPHIC), ({"on-accent": ("accent",)}, TEXT))
    return [
        (name, ground, least, contrast(theme[name], theme[ground]))
        for table, least in tables
        for name, grounds in table.items()
        for ground in grounds
    ]


def buttons() -> list[tuple[str, bool]]:
    """Each button of the sources, and whether it has words or a label."""
    found = []
    for path in sorted(SOURCES.rglob("*.tsx")):
        for opening, inside in re.findall(r"<button((?:[^>]|=>)*)>(.*?)</button>", path.read_text(encoding="utf-8"), re.DOTALL):
            words = re.sub(r"<Icon[^>]*/>|\s", "", inside)
            found.append((f"{path.name}: {opening[:80]}", bool(words) or "aria-label" in opening))
    return found


def soon(found: tuple[float, float] | None) -> list[str]:
    """When one can type and when everything works, as lines; one that says so where nobody could measure it."""
    if found is None:
        return ["     LOUD: no chromium here, so nobody measured when the console can be used"]
    typing, usable = found
    where = f"at a first visit, RTT 150 ms, 1.6 Mbit/s, processor slowed {SLOWER} times"
    return [
        f"{typing:>9,.0f} ms until one can type {where} (at most {TYPING_MS})",
        f"{usable:>9,.0f} ms until everything works (time to interactive)",
    ]


def main() -> None:
    """Prints the report."""
    sizes = {name: packed(name) for name in shown_first()}
    print("The console:", *(f"{size:>9,} {name}" for name, size in sizes.items()), sep="\n")
    print(f"{sum(sizes.values()):>9,} bytes over the wire in {len(sizes)} requests: the first view (at most {FIRST_VIEW:,})")
    print(f"{sum(packed(name) for name in code_files()):>9,} bytes: all of it (at most {WHOLE:,})")
    print(*soon(first_visits()), sep="\n")
    for scheme, name in enumerate(("light", "dark")):
        text, ground, _, least = min(ratios(scheme), key=lambda one: one[3] / one[2])
        print(f"{least:>9.1f} the least contrast, {name}: {text} on {ground}")
    labelled = [named for _, named in buttons()]
    print(f"{sum(labelled):>9} of {len(labelled)} buttons have words or a label")


if __name__ == "__main__":
    main()
