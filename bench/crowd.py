"""The clients of three continents: they ask at an even rate, popular questions and new ones, and follow up on what was said."""

import asyncio
import itertools
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import httpx2

from bench.balancer import SERVED_BY
from bench.questions import questions

PROCESS: Final = "/api/v2/process"
POPULAR: Final = 60  # questions of a language that are asked again and again, by Zipf's law
NEW: Final = 0.08  # share of questions that nobody asked before
FOLLOW_UP: Final = {"ko": "그럼 그 뒤에는요?", "en": "And what comes after that?"}  # says nothing without what was said before


@dataclass(frozen=True, slots=True)
class Plan:
    """The course of a run, in seconds: before the loss, without the region, and once it is there again.

    `rate` is of questions a second and continent; a client waits for an answer for `patience_s`. Every third question of a
    continent is a turn of one of its `sessions`.
    """

    before_s: float = 8.0
    lost_s: float = 42.0
    after_s: float = 16.0
    rate: float = 12.0
    sessions: int = 12
    patience_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Continent:
    """The place of clients: how many of them write Korean, and the regions, the nearest first."""

    name: str
    korean: float
    nearest: tuple[str, ...]


ASIA: Final = Continent("Asia", 0.9, ("asia-northeast3", "us-central1", "europe-west1"))
AMERICA: Final = Continent("America", 0.1, ("us-central1", "europe-west1", "asia-northeast3"))
EUROPE: Final = Continent("Europe", 0.1, ("europe-west1", "us-central1", "asia-northeast3"))
WORLD: Final = (ASIA, AMERICA, EUROPE)  # the first one's nearest region is lost


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question. `remembered` is of follow-ups alone, `shared` of what caches keep for everybody."""

    continent: str
    asked_at: float
    took_s: float
    answered: bool
    region: str | None = None
    hit: bool = False
    shared: bool = False
    remembered: bool | None = None


@dataclass(slots=True)
class Session:
    """A conversation, in which every answered question gets a follow-up; `topics` is what the last question was about."""

    user: str
    language: str
    topics: tuple[str, ...] = ()
    waits: bool = False


@dataclass(slots=True)
class Crowd:
    """The clients of one continent, who ask at one door at an even rate, whether or not they are answered."""

    continent: Continent
    client: httpx2.AsyncClient
    door: str
    run: str
    plan: Plan
    popular: Mapping[str, Sequence[str]]
    outcomes: list[Outcome] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - a simulation

    async def ask_until(self, ended: asyncio.Event) -> None:
        """Asks until then, and waits for the answers."""
        self.sessions = [Session(f"{self.continent.name}-{number}", self._language()) for number in range(self.plan.sessions)]
        began = time.monotonic()
        async with asyncio.TaskGroup() as asking:
            for number in itertools.count():
                await asyncio.sleep(max(0.0, began + number / self.plan.rate - time.monotonic()))
                if ended.is_set():
                    return
                asking.create_task(self._turn(number // 3) if number % 3 == 2 else self._alone(number))

    async def _alone(self, number: int) -> None:
        """A question without a session: one that many ask, or one that is new."""
        text = self._popular(self._language())
        new = self.dice.random() < NEW
        outcome, _ = await self._asked(f"{text} {self.run} {self.continent.name} {number}" if new else text, None)
        self.outcomes.append(outcome)

    async def _turn(self, number: int) -> None:
        """The next turn of a session, unless it still waits for its last one."""
        session = self.sessions[number % len(self.sessions)]
        if session.waits:
            return
        session.waits, about = True, session.topics
        text = FOLLOW_UP[session.language] if about else self._popular(session.language)
        outcome, topics = await self._asked(text, session)
        if outcome.answered:
            session.topics = () if about else topics
        session.waits = False
        self.outcomes.append(_checked(outcome, about, topics))

    async def _asked(self, text: str, session: Session | None) -> tuple[Outcome, tuple[str, ...]]:
        context = {"user_id": session.user, "session_id": f"{self.run}-{session.user}"} if session else {}
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.plan.patience_s):
                response = await self.client.post(f"{self.door}{PROCESS}", json={"user_input": text, "context": context})
        except (httpx2.HTTPError, TimeoutError):
            return Outcome(self.continent.name, began, time.monotonic() - began, answered=False), ()
        took_s = time.monotonic() - began
        if response.status_code != httpx2.codes.OK:
            return Outcome(self.continent.name, began, took_s, answered=False), ()
        body = response.json()
        region, hit = response.headers[SERVED_BY], body["performance"]["cache_hit"]
        outcome = Outcome(self.continent.name, began, took_s, True, region, hit, shared=session is None)
        return outcome, tuple(body["metadata"]["topics"])

    def _language(self) -> str:
        return "ko" if self.dice.random() < self.continent.korean else "en"

    def _popular(self, language: str) -> str:
        texts = self.popular[language]
        return self.dice.choices(texts, [1 / place for place in range(1, len(texts) + 1)])[0]


def _checked(outcome: Outcome, about: tuple[str, ...], topics: tuple[str, ...]) -> Outcome:
    """The same, with whether a follow-up that was answered is about what was said before."""
    return replace(outcome, remembered=topics == about) if about and outcome.answered else outcome


def popular_questions() -> Mapping[str, Sequence[str]]:
    """The repository's first questions of each language."""
    texts = questions(None)
    korean = [text for text in texts if re.search("[가-힣]", text)]
    english = [text for text in texts if not re.search("[가-힣]", text)]
    return {"ko": korean[:POPULAR], "en": english[:POPULAR]}
