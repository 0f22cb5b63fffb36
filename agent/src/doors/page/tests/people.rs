//! The people of the counter: nobody acts who is not signed in, and what is done stands under who did it.

use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use std::time::Duration;

use super::refused::{journalled, pressed, refused};
use super::window::{Answer, FIRST_WORKER, Window, now, sent};
use crate::clock::Clock;
use crate::counter::{Actor, Came, Door, StaffForm};
use crate::ledger::settlements;
use crate::records::staff::{Role, Roles, StaffNumber};

const CASHIER: (&str, &str) = ("1001", "王收款");
const REVIEWER: (&str, &str) = ("2002", "李复核");
const KEEPER: (&str, &str) = ("9001", "赵管理");
const OWN: &str = "Zhongnan-26";

fn root() -> Actor {
    Actor {
        code: "uid 0".to_owned(),
        name: "root".to_owned(),
        roles: Roles::of([Role::Administrator]),
        came: Came {
            account: 0,
            door: Door::Console,
        },
    }
}

impl Window {
    /// Adds a person; the password that is handed out.
    async fn add(&self, (number, name): (&str, &str), roles: &[Role]) -> String {
        let form = StaffForm {
            number: number.to_owned(),
            name: name.to_owned(),
            roles: Roles::of(roles.iter().copied()),
        };
        let password = self.counter.add_staff(&form, &root()).await.unwrap();
        password.reveal().to_owned()
    }

    async fn sign_in(&self, number: &str, password: &str) -> Answer {
        let fields = [("number", number), ("password", password)];
        self.post("/sign-in", &fields).await
    }

    async fn choose(&self, old: &str, new: &str) -> Answer {
        let fields = [("old", old), ("new", new), ("again", new)];
        self.post("/password", &fields).await
    }

    /// Adds a person who signs in and has chosen a password.
    async fn at_work(&self, person: (&str, &str), roles: &[Role]) {
        let first = self.add(person, roles).await;
        assert_eq!(self.sign_in(person.0, &first).await.leads_to(), "/");
        assert_eq!(self.choose(&first, OWN).await.leads_to(), "/");
    }
}

#[tokio::test]
async fn without_people_the_page_works_by_account_and_says_so() {
    let window = Window::open().await;
    let home = window.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("人员：没有设置，按本机账户办理"));
    assert_eq!(window.get("/sign-in").await.leads_to(), "/");
    let list = window.get("/staff").await;
    assert_eq!(list.status, StatusCode::NOT_FOUND);
    assert!(list.text.contains("settlement-agent staff add"));
}

