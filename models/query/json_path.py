"""Values within JSON columns, by path, on both databases: null where there is none of the type."""

from typing import Any

from sqlalchemy import Boolean, Double, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement


class json_number(FunctionElement[float]):
    """`json_number(column, pointer)`: the number at a path, as `pointer(…)` writes it."""

    type = Double()
    inherit_cache = True
    name = "json_number"


class json_text(FunctionElement[str]):
    """`json_text(column, pointer)`: the text at a path; true and false as these words."""

    type = Text()
    inherit_cache = True
    name = "json_text"


class json_contains(FunctionElement[bool]):
    """`json_contains(column, value)`: whether an array of texts holds this one."""

    type = Boolean()
    inherit_cache = True
    name = "json_contains"


def path_of(dialect: str, names: tuple[str, ...]) -> Any:
    """The path as the database writes it: an array on PostgreSQL, `$."a"[0]` on SQLite."""
    if dialect == "postgresql":
        return "{" + ",".join(f'"{name}"' for name in names) + "}"
    return "$" + "".join(f"[{name}]" if name.isdigit() else f'."{name}"' for name in names)


def _parts(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]


@compiles(json_number, "postgresql")
def _number_postgresql(element: json_number, compiler: SQLCompiler, **options: Any) -> str:
    column, path = _parts(element, compiler, **options)
    found = f"({column} #> CAST({path} AS text[]))"
    return (
        f"(CASE WHEN jsonb_typeof({found}) = 'number'"
        f" THEN CAST(CAST({found} AS text) AS double precision) END)"
    )


@compiles(json_number, "sqlite")
def _number_sqlite(element: json_number, compiler: SQLCompiler, **options: Any) -> str:
    column, path = _parts(element, compiler, **options)
    is_number = f"json_type({column}, {path}) IN ('integer', 'real')"
    return f"(CASE WHEN {is_number} THEN json_extract({column}, {path}) END)"


@compiles(json_text, "postgresql")
def _text_postgresql(element: json_text, compiler: SQLCompiler, **options: Any) -> str:
    column, path = _parts(element, compiler, **options)
    kind = f"jsonb_typeof({column} #> CAST({path} AS text[]))"
    return (
        f"(CASE WHEN {kind} IN ('string', 'boolean') THEN {column} #>> CAST({path} AS text[]) END)"
    )


@compiles(json_text, "sqlite")
def _text_sqlite(element: json_text, compiler: SQLCompiler, **options: Any) -> str:
    column, path = _parts(element, compiler, **options)
    kind = f"json_type({column}, {path})"
    return (
        f"(CASE {kind} WHEN 'text' THEN json_extract({column}, {path})"
        f" WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END)"
    )


@compiles(json_contains, "postgresql")
def _contains_postgresql(element: json_contains, compiler: SQLCompiler, **options: Any) -> str:
    column, value = _parts(element, compiler, **options)
    return f"jsonb_exists({column}, {value})"


@compiles(json_contains, "sqlite")
def _contains_sqlite(element: json_contains, compiler: SQLCompiler, **options: Any) -> str:
    column, value = _parts(element, compiler, **options)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS one WHERE one.value = {value})"  # noqa: S608
