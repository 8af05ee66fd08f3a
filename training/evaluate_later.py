"""`python -m training.evaluate_later`: how well turns after a sign of danger are told, on turns kept apart."""

from collections.abc import Mapping, Sequence
from typing import Final

from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.danger import KINDS as KINDS_OF_DANGER
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.following import CLEAR, Following
from ion_mentoring.understanding.safety.later.reader import ALL, KINDS, OF_HELPERS
from training.turn_corpus import LATER_APART, MATTERS_APART, written

LANGUAGES: Final = ("ko", "en")

Told = Mapping[str, Sequence[tuple[str, str | None]]]  # by language: the kind that was meant, and the one that was told


def row(what: str, shares: Sequence[float]) -> str:
    """A row of the table."""
    return f"| {what} | {' | '.join(f'{share:.3f}' for share in shares)} |"


def found(told: Told, kinds: Sequence[str]) -> list[str]:
    """A row a kind: the share of its turns that are told as it."""
    of_kind = {kind: [[got for meant, got in told[one] if meant == kind] for one in LANGUAGES] for kind in kinds}
    return [
        row(f"`{kind}` found", [own.count(kind) / len(own) for own in several])
        for kind, several in of_kind.items()
        if all(several)
    ]


def right(told: Told) -> list[float]:
    """The share of what was told that is right, by language."""
    several = [[meant == got for meant, got in told[one] if got is not None] for one in LANGUAGES]
    return [sum(own) / len(own) for own in several]


def danger_of(following: Following, matter: str) -> Danger:
    """A danger in whose conversation the matter can be said: the first that has a text for it."""
    if matter in OF_HELPERS:
        return Danger("suicide", sure=True, other=True)
    some = [Danger(kind, sure=True) for kind in KINDS_OF_DANGER]
    return next((one for one in some if matter in following.answers.matters_of(one)), some[0])


def taken_up(following: Following, meant: str, text: str) -> str | None:
    """The matter that is taken up in such a conversation, else the kind where it is clear."""
    kind = following.kind(text)
    return following.matter(text, kind, danger_of(following, meant)) or kind


def main() -> None:
    """The command."""
    following = SafetyCourse.load().past.following
    apart = {one: [pair for author in written(one, LATER_APART, ALL) for pair in author] for one in LANGUAGES}
    read = {one: [(kind, following.kinds.read(text)) for kind, text in apart[one]] for one in LANGUAGES}
    likeliest: Told = {one: [(kind, turn.kind) for kind, turn in read[one]] for one in LANGUAGES}
    clear: Told = {
        one: [(kind, turn.kind if turn.probability >= CLEAR else None) for kind, turn in read[one]] for one in LANGUAGES
    }
    print("| what | ko | en |\n| --- | --- | --- |")
    print(row("the likeliest kind is right", right(likeliest)))
    print(row("told clearly", [sum(got is not None for _, got in clear[one]) / len(clear[one]) for one in LANGUAGES]))
    print(row("right, of those", right(clear)))
    print("\n".join(found(likeliest, KINDS[:-1])))
    of_matters = {one: [pair for author in written(one, MATTERS_APART, ALL) for pair in author] for one in LANGUAGES}
    taken: Told = {one: [(kind, taken_up(following, kind, text)) for kind, text in of_matters[one]] for one in LANGUAGES}
    print("\nTurns by what they are about:\n\n| what | ko | en |\n| --- | --- | --- |")
    print(
        row("taken up, or told clearly", [sum(got is not None for _, got in taken[one]) / len(taken[one]) for one in LANGUAGES])
    )
    print(row("right, of those", right(taken)))
    print("\n".join(found(taken, ALL)))


if __name__ == "__main__":
    main()
