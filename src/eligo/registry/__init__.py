"""Registry records: read in every format of ClinicalTrials.gov, written as RDF and back."""
