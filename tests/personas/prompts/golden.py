"""The prompts as they come out, in files to read; `python -m tests.personas.prompts.golden --write` writes them anew.

It refuses where a prompt says something else and its version is the same: an answer to the old prompt would be served as one
to the new.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ion_mentoring.models.protocol import Message, Prompt
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.prompts.builder import build, version
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.resonance.key import ResonanceKey

FOLDER: Final = Path(__file__).parent / "golden"
PARTED: Final = "=" * 80
ASKED: Final = {
    "ko": ("팀장이 회의에서 제 의견을 계속 무시해요.", "어제도 그랬어요.", "많이 속상하셨겠어요."),
    "en": ("My lead keeps ignoring what I say in meetings.", "It was the same yesterday.", "That must have hurt."),
}
LANGUAGES: Final = ("ko", "en", "fr")


@dataclass(frozen=True, slots=True)
class Golden:
    """One file: a persona's prompts in a language."""

    path: Path
    version: str
    text: str

    @property
    def known(self) -> str | None:
        """What the file says now."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else None

    @property
    def may_be_written(self) -> bool:
        """Whether its version was raised, or its text is the same, or there is no file."""
        return self.known in (None, self.text) or not (self.known or "").startswith(f"version {self.version}\n")


def goldens() -> Iterator[Golden]:
    """All files as they should be."""
    for card in load_roster().values():
        for language in LANGUAGES:
            shown = f"\n{PARTED}\n".join(_shown(build(card, question)) for question in _questions(language))
            text = f"version {version(card)}\n{PARTED}\n{shown}\n"
            yield Golden(FOLDER / f"{card.id}-{language}.txt", version(card), text)


def _questions(language: str) -> Iterator[PersonaRequest]:
    text, earlier, answer = ASKED.get(language, ASKED["en"])
    history = (Message("user", earlier), Message("assistant", answer))
    yield PersonaRequest(text=text, key=ResonanceKey.parse("frustrated-burst-seek_advice"), language=language)
    yield PersonaRequest(
        text=text,
        key=ResonanceKey.parse("anxious-contemplative-reflection"),
        language=language,
        feeling="shame",
        history=history,
    )
    yield PersonaRequest(text=text, key=ResonanceKey.parse("urgent-medium-planning"), language=language, mode="summary_light")


def _shown(prompt: Prompt) -> str:
    generation = prompt.generation
    turns = "\n".join(f"[{turn.role}] {turn.content}" for turn in prompt.turns)
    blocked = ", ".join(f"{harm} {threshold}" for harm, threshold in sorted(generation.block.items()))
    tokens = generation.output_tokens(light=prompt.mode == "summary_light")
    return f"[system]\n{prompt.system}\n{turns}\n[temperature {generation.temperature}, {tokens} tokens; blocked: {blocked}]"


def main(arguments: list[str] | None = None) -> int:
    """Writes the files where that is right; 1 and a sentence for each that may not be written."""
    parser = argparse.ArgumentParser(prog="golden", description=__doc__)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args(arguments)
    refused = [golden.path.name for golden in goldens() if not golden.may_be_written]
    for name in refused:
        print(
            f"{name}: the text changed and its version did not; raise prompt.version in the card, or version in "
            "personas/prompts/instructions.toml if the common texts changed",
            file=sys.stderr,
        )
    if refused:
        return 1
    FOLDER.mkdir(exist_ok=True)
    for golden in goldens():
        golden.path.write_text(golden.text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
