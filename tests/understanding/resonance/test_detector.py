"""How a text speaks is read in both languages, with reasons, and nothing is made up where nothing tells."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.resources import paths, read_toml
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY, Intent, Pace, Tone

DETECTOR = Detector.load()
with (Path(__file__).parent / "examples.tsv").open(encoding="utf-8", newline="") as lines:
    EXAMPLES = [tuple(row) for row in csv.reader(lines, delimiter="\t")][1:]
MISREAD = {"tone": 0.15, "pace": 0.15, "intent": 0.3}  # shares in [0, 1], as measured on messages kept apart
TERMS = {
    term.strip("|")
    for path in paths("ion_mentoring/understanding/resonance/lexicon/*.toml")
    for part in ("tone", "pace", "intent", "feeling")
    for groups in read_toml(path)[part].values()
    for group in groups
    for term in group["terms"]
}


@pytest.mark.parametrize("part", ["tone", "pace", "intent"])
def test_plain_examples_read_as_people_read_them(part: str) -> None:
    own = [(value, text) for name, value, text in EXAMPLES if name == part]
    wrong = [(value, str(getattr(DETECTOR.detect(text).key, part)), text) for value, text in own]
    wrong = [row for row in wrong if row[0] != row[1]]
    assert len(wrong) <= len(own) * MISREAD[part], wrong


def test_every_value_is_reached_in_both_languages() -> None:
    reached = {(part, value, language_of(text)) for part, value, text in EXAMPLES}
    for part, values in (("tone", Tone), ("pace", Pace), ("intent", Intent)):
        for value in values:
            for language in ("ko", "en"):
                assert (part, value.value, language) in reached, (part, value.value, language)


@pytest.mark.parametrize("text", ["12시에 회의실로 가겠습니다", "The file is on the table", "안녕하세요", "hi", "ok", "월요일"])
def test_where_nothing_tells_no_tone_and_no_intent_is_read(text: str) -> None:
    detection = DETECTOR.detect(text)
    assert {"tone", "intent"} <= {*detection.unknown}
    assert (detection.key.tone, detection.key.intent) == (DEFAULT_KEY.tone, DEFAULT_KEY.intent)
    assert detection.feeling is None


@pytest.mark.parametrize("text", ["...", "1234", "😀", "?", "", " "])
def test_a_text_without_words_has_no_pace_and_no_intent(text: str) -> None:
    detection = DETECTOR.detect(text)
    assert {"pace", "intent"} <= {*detection.unknown}
    assert (detection.distribution.pace, detection.distribution.intent) == ({}, {})


def test_what_is_unknown_and_what_is_known_add_up() -> None:
    shares = DETECTOR.detect("How do I tell my boss that I am leaving?").distribution
    for own in (shares.tone, shares.pace, shares.intent):
        assert all(0 <= share <= 1 for share in own.values())
        assert 0 < sum(own.values()) <= 1.000001


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


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_any_text_is_read_and_its_reasons_are_ours(text: str) -> None:
    detection = DETECTOR.detect(text)
    for feature in detection.features:
        assert feature.name in TERMS or feature.name.startswith(("rhythm:", "feeling:"))
        assert feature.weight > 0


def test_another_language_is_read_by_rhythm_and_the_english_words() -> None:
    detection = DETECTOR.detect("Ayúdame!! ahora!! rápido!!", "es")
    assert (detection.language, detection.key.pace) == ("es", Pace.BURST)


def test_a_language_that_is_given_is_taken_and_not_looked_for() -> None:
    assert DETECTOR.detect("I am worried", "ko").key.tone is Tone.CALM
    assert DETECTOR.detect("I am worried", "en").key.tone is Tone.ANXIOUS


def test_mixed_and_repeated_marks_are_an_angry_burst() -> None:
    key = DETECTOR.detect("The build?!! Broken again?!! ").key
    assert (key.tone, key.pace) == (Tone.FRUSTRATED, Pace.BURST)


def test_repeated_marks_hurry_a_sentence_that_is_not_short() -> None:
    assert DETECTOR.detect("the table was moved over to the other side of it!! again!! ").key.pace is Pace.BURST


def test_long_sentences_are_slow_and_a_story_flows() -> None:
    slow = (
        "the longer I think about it, the less I am able to say whether it was the work that wore me out, or the way I did it"
    )
    story = (
        "First we moved to another floor in May, and then the boss changed, so I took over her list, and then two people left."
    )
    assert DETECTOR.detect(slow).key.pace is Pace.CONTEMPLATIVE
    assert DETECTOR.detect(story).key.pace is Pace.FLOWING


def test_more_words_for_it_make_likelier() -> None:
    once, twice = DETECTOR.detect("I am unsure"), DETECTOR.detect("I am unsure, nervous and afraid")
    assert once.distribution.tone["anxious"] < twice.distribution.tone["anxious"] < 1


@pytest.mark.parametrize("text", ["ㅋㅋㅋ", "ㅎㅎ", "아 ㅋㅋ 그래", "lol", "😂"])
def test_laughter_is_playful(text: str) -> None:
    assert DETECTOR.detect(text).key.tone is Tone.PLAYFUL


@pytest.mark.parametrize("text", ["ㅠㅠ", "ㅜㅜㅜ", "😭", ":("])
def test_tears_are_sadness(text: str) -> None:
    assert DETECTOR.detect(text).feeling == "sadness"


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("불\u200b안해요", Tone.ANXIOUS),
        ("wor\u200dried", Tone.ANXIOUS),
        ("\u202eI am worried\u202c", Tone.ANXIOUS),
        ("I\x00 am\x00 worried", Tone.ANXIOUS),
        ("Ｉ ａｍ ｗｏｒｒｉｅｄ", Tone.ANXIOUS),
        ("w̶o̶r̶r̶i̶e̶d̶", Tone.ANXIOUS),
        (unicodedata.normalize("NFD", "불안해요"), Tone.ANXIOUS),
        ("I don’t understand", Tone.CONFUSED),
    ],
)
def test_what_cannot_be_seen_hides_no_word(text: str, tone: Tone) -> None:
    assert DETECTOR.detect(text).key.tone is tone


@pytest.mark.parametrize("part", ["~", "ㅋ", "\u200b", "?!", "\n", "ﷺ", "안 ", "not ", "불안", "worried ", "🙂", "'"])
def test_4000_characters_of_anything_are_read(part: str) -> None:
    detection = DETECTOR.detect((part * 4000)[:3999] + "x")
    assert 0 <= detection.confidence.tone <= 1


def test_wanting_to_see_something_is_no_grief() -> None:
    assert DETECTOR.detect("지난달 수치를 보고 싶어요").feeling is None
    assert DETECTOR.detect("할머니가 너무 보고 싶어요").feeling == "grief"
