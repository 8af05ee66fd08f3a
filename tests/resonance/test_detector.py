"""How a text speaks is read in both languages, with reasons, and nothing is made up where nothing tells."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.resonance.detector import Detector
from ion_mentoring.resonance.key import DEFAULT_KEY, Intent, Pace, Tone
from ion_mentoring.resonance.language import language_of
from ion_mentoring.resources import paths, read_toml

DETECTOR = Detector.load()
with (Path(__file__).parent / "examples.tsv").open(encoding="utf-8", newline="") as lines:
    EXAMPLES = [tuple(row) for row in csv.reader(lines, delimiter="\t")][1:]
TERMS = {
    term
    for path in paths("ion_mentoring/resonance/lexicon/*.toml")
    for part in ("tone", "pace", "intent", "feeling")
    for entry in read_toml(path)[part].values()
    for term in entry["terms"]
}


@pytest.mark.parametrize(("part", "value", "text"), EXAMPLES)
def test_an_example_reads_as_people_read_it(part: str, value: str, text: str) -> None:
    detection = DETECTOR.detect(text)
    assert getattr(detection.key, part) == value
    assert 0 < getattr(detection.confidence, part) <= 1


def test_every_value_is_reached_in_both_languages() -> None:
    reached = {(part, value, language_of(text)) for part, value, text in EXAMPLES}
    for part, values in (("tone", Tone), ("pace", Pace), ("intent", Intent)):
        for value in values:
            for language in ("ko", "en"):
                if value is not Pace.MEDIUM:  # what is neither fast nor slow, and has no words of its own
                    assert (part, value.value, language) in reached, (part, value.value, language)


@pytest.mark.parametrize("text", ["12시에 회의실로 가겠습니다", "The file is on the table", "...", "1234", "😀"])
def test_where_nothing_tells_the_default_is_read_with_no_confidence(text: str) -> None:
    detection = DETECTOR.detect(text)
    assert detection.key == DEFAULT_KEY
    assert detection.confidence.tone == 0
    assert detection.feeling is None


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("요즘 너무 외로워요", "loneliness"),
        ("할머니가 돌아가셨어요", "grief"),
        ("제 잘못인 것 같아 죄책감이 들어요", "guilt"),
        ("너무 창피하고 부끄러워요", "shame"),
        ("자꾸 눈물이 나고 우울해요", "sadness"),
        ("I feel so lonely here", "loneliness"),
        ("my grandfather passed away", "grief"),
        ("it was my fault and I feel guilty", "guilt"),
        ("I am so ashamed and embarrassed", "shame"),
        ("I cried all night, so sad", "sadness"),
    ],
)
def test_a_feeling_without_a_tone_is_anxious_and_named(text: str, feeling: str) -> None:
    detection = DETECTOR.detect(text)
    assert (detection.key.tone, detection.feeling) == (Tone.ANXIOUS, feeling)


@pytest.mark.parametrize("text", ["안 불안해", "I'm not worried at all", "I am not really angry", "별로 걱정 안 해"])
def test_what_is_negated_does_not_count(text: str) -> None:
    assert DETECTOR.detect(text).key.tone not in (Tone.ANXIOUS, Tone.FRUSTRATED)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_and_its_reasons_are_ours(text: str) -> None:
    detection = DETECTOR.detect(text)
    for feature in detection.features:
        assert feature.name in TERMS or feature.name.startswith(("rhythm:", "feeling:"))
        assert feature.weight > 0


def test_another_language_is_read_by_rhythm_and_the_english_words() -> None:
    detection = DETECTOR.detect("Ayúdame!! ahora!! rápido!!", "es")
    assert (detection.language, detection.key.pace) == ("es", Pace.BURST)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("안녕", "ko"),
        ("이 API의 latency가 높아요", "ko"),
        ("deploy가 fail 나요 CI pipeline", "ko"),
        ("おはよう世界", "ja"),
        ("你好世界", "zh"),
        ("привет", "ru"),
        ("مرحبا", "ar"),
        ("", "en"),
        ("12 34 !?", "en"),
        ("😀😀", "en"),
        ("café", "en"),
        ("ⵣⵣⵣ", "en"),
    ],
)
def test_a_language_is_told_by_its_script(text: str, language: str) -> None:
    assert language_of(text) == language
