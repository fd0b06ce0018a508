"""Description-logic reasoning over the ontology."""

from eligo.reason.hermit import ReasonerReport, check_consistency, classify

__all__ = ["ReasonerReport", "check_consistency", "classify"]
