"""What an operator allows to be fetched: schemes, hosts and ports, or buckets; and URLs read by it.

A URL is read strictly: what different readers would understand differently (backslashes, odd
numbers as hosts, credentials, anything but printable ASCII) is refused, never interpreted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from typing import Final, Literal, Self, cast
from urllib.parse import unquote

from core.outbound.addresses import Address, Network, is_public

Scheme = Literal["http", "https", "s3"]

PORTS: Final = {"http": 80, "https": 443, "s3": 0}
_LONGEST: Final = 4096
_URL = re.compile(r"(https?|s3)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")
_AMBIGUOUS = frozenset('\\"<>^`{|}')
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")


class Forbidden(Exception):
    """A URL, or where it leads, that is not allowed; the text says why, and repeats no secret."""


@dataclass(frozen=True)
class Target:
    """A URL that is allowed. Of `s3` the host is the bucket and the path the key."""

    scheme: Scheme
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL as it is requested, without fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


@dataclass(frozen=True)
class _Source:
    """One line of the allowance: a host, `*`, or `*.` and the end of hosts' names."""

    scheme: Scheme
    host: str
    port: int
    path: str

    def covers(self, target: Target) -> bool:
        if (self.scheme, self.port) != (target.scheme, target.port):
            return False
        if not target.path.startswith(self.path):
            return False
        return self.host in ("*", target.host) or (
            self.host.startswith("*.") and target.host.endswith(self.host[1:])
        )


@dataclass(frozen=True)
class Allowance:
    """Where things may be fetched from; by default from nowhere.

    Addresses that are not public are refused unless they lie in one of the networks `private`.
    """

    sources: tuple[_Source, ...] = ()
    private: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, sources: Iterable[str], private: Iterable[str] = ()) -> Self:
        """From texts like `https://*`, `https://*.example.org:8443`, `s3://bucket/prefix/`.

        Raises ValueError.
        """
        networks = tuple(ip_network(text) for text in private)
        return cls(tuple(_read_source(text) for text in sources), networks)

    def admit(self, url: str) -> Target:
        """The target of a URL. Raises Forbidden."""
        if not self.sources:
            raise Forbidden("The operator of this service has not allowed any address for this.")
        target = _read(url)
        if not any(source.covers(target) for source in self.sources):
            raise Forbidden(
                "The operator of this service does not allow this scheme, host or port."
            )
        return target

    def admits(self, address: Address) -> bool:
        """Whether a connection to this address may be opened."""
        return is_public(address) or any(address in network for network in self.private)


def _read_source(text: str) -> _Source:
    match = _URL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not of the form https://host, http://host or s3://bucket")
    scheme = cast("Scheme", match[1].lower())
    if scheme != "s3" and match[3] not in ("", "/"):
        raise ValueError(f"{text!r} has a path; hosts are allowed as a whole")
    star = "*." if match[2].startswith("*.") else ""
    try:
        host, port = _read_authority(scheme, match[2].removeprefix(star).replace("*", "any", 1))
    except Forbidden as error:
        raise ValueError(f"{text!r}: {error}") from error
    whole = match[2] == "*" or match[2].startswith("*:")
    return _Source(scheme, "*" if whole else star + host, port, match[3] if scheme == "s3" else "")


def _read(url: str) -> Target:
    if len(url) > _LONGEST:
        raise Forbidden(f"The URL has more than {_LONGEST} characters.")
    if not _PRINTABLE.fullmatch(url) or _AMBIGUOUS & set(url):
        raise Forbidden(
            "The URL holds characters that stand in no URL; write them as %XX, hosts as xn--…"
        )
    match = _URL.fullmatch(url)
    if match is None:
        raise Forbidden("The URL must begin with https://, http:// or s3://.")
    scheme = cast("Scheme", match[1].lower())
    host, port = _read_authority(scheme, match[2])
    path = _read_key(match[3]) if scheme == "s3" else match[3]
    if not path.startswith("/"):
        path = f"/{path}"
    return Target(scheme, host, port, path)


def _read_authority(scheme: Scheme, text: str) -> tuple[str, int]:
    if "@" in text:
        raise Forbidden("The URL carries credentials; the service takes none.")
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        host = text
    elif scheme == "s3" or not _PORT.fullmatch(port) or int(port) > 65535:
        raise Forbidden("The port of the URL is none.")
    return _read_host(host.lower()), int(port) if colon else PORTS[scheme]


def _read_host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(IPv6Address(_unscoped(host[1:-1])))
        except AddressValueError:
            raise Forbidden("The host of the URL is no IPv6 address.") from None
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise Forbidden("The host of the URL is no host name.")
    if _NUMERIC.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise Forbidden("A host of numbers must be a.b.c.d in plain decimal.") from None
    return host


def _unscoped(text: str) -> str:
    if "%" in text:
        raise Forbidden("The host of the URL names a network interface.")
    return text


def _read_key(path: str) -> str:
    if "?" in path:
        raise Forbidden("An s3:// URL has no query.")
    key = unquote(path)
    if not key.strip("/") or {"", ".", ".."} & set(key.split("/")[1:]):
        raise Forbidden("The key of the s3:// URL is none.")
    return key
