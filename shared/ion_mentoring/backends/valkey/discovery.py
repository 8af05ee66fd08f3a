"""Memorystore's control plane, asked where an instance listens: the one place that knows its client and its client's errors.

Everything here blocks, and the import takes 0.4 s: import it in a thread, when an endpoint is needed.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from google.api_core.exceptions import BadRequest, Forbidden, GoogleAPICallError, NotFound, RetryError
from google.api_core.retry import Retry, if_transient_error
from google.auth.exceptions import GoogleAuthError
from google.cloud.memorystore_v1 import (
    CertificateAuthority,
    ConnectionType,
    Instance,
    MemorystoreClient,
    PscAutoConnection,
    PscConnection,
    PscConnectionStatus,
    SharedRegionalCertificateAuthority,
)
from google.oauth2.credentials import Credentials
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped] # protobuf ships no types
from requests import RequestException

from ion_mentoring.backends.valkey.address import DEFAULT_PORT, ServerAddress
from ion_mentoring.backends.valkey.endpoint import Endpoint
from ion_mentoring.errors import CacheUnavailable, SettingsInvalid

VARIABLE: Final = "CACHE_INSTANCE"
NAME: Final = re.compile(r"projects/[^/\s]+/locations/[^/\s]+/instances/[^/\s]+")
API: Final = "https://memorystore.googleapis.com"
TIMEOUT_S: Final = 5.0

Authority = CertificateAuthority | SharedRegionalCertificateAuthority

# What the client raises for an answer that is no answer of this interface.
MALFORMED: Final = (ParseError, ValueError, TypeError, AttributeError, RecursionError)

UNBORN_OR_DEAD: Final = (Instance.State.CREATING, Instance.State.DELETING)
ALONE: Final = (Instance.Mode.CLUSTER_DISABLED, Instance.Mode.STANDALONE)  # any other one is a cluster
OPEN: Final = (Instance.AuthorizationMode.AUTHORIZATION_MODE_UNSPECIFIED, Instance.AuthorizationMode.AUTH_DISABLED)


def discover(name: str, token: str, *, api: str = API, timeout_s: float = TIMEOUT_S) -> Endpoint:
    """The endpoint of `projects/P/locations/R/instances/I`, asked for with an access token.

    Asks twice at most, each time for about `timeout_s` seconds with all retries. CacheUnavailable if a later try may do
    better, SettingsInvalid if somebody has to do something about it: the name, our rights, how the instance was made.
    """
    if not NAME.fullmatch(name):
        raise _invalid("is no projects/P/locations/R/instances/I")
    with _answering(), _client(token, api) as client:
        retry = Retry(if_transient_error, initial=0.1, maximum=1.0, timeout=timeout_s)
        instance = client.get_instance(name=name, retry=retry, timeout=timeout_s)
        encrypted = instance.transit_encryption_mode == Instance.TransitEncryptionMode.SERVER_AUTHENTICATION
        address, iam = _address(instance, encrypted), _wants_iam(instance, encrypted)
        return Endpoint(address, _ca_pem(_authority(client, name, instance, retry, timeout_s)) if encrypted else None, iam)


def _client(token: str, api: str) -> MemorystoreClient:
    # With the token that we have, it does not look for credentials, which asks the network with waits of its own.
    credentials = Credentials(token)  # type: ignore[no-untyped-call]
    return MemorystoreClient(credentials=credentials, transport="rest", client_options={"api_endpoint": api})


def _address(instance: Instance, encrypted: bool) -> ServerAddress:
    if instance.state in UNBORN_OR_DEAD:
        raise CacheUnavailable(f"{VARIABLE}: the instance is {instance.state.name}")
    clustered = instance.mode not in ALONE
    wanted = ConnectionType.CONNECTION_TYPE_DISCOVERY if clustered else ConnectionType.CONNECTION_TYPE_PRIMARY
    for connection in _connections(instance):
        if connection.connection_type == wanted:
            port = connection.port or DEFAULT_PORT
            return ServerAddress(connection.ip_address, port, encrypted=encrypted, clustered=clustered)
    raise CacheUnavailable(f"{VARIABLE}: the instance has no endpoint to {'discover' if clustered else 'write to'}")


def _connections(instance: Instance) -> Iterator[PscAutoConnection | PscConnection]:
    """Those that lead somewhere, made by the platform or by hand."""
    for endpoint in instance.endpoints:
        for made in endpoint.connections:
            connection = made.psc_auto_connection or made.psc_connection
            if connection.ip_address and connection.psc_connection_status != PscConnectionStatus.NOT_FOUND:
                yield connection


def _wants_iam(instance: Instance, encrypted: bool) -> bool:
    if instance.authorization_mode in OPEN:
        return False
    if instance.authorization_mode != Instance.AuthorizationMode.IAM_AUTH:
        raise _invalid("the instance asks for a secret of its own; make one that takes access tokens (IAM_AUTH)")
    if not encrypted:
        raise _invalid("the instance takes access tokens in the clear; make one that is encrypted (SERVER_AUTHENTICATION)")
    return True


def _authority(client: MemorystoreClient, name: str, instance: Instance, retry: Retry, timeout_s: float) -> Authority:
    """The authority that signs the instance's certificates: its own, or that of all in its region."""
    if instance.server_ca_mode != Instance.ServerCaMode.GOOGLE_MANAGED_SHARED_CA:
        return client.get_certificate_authority(name=name, retry=retry, timeout=timeout_s)
    shared = f"{name.partition('/instances/')[0]}/sharedRegionalCertificateAuthority"
    return client.get_shared_regional_certificate_authority(name=shared, retry=retry, timeout=timeout_s)


def _ca_pem(authority: Authority) -> str:
    """All its certificates, each once: while they are rotated there are two that may vouch."""
    chains = authority.managed_server_ca.ca_certs
    pem = "\n".join(dict.fromkeys(certificate.strip() for chain in chains for certificate in chain.certificates))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError, TypeError) as error:
        raise CacheUnavailable(f"{VARIABLE}: the instance's certificate authority has no certificates") from error
    return pem


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except Forbidden as error:
        raise _invalid("may not be looked at; grant roles/memorystore.viewer, and enable the API") from error
    except NotFound as error:
        raise _invalid("there is no such instance") from error
    except BadRequest as error:
        raise _invalid("is no name that Memorystore takes") from error
    except (GoogleAPICallError, RetryError, GoogleAuthError, RequestException) as error:
        raise CacheUnavailable(f"Memorystore's API: {type(error).__name__}") from error
    except MALFORMED as error:
        raise CacheUnavailable(f"Memorystore's API: not understood, {type(error).__name__}") from error


def _invalid(what: str) -> SettingsInvalid:
    return SettingsInvalid(f"{VARIABLE}: {what}", field=VARIABLE)
