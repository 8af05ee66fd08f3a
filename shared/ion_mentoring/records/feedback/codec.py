"""Ratings as plain values of JSON, the same for all stores."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ion_mentoring.records.feedback.protocol import Exposure, RatedAnswer, Rating


def place_of(rating: Rating, name: str) -> str:
    """The place of a rating in the list of all: text that sorts as times do."""
    return f"{rating.at.astimezone(UTC).isoformat(timespec='microseconds')} {name}"


def answer_fields(answer: RatedAnswer) -> dict[str, Any]:
    """The facts of an answer as values of JSON."""
    fields = asdict(answer)
    return {**fields, "answered_at": answer.answered_at.astimezone(UTC).isoformat(timespec="microseconds")}


def answer_of(fields: dict[str, Any]) -> RatedAnswer:
    """The facts of an answer from such values."""
    return RatedAnswer(
        **{
            **fields,
            "answered_at": datetime.fromisoformat(fields["answered_at"]),
            "topics": tuple(fields["topics"]),
            "exposures": tuple(Exposure(**one) for one in fields["exposures"]),
        }
    )
