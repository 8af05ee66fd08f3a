"""Bodies to checked models, and what is wrong with them to our errors: the field as a path, the rule, what is allowed."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ion_mentoring.errors import InvalidInput, InvalidJson, MentoringError, ValidationFailed

Model = TypeVar("Model", bound=BaseModel)

_QUOTED = re.compile(r"'([^']*)'")


def parse(model: type[Model], body: bytes) -> Model:
    """The body as that model; InvalidJson, InvalidInput or ValidationFailed say what is wrong, never what was sent."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise refusal(error) from None


def check(model: type[Model], sent: Any) -> Model:
    """The same for a value that is parsed already."""
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> MentoringError:
    """The error of ours that says the first thing wrong."""
    wrong = error.errors(include_input=False, include_url=False)[0]
    if wrong["type"] == "json_invalid":
        return InvalidJson(wrong["type"])
    if not wrong["loc"]:
        return InvalidInput(wrong["type"], details={"rule": "the body is a JSON object"})
    if wrong["type"] == "empty_text":
        return InvalidInput(wrong["type"], field=_path(wrong), details={"rule": "is empty"})
    return ValidationFailed(wrong["type"], field=_path(wrong), details=_rule(wrong))


def _path(wrong: ErrorDetails) -> str:
    steps = [str(step) for step in wrong["loc"]]
    part = wrong.get("ctx", {}).get("part")
    return ".".join([*steps, part] if part else steps)


def _rule(wrong: ErrorDetails) -> dict[str, Any]:
    context = wrong.get("ctx", {})
    rule: dict[str, Any] = {"rule": wrong["msg"]}
    if "allowed" in context:
        rule["allowed"] = context["allowed"]
    elif wrong["type"] == "literal_error":
        rule["allowed"] = _QUOTED.findall(context["expected"])
    return rule
