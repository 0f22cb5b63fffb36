-- Version 3. How the credential that a settlement rests on was opened and confirmed, JSON that opens with its version; none in
-- settlements of before.
ALTER TABLE settlement ADD COLUMN credential TEXT;
