"""Fetching from where clients name: hostile URLs, names that change, redirects, real servers."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.outbound.addresses import is_public
from core.outbound.allowance import Allowance, Forbidden
from core.outbound.connection import Failed
from core.outbound.fetch import TooLarge, fetch
from tests.core.outbound.hostile import NAMES, URLS
from tests.lamina.outside import Asked, Reply, outside

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ANYWHERE = Allowance.parse(["https://*", "http://*"])


def resolve(host: str, _port: int) -> list[str]:
    """The resolver of these tests: addresses are themselves."""
    if host in NAMES:
        return NAMES[host]
    try:
        return [str(ip_address(host))]
    except ValueError:
        raise socket.gaierror("no such name") from None


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To where connections were tried; only loopback is let through."""
    tried: list[str] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        tried.append(address[0])
        if address[0] != "127.0.0.1":
            raise ConnectionRefusedError(address[0])
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def _get(allowance: Allowance, url: str, most: int = 10**6, **more: Any) -> bytes:
    found = bytearray()
    more = {"seconds": 30, "resolve": resolve, **more}
    fetch(allowance, url, found.extend, most, **more)
    return bytes(found)


def test_the_table_is_long() -> None:
    assert len(set(URLS)) == len(URLS) >= 150


@pytest.mark.parametrize("url", URLS)
def test_hostile_urls_connect_to_nothing(url: str, connected: list[str]) -> None:
    with pytest.raises(Forbidden) as refusal:
        _get(ANYWHERE, url)
    assert "secret" not in str(refusal.value)
    assert connected == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://93.184.215.14", "93.184.215.14"),
        ("HTTPS://93.184.215.14:443/a?b=c#d", "93.184.215.14"),
        ("http://[2606:2800:21F::1]/", "2606:2800:21f::1"),
    ],
)
def test_public_addresses_are_connected_to(url: str, address: str, connected: list[str]) -> None:
    with pytest.raises(Failed):
        _get(ANYWHERE, url)
    assert connected == [address]


def test_a_name_that_is_bound_anew_is_resolved_once(connected: list[str]) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]])
    with pytest.raises(Failed):
        _get(ANYWHERE, "http://rebound.example/", resolve=lambda *_: next(answers))
    assert connected == ["93.184.215.14"]
    assert next(answers) == ["127.0.0.1"], "the name was resolved once"


@pytest.mark.parametrize(
    ("source", "url", "admitted"),
    [
        ("https://*", "https://a.example/", True),
        ("https://*", "http://a.example/", False),
        ("https://*", "https://a.example:8443/", False),
        ("https://*:8443", "https://a.example:8443/", True),
        ("https://a.example", "https://A.EXAMPLE/x", True),
        ("https://a.example", "https://b.a.example/", False),
        ("https://a.example", "https://a.example.evil/", False),
        ("https://*.a.example", "https://b.c.a.example/", True),
        ("https://*.a.example", "https://a.example/", False),
        ("https://*.a.example", "https://eva.example/", False),
        ("s3://*", "s3://any/key", True),
        ("s3://b/p/", "s3://b/p/k%20ey", True),
        ("s3://b/p/", "s3://b/q", False),
        ("s3://b/p/", "s3://b/p/../q", False),
        ("s3://b/p/", "s3://b/p/%2e%2e/q", False),
        ("s3://b", "s3://b/", False),
        ("s3://b", "s3://b//x", False),
        ("s3://b", "s3://b/x?versionId=1", False),
        ("s3://b", "s3://key:secret@b/x", False),
        ("s3://b", "s3://b:80/x", False),
    ],
)
def test_what_an_operator_allows(source: str, url: str, admitted: bool) -> None:
    allowance = Allowance.parse([source])
    if admitted:
        assert allowance.admit(url).scheme == url.partition(":")[0].lower()
    else:
        with pytest.raises(Forbidden):
            allowance.admit(url)


@pytest.mark.parametrize(
    "source",
    ["*", "example", "ftp://a", "https://", "https://a/path", "https://u@a", "https://a:0"],
)
def test_an_allowance_that_cannot_be_read(source: str) -> None:
    with pytest.raises(ValueError, match=r"https|path|credentials|port|host"):
        Allowance.parse([source])


