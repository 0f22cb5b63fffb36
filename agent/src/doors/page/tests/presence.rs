//! Whose card it is: swapped between looking and pressing, drawn, read too long ago, another worker's.

use jiff::ToSpan;
use reqwest::StatusCode;

use super::window::{Answer, FIRST_WORKER, UNFILED_WORKER, Window, bill, days_ago, now};
use crate::counter::CounterError;
use crate::desk::PresentationStamp;
use crate::doors::page::fields;
use crate::wording::notice::Notice;

#[tokio::test]
async fn a_card_put_in_between_looking_and_pressing_admits_nobody() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    window.present(FIRST_WORKER);
    let pressed = window.admit(&form, "ZY0001", "").await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    assert!(pressed.text.contains("read_again"), "{}", pressed.text);
    assert_ne!(pressed.field("presented"), form.field("presented"));
    assert!(window.counter.open_visits().await.unwrap().is_empty());
    let again = window.admit(&pressed, "ZY0001", "").await;
    assert!(again.leads_to().starts_with("/visits/"));
}

#[tokio::test]
async fn the_counter_itself_admits_only_the_reading_that_was_looked_at() {
    use crate::counter::Actor;
    use crate::counter::AdmissionForm;
    use rules::{ThirdPartyLiability, VisitKind};

    let window = Window::open().await;
    window.present(UNFILED_WORKER);
    let looked_at = window.reading(UNFILED_WORKER).stamp();
    window.present(FIRST_WORKER);
    let form = AdmissionForm {
        kind: VisitKind::InpatientMedical,
        department: "骨科".to_owned(),
        inpatient_number: "ZY0001".to_owned(),
        diagnosis: "骨折".to_owned(),
        diagnosis_code: String::new(),
        other_diagnoses: Vec::new(),
        third_party_liability: ThirdPartyLiability::None,
        emergency: false,
        force_majeure: false,
        registered_at: None,
    };
    let cashier = Actor::for_tests("cashier", "张收款");
    for stamp in [looked_at, PresentationStamp::from(String::new())] {
        let refused = window
            .counter
            .admit(form.clone(), "press".to_owned(), &stamp, &cashier)
            .await;
        assert!(
            matches!(refused, Err(CounterError::AnotherReading)),
            "{refused:?}"
        );
    }
    assert!(window.counter.open_visits().await.unwrap().is_empty());
}

#[tokio::test]
async fn one_admission_pressed_from_two_windows_admits_once_also_without_a_time() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    let (first, second) = tokio::join!(
        window.admit(&form, "ZY0001", ""),
        window.admit(&form, "ZY0001", "")
    );
    assert_eq!(first.leads_to(), second.leads_to());
    // Once more when the next card of the same worker has been read, and when it is too old.
    window.present(FIRST_WORKER);
    let third = window.admit(&form, "ZY0001", "").await;
    assert_eq!(third.leads_to(), first.leads_to());
    let mut old = window.reading(FIRST_WORKER);
    old.at -= 31.minutes();
    window.counter.lay_on_desk(old);
    let fourth = window.admit(&form, "ZY0001", "").await;
    assert_eq!(fourth.leads_to(), first.leads_to());
    assert_eq!(window.counter.open_visits().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_screens_say_how_long_ago_a_card_was_read_and_that_it_was_drawn() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let mut drawn = window.reading(FIRST_WORKER);
    drawn.at -= 7.minutes();
    drawn.drawn = true;
    window.counter.lay_on_desk(drawn);
    let screen = window.get(&format!("/visits/{visit}")).await;
    for part in [
        "卡已取出",
        "7 分钟前读取",
        "已读到这位职工的卡（7 分钟前，卡已取出）",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    // People take their card back at once: a quote is made on it all the same.
    let quoted = window.quote(&visit, &now(), &bill()).await;
    assert!(
        window
            .get(quoted.leads_to())
            .await
            .text
            .contains("确认结算")
    );

    let mut old = window.reading(FIRST_WORKER);
    old.at -= 30.minutes();
    window.counter.lay_on_desk(old);
    let screen = window.get(&format!("/visits/{visit}")).await;
    assert!(screen.text.contains("读卡已超过 30 分钟，请重新出示卡"));
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let screen = window.get(quoted.leads_to()).await;
    assert!(screen.text.contains("no_credential") && !screen.text.contains("确认结算"));

    window.present(UNFILED_WORKER);
    let screen = window.get(&format!("/visits/{visit}")).await;
    let alarm = "<p class=\"alarm\" role=\"alert\" data-beep><strong>卡不对</strong>";
    assert!(screen.text.contains(alarm), "{}", screen.text);
}

#[tokio::test]
async fn whoever_is_filed_for_rehabilitation_alone_finds_it_chosen_and_others_do_not() {
    let window = Window::open().await;
    let chosen = "value=\"inpatient_rehabilitation\" checked";
    window.present(("650102199109010131", "努尔兰·哈力克"));
    let screen = window.get("/admission").await;
    assert!(screen.text.contains(chosen), "{}", screen.text);
    window.present(FIRST_WORKER);
    let screen = window.get("/admission").await;
    assert!(!screen.text.contains(chosen), "{}", screen.text);
}

#[tokio::test]
async fn a_quote_is_not_settled_while_another_workers_card_lies_there() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let quote = quoted.leads_to().to_owned();
    window.present(UNFILED_WORKER);
    let refused = window.press(&quote).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("another_workers_card"));
    assert_eq!(window.counter.open_visits().await.unwrap().len(), 1);
    // A card that is not read yet speaks for nobody.
    window.counter.put_card_in();
    let refused = window.press(&quote).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("read_again"));
    // The worker's own card back in the reader: the same quote holds.
    window.present(FIRST_WORKER);
    let settled = window.press(&quote).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
    // A press that has settled finds its settlement whoever stands there.
    window.present(UNFILED_WORKER);
    let again = window.press(&quote).await;
    assert_eq!(again.leads_to(), settled.leads_to());
}

