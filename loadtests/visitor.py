"""One user of the load: new or returning, with sessions of several turns, streams, old clients, services and mistakes."""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from loadtests.asking import PROCESS, STREAM, Asked, posted
from loadtests.mistakes import BULK, mistake
from loadtests.questions import Popularity, Question
from loadtests.scenario import Scenario
from loadtests.trouble import NothingToSay

RETURNING: Final = 0.7  # share of sessions that belong to somebody who was here before
KNOWN: Final = 200  # users who return, by Zipf's law
TURNS: Final = (2, 5)
ITEMS: Final = (2, 8)
ROLES: Final = {"bulk": "service", "operate": "operator"}  # of the kinds that a mentee may not send
FOLLOW_UPS: Final = {
    "ko": ("그럼 그 뒤에는요?", "조금 더 구체적으로 말해 주세요.", "제 일의 이름은 {marker}예요. 첫걸음은 뭘까요?"),
    "en": ("And what comes after that?", "Can you be more specific?", "My project is called {marker}. What is the first step?"),
}
MARKER: Final = "MRK-"  # begins a word that only one user wrote

Keys = Mapping[str, Sequence[str]]


def kinds(scenario: Scenario, keys: Keys) -> list[str]:
    """The kinds of requests that can be sent: where there are keys, those of a role without one are left out."""
    found = [kind for kind, weight in scenario.mix.items() if weight and (not keys or ROLES.get(kind, "mentee") in keys)]
    if not found:
        raise NothingToSay(f"LOAD_KEYS has no key for a role that {scenario.name} asks as")
    return found


class Visitor:
    """The requests of one user, one after the other.

    `keys` are API keys by role, none where no credential is needed; of several keys of a role each user has one.
    """

    def __init__(self, scenario: Scenario, popular: Popularity, keys: Keys, dice: random.Random) -> None:
        self._scenario, self._popular, self._dice = scenario, popular, dice
        self._keys = {role: dice.choice(own) for role, own in keys.items()}
        self._kinds = kinds(scenario, keys)
        self._weights = [scenario.mix[kind] for kind in self._kinds]
        self._session: dict[str, str] = {}
        self._turns_left = 0
        self._language = "en"
        self._marker = ""
        self._makers: dict[str, Callable[[], Asked]] = {
            "process": self._process,
            "session": self._turn,
            "stream": self._stream,
            "v1": self._v1,
            "recommend": self._recommend,
            "bulk": self._bulk,
            "operate": self._operate,
        }

    def think_s(self) -> float:
        """The time until the next request."""
        return self._dice.uniform(*self._scenario.think_s)

    def next(self) -> Asked:
        """The next request."""
        if self._dice.random() < self._scenario.bad:
            return mistake(self._dice, self._headers("mentee"), self._keys.get("mentee"))
        if self._turns_left:
            return self._turn()
        return self._makers[self._dice.choices(self._kinds, self._weights)[0]]()

    def session(self, turns: int) -> Iterator[Asked]:
        """The turns of a new session."""
        self._turns_left = 0
        for _ in range(turns):
            yield self._turn()
            self._turns_left = self._turns_left or 1
        self._turns_left = 0

    def of_kind(self, kind: str) -> Asked:
        """The next request of that kind; of a session, its next turn."""
        return self._makers[kind]()

    def _headers(self, role: str, **more: str) -> dict[str, str]:
        key = self._keys.get(role)
        return {"x-request-id": uuid.UUID(int=self._dice.getrandbits(128)).hex, **({"x-api-key": key} if key else {}), **more}

    def _body(self, text: str) -> dict[str, Any]:
        return {"user_input": text} if self._scenario.use_cache else {"user_input": text, "use_cache": False}

    def _process(self) -> Asked:
        question = self._popular.choose(self._dice)
        return self._posted("process", "answer", question, self._body(question.text))

    def _stream(self) -> Asked:
        question = self._popular.choose(self._dice)
        return self._posted("process stream", "stream", question, self._body(question.text), accept=STREAM)

    def _posted(self, endpoint: str, form: Any, question: Question, body: Any, **headers: str) -> Asked:
        return posted(endpoint, form, PROCESS, body, self._headers("mentee", **headers), questions=(question,), alone=True)

    def _turn(self) -> Asked:
        """The next turn of the session, or the first of a new one."""
        if not self._turns_left:
            self._begin()
            question = self._popular.choose(self._dice)
            self._language = question.language
        else:
            text = self._dice.choice(FOLLOW_UPS[self._language]).format(marker=self._marker)
            question = Question(text, self._language)
        self._turns_left -= 1
        body = {"user_input": question.text, "language": self._language, "context": self._session}
        headers = self._headers("mentee")
        return posted("process in a session", "answer", PROCESS, body, headers, questions=(question,), marker=self._marker)

    def _begin(self) -> None:
        returning = self._dice.random() < RETURNING
        known = min(int(self._dice.paretovariate(0.7)), KNOWN)
        fresh = f"{self._dice.getrandbits(48):012x}"
        self._session = {"user_id": f"load-{known}" if returning else f"load-new-{fresh}", "session_id": f"load-{fresh}"}
        self._marker = f"{MARKER}{fresh.upper()}"
        self._turns_left = self._dice.randint(*TURNS)

    def _v1(self) -> Asked:
        question = self._popular.choose(self._dice)
        if self._dice.random() < 0.5:
            body: dict[str, str] = {"message": question.text, "user_id": "load-v1"}
            return posted("v1 chat", "v1", "/chat", body, self._headers("mentee"), questions=(question,))
        body = {"user_input": question.text, "resonance_key": "calm-medium-learning"}
        return posted("v1 process", "v1", "/api/persona/process", body, self._headers("mentee"), questions=(question,))

    def _recommend(self) -> Asked:
        question = self._popular.choose(self._dice)
        body = {"scenario": question.text}
        return posted("recommend", "recommend", "/api/v2/recommend", body, self._headers("mentee"), questions=(question,))

    def _bulk(self) -> Asked:
        asked = tuple(self._popular.choose(self._dice) for _ in range(self._dice.randint(*ITEMS)))
        body = {"requests": [self._body(question.text) for question in asked], "parallel": self._dice.random() < 0.5}
        return posted("bulk-process", "bulk", BULK, body, self._headers("service"), questions=asked, alone=True)

    def _operate(self) -> Asked:
        return Asked("cache-stats", "page", "GET", "/api/v2/cache-stats", headers=self._headers("operator"))
