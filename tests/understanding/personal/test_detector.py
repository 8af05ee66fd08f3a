"""A text with anything of somebody in it is personal; an ordinary question is not."""

import time

import pytest

from bench.questions import questions
from ion_mentoring.mentoring.warming.warm_caches import load_questions
from ion_mentoring.understanding.personal.detector import Privacy, Sign, is_personal, privacy_of, sign_of
from training.evaluate_private import LANGUAGES, PARTS, measured

PERSONAL = """
my mail is kim.minsu@example.com
reach me: minsu (at) example
메일은 minsu골뱅이네이버예요
minsu gmail.com으로 보내 주세요
write to @minsu_kim
제 아이디 minsu92로 로그인이 안 돼요
아이디는 minsu92, 비밀번호는 hunter2
call me at 010-1234-5678
010 1234 5678로 연락 주세요
+82 10 1234 5678
０１０－１２３４－５６７８
010\u200b1234\u200b5678
공일공 일이삼사 오육칠팔이에요
제 연락처 드릴까요
주민번호는 900101-1234567이에요
주민등록번호를 알려 달래요
card 4111 1111 1111 1111
내 카드가 도용됐어요
내 계좌 번호 알려 줄까
DE89 3704 0044 0532 0130 00
my passport M12345678 expired
12가 3456 차를 긁었어요
see https://example.com/me
minsu.io 제 블로그예요
서버 192.168.10.20에 접속이 안 돼요
My name is Minsu
Call me Minsu
I'm John Smith and I need help
My manager John keeps ignoring me
my team lead, Sarah, yells at us
Dr. Kim said I should quit
Ask Mr Brown about it
제 이름은 김민수예요
김민수라고 합니다
저 김영희 대리인데 박부장이 괴롭혀요
이 팀장님이 힘들게 해요
김민수 씨가 제 아이디어를 훔쳤어요
제 사번 20231234예요
1992년 3월 5일생이에요
I was born on March 5
my date of birth is on the form
my SSN leaked
서울시 강남구 테헤란로 152
판교역로 166번길 12
101동 1203호에 살아요
한빛아파트 3층이에요
I live at 12 Baker street
I live at 221b Baker Street
my address is in the file
""".strip().splitlines()

ORDINARY = """
How do I design an A/B test?
I am tired of my job
I'm so confused by recursion
My manager ignores me
My boss is never happy with my work
팀장이 회의에서 제 의견을 무시해요
전환율이 20% 떨어졌어요
마감이 3일 남았어요
Python 3.11 or 3.12?
React 18 to 19, how do I migrate?
HTTP 500 errors after the deploy
Kafka 3.7.1 or RabbitMQ?
port 8080 is taken
there are 5 people in my team and 12 meetings a week
3년차 개발자인데 이직해도 될까요
2024년 목표를 못 이뤘어요
우리 팀장님이 힘들게 해요
다음 주 월요일에 발표가 있어요
Should I use SQL or NoSQL?
MyService.getUser throws a NullPointerException
일이 너무 많아서 이러다 쓰러지겠어요
영어로 발표하는 게 무서워요
""".strip().splitlines()


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_text_is_told(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_is_not(text: str) -> None:
    assert not is_personal(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name", "our intern Mateo is silent on calls"),
        ("name", "Tomasz keeps interrupting me"),
        ("name", "민재가 보고서를 늦게 내요"),
        ("name", "우리 팀 한지우랑 일하기 힘들어요"),
        ("health", "I've started IVF injections"),
        ("health", "my therapist says I should set boundaries"),
        ("health", "공황장애 약을 먹고 있어서 오전에 멍합니다"),
        ("employer", "I work at Harrow & Pike Solicitors"),
        ("employer", "협력사인 가온테크가 보고서를 안 보내요"),
        ("secret", "the code to the safe is 4471"),
        ("secret", "연봉 4800인데 협상 어떻게 하죠"),
        ("secret", "사내 위키 주소가 wiki.hanbit.local인데 접속이 안 돼요"),
        ("plan", "we're laying off 12 people in March"),
        ("plan", "저희가 경쟁사랑 합병하는데 아직 발표 전이에요"),
        ("plan", "몰래 창업 준비 중인데 어디까지 해도 되나요"),
    ],
)
def test_a_sign_has_its_kind(kind: Sign, text: str) -> None:
    assert sign_of(text) == kind


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_what_strangers_wrote_as_much_is_found_as_the_documents_say(language: str, part: str) -> None:
    """The parts that nobody learned from (docs/caching.md has the figures, and the goal)."""
    found = measured(language, part)
    assert found.recall >= 0.8
    assert found.false_alarms <= 0.11
    assert found.kept >= 0.94
    assert found.doubts <= 0.4


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("own", "Our shop closes in May and the staff has not been told"),
        ("own", "my key is AKIA" + "IOSFODNN7EXAMPLE"),
        ("doubtful", "I failed the exam twice, how do I tell my mother?"),
        ("doubtful", "시험에 두 번 떨어졌는데 엄마한테 어떻게 말하죠?"),
        ("open", "How do I prepare for a code review?"),
        ("open", "코드 리뷰는 어떻게 준비하나요?"),
    ],
)
def test_between_what_is_personal_and_what_is_not_lies_doubt(told: Privacy, text: str) -> None:
    assert privacy_of(text) == told
    assert is_personal(text) == (told == "own")


def test_the_editorial_questions_are_for_everybody() -> None:
    texts = [text for question in load_questions() for text in (question.ko, question.en)]
    assert [text for text in texts if is_personal(text)] == []


def test_few_of_the_questions_to_measure_with_are_taken_for_personal() -> None:
    texts = questions(None)
    assert sum(map(is_personal, texts)) / len(texts) <= 0.07


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "일",
        "a.",
        "A b ",
        "My ",
        "가나다",
        "12 Aa ",
        "(at)",
        "김",
        "제 ",
        "1.",
        "a:",
        "\u200b",
        "DE89 ",
        "we ",
        "I am ",
        "아직 ",
        "Ab ",
        "회사 ",
        "salary ",
        "고객사 ",
    ],
)
def test_no_text_takes_long_to_read(piece: str) -> None:
    text = (piece * 4_000)[:4_000]
    is_personal("which compiles the signs")
    began = time.process_time()
    is_personal(text)
    assert time.process_time() - began < 0.2
