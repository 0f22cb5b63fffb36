-- Version 1. Times are milliseconds of civil time since 1970. Amounts are decimal text in yuan.

-- Every act, in order. `mac` covers the entry and the one before it; AUTOINCREMENT remembers the highest
-- sequence ever used, so that a tail that was cut off is missed.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    version  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind <> ''),
    subject  TEXT    NOT NULL,
    mac      BLOB    NOT NULL CHECK (length(mac) = 32),
    body     TEXT    NOT NULL
) STRICT;
CREATE INDEX journal_at ON journal (at);
CREATE INDEX journal_subject ON journal (subject, sequence);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'ledger: the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'ledger: the journal is append-only'); END;

-- Numbers are terminal + epoch + sequence. An epoch is the minute (since 1970) in which this file began, or was restored.
CREATE TABLE number_epoch (
    epoch    INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL,
    why      TEXT    NOT NULL
) STRICT;
CREATE TABLE number_last (
    series TEXT    NOT NULL CHECK (series IN ('visit', 'settlement')),
    epoch  INTEGER NOT NULL REFERENCES number_epoch (epoch),
    last   INTEGER NOT NULL,
    PRIMARY KEY (series, epoch)
) STRICT, WITHOUT ROWID;
-- The last second that a message's identifier carries, and how many identifiers were given within it.
CREATE TABLE message_last (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    second INTEGER NOT NULL,
    used   INTEGER NOT NULL
) STRICT;

CREATE TABLE visit (
    number                 TEXT    PRIMARY KEY,
    key                    TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    kind                   TEXT    NOT NULL,
    social_security_number TEXT    NOT NULL,
    name                   TEXT    NOT NULL,
    hospital_number        TEXT,
    registered_at          INTEGER NOT NULL,
    admitted_at            INTEGER NOT NULL,
    admitted_by            TEXT    NOT NULL,
    journal                INTEGER NOT NULL REFERENCES journal (sequence),
    facts                  TEXT    NOT NULL
) STRICT;
CREATE INDEX visit_worker ON visit (social_security_number, admitted_at);
CREATE TRIGGER visit_no_update BEFORE UPDATE ON visit
BEGIN SELECT RAISE(ABORT, 'ledger: a visit''s record never changes'); END;
CREATE TRIGGER visit_no_delete BEFORE DELETE ON visit
BEGIN SELECT RAISE(ABORT, 'ledger: a visit''s record is kept'); END;

-- 就医登记号, from the platform's answer to the registration.
CREATE TABLE visit_registration (
    visit   TEXT    PRIMARY KEY REFERENCES visit (number),
    number  TEXT    NOT NULL CHECK (number <> ''),
    at      INTEGER NOT NULL,
    journal INTEGER NOT NULL REFERENCES journal (sequence)
) STRICT;
CREATE TRIGGER visit_registration_no_update BEFORE UPDATE ON visit_registration
BEGIN SELECT RAISE(ABORT, 'ledger: a registration number never changes'); END;
CREATE TRIGGER visit_registration_no_delete BEFORE DELETE ON visit_registration
BEGIN SELECT RAISE(ABORT, 'ledger: a registration number is kept'); END;

-- A visit that ends without a settlement here.
CREATE TABLE visit_close (
    visit   TEXT    PRIMARY KEY REFERENCES visit (number),
    at      INTEGER NOT NULL,
    by      TEXT    NOT NULL,
    reason  TEXT    NOT NULL CHECK (reason IN ('manual_reimbursement', 'registered_in_error')),
    journal INTEGER NOT NULL REFERENCES journal (sequence)
) STRICT;
CREATE TRIGGER visit_close_no_update BEFORE UPDATE ON visit_close
BEGIN SELECT RAISE(ABORT, 'ledger: a closed visit stays so'); END;
CREATE TRIGGER visit_close_no_delete BEFORE DELETE ON visit_close
BEGIN SELECT RAISE(ABORT, 'ledger: a closed visit stays so'); END;

-- The evidence stands last in the row: the pages that it overflows to are not read for the rest.
CREATE TABLE settlement (
    number       TEXT    PRIMARY KEY,
    visit        TEXT    NOT NULL REFERENCES visit (number),
    generation   INTEGER NOT NULL CHECK (generation >= 1),
    key          TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    settled_at   INTEGER NOT NULL,
    settled_by   TEXT    NOT NULL,
    fund         TEXT    NOT NULL,
    self_pay     TEXT    NOT NULL,
    other        TEXT    NOT NULL,
    total        TEXT    NOT NULL,
    personal     TEXT    NOT NULL,
    profile_hash TEXT    NOT NULL,
    rule_set     TEXT    NOT NULL,
    journal      INTEGER NOT NULL UNIQUE REFERENCES journal (sequence),
    slip         TEXT    NOT NULL,
    case_json    TEXT    NOT NULL,
    result_json  TEXT    NOT NULL,
    UNIQUE (visit, generation)
) STRICT;
CREATE INDEX settlement_time ON settlement (settled_at);
CREATE TRIGGER settlement_no_update BEFORE UPDATE ON settlement
BEGIN SELECT RAISE(ABORT, 'ledger: a settlement never changes'); END;
CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement
BEGIN SELECT RAISE(ABORT, 'ledger: a settlement is kept'); END;

CREATE TABLE settlement_void (
    settlement TEXT    PRIMARY KEY REFERENCES settlement (number),
    at         INTEGER NOT NULL,
    by         TEXT    NOT NULL,
    why        TEXT    NOT NULL,
    journal    INTEGER NOT NULL REFERENCES journal (sequence)
) STRICT;
CREATE TRIGGER settlement_void_no_update BEFORE UPDATE ON settlement_void
BEGIN SELECT RAISE(ABORT, 'ledger: a void never changes'); END;
CREATE TRIGGER settlement_void_no_delete BEFORE DELETE ON settlement_void
BEGIN SELECT RAISE(ABORT, 'ledger: a void is kept'); END;
