-- Version 4. What is remembered of settled bills, beside the settlements themselves: whether the same lines come again for another
-- visit, and how an item was marked last. Nothing that was settled rests on these tables, so their rows are not sealed; bills
-- that an earlier version settled are not in them.
CREATE TABLE settled_bill (
    settlement TEXT PRIMARY KEY REFERENCES settlement (number),
    visit      TEXT NOT NULL,
    -- SHA-256 of the bill's file.
    file       BLOB NOT NULL CHECK (length(file) = 32),
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    -- Eight bytes a line, in their order; and those of lines that have a number of the hospital's own.
    lines      BLOB NOT NULL,
    numbered   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX settled_bill_days ON settled_bill (last_day, first_day);
CREATE INDEX settled_bill_file ON settled_bill (file);

-- The marks of an item's lines on the last bill that had it: 1, 0, or null where they differed or nobody said.
CREATE TABLE item_mark (
    code            TEXT PRIMARY KEY,
    treats_injury   INTEGER CHECK (treats_injury IN (0, 1)),
    restriction_met INTEGER CHECK (restriction_met IN (0, 1)),
    at              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
