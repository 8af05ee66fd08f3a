"""What is asked decides the language, whatever was pasted beside it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.pasted import own_lines

TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/worker/jobs/settle.py", line 214, in run_once
    result = self._client.fetch(order.id, timeout=self._timeout)
  File "/usr/lib/python3/site-packages/httpx/_client.py", line 1041, in get
    return self.request("GET", url, params=params, headers=headers, cookies=cookies)
ConnectionResetError: [Errno 104] Connection reset by peer
2026-11-02 10:22:31,402 ERROR worker.settle order=88213 attempt=3 giving up after 3 attempts"""
ARTICLE = (
    "Deep work is the ability to focus without distraction on a cognitively demanding task. It is a skill that allows you to "
    "quickly master complicated information and produce better results in less time. Is it rare? It is. Most people have lost "
    "the ability to go deep, spending their days in a frantic blur of e-mail and social media, and do not even know of it. "
) * 2
MAIL = "Hi Minsu,\nthank you for the draft. I have some remarks on the second chapter.\nCould we meet on Friday?\nBest,\nKim"
KOREAN_ARTICLE = (
    "번아웃은 오랜 기간 이어진 업무 스트레스로 몸과 마음이 지친 상태를 말한다. 이를 직업 관련 증상으로 분류하기도 한다. " * 4
)
KOREAN_LOG = "2026-11-02 10:22:31 오류: 연결이 거부되었습니다\n2026-11-02 10:22:32 오류: 다시 시도합니다\n작업을 종료합니다"

KOREAN = [
    "이 에러가 왜 가끔만 나는지 모르겠어요. 어디서부터 봐야 할까요?",
    "이거 왜 이래요",
    "원인이 뭘까?",
    "어떻게 고치면 되는지 알려주세요",
    "미치겠어요 ㅠㅠ",
]
ENGLISH = ["What does this mean?", "Please translate this into English", "Why does this happen, and where do I start?"]


@pytest.mark.parametrize("asked", KOREAN)
@pytest.mark.parametrize("pasted", [TRACEBACK, f"```\n{TRACEBACK}\n```", MAIL, ARTICLE, "\n".join(f"> {MAIL}".splitlines())])
def test_a_korean_question_beside_pasted_english_is_korean(pasted: str, asked: str) -> None:
    assert language_of(f"{pasted}\n{asked}") == "ko"
    assert language_of(f"{pasted}\n\n{asked}\n") == "ko"
    assert language_of(f"{asked}\n\n{pasted}") == "ko"


@pytest.mark.parametrize("asked", KOREAN)
def test_a_korean_question_between_two_logs_is_korean(asked: str) -> None:
    assert language_of(f"{TRACEBACK}\n{asked}\n{TRACEBACK}") == "ko"


@pytest.mark.parametrize("asked", KOREAN[:3])
def test_a_log_in_one_line_with_its_question_does_not_hide_it(asked: str) -> None:
    line = " ".join(TRACEBACK.split())
    assert language_of(f"{line} {asked}") == "ko"
    assert language_of(f"{asked} {line}") == "ko"


@pytest.mark.parametrize("asked", ENGLISH)
@pytest.mark.parametrize(
    "pasted", [KOREAN_ARTICLE, KOREAN_LOG, f"```\n{KOREAN_LOG}\n```", "> 내일까지 보내 주세요\n> 부탁드려요"]
)
def test_an_english_question_beside_pasted_korean_is_english(pasted: str, asked: str) -> None:
    assert language_of(f"{asked}\n{pasted}") == "en"
    assert language_of(f"{pasted}\n{asked}") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"{TRACEBACK}\nこのエラーの原因は何ですか？", "ja"),
        (f"{TRACEBACK}\nПочему это происходит?", "ru"),
        ("Hi Lua,\n요즘 너무 힘들어요. 아무것도 하기 싫어요.", "ko"),
        ("Hello mentor\n이직을 고민하고 있는데 어떻게 해야 할지 모르겠어요. 도와주세요", "ko"),
        ("Career\n요즘 회사에서 인정을 못 받는 것 같다.\n그만두고 싶다.", "ko"),
        ('팀장이 이렇게 말했어요.\n"Let\'s circle back on that next week"\n무슨 뜻인가요?', "ko"),
        ("I failed my exam and it hurts ㅠㅠ\nWhat should I do?", "en"),
        ("React useEffect\nhook cleanup\n왜 두 번 실행되나요", "ko"),
        ("> 안녕하세요", "ko"),
        (f"{'가' * 500}", "ko"),
        (f"{'hello ' * 100}é", "en"),
    ],
)
def test_other_mixtures_are_told(text: str, language: str) -> None:
    assert language_of(text) == language


def test_lines_of_machines_quotes_and_fences_are_not_the_writers_own() -> None:
    text = f"First I say this.\n```\nfenced\n```\n> quoted\n{TRACEBACK}\nfunction go() {{\nWhy does go() fail?"
    assert own_lines(text) == ["First I say this.", "Why does go() fail?"]


def test_where_all_was_pasted_all_counts() -> None:
    assert own_lines("> a\n> b") == ["> a", "> b"]


@pytest.mark.parametrize("text", ["\u3000\n\u3000", "?\n？", "?!\n。", ">\n> é"])
def test_a_text_of_several_lines_that_say_nothing_is_english(text: str) -> None:
    assert language_of(text) == "en"


@given(st.text("가?？\n >`a:ㅠ。é", max_size=30))
def test_any_few_lines_have_a_language(text: str) -> None:
    assert language_of(text) in ("ko", "en")


@given(st.text(max_size=300))
def test_any_text_has_lines_of_its_own_if_it_shows_any(text: str) -> None:
    assert bool(own_lines(text)) is bool(text.strip())


@pytest.mark.parametrize(
    "piece", ["가", "가 ", "가\n", "a 가", "가?\n", "=", "/a", "a.b", ">", "모르겠", "\n", "```\n", "w ", "나", "\u00e9."]
)
def test_the_worst_text_is_told_at_once(piece: str) -> None:
    began = time.process_time()
    language_of((piece * 4_000)[:3_999] + "é")
    assert time.process_time() - began < 0.1
