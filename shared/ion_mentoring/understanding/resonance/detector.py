"""From free text to a resonance key, with a confidence for each part and what speaks for it.

Words of a lexicon, the rhythm and hashed n-grams are the features of a learned model of each part. A part that nothing tells
clearly is unknown: the key has its default there, with confidence 0, and the distribution says what it may be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.remembered import Remembered
from ion_mentoring.understanding.resonance.clues import Clues
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY, Intent, KeyPart, Pace, ResonanceKey, Tone
from ion_mentoring.understanding.resonance.learned import NO_READING, NOTHING, LearnedParts, Reading
from ion_mentoring.understanding.resonance.lexicon import Feature

SAD: Final = "sad"  # what the model of tones calls sadness of any kind, which none of the nine is
SADNESS: Final = "sadness"  # the feeling of a sad text whose words name none
SURELY_SAD: Final = 0.45  # the confidence from which a text is told to be sad that does not say so
HOW: Final[tuple[KeyPart, ...]] = ("tone", "pace")  # the parts that tell how somebody feels


@dataclass(frozen=True, slots=True)
class Confidence:
    """The confidence of each part, in [0, 1]; 0 means that it is unknown."""

    tone: float
    pace: float
    intent: float


Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Distribution:
    """The probability of each value, by part; what is missing to 1 is that nothing tells. Sadness counts as anxious."""

    tone: Shares
    pace: Shares
    intent: Shares


@dataclass(frozen=True, slots=True)
class Detection:
    """The detected key of a text. A `feeling` without a tone of its own is read as anxious and named here."""

    key: ResonanceKey
    confidence: Confidence
    features: tuple[Feature, ...]
    feeling: str | None
    language: str
    distribution: Distribution

    @property
    def unknown(self) -> tuple[KeyPart, ...]:
        """The parts that nothing tells clearly."""
        confidence = self.confidence
        return tuple(part for part in self.key.parts if getattr(confidence, part) == 0)


class Detector:
    """Reads keys with a lexicon and a model for each language; a language without them is read with the English ones."""

    def __init__(self, clues: Clues, learned: LearnedParts) -> None:
        self._clues = clues
        self._learned = learned
        self._known: Remembered[Detection] = Remembered()

    @staticmethod
    def load() -> "Detector":
        """The detector with the product's data."""
        return Detector(Clues.load(), LearnedParts())

    def detect(self, text: str, language: str | None = None, *, tone: bool = True) -> Detection:
        """The key of a text; calm, medium and learning, with confidence 0, where nothing tells.

        Without `tone` what somebody wants is read alone: neither tone nor pace, which tell how they feel, nor a feeling.
        """
        spoken = language or language_of(text)
        return self._known.of(f"{spoken} {tone} {text}", lambda: self._detected(text, spoken, tone=tone))

    def _detected(self, text: str, language: str, *, tone: bool) -> Detection:
        features, hashes = self._clues.of(text, language)
        models = self._learned.of(language)
        said, pace = (models[part].read(hashes) for part in HOW) if tone else (NO_READING, NO_READING)
        intent = models["intent"].read(hashes)
        if not any(char.isalpha() for char in text):
            pace = intent = NO_READING
        sad = said.value == SAD
        key = ResonanceKey(
            Tone(Tone.ANXIOUS if sad else said.value or DEFAULT_KEY.tone),
            Pace(pace.value or DEFAULT_KEY.pace),
            Intent(intent.value or DEFAULT_KEY.intent),
        )
        named = _strongest(features, "feeling") if sad or key.tone is Tone.ANXIOUS else None
        feeling = named or (SADNESS if sad and said.confidence >= SURELY_SAD else None)
        chosen = {"tone": said.value and key.tone, "pace": pace.value, "intent": intent.value, "feeling": feeling}
        return Detection(
            key=key,
            confidence=Confidence(*(round(one.confidence, 3) for one in (said, pace, intent))),
            features=tuple(feature for feature in features if chosen[feature.part] == feature.value),
            feeling=feeling,
            language=language,
            distribution=Distribution(_shares(said), _shares(pace), _shares(intent)),
        )


def _shares(reading: Reading) -> Shares:
    shares = {value: share for value, share in reading.distribution.items() if value not in (NOTHING, SAD)}
    if SAD in reading.distribution:
        shares[Tone.ANXIOUS] += reading.distribution[SAD]
    return shares


def _strongest(features: Iterable[Feature], part: str) -> str | None:
    totals: dict[str, float] = {}
    for feature in features:
        if feature.part == part:
            totals[feature.value] = totals.get(feature.value, 0.0) + feature.weight
    return max(totals, key=lambda value: totals[value]) if totals else None
