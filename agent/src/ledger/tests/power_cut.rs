//! A power cut in the middle of a checkpoint: the file holds some pages of it, one of them torn, and the log holds them all.

use std::fs;

use super::{Counter, admit, count, settled, wait_for};
use crate::ledger::Integrity;
use crate::ledger::Verdict;

const PAGE: usize = 4_096;

/// What the disk held: the file before and after the checkpoint, and the log that it was made from.
struct Checkpoint {
    before: Vec<u8>,
    after: Vec<u8>,
    log: Vec<u8>,
    witness: Vec<u8>,
}

fn recorded() -> Checkpoint {
    let counter = Counter::new();
    let log = counter.folder.join("ledger.db-wal");
    let stay = |n: u32| {
        let ledger = counter.ledger();
        let visit = admit(&ledger, &format!("admit {n}"));
        settled(&ledger, &visit, 1, &format!("settle {n}"));
        let log = fs::read(&log).unwrap();
        let file = fs::read(counter.path()).unwrap();
        // Nothing may write the file while the two are read.
        wait_for(ledger.checked());
        (file, log)
    };
    stay(1);
    let (before, log) = stay(2);
    let after = fs::read(counter.path()).unwrap();
    let witness = fs::read(counter.witness()).unwrap();
    Checkpoint {
        before,
        after,
        log,
        witness,
    }
}

impl Checkpoint {
    /// Byte offsets of the pages it wrote, in the order in which it wrote them.
    fn pages(&self) -> Vec<usize> {
        let page = |bytes: &[u8], at: usize| bytes.get(at..at + PAGE).map(<[u8]>::to_vec);
        (0..self.after.len())
            .step_by(PAGE)
            .filter(|&at| page(&self.before, at) != page(&self.after, at))
            .collect()
    }

    /// The file once `written` pages were written whole, and of the page at `torn` the first `bytes`.
    fn cut(&self, written: &[usize], torn: Option<(usize, usize)>) -> Vec<u8> {
        let mut file = self.before.clone();
        let whole = written.iter().map(|&at| (at, PAGE));
        for (at, bytes) in whole.chain(torn) {
            file.resize(file.len().max(at + bytes), 0);
            file[at..at + bytes].copy_from_slice(&self.after[at..at + bytes]);
        }
        file
    }

    fn opens_whole(&self, file: &[u8], what: &str) {
        let counter = Counter::new();
        fs::write(counter.path(), file).unwrap();
        fs::write(counter.witness(), &self.witness).unwrap();
        fs::write(counter.folder.join("ledger.db-wal"), &self.log).unwrap();
        let ledger = counter
            .open()
            .unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_eq!(wait_for(ledger.checked()), Integrity::Sound, "{what}");
        let verdict = wait_for(ledger.verify_journal(Vec::new())).unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { .. }),
            "{what}: {verdict:?}"
        );
        for table in ["visit", "settlement", "queue_upload"] {
            assert_eq!(count(&ledger, table), 2, "{what}: {table}");
        }
    }
}

#[test]
fn a_checkpoint_cut_off_at_any_write_is_no_damage_and_nothing_is_missing() {
    let checkpoint = recorded();
    let pages = checkpoint.pages();
    assert!(pages.len() > 5, "{} pages", pages.len());
    for (n, &at) in pages.iter().enumerate() {
        for bytes in [0, 512, PAGE / 2, PAGE - 512] {
            let torn = (bytes > 0).then_some((at, bytes));
            let file = checkpoint.cut(&pages[..n], torn);
            checkpoint.opens_whole(&file, &format!("{n} pages and {bytes} bytes of the next"));
        }
    }
}

#[test]
fn pages_of_a_checkpoint_that_reached_the_disk_in_another_order_are_no_damage() {
    let checkpoint = recorded();
    let pages = checkpoint.pages();
    for parity in [0, 1] {
        let written: Vec<_> = pages.iter().copied().skip(parity).step_by(2).collect();
        let rest = pages.iter().copied().skip(1 - parity).step_by(2);
        for at in rest {
            let file = checkpoint.cut(&written, Some((at, PAGE / 2)));
            checkpoint.opens_whole(
                &file,
                &format!("every second page, and half of that at {at}"),
            );
        }
    }
}
