"""Who was hit is no attacker, whatever the words have in common; who wants to hit back may be one."""

import pytest

from ion_mentoring.understanding.safety.check import DangerCheck

CHECK = DangerCheck.load()


@pytest.mark.parametrize(
    "text",
    [
        "부장님이 회의실에서 저한테 컵을 던지고 등을 때렸습니다",
        "요양병원에서 일하는데 환자분이 제 팔을 때렸어요",
        "누나가 어제 나를 또 때렸어",
        "a patient kicked me in the stomach during my shift",
        "my landlord shoved me against the door",
    ],
)
def test_who_was_hit_is_hurt(text: str) -> None:
    found = CHECK.check(text)
    assert found is not None
    assert (found.group, found.other) == ("violence", False)


@pytest.mark.parametrize(
    "text",
    [
        "제가 동생을 또 때렸어요",
        "아내를 때렸습니다",
        "my colleague slapped me and now I want to kill him",
        "죽여 버리고 싶어요 그 사람",
    ],
)
def test_who_hits_or_means_to_may_hurt_others(text: str) -> None:
    found = CHECK.check(text)
    assert found is not None
    assert found.kind == "harm_others"
