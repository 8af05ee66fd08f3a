"""The clues of a text to how it is said: words of a lexicon and its rhythm, by name, and its n-grams, hashed with them."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone
from ion_mentoring.understanding.resonance.lexicon import Feature, Lexica, Measure
from ion_mentoring.understanding.resonance.rhythm import Rhythm, rhythm_of

STRONG: Final = 2.0  # the weight from which a word of the lexicon says much
MIXED_MARKS: Final = 0.6
SENTENCES_OF_A_STORY: Final = 4  # slow sentences' worth of words that make a considered text of any rhythm
MOST_COUNTED: Final = 6  # of a count that is a feature


class Clues(Struct, frozen=True):
    """Finds the clues of texts in any language; one without a lexicon is read with the English one."""

    lexica: Lexica

    @staticmethod
    def load() -> "Clues":
        """The clues with the product's lexica."""
        return Clues(Lexica())

    def of(self, text: str, language: str) -> tuple[list[Feature], list[int]]:
        """The features that people can be told of, and the hashes that the models are learned from."""
        lexicon, rhythm = self.lexica.of(language), rhythm_of(text)
        features = [*lexicon.features(text), *_rhythm_features(rhythm, lexicon.measure)]
        return features, hashed_ngrams(text, (*_named(features), *_counted(rhythm)))


def _named(features: Iterable[Feature]) -> Iterator[str]:
    """The values that words speak for, each by name, and by another one where they say much."""
    for feature in features:
        yield f"{feature.part}:{feature.value}"
        if feature.weight >= STRONG:
            yield f"{feature.part}:{feature.value}:strong"


def _counted(rhythm: Rhythm) -> Iterator[str]:
    """The rhythm in steps, each by name."""
    yield f"words:{min(int(rhythm.words**0.5), MOST_COUNTED)}"
    yield f"sentences:{min(rhythm.sentences, MOST_COUNTED)}"
    yield f"words a sentence:{min(int(rhythm.words_a_sentence / 3), MOST_COUNTED)}"
    yield f"repeated:{min(rhythm.repeated, MOST_COUNTED)}"
    yield f"questions:{round(2 * rhythm.question_share)}"
    yield f"exclamations:{round(2 * rhythm.exclamation_share)}"


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
