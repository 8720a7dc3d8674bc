"""The parts of a log in PostgreSQL, as they are and as they are meant to be."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow

from palyra_events.store.layout import Layout
from palyra_events.store.postgres_pool import channel_name
from palyra_events.store.postgres_schema import statements

#: Columns, constraints, indexes, triggers and functions, by kind and name, without the schema they are in.
#: A trigger that is disabled, or an index that is not valid, is there and of no use.
_PARTS = """
WITH ours AS (
    SELECT c.oid, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = %(schema)s AND relname = ANY(%(tables)s)
)
SELECT 'table', relname, relkind::text FROM ours JOIN pg_class USING (oid, relname)
UNION ALL SELECT 'column', relname || '.' || attname,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation,
        pg_get_expr(adbin, adrelid))
FROM ours JOIN pg_attribute a ON attrelid = oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
UNION ALL SELECT 'constraint', relname || '.' || conname,
    concat_ws(' ', pg_get_constraintdef(k.oid), convalidated)
FROM ours JOIN pg_constraint k ON conrelid = ours.oid WHERE contype <> 'n'
UNION ALL SELECT 'index', i.relname, concat_ws(' ', ours.relname, indkey, indisunique, indisvalid, indisready)
FROM ours JOIN pg_index ON indrelid = ours.oid JOIN pg_class i ON i.oid = indexrelid
WHERE indisunique OR NOT indisvalid
UNION ALL SELECT 'trigger', relname || '.' || tgname,
    concat_ws(' ', tgtype, tgenabled, proname, tgoldtable, tgnewtable, pg_get_expr(tgqual, tgrelid))
FROM ours JOIN pg_trigger ON tgrelid = ours.oid JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
UNION ALL SELECT 'rule', relname || '.' || rulename, ev_type::text
FROM ours JOIN pg_rewrite ON ev_class = ours.oid
UNION ALL SELECT 'function', proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    concat_ws(' ', prosrc, provolatile, prosecdef, proconfig)
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
WHERE nspname = %(schema)s AND proname = ANY(%(functions)s)
"""

#: the schema of this session alone, which goes with it, and what is in it
_SCRATCH = """
SELECT nspname, ARRAY(SELECT relname FROM pg_class WHERE relnamespace = n.oid AND relkind = 'r'),
    ARRAY(SELECT proname FROM pg_proc WHERE pronamespace = n.oid)
FROM pg_namespace n WHERE oid = pg_my_temp_schema()
"""


def layouts(connection: Connection[TupleRow], schema: str) -> tuple[Layout, Layout]:
    """Return the parts of the log that there are, and those of one that is made now.

    It is made in a scratch schema, and taken back.
    """
    with connection.transaction(force_rollback=True):
        connection.execute(statements("pg_temp", channel_name(schema)), prepare=False)
        row = connection.execute(_SCRATCH).fetchone()
        assert row is not None, "the tables that were made are in it"
        scratch, *names = row
        return _layout(connection, schema, schema, *names), _layout(connection, scratch, "pg_temp", *names)


def _layout(
    connection: Connection[TupleRow], schema: str, spelling: str, tables: list[str], functions: list[str]
) -> Layout:
    """Return the parts in a schema, which functions spell like this."""
    wanted = {"schema": schema, "tables": tables, "functions": functions}
    rows = connection.execute(_PARTS, wanted).fetchall()
    return {(kind, name): text.replace(f'"{spelling}".', "") for kind, name, text in rows}
