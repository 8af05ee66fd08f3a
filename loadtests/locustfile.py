"""The one locustfile: reads a scenario, sends its requests, checks every answer and keeps the record.

loadtests/running.py starts it; LOAD_SCENARIO (a whole scenario as JSON), LOAD_KEYS, LOAD_RECORD, LOAD_PID and LOAD_SEED are
its settings.
"""

import json
import os
import random
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gevent
from locust import LoadTestShape, User, events, task
from locust.env import Environment

from loadtests.footprint import cpu_s, resident_kib
from loadtests.judging import Judge
from loadtests.progress import line
from loadtests.questions import Popularity, questions
from loadtests.recording import Recorder
from loadtests.scenario import Scenario
from loadtests.schema import Contract
from loadtests.verdict import Verdict
from loadtests.visitor import Visitor
from loadtests.wire import Wire

SCENARIO: Final = Scenario.model_validate_json(os.environ["LOAD_SCENARIO"])
KEYS: Final[dict[str, list[str]]] = json.loads(os.environ.get("LOAD_KEYS", "{}"))
POPULAR: Final = Popularity(questions(SCENARIO.questions), SCENARIO.zipf)
DICE: Final = random.Random(int(os.environ.get("LOAD_SEED", "1")))  # noqa: S311 - a simulation
RECORDER: Final = Recorder()


@dataclass(slots=True)
class Clock:
    """The moment at which the load began, and the processor time that the set, and the load itself, had used by then."""

    began: float = 0.0
    used_s: float | None = None
    own_s: float = 0.0


CLOCK: Final = Clock()
EVERY_S: Final = 5.0
PID: Final = int(os.environ["LOAD_PID"]) if "LOAD_PID" in os.environ else None


def asked_of_itself(url: str, path: str) -> Any:
    """Return what the set says of itself."""
    with urllib.request.urlopen(f"{url}{path}", timeout=30) as response:  # noqa: S310 # nosec B310 - the URL that the operator gave
        return json.load(response)


def elapsed_s() -> float:
    """Return the seconds since the load began."""
    return time.monotonic() - CLOCK.began


class Person(User):
    """One user of the scenario."""

    def on_start(self) -> None:
        """Take a connection and a place of its own in the dice."""
        self.visitor = Visitor(SCENARIO, POPULAR, KEYS, random.Random(DICE.getrandbits(64)))  # noqa: S311 - a simulation
        self.wire = Wire(self.host)

    def on_stop(self) -> None:
        """Close the connection."""
        self.wire.close()

    def wait_time(self) -> float:
        """The time to read what came."""
        return self.visitor.think_s()

    @task
    def ask(self) -> None:
        """Send the next request, and check what comes back."""
        asked = self.visitor.next()
        got = self.wire.exchange(asked)
        verdict = judge(self.environment).verdict(asked, got)
        RECORDER.add(elapsed_s(), self.environment.runner.user_count, asked, got, verdict)
        self.environment.events.request.fire(
            request_type=asked.method,
            name=asked.endpoint,
            response_time=got.ms,
            response_length=len(got.body),
            exception=None if verdict.good else RuntimeError(reason(verdict)),
            context={},
        )


def reason(verdict: Verdict) -> str:
    """The reason why an answer is no success."""
    return "refused with 429" if verdict.refused else str(verdict.wrong)


def judge(environment: Environment) -> Judge:
    """The one judge of this run."""
    made: Judge = environment.ion_judge
    return made


class Stages(LoadTestShape):
    """The stages of the scenario, one after the other."""

    def tick(self) -> tuple[int, float] | None:
        """The users at this moment, and how many come or go a second."""
        return SCENARIO.stage_at(self.get_run_time())


@events.init.add_listener
def ask_the_set(environment: Environment, **_: Any) -> None:
    """Ask the set for its contract and its roster, before anybody comes."""
    contract = Contract(asked_of_itself(environment.host, "/openapi.json"))
    cards = asked_of_itself(environment.host, "/api/v2/personas")
    environment.ion_judge = Judge(contract, [card["name"]["en"] for card in cards])
    warm(environment.host)
    CLOCK.began, CLOCK.used_s, CLOCK.own_s = time.monotonic(), cpu_s(PID), time.process_time()
    gevent.spawn(tell)


def warm(url: str) -> None:
    """Ask the rarest questions before the clock runs: what an instance loads at its first requests is not judged."""
    rare = Popularity(questions(SCENARIO.questions)[::-1], SCENARIO.zipf)
    visitor, wire = Visitor(SCENARIO, rare, KEYS, random.Random(0)), Wire(url)  # noqa: S311 - a simulation
    for _ in range(SCENARIO.warming):
        wire.exchange(visitor.next())
    wire.close()


def tell() -> None:
    """Say now and then how far it is."""
    while True:
        RECORDER.holds(elapsed_s(), resident_kib(PID))
        gevent.sleep(EVERY_S)
        print(line(RECORDER, elapsed_s(), SCENARIO.seconds), flush=True)


@events.quitting.add_listener
def keep(environment: Environment, **_: Any) -> None:
    """Keep the record; wrong answers are the gate's business, so that Locust's own exit code tells of Locust alone."""
    took_s = elapsed_s()
    about: dict[str, Any] = {"scenario": SCENARIO.name, "seconds": round(took_s, 1), "planned_s": SCENARIO.seconds}
    about["load_cpu_s"] = round(time.process_time() - CLOCK.own_s, 2)
    used_s = cpu_s(PID)
    RECORDER.holds(took_s, resident_kib(PID))
    if used_s is not None and CLOCK.used_s is not None:
        about["server_cpu_s"] = round(used_s - CLOCK.used_s, 2)
    RECORDER.write(Path(os.environ["LOAD_RECORD"]), about)
    environment.process_exit_code = 0
