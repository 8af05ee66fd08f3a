"""Tries the whole set against a live OpenAI-compatible server, and prints what was asked, answered, paid and waited for."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx2
from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.local.served import served
from ion_mentoring.resources import paths, read_model

QUESTIONS: Final = "ion_mentoring/local/try_model.toml"
LANGUAGES: Final = ("ko", "en")
ANSWERS_WITHIN_S: Final = 180.0


class Questions(Frozen):
    """All that is asked."""

    question: tuple[Bilingual, ...]


class Heard(Struct, frozen=True):
    """An answer, and when its first text and its end came, in seconds from the asking; an error form where there was none."""

    body: Mapping[str, Any]
    first_s: float
    whole_s: float

    @property
    def well(self) -> bool:
        """True if the model itself answered."""
        return bool(self.body.get("success")) and not self.body["metadata"]["degraded"]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if the model answered everything itself, 1 if something had to stand in for it."""
    parser = argparse.ArgumentParser(prog="try-model", description=__doc__)
    parser.add_argument("url", help="the server's base URL up to /v1; a key for it is taken from MODEL_API_KEY")
    parser.add_argument("model", help="the model's name at that server")
    asked = parser.parse_args(arguments)
    with served_with(asked.url, asked.model) as client:
        outcomes = [_shown(client, question, language) for question in _questions() for language in LANGUAGES]
        cost = client.get("/api/v2/status").json()["cost"]["total"]
    well = sum(outcomes)
    print(f"\n{well} of {len(outcomes)} answered by the model itself; {cost['input_tokens']} tokens read, ", end="")
    print(f"{cost['output_tokens']} written, {cost['nano_usd'] / 1e9:.6f} USD ({cost['unpriced_tokens']} tokens unpriced)")
    return 0 if well == len(outcomes) else 1


@contextmanager
def served_with(url: str, model: str) -> Iterator[httpx2.Client]:
    """A client of the whole set with that model."""
    settings = {"MODEL": f"openai:{model}", "MODEL_URL": url, "MODEL_TIMEOUT_S": "120", "REQUEST_TIMEOUT_S": "150"}
    with served(settings) as here, httpx2.Client(base_url=here.url, trust_env=False, timeout=ANSWERS_WITHIN_S) as client:
        yield client


def _questions() -> tuple[Bilingual, ...]:
    return read_model(Questions, paths(QUESTIONS)[0]).question


def _shown(client: httpx2.Client, question: Bilingual, language: str) -> bool:
    """Asks once as a stream, prints it as it comes, and asks again for the whole answer, which has to be the same, cached."""
    text = question.in_(language)
    print(f"\n--- {language} ---\n> {text}\n")
    heard = _streamed(client, {"user_input": text})
    if not heard.body.get("success"):
        print(f"\n[no answer: {json.dumps(heard.body['error'], ensure_ascii=False)}]")
        return False
    about, usage = heard.body["metadata"], heard.body["metadata"]["usage"]
    print(f"\n\n[{heard.body['persona_used']}, {about['model']}, degraded: {about['degraded'] or 'nothing'}; ", end="")
    print(f"{usage['input_tokens']} + {usage['output_tokens']} tokens; first text after {heard.first_s:.2f} s, ", end="")
    again = client.post("/api/v2/process", json={"user_input": text}).json()
    kept = again["performance"]["cache_layer"] if again.get("content") == heard.body["content"] else "not kept"
    print(f"all of it after {heard.whole_s:.2f} s; asked again: {kept}]")
    return heard.well


def _streamed(client: httpx2.Client, body: Mapping[str, Any]) -> Heard:
    started, first_s = time.perf_counter(), 0.0
    with client.stream("POST", "/api/v2/process", json=body, headers={"accept": "text/event-stream"}) as response:
        if response.status_code != httpx2.codes.OK:
            return Heard(json.loads(response.read()), 0.0, 0.0)
        for event in httpx2.EventSource(response):
            data: dict[str, Any] = json.loads(event.data)
            if event.event == "delta":
                first_s = first_s or time.perf_counter() - started
                print(data["text"], end="", flush=True)
            if event.event in ("done", "error"):
                return Heard(data, first_s, time.perf_counter() - started)
    return Heard({"error": "a stream without its end"}, first_s, time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
