//! Nothing gets through, or nothing is taken, or some hang: who is tried, who goes first, and who waits for nobody.

use crate::wording::counter_state::province_trouble;
use jiff::SignedDuration;
use sandbox::Effect;

use super::{ALWAYS, OutboxUnderTest, REGISTRATION, SendingSlots, civil, minutes, reject, seconds};

/// Deadlines in an order that is neither the order of arrival nor its reverse.
fn scattered(count: u64) -> Vec<u64> {
    (0..count).map(|n| 1_800 + (n * 7_919) % 9_973).collect()
}

#[tokio::test]
async fn after_an_outage_three_hundred_go_up_in_the_order_of_their_deadlines() {
    let under_test = OutboxUnderTest::open().await;
    under_test.province.set_listening(false).await.unwrap();
    let due = scattered(300);
    let visits = under_test.admit(due.clone()).await;
    under_test.send(SendingSlots::ONE);
    under_test.until_trouble("platform_unreachable").await;
    // Some tries of the way later.
    for _ in 0..3 {
        under_test.hand.advance(seconds(10));
    }
    let mut in_order: Vec<(u64, String)> = due.into_iter().zip(visits).collect();
    in_order.sort_unstable();
    under_test.province.set_listening(true).await.unwrap();
    under_test.hand.advance(seconds(10));
    // The clock is not moved any more: the first one taken has ended all waits.
    under_test.until_all_is_up().await;
    let taken = under_test.taken();
    let wanted: Vec<String> = in_order.into_iter().map(|(_, visit)| visit).collect();
    assert_eq!(taken, wanted);
}

#[tokio::test]
async fn with_the_province_down_one_message_tries_and_the_others_are_not_touched() {
    let under_test = OutboxUnderTest::open().await;
    under_test.province.set_listening(false).await.unwrap();
    under_test.admit(scattered(30)).await;
    under_test.send(SendingSlots::DEFAULT);
    under_test.until_trouble("platform_unreachable").await;
    under_test
        .until(|open| {
            let tried = open.iter().filter(|upload| upload.attempts > 0).count();
            let out = open.iter().any(|upload| upload.state.name() == "sending");
            // As many as were out when the first of them failed, and no more after that.
            (!out && (1..=4).contains(&tried)).then_some(())
        })
        .await;
    let tried_before: u32 = attempts(&under_test).await;
    under_test.hand.advance(seconds(10));
    under_test
        .until(|open| {
            let tried: u32 = open.iter().map(|upload| upload.attempts).sum();
            (tried == tried_before + 1).then_some(())
        })
        .await;
}

async fn attempts(under_test: &OutboxUnderTest) -> u32 {
    let open = under_test.counter.uploads().await.unwrap();
    open.iter().map(|upload| upload.attempts).sum()
}

#[tokio::test]
async fn a_clock_set_back_eight_hours_in_an_outage_delays_nothing() {
    let under_test = OutboxUnderTest::open().await;
    under_test.province.set_listening(false).await.unwrap();
    under_test.admit(scattered(3)).await;
    under_test.send(SendingSlots::DEFAULT);
    under_test.until_trouble("platform_unreachable").await;
    let before = civil(&under_test);
    under_test.hand.set_civil(SignedDuration::from_hours(-8));
    assert!(civil(&under_test) < before);
    under_test.province.set_listening(true).await.unwrap();
    under_test.hand.advance(seconds(10));
    under_test.until_all_is_up().await;
}

#[tokio::test]
async fn a_refused_sign_in_refuses_no_message_and_heals_by_itself() {
    let under_test = OutboxUnderTest::open().await;
    under_test.fault(reject("maintenance", "系统维护中"), "9001", ALWAYS);
    under_test.admit(scattered(30)).await;
    under_test.send(SendingSlots::DEFAULT);
    under_test.until_trouble("platform_sign_in_refused").await;
    let notice = under_test.counter.state().await.unwrap().province_trouble;
    let notice = province_trouble(&notice.unwrap());
    assert_eq!(
        notice.say,
        "省平台没有让本机签到：系统维护中（代码 maintenance）。"
    );
    under_test.hand.advance(seconds(10));
    let standing = under_test.counter.state().await.unwrap();
    assert_eq!((standing.open_uploads, standing.rejected_uploads), (30, 0));
    under_test.province.clear_faults();
    under_test.hand.advance(seconds(10));
    under_test.until_all_is_up().await;
    assert_eq!(under_test.taken().len(), 30);
}

#[tokio::test]
async fn a_session_gone_twice_is_tried_again_once_another_was_taken_and_refuses_nothing() {
    let under_test = OutboxUnderTest::open().await;
    let visits = under_test.admit(vec![600, 900]).await;
    let unknown = reject("session_unknown", "未签到");
    under_test.fault_of(unknown, REGISTRATION, 2, Some(&visits[0]));
    under_test.send(SendingSlots::ONE);
    under_test.until_all_is_up().await;
    assert_eq!(under_test.taken(), [visits[1].clone(), visits[0].clone()]);
}

#[tokio::test]
async fn what_the_province_puts_off_is_not_refused_and_holds_up_nobody() {
    let under_test = OutboxUnderTest::open().await;
    let visits = under_test.admit(vec![600, 900]).await;
    let busy = reject("out_of_order", "平台暂时不能受理");
    under_test.fault_of(busy, REGISTRATION, ALWAYS, Some(&visits[0]));
    under_test.send(SendingSlots::DEFAULT);
    under_test
        .until(|open| match open {
            [only] if only.state.say().contains("省平台请稍后再试") => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(under_test.taken(), [visits[1].clone()]);
    under_test.province.clear_faults();
    under_test.hand.advance(minutes(1));
    under_test.until_all_is_up().await;
}

#[tokio::test]
async fn five_registrations_that_hang_do_not_delay_a_healthy_one() {
    let under_test = OutboxUnderTest::open().await;
    let hanging = under_test.admit(vec![600; 5]).await;
    for visit in &hanging {
        let hang = Effect::Delay {
            delay_ms: 3_600_000,
        };
        under_test.fault_of(hang, REGISTRATION, ALWAYS, Some(visit));
    }
    under_test.send(SendingSlots::DEFAULT);
    under_test
        .until(|open| {
            let out =
                |upload: &&crate::counter::uploads::UploadView| upload.state.name() == "sending";
            (open.iter().filter(out).count() == 4).then_some(())
        })
        .await;
    let healthy = under_test.admit(vec![900]).await;
    // Those that are slow give their places away.
    under_test.hand.advance(seconds(3));
    under_test
        .until(|open| (open.len() == 5).then_some(()))
        .await;
    assert_eq!(under_test.taken(), healthy);
}
