"""API keys are random, kept as digests, and say nothing when they are wrong."""

import pytest

from ion_mentoring.access.api_keys import ApiKeys, new_key
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.local.api_key import main


def test_a_new_key_opens_and_its_line_does_not_hold_it() -> None:
    key = new_key("acme", Role.SERVICE)
    caller = ApiKeys.parse(key.line).find(key.secret)
    assert caller == Caller("key:acme", frozenset({Role.SERVICE}))
    assert key.secret not in key.line
    assert len(key.secret) > 40
    assert new_key("acme", Role.SERVICE).secret != key.secret


def test_several_keys_are_told_apart() -> None:
    one, two = new_key("one", Role.MENTEE), new_key("two", Role.ADMIN)
    keys = ApiKeys.parse(f"{one.line},\n {two.line}")
    assert [caller.id for caller in keys.callers] == ["key:one", "key:two"]
    assert keys.find(two.secret) == keys.callers[1]
    for wrong in ("", one.secret + "x", one.line, "\ud800"):
        assert keys.find(wrong) is None


@pytest.mark.parametrize("entry", ["", "a:mentee", "a:king:" + "0" * 64, "a b:mentee:" + "0" * 64, "a:mentee:xyz"])
def test_a_bad_entry_is_named_by_its_place_alone(entry: str) -> None:
    good = new_key("good", Role.MENTEE).line
    with pytest.raises(SettingsInvalid, match="entry 2") as raised:
        ApiKeys.parse(f"{good},{entry}")
    if entry:
        assert entry not in str(raised.value)


def test_a_key_may_be_of_a_tenant() -> None:
    key = new_key("acme-1/web.app", Role.SERVICE, 5)
    caller = ApiKeys.parse(key.line).find(key.secret)
    assert caller == Caller("acme-1/key:web.app", frozenset({Role.SERVICE}), monthly_tokens=5, tenant="acme-1")


def test_the_program_prints_a_key_that_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acme", "operator"]) == 0
    secret, line, told = (row.split()[-1] for row in capsys.readouterr().out.splitlines())
    caller = ApiKeys.parse(line).find(secret)
    assert caller is not None
    assert caller.roles == {Role.OPERATOR}
    assert told == "/api/v2/api-keys"


@pytest.mark.parametrize("owner", ["a:b", "a,b", "", "x" * 65, "가", "Acme/web", "/web", "a/", "a/b/c", "x" * 64 + "/b"])
def test_an_owner_that_no_entry_could_name_is_refused(owner: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([owner, "mentee"]) == 1
    assert "owner" in capsys.readouterr().err


def test_the_program_knows_its_roles(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["acme", "king"])
    assert "invalid" in capsys.readouterr().err


def test_a_key_may_carry_a_monthly_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acme", "service", "1000000"]) == 0
    _, line, _ = (row.split()[-1] for row in capsys.readouterr().out.splitlines())
    for entry, tokens in ((line, 1_000_000), (line.rpartition(":")[0], None)):
        assert [caller.monthly_tokens for caller in ApiKeys.parse(entry).callers] == [tokens]
    with pytest.raises(SettingsInvalid, match="entry 1"):
        ApiKeys.parse(line + "x")
