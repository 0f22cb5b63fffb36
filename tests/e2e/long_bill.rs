//! A bill of 7,000 lines is being worked on: the counter's other work goes on beside it.

use std::fs::File;

use end_to_end::long_bill;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::scene::Scene;

const LINES: u64 = 7_000;

/// The daemon has one thread for everybody, and the work is held at `point` for as long as the rest takes.
async fn others_are_answered_while_work_stands_at(point: &str) {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let fifo = scene.stage.folder().join("held");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let hold = format!("{point}={}", fifo.display());
    let environment = [
        ("TOKIO_WORKER_THREADS", "1"),
        ("SETTLEMENT_AGENT_FAILPOINT_HOLD", hold.as_str()),
    ];
    scene.stage.start_agent(&environment).await.unwrap();
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;

    let bill = long_bill(LINES, scene.stay.last_day).unwrap();
    let (his, stay, of) = (scene.his(), scene.stay, visit.clone());
    let long = tokio::spawn(async move { his.quote(&of, &stay, bill.as_bytes()).await });
    // Opens as soon as the work has come to the point.
    let opened = tokio::task::spawn_blocking(move || File::options().write(true).open(fifo));
    let opened = opened.await.unwrap().unwrap();

    scene.his().standing().await.unwrap();
    scene.his().visit(&visit).await.unwrap();
    scene.quoted(&visit).await;
    assert!(!long.is_finished(), "{point}: nothing was held");
    drop(opened);
    let long = long.await.unwrap().unwrap();
    assert_eq!(long["total"], format!("{}.00", 15 * LINES));
    assert_eq!(
        long["lines"].as_array().map(Vec::len),
        usize::try_from(LINES).ok()
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_bill_that_is_being_read_holds_up_nobody() {
    others_are_answered_while_work_stands_at("bill_read").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_bill_that_is_being_judged_holds_up_nobody() {
    others_are_answered_while_work_stands_at("bill_judged").await;
}
