"""From free text to a resonance key, by words and rhythm, with a confidence for each part and what decided it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY, Intent, Pace, ResonanceKey, Tone
from ion_mentoring.understanding.resonance.lexicon import Feature, Lexica, Measure
from ion_mentoring.understanding.resonance.rhythm import Rhythm, rhythm_of

DOUBT: Final = 1.0  # evidence that speaks for nothing: one word alone convinces by half
FEELING_COUNTS: Final = 1.2  # a feeling without a tone of its own against one frustrated or playful word
MIXED_MARKS: Final = 0.6
SENTENCES_OF_A_STORY: Final = 4  # slow sentences' worth of words that make a considered text of any rhythm


@dataclass(frozen=True, slots=True)
class Confidence:
    """The confidence of each part, in [0, 1]; 0 means that it is the default."""

    tone: float
    pace: float
    intent: float


@dataclass(frozen=True, slots=True)
class Detection:
    """The detected key of a text. A `feeling` without a tone of its own is read as anxious and named here."""

    key: ResonanceKey
    confidence: Confidence
    features: tuple[Feature, ...]
    feeling: str | None
    language: str


class Detector:
    """Reads keys with a lexicon for each language; a language without one is read with the English one and by rhythm."""

    def __init__(self, lexica: Lexica) -> None:
        self._lexica = lexica

    @staticmethod
    def load() -> "Detector":
        """The detector with the product's lexica."""
        return Detector(Lexica())

    def detect(self, text: str, language: str | None = None) -> Detection:
        """The key of a text; calm, medium and learning where nothing tells."""
        language = language or language_of(text)
        lexicon = self._lexica.of(language)
        features = [*lexicon.features(text), *_rhythm_features(rhythm_of(text), lexicon.measure)]
        feeling, weight = _strongest(features, "feeling")
        if feeling:
            features.append(Feature("tone", Tone.ANXIOUS.value, f"feeling:{feeling}", weight * FEELING_COUNTS))
        tone, tone_confidence = _decided(features, "tone", DEFAULT_KEY.tone.value)
        pace, pace_confidence = _decided(features, "pace", DEFAULT_KEY.pace.value)
        intent, intent_confidence = _decided(features, "intent", DEFAULT_KEY.intent.value)
        chosen = {"tone": tone, "pace": pace, "intent": intent, "feeling": feeling}
        return Detection(
            key=ResonanceKey(Tone(tone), Pace(pace), Intent(intent)),
            confidence=Confidence(tone_confidence, pace_confidence, intent_confidence),
            features=tuple(feature for feature in features if chosen[feature.part] == feature.value),
            feeling=feeling if tone == Tone.ANXIOUS else None,
            language=language,
        )


def _rhythm_features(rhythm: Rhythm, measure: Measure) -> Iterator[Feature]:
    """The features of the rhythm. A very short text is not hasty by itself; haste takes marks as well."""
    marks = rhythm.repeated + (rhythm.exclamation_share >= 0.5)
    short = rhythm.words_a_sentence < measure.burst_below
    slow = rhythm.words_a_sentence >= measure.slow_from
    if short and (rhythm.sentences > 2 or marks) and rhythm.words:
        yield Feature("pace", Pace.BURST.value, "rhythm:short_sentences", 1.0 + marks)
    elif marks > 1:
        yield Feature("pace", Pace.BURST.value, "rhythm:repeated_marks", 1.0)
    if slow or rhythm.words >= SENTENCES_OF_A_STORY * measure.slow_from:
        yield Feature("pace", Pace.CONTEMPLATIVE.value, "rhythm:long_sentences", 1.5)
    elif rhythm.sentences > 2 and not short:
        yield Feature("pace", Pace.FLOWING.value, "rhythm:several_sentences", 1.0)
    if rhythm.question_share > 0:
        yield Feature("intent", Intent.LEARNING.value, "rhythm:question", 0.25)
    if rhythm.repeated and rhythm.question_share and rhythm.exclamation_share:
        yield Feature("tone", Tone.FRUSTRATED.value, "rhythm:mixed_marks", MIXED_MARKS)


def _strongest(features: Iterable[Feature], part: str) -> tuple[str | None, float]:
    totals = _totals(features, part)
    if not totals:
        return None, 0.0
    best = max(totals, key=lambda value: totals[value])
    return best, totals[best]


def _decided(features: Iterable[Feature], part: str, default: str) -> tuple[str, float]:
    """The value that most speaks for, and the share of its evidence in all there is, doubt included."""
    totals = _totals(features, part)
    if not totals:
        return default, 0.0
    best = max(totals, key=lambda value: totals[value])
    return best, round(totals[best] / (sum(totals.values()) + DOUBT), 3)


def _totals(features: Iterable[Feature], part: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for feature in features:
        if feature.part == part:
            totals[feature.value] += feature.weight
    return totals
