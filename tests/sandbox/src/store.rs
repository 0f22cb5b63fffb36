//! What the province has accepted, on disk before it is answered, so that a kill forgets nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The only version of a stored line there is.
const VERSION: u32 = 1;

/// A file of JSON lines that only grows; each is synced before `append` returns.
#[derive(Debug)]
pub(crate) struct Store(File);

#[derive(Serialize, Deserialize)]
struct Line<T> {
    version: u32,
    entry: T,
}

impl Store {
    /// Opens the file and reads what is in it. A last line cut off by a kill was never answered: it goes.
    pub(crate) fn open<T: DeserializeOwned>(path: &Path) -> Result<(Self, Vec<T>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let mut entries = Vec::new();
        for (index, line) in text[..whole].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let line: Line<T> = serde_json::from_slice(line)
                .with_context(|| format!("{}, line {}: damaged", path.display(), index + 1))?;
            if line.version != VERSION {
                bail!(
                    "{}, line {}: version {} is not 1",
                    path.display(),
                    index + 1,
                    line.version
                );
            }
            entries.push(line.entry);
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok((Self(file), entries))
    }

    /// Appends and syncs.
    pub(crate) fn append(&mut self, entry: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(&Line {
            version: VERSION,
            entry,
        })?;
        line.push(b'\n');
        self.0.write_all(&line)?;
        self.0.sync_data()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cut_off_by_a_kill_goes_and_the_rest_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("accepted.jsonl");
        let (mut store, entries) = Store::open::<String>(&path).unwrap();
        assert!(entries.is_empty());
        store.append(&"first").unwrap();
        store.append(&"second").unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"version\":1,\"ent").unwrap();
        let (mut store, entries) = Store::open::<String>(&path).unwrap();
        assert_eq!(entries, ["first", "second"]);
        store.append(&"third").unwrap();
        assert_eq!(
            Store::open::<String>(&path).unwrap().1,
            ["first", "second", "third"]
        );
    }

    #[test]
    fn a_damaged_line_stops_the_start() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("accepted.jsonl");
        std::fs::write(&path, "{}\n").unwrap();
        assert!(Store::open::<String>(&path).is_err());
    }
}
