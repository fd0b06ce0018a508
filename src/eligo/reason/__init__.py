"""Description-logic reasoning over the ontology."""

from eligo.reason.hermit import ReasonerReport, Reasoning, check_consistency, classify, reason

__all__ = ["ReasonerReport", "Reasoning", "check_consistency", "classify", "reason"]