#[tokio::test]
async fn a_quote_expires_with_the_reading_it_rests_on() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let id = quoted.leads_to().strip_prefix("/quotes/").unwrap();
    let quote = window.counter.quoted(id).unwrap();
    let read_at = quote.read_at().unwrap();
    assert_eq!(quote.good_until(), Some(read_at + 30.minutes()));
    assert!(!quote.expired(read_at + 30.minutes() - 1.millisecond()));
    assert!(quote.expired(read_at + 30.minutes()));
    // A clock set back: how old the quote is nobody knows.
    assert!(quote.expired(quote.judged_at() - 1.second()));
    let screen = window.get(quoted.leads_to()).await;
    let until = fields::write_minute(read_at + 30.minutes());
    assert!(screen.text.contains(&until) && screen.text.contains("前有效"));
    let notice = Notice::from(&crate::counter::SettleError::QuoteExpired {
        judged_at: days_ago(1),
    });
    assert_eq!(notice.code, "quote_expired");
}

#[tokio::test]
async fn a_quote_gives_way_to_the_visits_next_one() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let wrong = bill().replace("60,10,600.00", "60,11,660.00");
    let wrong = wrong.replace("7810.00", "7870.00");
    let first = window.quote(&visit, &now(), &wrong).await;
    let second = window.quote(&visit, &now(), &bill()).await;
    let pressed = window.press(first.leads_to()).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    assert!(pressed.text.contains("quote_superseded"));
    let screen = window.get(first.leads_to()).await;
    assert!(screen.text.contains("打开最新的试算") && !screen.text.contains("确认结算"));
    assert!(
        screen
            .text
            .contains(&format!("href=\"{}\"", second.leads_to()))
    );
    let settled = window.press(second.leads_to()).await;
    let shown = window.get(settled.leads_to()).await;
    assert!(shown.text.contains("7810.00"));
}

#[tokio::test]
async fn a_form_stays_its_persons_while_the_next_card_is_being_read() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    let judged = async |form: &Answer| {
        let fields = [
            ("act", "judge"),
            ("key", form.field("key")),
            ("presented", form.field("presented")),
            ("who", form.field("who")),
            ("kind", "inpatient_medical"),
            ("department", "骨科"),
        ];
        window.post("/admission", &fields).await
    };
    // The page asks anew with every event: a card goes in, and then it is read.
    window.counter.put_card_in();
    let reading = judged(&form).await;
    assert_eq!(reading.field("department"), "骨科");
    assert_eq!(
        (reading.field("presented"), reading.field("who")),
        ("", form.field("who"))
    );
    window.present(UNFILED_WORKER);
    let next = judged(&reading).await;
    assert!(next.text.contains("person_changed"), "{}", next.text);
    assert_eq!(next.field("department"), "");
}
