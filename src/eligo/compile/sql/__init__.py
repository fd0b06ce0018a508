"""Compile the classes of a trial to SQL over the tables that engines see: pure text."""

from eligo.compile.sql.details import detail_steps
from eligo.compile.sql.script import Script, compile_sql
from eligo.compile.sql.text import Step

__all__ = ["Script", "Step", "compile_sql", "detail_steps"]
