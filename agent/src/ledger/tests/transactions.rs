//! What a transaction promises to the one who submits it.

use std::sync::mpsc;

use rusqlite::ErrorCode;

use super::{Counter, admit, count, new_settlement, new_visit, settlement_upload, wait_for};
use crate::ledger::{Entry, LedgerError, journal, settlements, visits};

fn act(entry: &Entry<'_>, subject: &str) -> Result<(), LedgerError> {
    journal::append(entry, "tested", subject, r#"{"v":1}"#)?;
    Ok(())
}

#[test]
fn a_request_that_is_dropped_is_committed_all_the_same() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let (reached, wait) = mpsc::channel::<()>();
    let (go_on, resume) = mpsc::channel::<()>();
    // One that is under way, and one that still stands in line.
    let under_way = ledger.write(move |entry| {
        reached.send(()).unwrap();
        resume.recv().unwrap();
        act(entry, "under way")
    });
    let in_line = ledger.write(|entry| act(entry, "in line"));
    wait.recv().unwrap();
    drop(under_way);
    drop(in_line);
    go_on.send(()).unwrap();
    drop(ledger);
    assert_eq!(count(&counter.ledger(), "journal"), 3);
}

#[tokio::test]
async fn a_commit_that_queues_an_upload_wakes_the_sender_although_nobody_waits_for_its_answer() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let visit = new_visit("press 1");
    let visit = ledger
        .write(move |entry| {
            let admitted = visits::admit(entry, &visit, |_| Ok::<_, LedgerError>(Vec::new()))?;
            Ok::<_, LedgerError>(admitted.visit().number.clone())
        })
        .await
        .unwrap();
    let new = new_settlement(&visit, 1, "press 2");
    drop(ledger.write(move |entry| {
        settlements::settle(entry, &new, |settlement| {
            Ok::<_, LedgerError>(vec![settlement_upload(entry, settlement)?])
        })
    }));
    ledger.uploads_due().await;
    let queued = ledger
        .read(|conn| {
            Ok::<_, LedgerError>(conn.query_row(
                "SELECT count(*) FROM queue_upload",
                [],
                |row| row.get::<_, i64>(0),
            )?)
        })
        .await;
    assert_eq!(queued.unwrap(), 1);
}

#[tokio::test]
async fn a_panic_rolls_back_and_the_ledger_goes_on() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let panicked = ledger
        .write(|entry| -> Result<(), LedgerError> {
            act(entry, "lost")?;
            panic!("a programmer's error")
        })
        .await;
    assert!(matches!(panicked, Err(LedgerError::Panicked)));
    ledger.write(|entry| act(entry, "kept")).await.unwrap();
    let subjects = ledger
        .read(|conn| {
            Ok::<_, LedgerError>(conn.query_row(
                "SELECT group_concat(subject) FROM journal WHERE sequence > 1",
                [],
                |row| row.get::<_, String>(0),
            )?)
        })
        .await
        .unwrap();
    assert_eq!(subjects, "kept");
    let panicked = ledger
        .read(|_| -> Result<(), LedgerError> { panic!("a programmer's error") })
        .await;
    assert!(matches!(panicked, Err(LedgerError::Panicked)));
    ledger.read(|_| Ok::<_, LedgerError>(())).await.unwrap();
}

#[tokio::test]
async fn an_error_rolls_back_and_comes_back_as_it_was() {
    #[derive(Debug)]
    enum Mine {
        Ledger(LedgerError),
        QuoteChanged,
    }
    impl From<LedgerError> for Mine {
        fn from(error: LedgerError) -> Self {
            Self::Ledger(error)
        }
    }
    let counter = Counter::new();
    let ledger = counter.ledger();
    let refused = ledger
        .write(|entry| -> Result<(), Mine> {
            act(entry, "lost")?;
            Err(Mine::QuoteChanged)
        })
        .await;
    assert!(matches!(refused, Err(Mine::QuoteChanged)), "{refused:?}");
    assert_eq!(
        ledger.read(journal::head).await.unwrap().unwrap().sequence,
        1
    );
    let Err(Mine::Ledger(ledger_error)) = ledger
        .write(|entry| -> Result<(), Mine> {
            entry
                .execute_batch("SELECT no_such_function()")
                .map_err(LedgerError::from)?;
            Ok(())
        })
        .await
    else {
        panic!("an unknown function was called");
    };
    assert!(matches!(ledger_error, LedgerError::Sqlite(_)));
}

#[test]
fn the_reader_cannot_write() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let refused = ledger
        .read_blocking(|conn| -> Result<(), LedgerError> {
            conn.execute_batch("DELETE FROM number_epoch")?;
            Ok(())
        })
        .unwrap_err();
    let LedgerError::Sqlite(error) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly));
}

#[test]
fn a_reader_is_not_held_up_by_a_transaction_under_way_and_sees_nothing_of_it() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let (reached, wait) = mpsc::channel::<()>();
    let (go_on, resume) = mpsc::channel::<()>();
    let under_way = ledger.write(move |entry| {
        act(entry, "under way")?;
        reached.send(()).unwrap();
        resume.recv().unwrap();
        Ok::<_, LedgerError>(())
    });
    wait.recv().unwrap();
    assert_eq!(count(&ledger, "journal"), 1);
    go_on.send(()).unwrap();
    drop(under_way);
    admit(&ledger, "press 1");
    assert_eq!(count(&ledger, "journal"), 3);
}

#[test]
fn a_full_disk_is_said_so_loses_nothing_and_passes() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    admit(&ledger, "press 1");
    let limit = |pages: &'static str| {
        move |entry: &Entry<'_>| {
            entry.execute_batch(pages)?;
            Ok::<_, LedgerError>(())
        }
    };
    // One page more than there are: SQLite answers as it does for a full disk.
    ledger
        .write_blocking(limit("PRAGMA max_page_count = 1"))
        .unwrap();
    let big = "x".repeat(100_000);
    let refused = ledger
        .write_blocking(move |entry| journal::append(entry, "tested", "big", &big))
        .unwrap_err();
    assert!(matches!(refused, LedgerError::DiskFull), "{refused:?}");
    assert_eq!(count(&ledger, "visit"), 1);
    assert_eq!(count(&ledger, "journal"), 2);
    ledger
        .write_blocking(limit("PRAGMA max_page_count = 1000000"))
        .unwrap();
    admit(&ledger, "press 2");
    assert_eq!(count(&ledger, "visit"), 2);
}

#[test]
fn the_last_handle_may_be_dropped_by_the_work_itself() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let own = ledger.clone();
    let (reached, wait) = mpsc::channel::<()>();
    let answer = ledger.write(move |entry| {
        wait.recv().unwrap();
        act(entry, "last")?;
        drop(own);
        Ok::<_, LedgerError>(())
    });
    drop(ledger);
    reached.send(()).unwrap();
    wait_for(answer).unwrap();
}
