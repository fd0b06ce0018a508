"""Invented patients for a trial, drawn from populations described in RDF."""
