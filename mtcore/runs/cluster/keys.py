"""The key that connects server and workers: made once, readable by its owner alone.

Whoever can talk to a scheduler can run code, so both ends of every connection show a
certificate. There is one, signed by itself: holding its key is what gives access.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Security

_VALID_DAYS = 3_650
_RENEW_DAYS = 30


def find_key(folder: Path) -> tuple[Path, Path]:
    """Return the paths of the key and the certificate, made now if there are none.

    Call it while holding the lock of the folder.

    Args:
        folder: Where both lie.
    """
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not (key.exists() and certificate.exists() and _is_valid(certificate)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        _make(key, certificate)
    return key, certificate


def security_of(key: Path, certificate: Path) -> Security:
    """Return what Dask needs to connect with a key."""
    return Security(
        require_encryption=True,
        tls_ca_file=str(certificate),
        tls_client_cert=str(certificate),
        tls_client_key=str(key),
    )


def _is_valid(certificate: Path) -> bool:
    try:
        held = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return False
    return held.not_valid_after_utc > datetime.now(UTC) + timedelta(days=_RENEW_DAYS)


def _make(key: Path, certificate: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Branchboard")])
    now = datetime.now(UTC)
    addresses = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .sign(private, hashes.SHA256())
    )
    _write(
        key,
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write(certificate, signed.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
