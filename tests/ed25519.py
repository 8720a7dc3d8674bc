"""Ed25519 in plain Python, after RFC 8032 section 5.1: slow, and nothing of it is the product's."""

from __future__ import annotations

import hashlib

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

#: extended coordinates
Point = tuple[int, int, int, int]


def public_key(seed: bytes) -> bytes:
    """Return the key that others see."""
    scalar, _ = _expanded(seed)
    return _compressed(_multiplied(_BASE, scalar))


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the 64 bytes of a signature."""
    scalar, prefix = _expanded(seed)
    nonce = _number(prefix, message) % _ORDER
    point = _compressed(_multiplied(_BASE, nonce))
    challenge = _number(point, public_key(seed), message) % _ORDER
    return point + ((nonce + challenge * scalar) % _ORDER).to_bytes(32, "little")


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the holder of this key has signed the message."""
    signer, point = _decompressed(key), _decompressed(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if signer is None or point is None or answer >= _ORDER or len(signature) != 64:
        return False
    challenge = _number(signature[:32], key, message) % _ORDER
    left, right = _multiplied(_BASE, answer), _added(point, _multiplied(signer, challenge))
    return (
        (left[0] * right[2] - right[0] * left[2]) % _P == 0 == (left[1] * right[2] - right[1] * left[2]) % _P
    )


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _expanded(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    return scalar, digest[32:]


def _added(first: Point, second: Point) -> Point:
    a = (first[1] - first[0]) * (second[1] - second[0]) % _P
    b = (first[1] + first[0]) * (second[1] + second[0]) % _P
    c, d = 2 * first[3] * second[3] * _D % _P, 2 * first[2] * second[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiplied(point: Point, scalar: int) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _added(result, point)
        point, scalar = _added(point, point), scalar >> 1
    return result


def _compressed(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decompressed(data: bytes) -> Point | None:
    if len(data) != 32:
        return None
    number = int.from_bytes(data, "little")
    y, sign_bit = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign_bit):
        return None
    x = _P - x if x & 1 != sign_bit else x
    return x, y, 1, x * y % _P


_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE = _decompressed(_BASE_Y.to_bytes(32, "little")) or (0, 1, 1, 0)
