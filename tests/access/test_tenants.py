"""A user is (tenant, id): what is one tenant's is no other's, and what was stored before is of `default`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.access.caller import Caller, Role, qualified
from ion_mentoring.access.claims import caller_of
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.access.issuers.key import FixedKeys
from ion_mentoring.errors import Forbidden

SERVICE = frozenset({Role.SERVICE})
IDS = st.text("ab_-.:@u", min_size=1, max_size=6)
SUBJECTS = st.text("ab/:@ user", min_size=1, max_size=8).filter(str.strip)
TENANTS = st.sampled_from(["default", "acme", "other"])


def issuer(tenant: str) -> Issuer:
    return Issuer("iss", "ion", FixedKeys(()), frozenset(), tenant=tenant)


def service(name: str, tenant: str) -> Caller:
    return Caller(qualified(tenant, f"key:{name}"), SERVICE, tenant=tenant)


def mentee(subject: str, tenant: str = "acme") -> Caller:
    return caller_of({"sub": subject}, issuer(tenant))


def test_owners_in_the_tenant_default_are_those_of_before_there_were_tenants() -> None:
    acme = Caller("key:acme", SERVICE)
    assert (acme.owner("u1"), acme.owner(None)) == ("key:acme/u1", "key:acme/")
    kim = mentee("kim", "default")
    assert (kim.id, kim.owner(kim.user(None)), kim.owner(kim.user("kim"))) == ("sub:kim", "sub:kim/", "sub:kim/kim")


def test_services_of_a_tenant_speak_for_the_same_users_and_so_do_the_users_themselves() -> None:
    one, two, kim = service("one", "acme"), service("two", "acme"), mentee("kim")
    assert one.owner("kim") == two.owner("kim") == kim.owner(kim.user(None)) == kim.owner(kim.user("kim"))
    assert one.owner(None) != two.owner(None)


def test_a_mentees_key_names_users_of_its_own_alone() -> None:
    key = Caller("acme/key:form", frozenset({Role.MENTEE}), tenant="acme")
    assert key.user("kim") == "kim"
    assert key.owner("kim") != mentee("kim").owner("kim")


@pytest.mark.parametrize("tenant", ["default", "acme"])
def test_a_mentees_token_speaks_for_nobody_else(tenant: str) -> None:
    with pytest.raises(Forbidden) as refused:
        mentee("kim", tenant).user("lee")
    assert refused.value.field == "context.user_id"
    assert caller_of({"sub": "app", "roles": ["service"]}, issuer(tenant)).user("lee") == "lee"


@given(TENANTS, TENANTS, st.booleans(), st.booleans(), SUBJECTS, SUBJECTS, st.none() | IDS, st.none() | IDS)
def test_no_two_tenants_share_an_owner(
    tenant: str, other: str, keyed: bool, other_keyed: bool, name: str, other_name: str, user: str | None, another: str | None
) -> None:
    one = service("k1", tenant) if keyed else mentee(name, tenant)
    two = service("k1", other) if other_keyed else mentee(other_name, other)
    own = one.owner(user if keyed else one.user(None))
    others = two.owner(another if other_keyed else two.user(None))
    if tenant != other:
        assert own != others
        assert one.id != two.id
    elif own == others:
        assert (user if keyed else one.person) == (another if other_keyed else two.person)


def test_an_admin_reaches_what_is_of_its_tenant_and_no_further() -> None:
    boss, own = Caller("acme/key:boss", frozenset({Role.ADMIN}), tenant="acme"), service("one", "acme")
    assert boss.reaches("acme", own.id)
    assert own.reaches("acme", own.id)
    assert not own.reaches("acme", "acme/key:two")
    assert not boss.reaches("other", "other/key:one")
    assert not boss.reaches("default", "key:one")
