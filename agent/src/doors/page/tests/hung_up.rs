//! Whoever pressed has closed the window: what was committed goes up all the same.

use std::time::Duration;

use sandbox::Upload;

use super::window::{Window, bill, now, until};

/// The connection is closed so many milliseconds after the press: before the commit, within it, and after it.
const CLOSED_AFTER_MS: [u64; 8] = [1, 2, 3, 5, 7, 9, 12, 15];

#[tokio::test]
async fn a_settlement_whose_caller_hung_up_goes_up_without_anybody_looking() {
    let window = Window::open().await;
    tokio::spawn(window.outbox.clone().run());
    for ms in CLOSED_AFTER_MS {
        let visit = window.admit_first_worker_as(&format!("ZY{ms}")).await;
        until(&window, |open| open.is_empty().then_some(())).await;
        // Another bill each time: the same one would have been settled before for another visit.
        let own = bill()
            .replace(
                "100,7200.00",
                &format!("{},{}.00", 100 + ms, 7200 + 72 * ms),
            )
            .replace("7810.00", &format!("{}.00", 7810 + 72 * ms));
        let quoted = window.quote(&visit, &now(), &own).await;
        let quote = quoted.leads_to();
        let answered = tokio::time::timeout(Duration::from_millis(ms), window.press(quote));
        if answered.await.is_err() && window.counter.open_visits().await.unwrap().len() == 1 {
            // Cut before the commit, or the commit is under way: the same press again settles once.
            window.press(quote).await.leads_to();
        }
        until(&window, |open| open.is_empty().then_some(())).await;
    }
    let accepted = window.province.accepted();
    let settled = accepted
        .iter()
        .filter(|message| message.upload == Upload::Settlement);
    assert_eq!(settled.count(), CLOSED_AFTER_MS.len());
}
