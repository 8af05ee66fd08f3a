"""The check of an answer: a wrong one with status 200 is a failure, and a 429 is no success."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ion_mentoring.understanding.language import language_of
from loadtests.asking import Asked, Got
from loadtests.questions import Question
from loadtests.schema import Contract
from loadtests.streams import ended
from loadtests.verdict import Verdict, together, wrong
from loadtests.visitor import MARKER

REFUSED: Final = 429
FOREIGN: Final = "the answer to another request"
SIGNED: Final = re.compile(re.escape(MARKER) + "[0-9A-F]{12}")


@dataclass(slots=True)
class Judge:
    """The checks, with what a set says of itself, and what was seen of it so far in this run."""

    contract: Contract
    personas: Collection[str]
    keys: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)

    def verdict(self, asked: Asked, got: Got) -> Verdict:
        """The verdict on what came back."""
        if got.status == REFUSED:
            return Verdict(refused=True)
        if got.status != asked.status:
            return wrong(f"status {got.status} in place of {asked.status}" if got.status else f"no answer: {got.failure}")
        if got.request_id != asked.request_id:
            return wrong(FOREIGN)
        if asked.form == "stream":
            return self._stream(asked, got)
        try:
            body = json.loads(got.body)
        except ValueError:
            return wrong("a body that is not JSON")
        try:
            return self._forms()[asked.form](asked, body)
        except (KeyError, TypeError, AttributeError) as error:
            return wrong(f"a body of another shape: {type(error).__name__}")

    def _forms(self) -> Mapping[str, Callable[[Asked, Any], Verdict]]:
        return {
            "answer": self._answer,
            "v1": self._v1,
            "recommend": self._recommend,
            "bulk": self._bulk,
            "page": self._page,
            "error": self._error,
        }

    def _stream(self, asked: Asked, got: Got) -> Verdict:
        end = ended(got.body)
        if isinstance(end, str):
            return wrong(end)
        if end.error is not None:
            return wrong(f"a stream that ended with the error {end.error}")
        try:
            return self._answer(asked, end.answer)
        except (KeyError, TypeError, AttributeError) as error:
            return wrong(f"an answer of another shape: {type(error).__name__}")

    def _answer(self, asked: Asked, body: Any) -> Verdict:
        if fault := self.contract.wrong("POST", "/api/v2/process", body) or _foreign(asked, body):
            return wrong(fault)
        return self._whole(asked, asked.questions[0], body)

    def _whole(self, asked: Asked, question: Question, body: Any) -> Verdict:
        """One answer of v2, whose shape was checked."""
        about, how = body["metadata"], body["performance"]
        fault = (
            self._said(asked, question, body["content"], body["persona_used"], about["language"])
            or self._another(question, how["cache_key"])
            or (self._changed(question, body) if asked.alone and not about["degraded"] else None)
        )
        return Verdict(fault, False, tuple(about["degraded"]), (how["cache_hit"],), (body["persona_used"],))

    def _said(self, asked: Asked, question: Question, content: str, persona: str, language: str) -> str | None:
        if not content.strip():
            return "an empty answer"
        if persona not in self.personas:
            return "a persona that is not in the roster"
        if language != question.language or language_of(content) != question.language:
            return "an answer in another language than the question"
        if set(SIGNED.findall(content)) - {asked.marker}:
            return "an answer with a word that another user wrote"
        return None

    def _another(self, question: Question, key: str) -> str | None:
        """An answer under the cache key of another question is that question's answer."""
        if key and self.keys.setdefault(key, question.text) != question.text:
            return "an answer from another question's place in the cache"
        return None

    def _changed(self, question: Question, body: Any) -> str | None:
        """The playbook says the same to the same question; other models may say it anew."""
        if body["metadata"]["model"] != "playbook":
            return None
        said = f"{body['resonance_key']} {body['content']}"
        if self.told.setdefault((question.text, body["persona_used"]), said) != said:
            return "another text than the same question got before"
        return None

    def _v1(self, asked: Asked, body: Any) -> Verdict:
        if fault := self.contract.wrong("POST", asked.path, body):
            return wrong(fault)
        about = body["metadata"]
        fault = self._said(asked, asked.questions[0], body["content"], body["persona_used"], about["language"])
        return Verdict(fault, False, tuple(about["degraded"]), (), (body["persona_used"],))

    def _recommend(self, asked: Asked, body: Any) -> Verdict:
        if fault := self.contract.wrong("POST", asked.path, body) or _foreign(asked, body):
            return wrong(fault)
        if body["recommended_persona"] not in self.personas:
            return wrong("a persona that is not in the roster")
        if language_of(" ".join(body["reasons"])) != asked.questions[0].language:
            return wrong("reasons in another language than the scenario")
        return Verdict(personas=(body["recommended_persona"],))

    def _bulk(self, asked: Asked, body: Any) -> Verdict:
        if fault := self.contract.wrong("POST", asked.path, body) or _foreign(asked, body):
            return wrong(fault)
        if len(body["results"]) != len(asked.questions):
            return wrong(f"{len(body['results'])} results for {len(asked.questions)} questions")
        return together(self._item(asked, *pair) for pair in zip(asked.questions, body["results"], strict=True))

    def _item(self, asked: Asked, question: Question, body: Any) -> Verdict:
        if not body["success"]:
            return wrong(f"an item that failed: {body['error']['code']}")
        if fault := self.contract.wrong_as("AnswerView", body):
            return wrong(fault)
        return self._whole(asked, question, body)

    def _page(self, asked: Asked, body: Any) -> Verdict:
        return Verdict(self.contract.wrong(asked.method, asked.path, body))

    def _error(self, asked: Asked, body: Any) -> Verdict:
        if fault := self.contract.wrong_as("ErrorView", body) or _foreign(asked, body):
            return wrong(fault)
        code = body["error"]["code"]
        return Verdict() if code == asked.code else wrong(f"code {code} in place of {asked.code}")


def _foreign(asked: Asked, body: Any) -> str | None:
    return None if body["request_id"] == asked.request_id else FOREIGN