#[tokio::test]
async fn with_people_nobody_comes_further_than_the_sign_in() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let first = window.add(CASHIER, &[Role::Cashier]).await;
    for path in [
        "/",
        "/uploads",
        &format!("/visits/{visit}"),
        "/staff",
        "/password",
    ] {
        assert_eq!(window.get(path).await.leads_to(), "/sign-in", "{path}");
    }
    let done = window
        .post(
            &format!("/visits/{visit}/cancel"),
            &[("reason", "重复登记")],
        )
        .await;
    assert_eq!(done.status, StatusCode::FORBIDDEN);
    assert!(done.text.contains("没有办理任何业务"));
    assert!(window.journal("admission_cancelled").await.is_empty());

    // The password that was handed out is good for choosing another alone.
    assert_eq!(window.sign_in("1001", &first).await.leads_to(), "/");
    assert_eq!(window.get("/").await.leads_to(), "/password");
    assert_eq!(
        window.post("/next", &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let again = window.choose(&first, &first).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let plain = window.choose(&first, "zhongnanzhongnan").await;
    assert!(plain.text.contains("至少要有 3 种"), "{}", plain.text);
    let wrong = window.choose("falsch", OWN).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!(window.choose(&first, OWN).await.leads_to(), "/");
    let home = window.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("王收款") && !home.text.contains("/staff"));
    let before = window.choose(OWN, OWN).await;
    assert!(before.text.contains("这个密码最近用过"), "{}", before.text);

    assert_eq!(window.post("/sign-out", &[]).await.leads_to(), "/sign-in");
    assert_eq!(window.get("/").await.leads_to(), "/sign-in");
    assert_eq!(
        window.sign_in("1001", &first).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(window.sign_in("1001", OWN).await.leads_to(), "/");
    for kind in ["signed_in", "sign_in_failed", "staff_changed"] {
        for body in window.journal(kind).await {
            assert!(body.contains("\"account\""), "{body}");
            assert!(!body.contains(OWN) && !body.contains(&first), "{body}");
        }
    }
}

#[tokio::test]
async fn two_people_at_two_windows_act_each_in_their_own_name() {
    let mut window = Window::open().await;
    window.at_work(CASHIER, &[Role::Cashier]).await;
    let first = window.cookie.clone();
    window.cookie = window.entered().await;
    window.at_work(("1002", "陈收款"), &[Role::Cashier]).await;
    let second = std::mem::replace(&mut window.cookie, first);
    let visit = window.admit_first_worker().await;
    window.cookie = second;
    let settlement = window.settle(&visit).await;

    let admitted = window.journal("came").await;
    assert!(
        admitted[0].contains(r#""act":"admitted","by":"1001""#),
        "{admitted:?}"
    );
    assert!(
        admitted[1].contains(r#""act":"settled","by":"1002""#),
        "{admitted:?}"
    );
    let number = settlement.parse_number();
    let kept = window
        .counter
        .ledger()
        .read(move |conn| settlements::find(conn, &number))
        .await
        .unwrap()
        .unwrap();
    let slip = kept.slip().unwrap();
    assert_eq!(
        (slip.cashier.as_str(), slip.preparer.as_str()),
        ("陈收款", "陈收款")
    );
}

trait ParseNumber {
    fn parse_number(&self) -> crate::ledger::numbers::SettlementNumber;
}

impl ParseNumber for String {
    fn parse_number(&self) -> crate::ledger::numbers::SettlementNumber {
        crate::ledger::numbers::SettlementNumber::parse(self).unwrap()
    }
}

#[tokio::test]
async fn a_person_who_is_disabled_while_signed_in_does_nothing_more() {
    let window = Window::open().await;
    window.at_work(CASHIER, &[Role::Cashier]).await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    window.counter.disable_staff("1001", &root()).await.unwrap();
    let registered_at = now();
    let admitted = window.admit(&form, "ZY0001", &registered_at).await;
    assert_eq!(admitted.status, StatusCode::FORBIDDEN);
    assert!(window.counter.open_visits().await.unwrap().is_empty());
    assert_eq!(window.get("/").await.leads_to(), "/sign-in");
    let again = window.sign_in("1001", OWN).await;
    assert!(again.text.contains("已停用"), "{}", again.text);

    // A password that is handed out lets them in again, and their own one does not.
    let reset = window.counter.reset_staff("1001", &root()).await.unwrap();
    assert_eq!(
        window.sign_in("1001", OWN).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(window.sign_in("1001", reset.reveal()).await.leads_to(), "/");
}

#[cfg(feature = "test-clock")]
#[tokio::test]
async fn a_number_is_locked_after_wrong_passwords_however_the_clock_is_set() {
    let (clock, hand) = Clock::with_hand().unwrap();
    let window = Window::by_clock(clock, "").await;
    let first = window.add(CASHIER, &[Role::Cashier]).await;
    for left in (1..5).rev() {
        let wrong = window.sign_in("1001", "falsch").await;
        assert!(
            wrong.text.contains(&format!("再错 {left} 次")),
            "{}",
            wrong.text
        );
    }
    assert!(
        window
            .sign_in("1001", "falsch")
            .await
            .text
            .contains("已锁定，还有 30 分钟")
    );
    let locked = |answer: Answer, minutes: u32| {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let say = format!("已锁定，还有 {minutes} 分钟");
        assert!(answer.text.contains(&say), "{}", answer.text);
    };
    locked(window.sign_in("1001", &first).await, 30);
    for hours in [-8, 16] {
        hand.set_civil(SignedDuration::from_hours(hours));
        locked(window.sign_in("1001", &first).await, 30);
    }
    hand.advance(Duration::from_mins(29));
    locked(window.sign_in("1001", &first).await, 1);
    hand.advance(Duration::from_mins(1));
    assert_eq!(window.sign_in("1001", &first).await.leads_to(), "/");
    // What is nobody's number is told like a wrong password, and not written down as it was typed.
    let nobody = window.sign_in(OWN, "x").await;
    assert!(nobody.text.contains("工号或密码不对") && !nobody.text.contains(OWN));
    let failed = window.journal("sign_in_failed").await;
    assert_eq!(failed.len(), 10);
    assert!(failed.iter().all(|body| !body.contains(OWN)));
}

#[cfg(feature = "test-clock")]
#[tokio::test]
async fn whoever_touches_nothing_is_signed_out_and_what_the_page_asks_itself_is_no_touch() {
    let (clock, hand) = Clock::with_hand().unwrap();
    let window = Window::by_clock(clock, "[staff]\nlongest_hours = 1\n").await;
    window.at_work(CASHIER, &[Role::Cashier]).await;
    let by_itself = |idle: u64| {
        let request = window.request(Method::GET, "/");
        sent(request.header("x-idle", idle.to_string()))
    };
    hand.advance(Duration::from_mins(14));
    assert_eq!(by_itself(14 * 60).await.status, StatusCode::OK);
    hand.advance(Duration::from_mins(1));
    assert_eq!(by_itself(15 * 60).await.leads_to(), "/sign-in");
    window.sign_in("1001", OWN).await;
    let out = window.journal("signed_out").await;
    assert!(out.last().unwrap().contains(r#""why":"idle""#), "{out:?}");
    for _ in 0..6 {
        assert_eq!(window.get("/").await.status, StatusCode::OK);
        // Somebody who types into a long form touches the page although nothing is sent.
        hand.advance(Duration::from_mins(10));
    }
    assert_eq!(by_itself(3).await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn each_role_does_its_own_and_somebody_always_keeps_the_list() {
    let mut window = Window::open().await;
    window.at_work(KEEPER, &[Role::Administrator]).await;
    assert_eq!(window.get("/").await.leads_to(), "/staff");
    let added = window
        .post(
            "/staff",
            &[
                ("act", "add"),
                ("number", "2002"),
                ("name", REVIEWER.1),
                ("reviewer", "1"),
            ],
        )
        .await;
    assert_eq!(added.status, StatusCode::OK);
    let handed_out = added.text.split_once("一次性密码：<code>").unwrap().1;
    let handed_out = handed_out.split_once("</code>").unwrap().0.to_owned();
    let twice = window
        .post(
            "/staff",
            &[
                ("act", "add"),
                ("number", "2002"),
                ("name", "another"),
                ("reviewer", "1"),
            ],
        )
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    for fields in [
        vec![("act", "disable"), ("number", "9001")],
        vec![
            ("act", "change"),
            ("number", "9001"),
            ("name", "赵管理"),
            ("cashier", "1"),
        ],
    ] {
        let last = window.post("/staff", &fields).await;
        assert_eq!(last.status, StatusCode::CONFLICT);
        assert!(last.text.contains("最后一名管理人员"));
    }
    let number = StaffNumber::parse("9001").unwrap();
    assert!(!window.counter.person(&number).unwrap().disabled);

    window.cookie = window.entered().await;
    window.sign_in("2002", &handed_out).await;
    window.choose(&handed_out, OWN).await;
    assert_eq!(window.get("/").await.status, StatusCode::OK);
    let list = window.get("/staff").await;
    assert_eq!(list.status, StatusCode::FORBIDDEN);
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    let admitted = window.admit(&form, "ZY0001", &now()).await;
    assert_eq!(admitted.status, StatusCode::FORBIDDEN);
    assert!(
        admitted.text.contains("没有“收款”的权限"),
        "{}",
        admitted.text
    );
    assert!(window.counter.open_visits().await.unwrap().is_empty());
}

/// Two cashiers, of whom the first has the window, and a reviewer.
async fn three_people(more: &str) -> Window {
    let mut window = Window::configured(more).await;
    window.at_work(("1002", "陈收款"), &[Role::Cashier]).await;
    window.cookie = window.entered().await;
    window.at_work(REVIEWER, &[Role::Reviewer]).await;
    window.cookie = window.entered().await;
    window
        .at_work(CASHIER, &[Role::Cashier, Role::Reviewer])
        .await;
    window
}

#[tokio::test]
async fn a_refused_record_is_set_aside_by_two_and_the_same_person_is_not_two() {
    let window = three_people("").await;
    let (_, record) = refused(&window).await;
    let form = window.get(&window.upload(&record.message_id)).await;
    assert!(form.text.contains("复核人工号"));
    let by_hand = [
        ("remedy", "taken_by_hand"),
        ("reference", "长人社受2025-118"),
        ("reason", "省中心已人工录入"),
    ];
    for (number, password, code) in [
        ("", "", "second_person_missing"),
        ("1001", OWN, "same_person_twice"),
        ("2002", "falsch", "sign_in_wrong"),
        ("1002", OWN, "role_missing"),
        ("7777", OWN, "sign_in_wrong"),
    ] {
        let second = [("second_number", number), ("second_password", password)];
        let fields = [by_hand.as_slice(), &second].concat();
        let answer = pressed(&window, &form, &record, &fields).await;
        assert!(answer.text.contains(code), "{code}: {}", answer.text);
        assert!(!answer.text.contains(OWN), "a password comes back");
        assert!(
            answer.text.contains("长人社受2025-118"),
            "what was typed is lost"
        );
    }
    assert!(journalled(&window, &record).await.is_empty());

    let second = [("second_number", "2002"), ("second_password", OWN)];
    let fields = [by_hand.as_slice(), &second].concat();
    let done = pressed(&window, &form, &record, &fields).await;
    assert_eq!(done.leads_to(), "/uploads");
    let kept = journalled(&window, &record).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["by"], &kept[0]["confirmed_by"]),
        (&"1001".into(), &"2002".into())
    );
    let given = window.journal("signed_in").await;
    assert!(
        given.last().unwrap().contains(r#""why":"second_person""#),
        "{given:?}"
    );
    // Whoever confirmed is not signed in by it.
    assert!(window.get("/").await.text.contains("经办人 王收款"));
}

#[tokio::test]
async fn a_counter_with_one_person_sets_aside_for_a_reason_where_it_is_set_so() {
    let window = three_people("[staff]\ntwo_person = { set_aside = \"reason\" }\n").await;
    let (_, record) = refused(&window).await;
    let form = window.get(&window.upload(&record.message_id)).await;
    assert!(!form.text.contains("复核人"));
    let by_hand = [
        ("remedy", "taken_by_hand"),
        ("reference", "长人社受2025-118"),
        ("reason", "省中心已人工录入"),
    ];
    let done = pressed(&window, &form, &record, &by_hand).await;
    assert_eq!(done.leads_to(), "/uploads");
    let kept = journalled(&window, &record).await;
    assert_eq!(kept[0]["by"], "1001");
    assert!(kept[0].get("confirmed_by").is_none());
}
