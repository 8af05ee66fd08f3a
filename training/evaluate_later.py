"""`python -m training.evaluate_later`: how well turns after a sign of danger are told, on turns kept apart."""

from typing import Final

from ion_mentoring.understanding.safety.later.reader import KINDS, LaterReader
from ion_mentoring.understanding.safety.past import CLEAR
from training.turn_corpus import LATER_APART, written

LANGUAGES: Final = ("ko", "en")


def main() -> None:
    """The command."""
    reader = LaterReader.load()
    told = {
        language: [(kind, reader.read(text)) for author in written(language, LATER_APART, KINDS) for kind, text in author]
        for language in LANGUAGES
    }
    print("| what | ko | en |\n| --- | --- | --- |")
    clear = {one: [(kind, turn.kind) for kind, turn in told[one] if turn.probability >= CLEAR] for one in LANGUAGES}
    print(f"| right | {' | '.join(f'{sum(k == t.kind for k, t in told[one]) / len(told[one]):.3f}' for one in LANGUAGES)} |")
    print(f"| told clearly | {' | '.join(f'{len(clear[one]) / len(told[one]):.3f}' for one in LANGUAGES)} |")
    right = [sum(meant == kind for meant, kind in clear[one]) / len(clear[one]) for one in LANGUAGES]
    print(f"| right, of those | {' | '.join(f'{share:.3f}' for share in right)} |")
    for kind in KINDS[:-1]:
        own = [[turn.kind for meant, turn in told[one] if meant == kind] for one in LANGUAGES]
        print(f"| `{kind}` found | {' | '.join(f'{one.count(kind) / len(one):.3f}' for one in own)} |")


if __name__ == "__main__":
    main()
