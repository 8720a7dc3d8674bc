"""Checks a proof bundle: that one event is in a log whose head somebody has signed.

    python3 verify_proof.py BUNDLE.json KEY

KEY is the log's verifier key, in one line, as its operator gave it to you on another way than the
bundle. Without KEY the one in the bundle is used, which proves only that the bundle fits itself.

It needs Python 3.10 or later and nothing else. Written from the specifications alone: the tree of
RFC 6962, the proofs of RFC 9162 section 2.1.3.2, signed notes (https://c2sp.org/signed-note) with
checkpoints (https://c2sp.org/tlog-checkpoint) and timestamped lines (https://c2sp.org/tlog-cosignature),
Ed25519 of RFC 8032 section 5.1.7.

Exit codes: 0 the proof holds, 2 this is no bundle or no key, 6 the proof does not hold.
"""

# It speaks to people, and is shipped beside no package.
# ruff: noqa: INP001, T201

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "palyra-proof/v1"
HOLDS, NO_BUNDLE, FALSE = 0, 2, 6
SIZE_MAX = 1_000_000

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
ED25519, TIMESTAMPED = 1, 4

#: extended coordinates
Point = tuple[int, int, int, int]


class Key(NamedTuple):
    """A verifier key, taken apart."""

    name: str
    key_id: bytes
    kind: int
    public_key: bytes


class Checkpoint(NamedTuple):
    """A signed tree head; ``signed_at`` is in seconds since 1970, 0 where the signature does not say."""

    origin: str
    size: int
    root: bytes
    signed_at: int


class NoBundle(Exception):
    """The input is not what it should be."""


class FalseProof(Exception):
    """The input is well-formed, and proves nothing."""


def sha256(*parts: bytes) -> bytes:
    """Return the SHA-256 of parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def decoded(text: str) -> bytes:
    """Return the bytes of base64 in its one spelling."""
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise NoBundle("something that should be base64 is not") from error
    if base64.b64encode(content).decode() != text:
        raise NoBundle("something that should be base64 is not in its usual spelling")
    return content


def leaf_hash(event: dict[str, Any]) -> bytes:
    """Return SHA-256(0x00, then each field with its length before it)."""
    fields = (
        struct.pack(">q", event["position"]),
        bytes.fromhex(event["stream_id"]),
        struct.pack(">q", event["version"]),
        event["topic"].encode(),
        decoded(event["state"]),
    )
    return sha256(b"\x00", *(struct.pack(">I", len(field)) + field for field in fields))


def root_from(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root that a leaf and its proof lead to (RFC 9162 section 2.1.3.2)."""
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            raise FalseProof("the proof is longer than the tree is high")
        if node % 2 or node == last:
            reached = sha256(b"\x01", sibling, reached)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            reached = sha256(b"\x01", reached, sibling)
        node, last = node // 2, last // 2
    if last:
        raise FalseProof("the proof is shorter than the tree is high")
    return reached


def parse_key(text: str) -> Key:
    """Return name, id, kind and public key of ``name+id+base64``."""
    parts = text.strip().split("+", 2)
    content = decoded(parts[2]) if len(parts) == 3 else b""
    if len(content) != 33 or content[0] not in (ED25519, TIMESTAMPED):
        raise NoBundle("that is no verifier key")
    key = Key(parts[0], sha256(parts[0].encode(), b"\n", content)[:4], content[0], content[1:])
    if key.key_id.hex() != parts[1]:
        raise NoBundle("the id in the verifier key is not its own")
    return key


