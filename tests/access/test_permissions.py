"""A permission lets in whom it names, and nobody where it names nobody."""

import pytest

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.permissions import ADMINISTERS, ANYONE, ASKS, NOBODY, OPERATES, SENDS_MANY, Permission
from ion_mentoring.errors import Forbidden, NotFound, Unauthenticated

STRANGER = Caller("address:1.2.3.4", known=False)


def of(role: Role, tenant: str = "default") -> Caller:
    return Caller(role, frozenset({role}), tenant=tenant)


ALLOWED = {
    ASKS: {Role.MENTEE, Role.SERVICE, Role.ADMIN},
    SENDS_MANY: {Role.SERVICE, Role.ADMIN},
    OPERATES: {Role.OPERATOR, Role.ADMIN},
    ADMINISTERS: {Role.ADMIN},
    ANYONE: set(Role),
    NOBODY: set(),
}


@pytest.mark.parametrize("permission", ALLOWED)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_is_its_own_and_admins_all(permission: Permission, role: Role) -> None:
    assert permission.holds(of(role)) == (role in ALLOWED[permission])


@pytest.mark.parametrize("permission", ALLOWED)
@pytest.mark.parametrize("role", Role)
def test_what_concerns_all_tenants_is_for_the_services_own_alone(permission: Permission, role: Role) -> None:
    service_wide = permission in (OPERATES, ADMINISTERS)
    assert permission.holds(of(role, "acme")) == (role in ALLOWED[permission] and not service_wide)


def test_a_stranger_is_asked_for_a_credential_whatever_there_is() -> None:
    ANYONE.check(STRANGER)
    for permission in ALLOWED.keys() - {ANYONE}:
        with pytest.raises(Unauthenticated):
            permission.check(STRANGER)


def test_who_is_known_is_told_that_the_role_is_wrong_or_that_nothing_is_there() -> None:
    with pytest.raises(Forbidden) as refused:
        SENDS_MANY.check(of(Role.MENTEE))
    assert refused.value.details == {"needs": ["service"]}
    with pytest.raises(NotFound):
        NOBODY.check(of(Role.ADMIN))
