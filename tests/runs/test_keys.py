from __future__ import annotations

from pathlib import Path

from cryptography import x509

from mtcore.runs.cluster.keys import find_key


def test_the_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key, certificate = find_key(tmp_path / "cluster")
    for path in (key, certificate):
        assert path.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o077 == 0


def test_the_key_is_made_once(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in find_key(tmp_path)]
    assert [path.read_bytes() for path in find_key(tmp_path)] == first


def test_two_homes_have_different_keys(tmp_path: Path) -> None:
    first, _ = find_key(tmp_path / "a")
    second, _ = find_key(tmp_path / "b")
    assert first.read_bytes() != second.read_bytes()


def test_a_damaged_certificate_is_made_anew(tmp_path: Path) -> None:
    _, certificate = find_key(tmp_path)
    certificate.write_text("damaged")
    _, fresh = find_key(tmp_path)
    held = x509.load_pem_x509_certificate(fresh.read_bytes())
    assert held.not_valid_after_utc > held.not_valid_before_utc
