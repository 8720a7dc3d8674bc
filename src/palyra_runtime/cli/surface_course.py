"""``palyra surface submit`` and ``close``: answer a plugin, and put its page away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.typed_values import read_pairs, read_values, values_option

if TYPE_CHECKING:
    from palyra_runtime import Palyra


@command(
    "submit",
    "surface submit approvals decision choice=enable reason='reviewed again'",
    "surface submit approvals decision --values values.json --version 4",
)
@click.argument("surface")
@click.argument("form")
@click.argument("pairs", metavar="[FIELD=VALUE]...", nargs=-1)
@values_option
@click.option(
    "--version",
    type=click.IntRange(min=1),
    metavar="N",
    help="The version that you have seen; a form that is another now is refused.",
)
@click.option("--key", metavar="TEXT", help="Sent again under the same key, a form counts once.")
@reason_option
@click.pass_obj
def submit(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    surface: str,
    form: str,
    pairs: tuple[str, ...],
    given: str | None,
    version: int | None,
    key: str | None,
    reason: str | None,
) -> None:
    """Send off FORM of SURFACE; the plugin that shows it is told.

    What is not named stays as the form shows it. A checkbox is yes or no.
    """
    values = read_values(given)
    with session.palyra() as palyra:
        values |= _typed(palyra, surface, form, read_pairs(pairs, "FIELD=VALUE")) if pairs else {}
        sent = palyra.surfaces.submit(
            surface, form, values, idempotency_key=key, version=version, reason=reason
        )
    told = "was sent off before" if sent.is_repeat else "is sent off"
    session.show(
        sent, lambda page: page.line(f"Form {form} {told}; it reaches its plugin as {sent.delivery_id}.")
    )


@command("close", "surface close approvals --reason 'nobody needs it any more'")
@click.argument("surface")
@click.option("--reason", required=True, metavar="TEXT", help="Why you do this; it is kept beside the log.")
@click.pass_obj
def close(session: Session, surface: str, reason: str) -> None:
    """Put SURFACE away, until a plugin shows a new document there."""
    with session.palyra() as palyra:
        row = palyra.surfaces.close(surface, reason=reason)
    session.show(row, lambda page: page.line(f"Surface {row.surface} is closed."))


def _typed(palyra: Palyra, surface: str, form: str, texts: dict[str, str]) -> dict[str, Any]:
    """Return what was typed as values of the types that the form asks for; it checks the rest."""
    from palyra_events.a2ui import Document  # noqa: PLC0415 - help does not wait for it
    from palyra_runtime.cli.surface_value import value_of  # noqa: PLC0415 - as above

    shown = Document.model_validate(palyra.surfaces.show(surface).document).form(form)
    fields = {} if shown is None else {field.id: field for field in shown.props.fields}
    return {name: value_of(fields[name], text) if name in fields else text for name, text in texts.items()}
