"""A child is spoken to in informal Korean in every text, and what is quoted for others stays polite."""

import re
from collections.abc import Iterator

import pytest

from ion_mentoring.understanding.safety.danger import KINDS, SETTINGS, Danger, Kind
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.informal import Informal
from ion_mentoring.understanding.safety.later.reader import ALL
from ion_mentoring.understanding.safety.replies import SafetyReply
from ion_mentoring.understanding.safety.urgent.kinds import ORDER
from tests.understanding.safety.test_later import COURSE, talk

ANSWERS, INFORMAL, KO = COURSE.answers, Informal.load(), Listener("ko")
POLITE = re.compile(r"(?:요|니다|세요|까요|죠|나요)[.?!,]|(?<![가-힣])(?:저는|제가|저에게|본인)")
ASKED = (
    "이름 말해야 돼요?",
    "돈 얼마나 들어요?",
    "통화 기록 남나요?",
    "강제 입원시키나요?",
    "구급차가 오면 어떻게 해요?",
    "누구한테 신고해요?",
    "접근금지 돼요?",
    "말해도 될까요?",
    "cctv 볼 수 있어요?",
    "옷은 어떻게 해요?",
    "이 대화 누가 봐요?",
    "짐 뭐 챙겨요?",
    "대신 전화해 줄 수 있어요?",
)


def _bare(text: str) -> str:
    return re.sub(r"“[^”]*”|\([^)]*\)", "", text)


def _texts(danger: Danger, to: Listener) -> Iterator[str]:
    yield ANSWERS.first(danger, to)
    yield from ANSWERS.following(danger, to)
    yield from ANSWERS.safe(danger, to)
    for kind in ALL:
        yield from ANSWERS.later(kind, danger, to)
    for asked in ASKED:
        yield from ANSWERS.asked_for(asked, danger, to)
    for emergency in ORDER:
        yield from ANSWERS.filled(COURSE.at_once.urgency.emergencies.texts(emergency, "ko"), danger, to)
        yield COURSE.at_once.urgency.done(emergency, danger, to)
    yield from (ANSWERS.back(danger, to), ANSWERS.without_voice(danger, to), ANSWERS.misheard(danger, to))
    yield from (ANSWERS.spent(danger, to), ANSWERS.corrected(danger, to), ANSWERS.called_out(danger, to))
    yield from (ANSWERS.question(danger, to), ANSWERS.asked_again(danger, to))


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_for_a_child_is_polite(kind: Kind) -> None:
    for setting in (None, *SETTINGS):
        for danger in (Danger(kind, True, minor=True), Danger(kind, True, other=True)):
            for text in _texts(danger, Listener("ko", None, setting, child=True)):
                assert not POLITE.search(_bare(text)), text


@pytest.mark.parametrize(
    "texts",
    [
        ["저 중2인데 죽고 싶어요", "약 모아놨어", "옥상이야", "나왔어", "엄마가 왔어", "근데 또 무서워", "고마워"],
        ["나 12살인데 아빠가 때려요", "방에 있어요", "문 두드려요", "목을 졸렸어요", "전화 못해요", "됐어 상담 싫어", "안녕"],
        ["저 초6인데 친구가 죽고 싶대요", "어떻게 말해요?", "전화해도 돼요?", "고마워요"],
    ],
)
def test_a_child_hears_it_so_through_the_whole_conversation(texts: list[str]) -> None:
    for step in talk(texts, KO):
        said = step.text if isinstance(step, SafetyReply) else step.opening if step else ""
        assert not POLITE.search(_bare(said)), said


def test_a_grown_up_goes_on_to_be_spoken_to_politely() -> None:
    for step in talk(["남편이 때려요", "이름 말해야 돼요?"], KO):
        assert isinstance(step, SafetyReply)
        assert re.search(r"요[.?]", step.text)


@pytest.mark.parametrize(
    ("polite", "informal"),
    [
        ("네, 전화해도 돼요.", "응, 전화해도 돼."),
        ("저는 AI예요. 제가 갈 수는 없어요.", "나는 AI야. 내가 갈 수는 없어."),
        ("지금 다친 데가 있나요?", "지금 다친 데가 있니?"),
        ("“도와주세요”라고 말하세요.", "“도와주세요”라고 말해."),
        ("언제 마주치는 거예요, 거기는 안전한가요?", "언제 마주치는 거야, 거기는 안전하니?"),
        ("{ambulance}예요.", "{ambulance}야."),
        ("도움이 필요한 때야.", "도움이 필요한 때야."),
    ],
)
def test_endings_and_pronouns_change_and_quoted_words_do_not(polite: str, informal: str) -> None:
    assert INFORMAL.said(polite) == informal