def test_nothing_is_allowed_by_default() -> None:
    with pytest.raises(Forbidden, match="operator"):
        Allowance().admit("https://93.184.215.14/")


def test_every_address_of_the_table_is_private() -> None:
    for addresses in NAMES.values():
        assert not addresses or not all(is_public(ip_address(text)) for text in addresses)
    for text in ("8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450::1"):
        assert is_public(ip_address(text))


def _local(url: str) -> Allowance:
    """The one host of a test's server."""
    return Allowance.parse([url, "http://*"], ["127.0.0.0/8"])


@pytest.mark.parametrize(
    "location",
    [
        *("http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://redis/"),
        *("//192.168.0.1/x", "file:///etc/passwd", "gopher://127.0.0.1/", "http://u:p@127.0.0.1/"),
        *("s3://bucket/key", "http://2130706433/", "http://127.0.0.1:6379/", "http:\\\\10.0.0.1/"),
    ],
)
def test_redirects_to_where_nothing_may_lead(location: str, connected: list[str]) -> None:
    for status in (301, 302, 303, 307, 308):
        connected.clear()
        with outside(lambda _, s=status: Reply(s, b"", {"Location": location})) as world:
            with pytest.raises(Forbidden):
                _get(_local(world.url), world.url)
            assert len(world.asked) == 1
        assert set(connected) == {"127.0.0.1"}


def test_redirects_are_followed_but_not_for_ever(connected: list[str]) -> None:
    def script(asked: Asked) -> Reply:
        number = int(asked.path.strip("/"))
        if number == 0:
            return Reply(200, b"a,b\n", {"Content-Type": "text/csv; charset=utf-8"})
        return Reply(302, b"", {"Location": f"/{number - 1}"})

    with outside(script) as world:
        assert _get(_local(world.url), f"{world.url}/5") == b"a,b\n"
        assert "authorization" not in world.asked[0].headers
        assert "cookie" not in world.asked[-1].headers
        with pytest.raises(Failed, match="redirects more"):
            _get(_local(world.url), f"{world.url}/6")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(404, b"no"), Failed),
        (Reply(500, b"no"), Failed),
        (Reply(204), Failed),
        (Reply(302, b""), Failed),
        (Reply(200, b"x" * 1001), TooLarge),
        (Reply(200, b"x" * 900, cut=500), Failed),
        (Reply(200, b"", cut=-1), Failed),
        (Reply(200, b"x", {"Content-Encoding": "gzip"}), Failed),
    ],
)
def test_answers_that_are_none(reply: Reply, error: type[Exception]) -> None:
    with outside(lambda _: reply) as world, pytest.raises(error):
        _get(_local(world.url), world.url, most=1000)


@pytest.mark.parametrize(
    "sent",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 10_000],
        [_CHUNKED, *[b"1\r\nx\r\n"] * 10_000],
        [b"SSH-2.0-OpenSSH\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"],
        [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            *[b"400\r\n" + b"x" * 1024 + b"\r\n"] * 9,
        ],
    ],
)
def test_servers_that_play_for_time_or_size(sent: list[bytes]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                for piece in sent:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises((Failed, TooLarge)):
            _get(_local(url), url, most=4096, seconds=1)
        thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key with a certificate for files.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "files.example")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("files.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[int]:
    """The port of a real HTTPS server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with outside(lambda _: Reply(200, b"a,b\n1,2\n"), context) as world:
        yield int(world.url.rpartition(":")[2])


def test_https_names_are_checked(
    secure: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, "files.example", ["127.0.0.1"])
    monkeypatch.setitem(NAMES, "other.example", ["127.0.0.1"])
    allowance = Allowance.parse([f"https://*:{secure}"], ["127.0.0.1/32"])
    good = f"https://files.example:{secure}/x.csv"
    assert _get(allowance, good, authorities=certificate) == b"a,b\n1,2\n"
    with pytest.raises(Failed):
        _get(allowance, good)
    with pytest.raises(Failed):
        _get(allowance, f"https://other.example:{secure}/x.csv", authorities=certificate)
    with pytest.raises(Forbidden):
        _get(Allowance.parse([f"https://*:{secure}"]), good, authorities=certificate)
