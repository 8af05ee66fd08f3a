"""Bodies to checked models, one way for all doors; what is wrong becomes our errors: the field as a path, the rule."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from ion_mentoring.errors import InvalidInput, InvalidJson, MentoringError, ValidationFailed

Model = TypeVar("Model", bound=BaseModel)

_QUOTED = re.compile(r"'([^']*)'")
_MAY_BE_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# A backslash stands nowhere in JSON but at the beginning of an escape; a pair of surrogates is one of them.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def parse(model: type[Model], body: bytes) -> Model:
    """The body as that model; InvalidJson, InvalidInput or ValidationFailed say what is wrong, never what was sent."""
    return check(model, read(body))


def check(model: type[Model], sent: Any) -> Model:
    """The same for a part of a body, as it was read from JSON."""
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise refusal(error) from None


def read(body: bytes) -> Any:
    """The JSON of a body. Half a surrogate pair (an emoji that was cut) becomes U+FFFD, and the text around it stays."""
    if _MAY_BE_HALF.search(body):
        body = _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["half"] else escape[0], body)
    try:
        return from_json(body)
    except ValueError:
        raise InvalidJson("json_invalid") from None


def refusal(error: ValidationError) -> MentoringError:
    """The error of ours that says the first thing wrong."""
    wrong = error.errors(include_input=False, include_url=False)[0]
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
