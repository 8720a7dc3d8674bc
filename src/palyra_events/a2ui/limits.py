"""How much one document may hold, and one patch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of documents and patches.

    Lengths of texts count UTF-16 units, as the console's language does: all sides cut in the same place.
    """

    surface_length_max: int = 128
    components_max: int = 128
    component_id_length_max: int = 64
    #: of a text, an item of a list, a cell of a table, and what a person may type into a text field
    string_length_max: int = 512
    markdown_length_max: int = 12_000
    list_items_max: int = 256
    table_columns_max: int = 16
    table_rows_max: int = 256
    form_fields_max: int = 32
    select_options_max: int = 64
    chart_points_max: int = 64
    #: bytes of the stored form; patches cannot let a document grow for ever
    document_bytes_max: int = 1_048_576
    #: the rest is counted
    problems_max: int = 100
    ops_per_patch_max: int = 256
    path_length_max: int = 512


LIMITS: Final = Limits()
