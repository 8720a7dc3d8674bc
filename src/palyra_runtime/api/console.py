"""The console: files that were built before, and one page for all of its addresses."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

from anyio import to_thread
from fastapi import Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from palyra_runtime.api.answer import UnknownPath, refusal

#: where the build puts it
STATIC = Path(str(files("palyra_runtime"))) / "console" / "static"

_INDEX = "index.html"
#: the folder of files whose names change with their content
_ASSETS = "assets"
_FOR_EVER, _ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
#: what gets smaller; fonts are compressed already
_LOOSE = frozenset({".css", ".html", ".js", ".md", ".svg", ".txt"})
#: files that are kept packed; a build has less than a hundred
_PACKED_MAX = 256
_NOT_BUILT = """The console is not built.

A released Palyra brings it along. In a checkout, build it with Node 20:

    cd src/palyra_runtime/console && npm ci --ignore-scripts && npm run build

The HTTP API works without it: see /api/v1/openapi.json.
"""


class Console:
    """Answers what no operation does: with a file of the console, or with its page."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder.resolve()

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        path = request.path_params["path"]
        if path == "api" or path.startswith("api/"):
            return _nothing(request)
        file = self._file(path)
        if file is not None:
            is_asset = file.is_relative_to(self._folder / _ASSETS)
            return await _sent(request, file, _FOR_EVER if is_asset else _ASK_AGAIN)
        if "text/html" not in request.headers.get("accept", ""):
            return _nothing(request)
        index = self._folder / _INDEX
        if not index.is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        return await _sent(request, index, _ASK_AGAIN)

    def _file(self, path: str) -> Path | None:
        """Return a file of the console, None where there is none; what leads out of its folder is none."""
        try:
            file = (self._folder / path).resolve()
            is_there = file.is_relative_to(self._folder) and file.is_file()
        except (OSError, ValueError):
            # A name that is too long, or has a NUL in it, is that of no file.
            return None
        return file if is_there else None


async def _sent(request: Request, file: Path, kept: str) -> Response:
    """Return an answer with a file, packed for who can unpack it.

    Only files of the build are ever packed: they hold no secret that their length could tell.
    """
    headers = {"Cache-Control": kept}
    if file.suffix not in _LOOSE:
        return FileResponse(file, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(file, headers=headers)
    content = await to_thread.run_sync(_packed, file)
    headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=guess_type(file.name)[0])


def _packed(file: Path) -> bytes:
    return _packed_as_of(file, file.stat().st_mtime_ns)


@lru_cache(_PACKED_MAX)
def _packed_as_of(file: Path, _changed_ns: int) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)


def _nothing(request: Request) -> Response:
    return refusal(UnknownPath(f"There is nothing at {request.url.path[:200]!r}."))
