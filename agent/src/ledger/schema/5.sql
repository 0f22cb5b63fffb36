-- Version 5: records. A settlement's evidence says which version it is and which holds a person resolved; when its stay ended is a
-- column. All three are null in settlements of before.
ALTER TABLE settlement ADD COLUMN evidence_version INTEGER;
ALTER TABLE settlement ADD COLUMN resolutions TEXT;
ALTER TABLE settlement ADD COLUMN discharged_at INTEGER;

-- The discharge of settlements of before, read once out of their evidence: their rows never change.
CREATE TABLE settlement_discharge (
    settlement    TEXT    PRIMARY KEY REFERENCES settlement (number),
    discharged_at INTEGER NOT NULL,
    journal       INTEGER NOT NULL REFERENCES journal (sequence)
) STRICT;
CREATE TRIGGER settlement_discharge_no_update BEFORE UPDATE ON settlement_discharge
BEGIN SELECT RAISE(ABORT, 'ledger: a discharge never changes'); END;
CREATE TRIGGER settlement_discharge_no_delete BEFORE DELETE ON settlement_discharge
BEGIN SELECT RAISE(ABORT, 'ledger: a discharge is kept'); END;
