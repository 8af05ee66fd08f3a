"""The values of an answer by several mentors: the parts, and how they become one."""

from collections.abc import Iterable, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import MentoringError, PersonaUnavailable
from ion_mentoring.mentoring.answering.repetition import Said, unrepeated
from ion_mentoring.mentoring.answering.stage import nothing_new
from ion_mentoring.mentoring.answering.values import Answer, CacheAddress
from ion_mentoring.personas.card import Card
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.usage.meter import Usage


class Part(Struct, frozen=True):
    """One mentor's part: its answer, or the error that kept it from answering."""

    card: Card
    answer: Answer | None = None
    error: MentoringError | None = None

    def cared_for(self, care: str | None) -> "Part":
        """The same, with the danger for which the whole got a caring question."""
        return replace(self, answer=replace(self.answer, care=care)) if self.answer and care else self


class JointAnswer(Struct, frozen=True):
    """The merged answer, and its parts in the order in which the mentors spoke."""

    whole: Answer
    parts: tuple[Part, ...]

    @property
    def spoke(self) -> tuple[Card, ...]:
        """Those who answered."""
        return tuple(part.card for part in self.parts if part.answer)


def merged(found: Sequence[Part], usage: Usage, cost: Cost) -> tuple[Answer, tuple[Part, ...]]:
    """One answer of what was found, for which all that was spent is told; the first error if nobody has answered."""
    parts = _without_repetition(found)
    answers = [part.answer for part in parts if part.answer]
    if not answers:
        raise next((part.error for part in parts if part.error), PersonaUnavailable("nobody answered"))
    layers, first = [one.cache_layer for one in answers], answers[0]
    whole = replace(
        first,
        content="\n\n".join(map(_under_its_name, answers)),
        model=", ".join(_once(one.model for one in answers)),
        usage=usage,
        cost=cost,
        topics=_once(chain.from_iterable(one.topics for one in answers)),
        offered=_once(chain.from_iterable(one.offered for one in answers)),
        plan=(),
        degraded=_once(chain.from_iterable(map(_degraded, parts))),
        cut_short=any(one.cut_short for one in answers),
        filtered=any(one.filtered for one in answers),
        cache_layer=None if None in layers else max(filter(None, layers)),
        stale=any(one.stale for one in answers),
        address=_addresses(answers),
    )
    return whole, parts


def _without_repetition(found: Sequence[Part]) -> tuple[Part, ...]:
    said, parts = Said(), []
    for part in found:
        if part.answer is None:
            parts.append(part)
            continue
        new = unrepeated(part.answer.content, said) or nothing_new(part.card, part.answer.decision.language)
        said.add(part.answer.content)
        parts.append(replace(part, answer=replace(part.answer, content=new)))
    return tuple(parts)


def _under_its_name(answer: Answer) -> str:
    return f"{answer.persona.emoji} {answer.persona.name.in_(answer.language)}\n{answer.content}"


def _degraded(part: Part) -> tuple[str, ...]:
    """The names of what was missing or replaced for a part; a persona's with its own."""
    degraded = part.answer.degraded if part.answer else ("persona",)
    return tuple(f"persona:{part.card.id}" if name == "persona" else name for name in degraded)


def _addresses(answers: Sequence[Answer]) -> CacheAddress | None:
    """The addresses of all, as one that nothing lies at."""
    known = [one.address for one in answers if one.address]
    return CacheAddress("+".join(address.key for address in known), known[0].scope) if known else None


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
