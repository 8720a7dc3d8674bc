"""Making a document of what a plugin wrote: as much as can be read is kept, and each repair is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from palyra_events.a2ui.component_source import read_components
from palyra_events.a2ui.document import DOCUMENT_VERSION, Document, to_wire
from palyra_events.a2ui.experiment_source import read_experiment
from palyra_events.a2ui.json_value import check_json
from palyra_events.a2ui.limits import LIMITS, Limits
from palyra_events.a2ui.problem import Problem, ProblemCode, ProblemList
from palyra_events.a2ui.refusal import DocumentRefused, DocumentTooLarge
from palyra_events.a2ui.scalar import clamp, is_number, text_length, trim
from palyra_events.a2ui.source import Source


@dataclass(frozen=True, slots=True)
class Normalised:
    """A document, and what had to be mended to make it one."""

    document: Document
    problems: tuple[Problem, ...]


def normalise(raw: object, *, surface: str | None = None, limits: Limits = LIMITS) -> Normalised:
    """Return the document that ``raw``, a JSON value, stands for.

    ``surface`` names the page where the document itself does not. Normalising again changes nothing and
    finds no problem.

    Raises:
        DocumentRefused: it is no object of version 1 with a surface and a list of components, it says
            something about an experiment that cannot be, or it is nested too deeply.
        DocumentTooLarge: it is larger than a document may be.
    """
    check_json(raw)
    if not isinstance(raw, dict):
        raise DocumentRefused("The document is not a JSON object.", path="")
    problems = ProblemList(limits)
    source = Source(raw, "", problems)
    made: dict[str, Any] = {"v": _version(source), "surface": _surface(source, surface)}
    made["components"] = _components(source)
    if (experiment := read_experiment(source)) is not None:
        made["experimental"] = experiment
    source.finish()
    document = Document.model_validate(made)
    _check_size(document, limits)
    return Normalised(document, problems.all())


def _version(source: Source) -> int:
    version = source.take("v")
    if not is_number(version) or version != DOCUMENT_VERSION:
        raise DocumentRefused(f"The document's v must be the number {DOCUMENT_VERSION}.", path="/v")
    return DOCUMENT_VERSION


def _surface(source: Source, default: str | None) -> str:
    named = source.take("surface")
    named = default if named is None else named
    name = trim(named) if isinstance(named, str) else ""
    if not name:
        raise DocumentRefused("The document does not name its surface.", path="/surface")
    if not name.isprintable():
        raise DocumentRefused("The surface's name has characters that cannot be shown.", path="/surface")
    length_max = source.problems.limits.surface_length_max
    if text_length(name) > length_max:
        source.note(ProblemCode.TRUNCATED, "surface", f"The name was cut to {length_max} characters.")
    return clamp(name, length_max)


def _components(source: Source) -> list[dict[str, Any]]:
    if not isinstance(source.take("components"), list):
        raise DocumentRefused("The document's components are not a list.", path="/components")
    return read_components(source)


def _check_size(document: Document, limits: Limits) -> None:
    size = len(json.dumps(to_wire(document), ensure_ascii=False).encode())
    if size > limits.document_bytes_max:
        raise DocumentTooLarge(
            f"The document has {size} bytes; {limits.document_bytes_max} are allowed.",
            path="",
            size=size,
            size_max=limits.document_bytes_max,
        )
