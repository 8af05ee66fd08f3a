"""`python -m bench.worst_texts`: what 4,000 characters of each kind cost to answer, beside 4,000 characters of English.

Each is asked through the router with the playbook as the model, in this process, past every cache; the time is the processor's.
"""

import argparse
import asyncio
import json
import random
import time
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import force_setattr
from starlette.requests import Request

from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.router import build

PATH: Final = "/api/v2/process"
LENGTH: Final = 4_000
WANTED: Final = 3.0  # times English
ENGLISH: Final = (
    "I have an interview on Friday and I do not know how to prepare for it. My team says that the design of our service is too "
    "complicated, and I feel lost. How would you begin, and what should I ask first? "
)
KOREAN: Final = (
    "금요일에 면접이 있는데 어떻게 준비해야 할지 모르겠어요. 우리 서비스 설계가 너무 복잡하다고 해서 막막해요. "
    "어디서부터 시작하면 좋을까요? "
)


def filled(piece: str) -> str:
    """A piece again and again, as long as a text may be."""
    return (piece * (LENGTH // len(piece) + 1))[:LENGTH]


def _composed(text: str) -> str:
    """The text as the door counts it: some letters are two when composed."""
    return unicodedata.normalize("NFC", text)[:LENGTH]


def texts() -> Mapping[str, str]:
    """One text of each kind, English first; drawn ones are the same in every run."""
    drawn = random.Random(12)  # noqa: S311 - texts to measure with
    marks = [chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code))]
    return {
        "English": filled(ENGLISH),
        "Korean": filled(KOREAN),
        "Korean, decomposed": filled(unicodedata.normalize("NFD", KOREAN)),
        "marks of two classes": filled("\u0301\u0316"),
        "3,800 marks on one letter": "a" + "".join(drawn.choices(marks, k=3_799)),
        "30 marks on each letter": filled("가" + "".join(drawn.choices(marks, k=30))),
        "half-width sound marks": filled("\uff9e\u0334"),
        "one character that is 18": filled("\ufdfa"),
        "words in squares": filled("".join(chr(code) for code in range(0x3300, 0x3400))),
        "rad over s in one character": filled("㎯"),
        "a word in brackets": filled("㈝"),
        "ligatures": filled("ﬃ"),
        "letters that fold to two": filled("ß"),
        "fractions": filled("½"),
        "one letter": filled("a"),
        "one syllable": filled("오"),
        "lone letters": filled("a b c "),
        "lone syllables": filled("가 나 "),
        "capitals": filled("Aa "),
        "digits": filled("1 "),
        "spaces": "x" + " " * (LENGTH - 2) + "x",
        "line breaks": filled("x\n"),
        "marks of punctuation": filled("!?"),
        "tildes": filled("~a"),
        "emoji": filled("👩‍👩‍👧‍👦"),
        "nothing visible": "x" + "\u200b" * (LENGTH - 1),
        "words of the lexicon": filled("who when whole not sad "),
        "letters of everybody": _composed("".join(drawn.choices([chr(code) for code in range(0x80, 0xD800)], k=LENGTH))),
    }


async def milliseconds(router: App, text: str, times: int) -> float:
    """The least that one answer to a text took of the processor."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        response = await router.handle(_request({"user_input": text, "use_cache": False}))
        best = min(best, time.process_time() - began)
        if response.status_code != 200:
            raise SystemExit(f"this would measure something else: {bytes(response.body)[:200]!r}")
    return best * 1000


def router() -> App:
    """A router of a laptop, which remembers nothing and logs nothing."""
    built = build(RouterSettings.read({"STORE": "sqlite:///:memory:", "RATE_LIMIT_PER_MINUTE": "1000000"}))
    (process,) = [endpoint for endpoint in built.endpoints.all if endpoint.path == PATH]
    v2: Any = process.run.__self__  # type: ignore[attr-defined]
    force_setattr(v2.answer, "log", EventLog("bench", len))
    return built


async def measured(times: int) -> Mapping[str, float]:
    """Milliseconds by kind."""
    asked = router()
    await milliseconds(asked, ENGLISH, 1)
    await milliseconds(asked, KOREAN, 1)
    return {kind: await milliseconds(asked, text, times) for kind, text in texts().items()}


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.worst_texts")
    parser.add_argument("--times", type=int, default=5, help="of which the least counts")
    took = asyncio.run(measured(parser.parse_args().times))
    english = took["English"]
    for kind, cost in sorted(took.items(), key=lambda one: -one[1]):
        print(f"{kind:<30} {cost:>8.1f} ms {cost / english:>6.2f} times English")
    print(f"wanted: at most {WANTED:g} times English")
    return 0


def _request(body: Mapping[str, Any]) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers, "client": ("127.0.0.1", 1)}
    return Request(scope, receive)


if __name__ == "__main__":
    raise SystemExit(main())
