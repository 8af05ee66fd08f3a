"""Tests of the dialects in which OpenAI-compatible servers say what is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from ion_mentoring.models.openai_form import Problem, problem_in, said

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("choices", "delta", "message", "content", "error", "code", "usage", "prompt_tokens", "index"))
            | st.sampled_from(("finish_reason", "metadata", "reasons", "innererror", "type", "text", "param", "refusal")),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("status", "form", "problem"),
    [
        (400, {"error": {"code": "content_filter", "status": 400}}, {"filtered": True}),
        (400, {"error": {"code": "400", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}, {"filtered": True}),
        (403, {"error": {"code": 403, "metadata": {"reasons": ["violence"]}}}, {"filtered": True}),
        (400, {"error": {"code": "context_length_exceeded"}}, {"too_long": True}),
        (400, {"error": {"code": 400, "type": "exceed_context_size_error"}}, {"too_long": True}),
        (400, {"object": "error", "message": "maximum context length is 8192 tokens", "code": 400}, {"too_long": True}),
        (500, {"error": {"code": 500, "message": "Context size has been exceeded."}}, {"too_long": True}),
        (429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota"}}, {"kind": "insufficient_quota"}),
        (401, {"error": {"code": "invalid_api_key", "message": "Incorrect API key: sk-..."}}, {"kind": "invalid_api_key"}),
        (404, {"error": "model 'x' not found, try pulling it first"}, {}),
        (400, {"error": {"message": "temperature is not supported"}}, {"unsupported": frozenset({"temperature"})}),
        (400, {"error": {"message": "'max_completion_tokens' is not supported"}}, {}),
        (422, {"detail": [{"loc": ["body", "model"], "msg": "field required"}]}, {}),
        (500, "Internal Server Error", {}),
        (500, None, {}),
    ],
)
def test_each_dialect_of_errors_is_understood(status: int, form: object, problem: dict[str, Any]) -> None:
    assert problem_in(to_json(form), status) == Problem(status, **problem)


def test_a_page_instead_of_an_error_leaves_its_status() -> None:
    assert problem_in(b"<html>Bad Gateway</html>", 502) == Problem(502)


@pytest.mark.parametrize(("code", "status"), [(429, 429), ("429", 502), (200, 502), (None, 502)])
def test_an_error_within_a_success_has_its_own_status(code: object, status: int) -> None:
    assert said(to_json({"error": {"code": code, "message": "x"}})).problem == Problem(status)


@pytest.mark.parametrize("where", ["message", "delta"])
def test_a_refusal_is_a_filtered_answer(where: str) -> None:
    assert said(to_json({"choices": [{where: {"content": None, "refusal": "I can't"}}]})).ending == "filtered"


@given(form=JSON)
def test_any_json_is_understood_or_malformed(form: object) -> None:
    problem_in(to_json(form), 500)
    try:
        heard = said(to_json(form))
    except ValueError:
        return
    assert isinstance(heard.text, str)
