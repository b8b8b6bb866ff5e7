"""Serving the desk: on this machine alone, or on an office network over TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from flows.desk.app import make_app
from flows.desk.desk import Desk
from flows.home.layout import Home

if TYPE_CHECKING:
    from cryptography import x509

LOOPBACK = "127.0.0.1"
FIRST_PORT, PORTS = 8080, 100
CERTIFICATE_DAYS = 825  # the longest that browsers take of one that is not from an authority


class NotServedError(Exception):
    """The desk cannot be served: why, and what to do."""


@dataclass(frozen=True)
class Address:
    """Where the desk listens: host, port, and the certificate and key of TLS, if any."""

    host: str
    port: int | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_open_to_network(self) -> bool:
        """Whether other machines can reach it."""
        return self.host not in (LOOPBACK, "localhost", "::1")


def serve_desk(
    home: Home,
    campaign: Path,
    inboxes: list[str],
    address: Address,
    ready: Callable[[Desk, str], None],
    listening: socket.socket | None = None,
) -> None:
    """Serves the desk until SIGTERM or SIGINT, on a socket of its own unless one is given; `ready` is
    called with the open desk and its address once it listens. Raises NotServedError.
    """
    listening = listening or listen(address)
    certificate, key = address.certificate, address.key
    if address.is_open_to_network and certificate is None:
        certificate, key = own_certificate(home.desk, address.host)
    with listening, Desk(home, campaign, inboxes, is_secure=certificate is not None) as desk:
        config = uvicorn.Config(
            make_app(desk, _hosts(address)),
            log_level="warning",
            server_header=False,
            proxy_headers=True,  # the browser's address, where a proxy on this machine names it
            forwarded_allow_ips=LOOPBACK,
            timeout_graceful_shutdown=5,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        ready(desk, url_of(address, listening))
        uvicorn.Server(config).run(sockets=[listening])


def url_of(address: Address, listening: socket.socket) -> str:
    """What a browser is to open."""
    scheme = "https" if address.certificate or address.is_open_to_network else "http"
    return f"{scheme}://{address.host}:{listening.getsockname()[1]}"


def own_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """The certificate and key that the desk made for itself, made now where there are none for that
    host or they end within a month."""
    from cryptography import x509

    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if certificate.is_file() and key.is_file():
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
        if known.not_valid_after_utc > soon and _alternative_name(host) in names:
            return certificate, key
    folder.mkdir(parents=True, exist_ok=True)
    _write_certificate(certificate, key, host)
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """The SHA-256 of a certificate as browsers show it: `AB:CD:…`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def _write_certificate(certificate: Path, key: Path, host: str) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tonghop")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([_alternative_name(host)]), critical=False)
        .sign(private, hashes.SHA256())
    )
    key_text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key_text)
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _alternative_name(host: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _hosts(address: Address) -> list[str]:
    """The names under which it may be asked for: a page of another site that calls itself by our
    address is no such name."""
    return sorted({address.host, LOOPBACK, "localhost"})


def listen(address: Address) -> socket.socket:
    """A listening socket of the address: on its port, else on the first that is free. Raises
    NotServedError."""
    if _is_unspecified(address.host):
        raise NotServedError(
            f"--host {address.host}: ghi địa chỉ hay tên của máy này mà các máy khác gọi, ví dụ 192.168.1.20"
        )
    if address.certificate is not None:
        _check_certificate(address)
    ports = [address.port] if address.port else range(FIRST_PORT, FIRST_PORT + PORTS)
    problem: OSError | None = None
    for port in ports:
        try:
            return socket.create_server((address.host, port))
        except OSError as error:
            problem = error
    raise NotServedError(
        f"{address.host}:{ports[0]}: không mở được cổng ({problem}); ghi --port hay --host khác"
    )


def _is_unspecified(host: str) -> bool:
    """Whether it stands for all addresses of the machine: no browser can be led to that, and it
    would let pages in under names that nobody chose."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def _check_certificate(address: Address) -> None:
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(address.certificate), address.key and str(address.key))
    except (OSError, ssl.SSLError) as error:
        raise NotServedError(
            f"{address.certificate}: không dùng được chứng thư này ({error}); cần tệp PEM và --key của nó"
        ) from error
