"""Artifacts and manifests that nobody made on purpose, and how each of them is refused.

    python -m tests.security.artifact_fuzz --count 20000

All are seeded: a failing one is made again from its number. Each must open, as both readers do, or be
refused by a typed error. While they are read, nothing may be written but below the store's folder, and
in the end the whole must have taken less than 300 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w

from palyra_events.errors import PalyraError
from palyra_runtime import Palyra
from palyra_runtime.skills import open_artifact, parse_manifest, parse_trust_store
from palyra_runtime.skills.archive import read_archive
from tests.dice import Dice
from tests.peak_memory import peak_memory_bytes
from tests.reference_artifact import Refused, inspect
from tests.sample_skills import KEY, artifact_bytes, manifest_table
from tests.security.zip_forge import DEFLATED, ENCRYPTED, SIZES_FOLLOW, STORED, Forged, deflated, forge

MEMORY_BYTES_MAX = 300 * 1024**2
#: of so many artifacts one is handed to a gateway
_INSTALLED_EVERY = 25

_GOOD = artifact_bytes(assets={"note.txt": b"hello " * 50})
_FILES = dict(read_archive(_GOOD))

#: values that readers of TOML and JSON have stumbled over
_ODD_TEXTS = (
    "", " ", "*", ".", "..", "../..", "a" * 200, "a" * 70_000, "ä", "\u202e", "\0", "\x1b[2J", "acme.",
    ".acme", "1.0", "01.0.0", "1.0.0-rc1", "4294967296.0.0", "99999999999999999999.0.0", "modules/../x.wasm",
    "C:\\x",
    "https://x", "http://x", "true", "null", "NaN", "skill:acme.echo", "\ufeff", "K", "\U0001f600" * 50,
)  # fmt: skip
_ODD_VALUES: tuple[Any, ...] = (
    *_ODD_TEXTS, 0, -1, 1, 2, 3, 2**31, 2**32, 2**63 - 1, 1.5, float("inf"), float("nan"), True, False,
    [], {}, [[]], [{}], ["*"], ["a"] * 300, {"a": {}}, {"": ""}, {"type": "object"}, ["../x"], ["a", "a"],
)  # fmt: skip
_ODD_DOCUMENTS = (
    b"", b"null", b"[]", b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 5000, b'{"a":' * 5000, b'{"a":1,"a":2}',
    b"1e999", b'{"a":NaN}', b'"\\ud800"', b"-0", b"9" * 5000, b'{"bomFormat":"CycloneDX","specVersion":1}',
    b'{"builder":{},"subject":[]}', b"{}" + b" " * 100_000, b"a.b" * 500, b"a" * 500 + b"=1",
    b".".join([b"a"] * 5000) + b"=1", b"a=" + b"[" * 5000, b"a='''" + b"x" * 5000, b"a=1\na=2", b"[a]\n[a]",
)  # fmt: skip
_ODD_NAMES = (
    b"../x", b"/x", b"C:x", b"a//b", b"a/./b", b"", b" ", b"\xff", b"a\0b", b"x" * 2000, b"modules/a.wasm ",
    b"modules\\echo.wasm", b"SKILL.TOML", b"skill.toml/", b"assets/\x1b[2J", b"signature.json",
)  # fmt: skip


def damaged(dice: Dice) -> bytes:
    """Return the artifact with bytes changed, put in, taken out, cut off or repeated."""
    data = bytearray(_GOOD)
    for _ in range(1 + int(dice.fraction() * 4)):
        at, byte = int(dice.fraction() * max(1, len(data))), int(dice.fraction() * 256)
        kind = dice.pick(["flip", "byte", "insert", "remove", "copy", "cut", "front"])
        if kind == "flip" and data:
            data[at] ^= 1 << byte % 8
        elif kind == "byte" and data:
            data[at] = byte
        elif kind == "insert":
            data[at:at] = bytes([byte])
        elif kind == "remove":
            del data[at : at + 1 + byte % 8]
        elif kind == "copy":
            data[at:at] = data[at : at + byte]
        elif kind == "cut" and dice.fraction() < 0.2:
            del data[at:]
        elif kind == "front":
            data[:0] = bytes([byte])
    return bytes(data)


def forged(dice: Dice) -> bytes:
    """Return an archive of the true files whose headers lie somewhere."""
    entries = [_lying(Forged(path.encode(), content), dice) for path, content in _FILES.items()]
    if dice.fraction() < 0.3:
        entries.append(Forged(dice.pick(_ODD_NAMES), b"x"))
    if dice.fraction() < 0.1:
        entries += [Forged(b"assets/%d" % number) for number in range(int(dice.fraction() * 600))]
    end = {dice.pick(["count", "here", "size", "offset", "disk"]): int(dice.fraction() * 65_535)}
    return forge(
        entries,
        prefix=b"x" * int(dice.fraction() * 3) if dice.fraction() < 0.1 else b"",
        comment=b"c" * int(dice.fraction() * 65_535) if dice.fraction() < 0.02 else b"",
        end=end if dice.fraction() < 0.1 else None,
    )


def _lying(entry: Forged, dice: Dice) -> Forged:
    if dice.fraction() < 0.8:
        return entry
    name = dice.pick(["method", "crc", "size", "packed_size", "name", "flags", "offset", "magic"])
    odd: dict[str, Any] = {
        "method": dice.pick([0, 1, 8, 9, 12, 93]),
        "flags": dice.pick([ENCRYPTED, SIZES_FOLLOW, 0xFFFF]),
        "name": dice.pick(_ODD_NAMES),
        "magic": b"PK\0\0",
    }
    value = odd.get(name, dice.pick([0, 1, 2**16, 17 * 1024**2, 2**31, 2**32 - 1]))
    side = dice.pick(["local", "central"])
    changes: dict[str, Any] = {side: {name: value}}
    if dice.fraction() < 0.2:
        changes = {"packed": deflated(bytes(int(dice.fraction() * 4 * 1024**2))), "method": DEFLATED}
    elif dice.fraction() < 0.2:
        changes = {"method": STORED, "packed": entry.content[: int(dice.fraction() * len(entry.content))]}
    return Forged(**{**entry.__dict__, **changes})


def resigned(dice: Dice) -> bytes:
    """Return an artifact that its publisher has signed, with nonsense in one of its documents."""
    files = {path: content for path, content in _FILES.items() if path != "signature.json"}
    path = dice.pick(["skill.toml", "skill.toml", "sbom.cdx.json", "provenance.json", "modules/echo.wasm"])
    files[path] = _nonsense(files[path], path, dice)
    return artifact_signed(files)


def artifact_signed(files: dict[str, bytes]) -> bytes:
    """Return the artifact of these files with a true signature, whatever is in them."""
    from palyra_runtime.skills.payload import payload_sha256

    signature = KEY.sign(payload_sha256(files), publisher="acme", signed_at_unix_ms=0)
    return forge(
        [Forged(path.encode(), content) for path, content in files.items()]
        + [Forged(b"signature.json", signature.model_dump_json().encode())]
    )


def _nonsense(content: bytes, path: str, dice: Dice) -> bytes:
    if dice.fraction() < 0.2:
        return dice.pick(_ODD_DOCUMENTS)
    if path == "skill.toml":
        return manifest(dice)
    if path.endswith(".json") and dice.fraction() < 0.5:
        document = json.loads(content)
        document[dice.pick([*document, "new"])] = _finite(_odd(dice))
        return json.dumps(document).encode("utf-8", "surrogatepass")
    data = bytearray(content)
    data[int(dice.fraction() * len(data))] = int(dice.fraction() * 256)
    return bytes(data)


def _odd(dice: Dice) -> Any:
    return deepcopy(dice.pick(_ODD_VALUES))


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) else value


def manifest(dice: Dice) -> bytes:
    """Return a manifest with odd values in some of its fields, or with its text changed."""
    table = manifest_table(
        operator={"display_name": "Echo", "plugin": {}, "config": {"properties": {"n": {"type": "integer"}}}},
        capabilities={"quotas": {}, "secrets": [{"scope": "global", "key_names": ["k"]}], "filesystem": {}},
    )
    for _ in range(1 + int(dice.fraction() * 3)):
        _spoil(table, dice)
    text = tomli_w.dumps(table).encode("utf-8", "replace")
    if dice.fraction() < 0.3:
        at = int(dice.fraction() * len(text))
        text = text[:at] + dice.pick([b'"', b"[", b"]", b"=", b"\n", b"\0", b"'''", b"#", b"."]) + text[at:]
    return text


def _spoil(value: Any, dice: Dice) -> None:
    """Change something, somewhere in a tree of tables and lists."""
    places: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    if isinstance(value, dict) and (not places or dice.fraction() < 0.1):
        value[dice.pick(["read_roots", "default_tool_id", "fuel_budget", "colour", "type", "x" * 300])] = (
            _odd(dice)
        )
        return
    if not places:
        return
    place = dice.pick(places)
    if isinstance(value[place], dict | list) and dice.fraction() < 0.8:
        _spoil(value[place], dice)
    elif dice.fraction() < 0.1:
        del value[place]
    else:
        alike = [odd for odd in _ODD_VALUES if type(odd) is type(value[place])]
        value[place] = deepcopy(dice.pick(alike)) if alike and dice.fraction() < 0.7 else _odd(dice)


def trust_store(dice: Dice) -> bytes:
    """Return a trust store with nonsense in it."""
    key = KEY.public_key.hex()
    store: dict[str, Any] = {"trusted_publishers": {"acme": [key]}, "tofu_publishers": {"orchid": key}}
    _spoil(store, dice)
    if dice.fraction() < 0.1:
        return dice.pick(_ODD_DOCUMENTS)
    return json.dumps(store).encode("utf-8", "surrogatepass")


#: what is made, and what reads it
KINDS: dict[str, tuple[Callable[[Dice], bytes], Callable[[bytes], object]]] = {
    "damaged artifact": (damaged, open_artifact),
    "forged archive": (forged, open_artifact),
    "signed nonsense": (resigned, open_artifact),
    "manifest": (manifest, parse_manifest),
    "trust store": (trust_store, parse_trust_store),
}


def specimens(count: int, seed: str = "artifacts") -> Iterator[tuple[int, str, bytes]]:
    """Return so many documents of all kinds in turn, each with its number and kind."""
    names = list(KINDS)
    for number in range(count):
        name = names[number % len(names)]
        yield number, name, KINDS[name][0](Dice(f"{seed}/{number}"))


def verdict(name: str, data: bytes) -> str:
    """Read a document, and return ``opened`` or the code of the error.

    Raises:
        AssertionError: the error is not one that helps, or only we open what the reference would not.
    """
    try:
        KINDS[name][1](data)
    except PalyraError as error:
        refusal = error
    else:
        _check_reference(name, data)
        return "opened"
    assert refusal.code.isupper(), refusal
    assert len(refusal.message) < 4000, refusal
    assert 2 <= refusal.exit_code <= 4, refusal
    return refusal.code


def _check_reference(name: str, data: bytes) -> None:
    if KINDS[name][1] is open_artifact:
        try:
            inspect(data)
        except Refused as error:
            raise AssertionError(f"only we open it: {error}") from error


class Watch:
    """Ends this process if it makes, changes or removes a file anywhere but below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._is_on = True
        sys.addaudithook(self._look)

    def end(self) -> None:
        """Look away: a hook cannot be taken back."""
        self._is_on = False

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_on or event not in _WRITES or isinstance(arguments[0], int):
            return  # what is open already has a number
        if event == "open" and isinstance(arguments[2], int) and not arguments[2] & _WRITING:
            return
        # A name without a folder is below one that is open; if it is not, it ends up in the working folder.
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 - nothing is looked up
        if not path.startswith((self._folder, os.devnull)):
            sys.stderr.write(f"{event} {arguments!r}\n")
            os._exit(99)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_WRITES = {
    "open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.mkfifo", "os.mknod",
}  # fmt: skip


