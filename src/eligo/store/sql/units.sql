-- Everything that the segments, the parts that are there and the statements astray say, as one.
CREATE OR REPLACE VIEW every_node AS $nodes;

CREATE OR REPLACE VIEW every_suspect AS $suspects;

CREATE OR REPLACE VIEW every_statement AS $statements;
