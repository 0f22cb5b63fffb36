-- Version 6: people. Each change of a person is a row of its own, the last one counts; every row is sealed in the journal. A password is
-- an argon2id hash, and its earlier ones are those of the rows before.
CREATE TABLE staff (
    id           TEXT    PRIMARY KEY,
    number       TEXT    NOT NULL CHECK (number <> ''),
    version      INTEGER NOT NULL CHECK (version >= 1),
    name         TEXT    NOT NULL CHECK (name <> ''),
    roles        TEXT    NOT NULL,
    disabled     INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    password     TEXT    NOT NULL CHECK (password <> ''),
    password_at  INTEGER NOT NULL,
    -- 1 where the person chose it; 0 where it was handed out and is good for choosing another alone.
    password_own INTEGER NOT NULL CHECK (password_own IN (0, 1)),
    at           INTEGER NOT NULL,
    journal      INTEGER NOT NULL REFERENCES journal (sequence),
    UNIQUE (number, version)
) STRICT;
CREATE TRIGGER staff_no_update BEFORE UPDATE ON staff
BEGIN SELECT RAISE(ABORT, 'ledger: what a person was stays so'); END;
CREATE TRIGGER staff_no_delete BEFORE DELETE ON staff
BEGIN SELECT RAISE(ABORT, 'ledger: what a person was is kept'); END;

-- Wrong passwords since the last right one, and when the last of them came, by civil time and by the boot's own. Counted, not sealed: each
-- of them stands in the journal.
CREATE TABLE staff_trial (
    number      TEXT    PRIMARY KEY,
    wrong       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    boot_id     TEXT    NOT NULL,
    boottime_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
