-- Made by version 1 of the package.
CREATE TABLE queue_schema (
    only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL
) STRICT;
INSERT INTO queue_schema VALUES (1, 1);
CREATE TABLE queue_upload (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    key             TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    lane            TEXT    NOT NULL CHECK (lane <> ''),
    kind            TEXT    NOT NULL CHECK (kind <> ''),
    body_bytes      INTEGER NOT NULL,
    enqueued_civil  INTEGER NOT NULL,
    due_civil       INTEGER NOT NULL,
    due_boot        TEXT    NOT NULL,
    due_boottime    INTEGER NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'leased', 'delivered', 'rejected', 'set_aside')),
    ask_first       INTEGER NOT NULL DEFAULT 0 CHECK (ask_first IN (0, 1)),
    failures        INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    until_civil     INTEGER NOT NULL,
    until_boot      TEXT    NOT NULL,
    until_boottime  INTEGER NOT NULL
) STRICT;

-- Apart from its upload's row, which changes with every attempt: a body is written once and read once an attempt.
CREATE TABLE queue_body (
    upload          INTEGER PRIMARY KEY REFERENCES queue_upload (sequence),
    body            BLOB    NOT NULL
) STRICT;

CREATE INDEX queue_open ON queue_upload (lane, sequence) WHERE state NOT IN ('delivered', 'set_aside');

CREATE TABLE queue_attempt (
    upload          INTEGER NOT NULL REFERENCES queue_upload (sequence),
    number          INTEGER NOT NULL,
    began_civil     INTEGER NOT NULL,
    ask_first       INTEGER NOT NULL,
    ended_civil     INTEGER,
    ended_left      INTEGER,
    outcome         TEXT CHECK (outcome IN ('delivered', 'rejected', 'unknown', 'not_sent', 'expired')),
    code            TEXT,
    detail          TEXT,
    PRIMARY KEY (upload, number),
    CHECK ((ended_civil IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_resolution (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    upload          INTEGER NOT NULL REFERENCES queue_upload (sequence),
    attempt         INTEGER NOT NULL,
    at_civil        INTEGER NOT NULL,
    decision        TEXT    NOT NULL CHECK (decision IN ('send_again', 'set_aside')),
    who             TEXT    NOT NULL CHECK (who <> ''),
    why             TEXT    NOT NULL
) STRICT;

CREATE TRIGGER queue_upload_kept BEFORE DELETE ON queue_upload
BEGIN SELECT RAISE(ABORT, 'queue: uploads are never deleted'); END;
CREATE TRIGGER queue_upload_frozen
BEFORE UPDATE OF sequence, key, lane, kind, body_bytes, enqueued_civil, due_civil, due_boot, due_boottime ON queue_upload
BEGIN SELECT RAISE(ABORT, 'queue: what was queued never changes'); END;
CREATE TRIGGER queue_body_kept BEFORE DELETE ON queue_body
BEGIN SELECT RAISE(ABORT, 'queue: uploads are never deleted'); END;
CREATE TRIGGER queue_body_frozen BEFORE UPDATE ON queue_body
BEGIN SELECT RAISE(ABORT, 'queue: what was queued never changes'); END;
CREATE TRIGGER queue_upload_ended BEFORE UPDATE ON queue_upload WHEN OLD.state IN ('delivered', 'set_aside')
BEGIN SELECT RAISE(ABORT, 'queue: this upload has ended'); END;
CREATE TRIGGER queue_attempt_kept BEFORE DELETE ON queue_attempt
BEGIN SELECT RAISE(ABORT, 'queue: history is never deleted'); END;
CREATE TRIGGER queue_attempt_ended BEFORE UPDATE ON queue_attempt WHEN OLD.ended_civil IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'queue: history never changes'); END;
CREATE TRIGGER queue_resolution_kept BEFORE DELETE ON queue_resolution
BEGIN SELECT RAISE(ABORT, 'queue: history is never deleted'); END;
CREATE TRIGGER queue_resolution_frozen BEFORE UPDATE ON queue_resolution
BEGIN SELECT RAISE(ABORT, 'queue: history never changes'); END;

-- 2026-11-22T02:00:00Z, an hour after the boot named first.
INSERT INTO queue_upload VALUES
    (1, 'm1', 'visit 1', 'settlement', 10, 1795312800000, 1795314600000, 'first', 5400000, 'waiting', 0, 1, 1, 1795316400000, 'first', 7200000),
    (2, 'm2', 'visit 2', 'settlement', 10, 1795312800000, 1795314600000, 'first', 5400000, 'waiting', 1, 1, 1, 1795316400000, 'first', 7200000),
    (3, 'm3', 'visit 3', 'settlement', 10, 1795312800000, 1795314600000, 'first', 5400000, 'waiting', 0, 0, 0, 1795312800000, 'first', 3600000),
    (4, 'm4', 'visit 4', 'settlement', 10, 1795312800000, 1795314600000, 'first', 5400000, 'delivered', 0, 0, 1, 1795312920000, 'first', 3720000);
INSERT INTO queue_body VALUES (1, CAST('body of m1' AS BLOB)), (2, CAST('body of m2' AS BLOB)), (3, CAST('body of m3' AS BLOB)), (4, CAST('body of m4' AS BLOB));
INSERT INTO queue_attempt VALUES
    (1, 1, 1795312800000, 0, 1795312800000, 1800000, 'not_sent', NULL, 'platform_unreachable'),
    (2, 1, 1795312800000, 0, 1795312800000, 1800000, 'unknown', NULL, 'platform_answer_timed_out'),
    (4, 1, 1795312800000, 0, 1795312800000, 1800000, 'delivered', NULL, '收到');
