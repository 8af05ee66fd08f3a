"""Flags: typed by their data file, evaluated in OpenFeature's words, and not for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext

from infra import flags as lint
from ion_mentoring.errors import CardInvalid
from ion_mentoring.flags import flag as reading
from ion_mentoring.flags.declared import CONSOLE_WORKER, EXPLORATION, FLAGS
from ion_mentoring.flags.evaluation import Chosen, Evaluation, evaluated
from ion_mentoring.flags.flag import Flag, declared, entries
from ion_mentoring.flags.openfeature import FlagsProvider


@pytest.mark.parametrize(
    ("chosen", "tenant", "value", "reason", "code"),
    [
        ({}, "acme", 0.0, "DEFAULT", None),
        ({None: "usual"}, "acme", 0.05, "STATIC", None),
        ({None: "usual", "acme": "often"}, "acme", 0.2, "TARGETING_MATCH", None),
        ({None: "usual", "acme": "often"}, "globex", 0.05, "STATIC", None),
        ({"acme": "often"}, "globex", 0.0, "DEFAULT", None),
        ({None: "gone"}, "acme", 0.0, "ERROR", "GENERAL"),
        ({None: "usual", "acme": "gone"}, "acme", 0.0, "ERROR", "GENERAL"),
    ],
)
def test_what_was_chosen_last_for_the_tenant_holds_else_for_all(
    chosen: Chosen, tenant: str, value: float, reason: str, code: str | None
) -> None:
    found = evaluated(EXPLORATION, chosen, tenant)
    assert (found.value, found.reason, found.error_code) == (value, reason, code)
    assert EXPLORATION.variants[found.variant] == value


def test_what_may_have_changed_since_is_called_stale() -> None:
    assert evaluated(EXPLORATION, {None: "usual"}, "acme", stale=True) == Evaluation(0.05, "usual", "STALE")
    assert evaluated(EXPLORATION, {}, "acme", stale=True).reason == "STALE"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"variants": {"off": 0}}, "no variant of float"),
        ({"variants": {"off": True}}, "no variant of float"),
        ({"default": "none"}, "no variant of float: none"),
        ({"owner": None}, "lacks 'owner'"),
        ({"until": None}, "lacks 'until'"),
        ({"ko": None}, "lacks 'ko'"),
    ],
)
def test_a_flag_of_another_type_or_without_an_owner_an_end_or_a_language_is_none(
    change: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = {name: value for name, value in {**entries()["exploration"], **change}.items() if value is not None}
    monkeypatch.setattr(reading, "entries", lambda: {"exploration": entry})
    with pytest.raises(CardInvalid, match=told):
        declared("exploration", float)
    with pytest.raises(CardInvalid, match="missing"):
        declared("another", float)


def test_a_flag_that_is_past_its_date_fails_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    first = min(flag.until for flag in FLAGS.values())
    assert lint.main(first) == 0
    assert lint.main(first + timedelta(days=1)) == 1
    said = capsys.readouterr().out
    assert "exploration: ended on" in said
    assert EXPLORATION.owner in said


def test_a_flag_that_nobody_declares_or_reads_fails_the_check() -> None:
    assert list(lint.undeclared(["exploration", "another"], FLAGS)) == ["another: is in the data file, and not in declared.py"]
    assert list(lint.unread(["value(EXPLORATION)"])) == ["CONSOLE_WORKER: nothing reads it"]


class Known:
    """The flags as they are, or as they are chosen here."""

    def __init__(self, chosen: dict[str, Chosen] | None) -> None:
        self.chosen = chosen

    def evaluation(self, flag: Flag[Any], tenant: str) -> Evaluation[Any]:
        if self.chosen is None:
            return Evaluation(flag.usual, flag.default, "ERROR", "PROVIDER_NOT_READY")
        return evaluated(flag, self.chosen.get(flag.name, {}), tenant)


@contextmanager
def provided(known: Known) -> Iterator[Any]:
    api.set_provider_and_wait(FlagsProvider(known)) if hasattr(api, "set_provider_and_wait") else api.set_provider(
        FlagsProvider(known)
    )
    try:
        yield api.get_client()
    finally:
        api.shutdown()
        api.clear_providers()


def test_openfeature_finds_our_flags_with_variant_and_reason() -> None:
    chosen: dict[str, Chosen] = {"exploration": {None: "seldom", "acme": "often"}, "console_worker": {None: "off"}}
    with provided(Known(chosen)) as client:
        assert client.get_boolean_value("console_worker", True) is False
        for attributes, value, reason in (({}, 0.02, "STATIC"), ({"tenant": "acme"}, 0.2, "TARGETING_MATCH")):
            found = client.get_float_details("exploration", 1.0, EvaluationContext(attributes=attributes))
            assert (found.value, found.reason) == (value, reason)
            assert EXPLORATION.variants[found.variant] == value
        assert client.get_provider_status() is not None
        assert api.get_provider_metadata().name == "ion"


def test_openfeature_gets_the_callers_default_where_there_is_an_error() -> None:
    with provided(Known({"exploration": {None: "gone"}})) as client:
        for found, value, code in (
            (client.get_float_details("exploration", 1.0), 1.0, "GENERAL"),
            (client.get_boolean_details("exploration", True), True, "TYPE_MISMATCH"),
            (client.get_string_details("exploration", "x"), "x", "TYPE_MISMATCH"),
            (client.get_integer_details("exploration", 7), 7, "TYPE_MISMATCH"),
            (client.get_object_details("exploration", {}), {}, "TYPE_MISMATCH"),
            (client.get_float_details("another", 1.0), 1.0, "FLAG_NOT_FOUND"),
        ):
            assert (found.value, found.reason, found.error_code) == (value, "ERROR", code)
    with provided(Known(None)) as client:
        assert client.get_boolean_details("console_worker", False).error_code == "PROVIDER_NOT_READY"


def test_a_flag_is_said_in_both_languages() -> None:
    for flag in FLAGS.values():
        assert flag.says.ko != flag.says.en
    assert replace(CONSOLE_WORKER, default="off").usual is False