def run(count: int, store: Path) -> Counter[str]:
    """Read so many documents, install some of the artifacts, and return how each kind ended."""
    counts: Counter[str] = Counter()
    url = f"sqlite:///{store / 'palyra.db'}"
    with Palyra.open(url, home=store, actor="operator:fuzz") as palyra:
        for number, name, data in specimens(count):
            try:
                counts[f"{name}: {verdict(name, data)}"] += 1
                if number % _INSTALLED_EVERY < len(KINDS) and KINDS[name][1] is open_artifact:
                    _install(palyra, store / "one.palyra-skill", data)
            except BaseException as error:
                raise AssertionError(f"number {number}, a {name}: {error!r}") from error
    return counts


def _install(palyra: Palyra, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        palyra.skills.install(path, trust_on_first_use=True)
    except PalyraError:
        return


def main() -> None:
    """Run what the command line asks for, and print the counts and the memory that it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        store, here = Path(folder) / "store", Path(folder) / "here"
        store.mkdir()
        here.mkdir()
        os.chdir(here)
        watch = Watch(Path(folder))
        try:
            counts = run(options.count, store)
        finally:
            watch.end()
            os.chdir("/")
        assert list(here.iterdir()) == []
        assert set(Path(folder).iterdir()) == {store, here}
        left = sorted({path.name.partition("-")[0] for path in store.iterdir()})
    peak = peak_memory_bytes()
    for name, number in sorted(counts.items()):
        sys.stdout.write(f"{number:>6} {name}\n")
    sys.stdout.write(f"{counts.total()} read, at most {peak // 1024**2} MiB of memory, left: {left}\n")
    assert peak < MEMORY_BYTES_MAX, peak


if __name__ == "__main__":
    main()
