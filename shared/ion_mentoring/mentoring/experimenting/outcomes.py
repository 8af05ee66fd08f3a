"""The outcomes of a phase by arm and tone: from the ratings that people gave, and from the sums of its answers."""

from collections.abc import Iterable
from datetime import UTC
from typing import Final

from msgspec import Struct, field

from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.experiments.metrics import Metric
from ion_mentoring.experiments.sequence import Sample, of_ratios, of_sums
from ion_mentoring.experiments.verdict import Samples
from ion_mentoring.mentoring.recommending.tallies import evidence
from ion_mentoring.records.experiments.protocol import ArmSums
from ion_mentoring.records.feedback.protocol import Rating, Ratings

PAGE: Final = 500
MICRO: Final = 1e6
LAYERS: Final = ("L1", "L2", "made")
SUMMED: Final = ("ms", "ms2", "usd", "usd2")

Pairs = dict[str, tuple[float, float]]  # by person: what counts, of how many


class RatedArm(Struct):
    """The ratings of an arm at a tone, by person."""

    helpful: Pairs = field(default_factory=dict)
    down: Pairs = field(default_factory=dict)

    def add(self, owner: str, rating: Rating) -> None:
        """Adds a rating."""
        ups, weight = evidence(rating)
        self.helpful[owner] = _plus(self.helpful.get(owner), ups, weight)
        if rating.verdict is not None:
            self.down[owner] = _plus(self.down.get(owner), rating.verdict == "down", 1)


class Outcomes(Struct):
    """All that is known of a phase."""

    rated: dict[tuple[str, str], RatedArm] = field(default_factory=dict)
    sums: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def add(self, experiment: Experiment, owner: str, rating: Rating) -> None:
        """Adds what a person thought of an answer, if an arm of the experiment's phase had a part in it."""
        if rating.answer is None or not evidence(rating).weight:
            return
        for met in rating.answer.exposures:
            if (met.experiment, met.phase) == (experiment.id, experiment.phase):
                self.rated.setdefault((met.arm, rating.answer.tone), RatedArm()).add(owner, rating)

    def people(self) -> dict[str, int]:
        """The people who met each arm."""
        return self._total("people")

    def answers(self) -> dict[str, dict[str, int]]:
        """The answers of each arm by the layer of the cache they came from; `made` came from none."""
        by_layer = {layer: self._total(layer) for layer in LAYERS}
        arms = {arm for arm, _ in self.sums}
        return {arm: {layer: by_layer[layer].get(arm, 0) for layer in LAYERS} for arm in sorted(arms)}

    def samples(self, experiment: Experiment) -> Samples:
        """The samples of every metric, by arm."""
        found: dict[Metric, dict[str, Sample]] = {}
        for arm in experiment.arms:
            for metric, sample in self._of_arm(arm.id).items():
                found.setdefault(metric, {})[arm.id] = sample
        return found

    def by_tone(self, arm: str) -> dict[str, Sample]:
        """The sample of helpful answers of an arm, by tone."""
        return {tone: of_ratios(list(one.helpful.values())) for (name, tone), one in self.rated.items() if name == arm}

    def _of_arm(self, arm: str) -> dict[Metric, Sample]:
        helpful, down = _joined(one.helpful for one in self._rated(arm)), _joined(one.down for one in self._rated(arm))
        cell = {name: self._total(name).get(arm, 0) for name in ("answers", "errors", "filtered", "unsafe", *SUMMED)}
        answers, bad = cell["answers"], cell["filtered"] + cell["unsafe"]
        asked = answers + cell["errors"]
        return {
            "helpful": of_ratios(list(helpful.values())),
            "down": of_ratios(list(down.values())),
            "danger": of_sums(answers, bad, bad),
            "errors": of_sums(asked, cell["errors"], cell["errors"]),
            "latency_ms": of_sums(answers, cell["ms"], cell["ms2"]),
            "cost_usd": of_sums(answers, cell["usd"] / MICRO, cell["usd2"] / MICRO**2),
        }

    def _rated(self, arm: str) -> list[RatedArm]:
        return [one for (name, _), one in self.rated.items() if name == arm]

    def _total(self, name: str) -> dict[str, int]:
        total: dict[str, int] = {}
        for (arm, _), cell in self.sums.items():
            total[arm] = total.get(arm, 0) + cell.get(name, 0)
        return total


class ReadOutcomes(Struct, frozen=True):
    """Reads outcomes; the list of all ratings is gone through once."""

    ratings: Ratings
    sums: ArmSums

    async def __call__(self, experiment: Experiment) -> Outcomes:
        """The outcomes of the experiment's phase."""
        outcomes = await self.summed(experiment)
        began = experiment.started_at
        place = began.astimezone(UTC).isoformat(timespec="microseconds") if began else ""
        while page := await self.ratings.page(place, PAGE):
            for one in page:
                outcomes.add(experiment, one.owner, one.rating)
            place = page[-1].place
        return outcomes

    async def summed(self, experiment: Experiment) -> Outcomes:
        """The same without what people said, which is quick."""
        return Outcomes(sums=await self.sums.read(experiment.id, experiment.phase))


def _plus(before: tuple[float, float] | None, counts: float, weight: float) -> tuple[float, float]:
    known = before or (0.0, 0.0)
    return known[0] + counts, known[1] + weight


def _joined(parts: Iterable[Pairs]) -> Pairs:
    """The sums of each person over several parts."""
    whole: Pairs = {}
    for part in parts:
        for owner, (counts, weight) in part.items():
            whole[owner] = _plus(whole.get(owner), counts, weight)
    return whole
