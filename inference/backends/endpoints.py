"""The addresses that a scorer may have a worker call.

A recipe names its endpoint, and a worker runs inside a network whose other machines trust it. So an
address is looked up once and checked, and the connection goes to exactly that address. Public hosts
are open over https. Everything else, this machine and the private networks first of all, must be
named by the environment variable MISSTEP_ENDPOINTS: hosts, hosts with a port, or beginnings of
URLs, with commas between them.
"""

import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from inference.backends.interface import BackendError

VARIABLE = "MISSTEP_ENDPOINTS"
PORTS = {"http": 80, "https": 443}
# IPv4 addresses written into IPv6 ones, for networks that translate (RFC 6052).
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class EndpointRefused(BackendError):
    """An address that no worker calls; the text says why, and what would allow it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that was looked up and may be called at its `addresses`, and nowhere else.

    `url` is without a slash at its end. `is_named` says that this installation's administrator
    named it, rather than that anybody may call it.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]
    is_named: bool


def base_url(endpoint: str) -> str:
    """Return the base URL of requests, such as http://gpu-1:8000/v1, without looking it up.

    Raises EndpointRefused for anything but a plain URL.
    """
    text = endpoint.strip().rstrip("/")
    if not text.isascii() or not text.isprintable() or set(text) & set(" \\@?#"):
        raise EndpointRefused(
            f"{endpoint!r} is not an endpoint: use a URL such as http://host:8000/v1, "
            "without user name, password, query or fragment."
        )
    parts = _split(text)
    if {".", ".."} & set(unquote(parts.path).split("/")):
        raise EndpointRefused(f"The path of {endpoint!r} contains dots. Write it without them.")
    return f"{text}/v1" if not parts.path else text


def look_up(endpoint: str, named: Sequence[str] | None = None) -> Endpoint:
    """Return the endpoint with its current addresses, all of them allowed. Raises EndpointRefused.

    `named` replaces the value of MISSTEP_ENDPOINTS.
    """
    url = base_url(endpoint)
    parts = _split(url)
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    is_named = any(_names(entry, parts) for entry in named_endpoints(named))
    addresses = _addresses(host, port)
    if not is_named:
        _refuse_inside(url, parts, addresses)
    return Endpoint(url, host, port, addresses, is_named)


def named_endpoints(named: Sequence[str] | None = None) -> list[str]:
    entries = os.environ.get(VARIABLE, "").split(",") if named is None else named
    return [entry.strip() for entry in entries if entry.strip()]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError as error:
        raise EndpointRefused(f"{url!r} is not an endpoint: {error}.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise EndpointRefused(
            f"{url!r} is not an endpoint: it must start with http:// or https:// and a host."
        )
    return parts


def _names(entry: str, parts: SplitResult) -> bool:
    """Return whether an entry of MISSTEP_ENDPOINTS is this URL's host or its beginning."""
    if "://" not in entry:
        host = _split(f"http://{entry}")
        return host.hostname == parts.hostname and host.port in {None, _port(parts)}
    start = _split(entry.rstrip("/"))
    return (
        (start.scheme, start.hostname, _port(start)) == (parts.scheme, parts.hostname, _port(parts))
    ) and f"{parts.path}/".startswith(f"{start.path}/")


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _addresses(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EndpointRefused(
            f"The worker can't resolve the host {host!r}. Check its name."
        ) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _refuse_inside(url: str, parts: SplitResult, addresses: Sequence[str]) -> None:
    inside = [address for address in addresses if not is_public(address)]
    if inside:
        raise EndpointRefused(
            f"The endpoint {url} is at {inside[0]}, which is not on the public internet. To "
            f"allow it, add {parts.netloc} to {VARIABLE} in the workers' environment."
        )
    if parts.scheme != "https":
        raise EndpointRefused(
            f"The endpoint {url} is not encrypted: use https://, or add {parts.netloc} to "
            f"{VARIABLE} in the workers' environment."
        )


def is_public(address: str) -> bool:
    """Return whether the address is on the public internet; IPv4 inside IPv6 is checked too."""
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    return all(
        each.is_global and not each.is_multicast and not getattr(each, "is_site_local", False)
        for each in [found, *_inner(found)]
    )


def _inner(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner: list[Address] = [
        each
        for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()))
        if each is not None
    ]
    if address in TRANSLATED or int(address) >> 32 == 0:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inner
