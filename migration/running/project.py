"""The rewriting of many files together: what one of them exports is a pipeline in the others, too."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import libcst as cst

from migration.rewriting.names import IN_A_STRING, METHODS, PACKAGE
from migration.rewriting.pipelines import SELF, Exported
from migration.rewriting.rewrite import Program
from migration.running.checks import broken, unsafe
from migration.running.files import NOTEBOOK, Found, NotRead, Text, read
from migration.running.outcome import Outcome, Status
from migration.running.remarks import doubtful, in_strings

MENTIONS: Final = PACKAGE.encode()
ANY_METHOD: Final = re.compile(rb"\b(?:" + b"|".join(sorted(name.encode() for name in METHODS)) + rb")\b")


@dataclass(slots=True)
class _Looked:
    outcome: Outcome
    exports: Exported = frozenset()
    kept_elsewhere: Exported = frozenset()


@dataclass(slots=True)
class Project:
    """The files of a run. `step` is called once for each."""

    step: Callable[[], None] = lambda: None
    _looked: dict[Path, _Looked] = field(default_factory=dict)
    _others: list[Path] = field(default_factory=list)

    def outcomes(self, files: Iterable[Found]) -> list[Outcome]:
        """What becomes of each file, in their order; nothing is written."""
        for found in files:
            self._looked[found.path] = self._look(found)
            self.step()
        exported = frozenset[tuple[str, str]]().union(*(looked.exports for looked in self._looked.values()))
        if exported:
            self._look_again(exported)
            self._keep(frozenset().union(*(looked.kept_elsewhere for looked in self._looked.values())))
        outcomes = [looked.outcome for looked in self._looked.values()]
        if any(outcome.status is Status.CHANGED for outcome in outcomes):
            unseen = {path: doubtful(path) for path in self._others if not _is_program(self._looked[path])}
            outcomes = [replace(one, notes=unseen[one.path]) if one.path in unseen else one for one in outcomes]
        return outcomes

    def _look(self, found: Found) -> _Looked:
        path = found.path
        if found.problem:
            return _Looked(Outcome(path, Status.UNREADABLE, found.problem))
        try:
            raw = path.read_bytes()
        except OSError as error:
            return _Looked(Outcome(path, Status.UNREADABLE, error.strerror or "cannot be read"))
        if path.name.endswith(NOTEBOOK):
            seen = MENTIONS in raw
            return _Looked(Outcome(path, Status.NOTEBOOK if seen else Status.UNCHANGED, _NOTEBOOK if seen else ""))
        if MENTIONS not in raw:
            if ANY_METHOD.search(raw) or IN_A_STRING.search(raw):
                self._others.append(path)
            return _Looked(Outcome(path, Status.UNCHANGED))
        if path.is_symlink():
            return _Looked(Outcome(path, Status.LINK, "is a link: give this program the file that it leads to"))
        return _rewritten(path, raw)

    def _look_again(self, exported: Exported) -> None:
        """Looks at those files anew that may use what others export."""
        names = sorted({(name if module == SELF else module).encode() for module, name in exported})
        named = re.compile(rb"\b(?:" + b"|".join(map(re.escape, names)) + rb")\b")
        candidates = [*self._others, *(path for path, looked in self._looked.items() if _is_program(looked))]
        for path in candidates:
            raw = path.read_bytes()
            if named.search(raw) and ANY_METHOD.search(raw) and not path.is_symlink():
                self._looked[path] = _rewritten(path, raw, exported=exported)

    def _keep(self, kept: Exported) -> None:
        """Has those keep the old face whose exports are used elsewhere in a way that the new one has no equal for."""
        for path, looked in self._looked.items():
            if looked.exports & kept:
                self._looked[path] = _rewritten(path, path.read_bytes(), keep=True)


_NOTEBOOK: Final = f"is a notebook that mentions {PACKAGE}: change it in Jupyter"


def _is_program(looked: _Looked) -> bool:
    return looked.outcome.before != ""


def _module(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def _rewritten(path: Path, raw: bytes, *, exported: Exported = frozenset(), keep: bool = False) -> _Looked:
    try:
        text = read(raw)
        program = Program(text.text, exported=exported)
        if problem := unsafe(text.text, program):
            return _Looked(Outcome(path, Status.UNPARSED, problem))
        new = program.rewritten(keep=keep)
    except NotRead as error:
        return _Looked(Outcome(path, Status.UNPARSED, str(error)))
    except (cst.ParserSyntaxError, RecursionError) as error:
        return _Looked(Outcome(path, Status.UNPARSED, _told(error)))
    looked = _Looked(_outcome(path, text, new.text, new.changes), program.exports(_module(path)), program.uses.kept_elsewhere)
    looked.outcome = replace(looked.outcome, notes=tuple(sorted({*new.notes, *in_strings(raw)})))
    return looked


def _outcome(path: Path, text: Text, after: str, changes: int) -> Outcome:
    if after == text.text:
        return Outcome(path, Status.UNCHANGED, before=text.text, after=after)
    if problem := broken(text, after):
        return Outcome(path, Status.FAILED, problem, before=text.text, after=text.text)
    return Outcome(path, Status.CHANGED, changes=changes, before=text.text, after=after)


def _told(error: Exception) -> str:
    if isinstance(error, cst.ParserSyntaxError):
        return f"line {error.raw_line}: is no Python 3 that we can read"
    return "is nested too deeply"