def parse_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note and its signature lines, as name and bytes."""
    text, divider, lines = note.rpartition("\n\n")
    if not divider or not lines.endswith("\n"):
        raise NoBundle("the checkpoint is no signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, content = [*line.split(" "), "", ""][:3]
        if dash != "\u2014" or line.count(" ") != 2:
            raise NoBundle("a signature line of the checkpoint is none")
        signatures.append((name, decoded(content)))
    return text + "\n", signatures


def signed_at(text: str, signatures: list[tuple[str, bytes]], key: Key) -> int:
    """Return when the note was signed by the key, 0 where it does not say."""
    for signer, content in signatures:
        if (signer, content[:4]) != (key.name, key.key_id):
            continue
        signature, message, moment = content[4:], text.encode(), 0
        if key.kind == TIMESTAMPED:
            (moment,) = struct.unpack(">Q", signature[:8])
            signature = signature[8:]
            message = f"cosignature/v1\ntime {moment}\n{text}".encode()
        if ed25519_holds(key.public_key, message, signature):
            return int(moment)
        raise FalseProof("the signature under the checkpoint is false")
    raise FalseProof("the checkpoint is not signed with this key")


def ed25519_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 signature holds."""
    point, commitment = decompressed(public_key), decompressed(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or scalar >= ORDER or point is None or commitment is None:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same(multiplied(BASE, scalar), added(commitment, multiplied(point, challenge)))


def decompressed(content: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, None where they stand for none."""
    if len(content) != 32:
        return None
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def added(left: Point, right: Point) -> Point:
    """Return the sum of two points in extended coordinates (RFC 8032 section 5.1.4)."""
    a = (left[1] - left[0]) * (right[1] - right[0]) % P
    b = (left[1] + left[0]) * (right[1] + right[0]) % P
    c = 2 * left[3] * right[3] * D % P
    d = 2 * left[2] * right[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiplied(point: Point, scalar: int) -> Point:
    """Return a point, so many times."""
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = added(total, point)
        point, scalar = added(point, point), scalar >> 1
    return total


def same(left: Point, right: Point) -> bool:
    """Return whether two points are the same one."""
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


_base = decompressed((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _base is not None
BASE = _base


def parse_checkpoint(note: str, key: Key) -> Checkpoint:
    """Return the tree head of a note that this key has signed."""
    text, signatures = parse_note(note)
    moment = signed_at(text, signatures, key)
    lines = text.split("\n")
    if len(lines) < 4 or not (lines[1].isascii() and lines[1].isdigit()) or len(lines[1]) > 19:
        raise NoBundle("the text of the checkpoint is not an origin, a size and a root")
    return Checkpoint(lines[0], int(lines[1]), decoded(lines[2]), moment)


def read_bundle(path: Path) -> dict[str, Any]:
    """Return the content of a file."""
    with path.open("rb") as file:
        bundle: dict[str, Any] = json.loads(file.read(SIZE_MAX).decode())
    if bundle["format"] != FORMAT:
        raise NoBundle("the file is no proof bundle of a format that is known here")
    return bundle


def check(bundle: dict[str, Any], key: Key) -> Checkpoint:
    """Return the tree head that the event of a bundle is proved to be under."""
    event = bundle["event"]
    head = parse_checkpoint(bundle["checkpoint"], key)
    if head.origin != key.name:
        raise FalseProof("the key is not that of the log")
    if not 1 <= event["position"] <= head.size:
        raise FalseProof("the checkpoint does not cover the position")
    proof = [decoded(node) for node in bundle["inclusion_proof"]]
    if root_from(leaf_hash(event), event["position"] - 1, head.size, proof) != head.root:
        raise FalseProof("the event is not in the tree that was signed")
    return head


def tell(event: dict[str, Any], head: Checkpoint) -> None:
    """Write what is proved."""
    print(f"TRUE: event {event['position']} of {head.size} in {ascii(head.origin)[1:-1]}")
    print(f"topic: {ascii(event['topic'])[1:-1]}")
    print(f"state: {ascii(decoded(event['state']).decode('utf-8', 'replace'))[1:-1]}")
    if head.signed_at:
        print(f"signed at: {head.signed_at} seconds after the beginning of 1970 in UTC")


def main(arguments: list[str]) -> int:
    """Check the bundle that the command line names, tell what it proves, and return the exit code."""
    if len(arguments) not in {1, 2} or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return NO_BUNDLE
    try:
        bundle = read_bundle(Path(arguments[0]))
        head = check(bundle, parse_key(arguments[1] if len(arguments) > 1 else bundle["verifier_key"]))
        tell(bundle["event"], head)
    except FalseProof as error:
        print(f"FALSE: {error}")
        return FALSE
    except (NoBundle, OSError, ValueError, TypeError, LookupError, AttributeError, struct.error) as error:
        print(f"NO PROOF: {error}")
        return NO_BUNDLE
    if len(arguments) == 1:
        print("The key is the bundle's own. Compare it with the one that the operator gave you:")
        print(ascii(bundle["verifier_key"])[1:-1])
    return HOLDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
