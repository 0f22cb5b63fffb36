//! Bills that come by themselves: the folder's files at their stays, and what is said of those that are nobody's.

use std::fs;

use reqwest::StatusCode;

use super::window::{Window, bill, now, sent};
use crate::bill::folder::FolderTrouble;
use crate::counter::FolderState;
use reqwest::{Method, header};

/// Sends the discharge form with a file of the folder, as the browser does where none is chosen.
async fn quote_offered(
    window: &Window,
    visit: &str,
    fields: &[(&str, &str)],
) -> super::window::Answer {
    let field = |(name, value): &(&str, &str)| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = fields.iter().map(field).collect();
    let request = window
        .request(Method::POST, &format!("/visits/{visit}/quote"))
        .header(
            header::CONTENT_TYPE,
            "multipart/form-data; boundary=frontier",
        )
        .body(format!("{fields}--frontier--\r\n"));
    sent(request).await
}

#[tokio::test]
async fn a_bill_that_lies_in_the_folder_is_quoted_without_being_chosen_in_a_dialog() {
    let window = Window::with_folder().await;
    let visit = window.admit_first_worker().await;
    let bills = window.bills();
    fs::create_dir(&bills).unwrap();
    window.watch_bills();
    let watched = |view: &crate::counter::FolderView| view.standing == FolderState::Watched;
    window.bills_are(watched).await;
    // As export programs do: under another name first, then whole under its own.
    fs::write(bills.join("x.tmp"), bill()).unwrap();
    fs::rename(bills.join("x.tmp"), bills.join("费用清单ZY0001.csv")).unwrap();
    let view = window.bills_are(|view| view.offers.len() == 1).await;
    let id = view.offers[0].id.clone();

    let screen = window.get(&format!("/visits/{visit}")).await;
    let chosen = format!("name=\"offered\" value=\"{id}\" checked> 费用清单ZY0001.csv");
    assert!(screen.text.contains(&chosen), "{}", screen.text);
    let home = window.get("/").await;
    assert!(
        home.text.contains("1 份对上在院登记，0 份没有用上"),
        "{}",
        home.text
    );
    let discharged_at = now();
    let form = [
        ("discharged_at", discharged_at.as_str()),
        ("diagnosis", "左胫骨骨折愈合"),
        ("offered", &id),
    ];
    let quoted = quote_offered(&window, &visit, &form).await;
    let quote = window.get(quoted.leads_to()).await;
    for part in ["7810.00", "7600.00", "可以直接结算"] {
        assert!(quote.text.contains(part), "{part}: {}", quote.text);
    }

    // Another version is another bill: the one that was chosen is not quoted any more.
    fs::write(
        bills.join("费用清单ZY0001.csv"),
        bill().replace("7200.00", "720.00"),
    )
    .unwrap();
    let stale = quote_offered(&window, &visit, &form).await;
    assert_eq!(
        stale.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        stale.text
    );
    assert!(stale.text.contains("bill_offer_gone"), "{}", stale.text);
    let both = [form[0], form[1], form[2], ("bill", "x")];
    let both = quote_offered(&window, &visit, &both).await;
    assert!(both.text.contains("bill_chosen_twice"), "{}", both.text);
    assert!(fs::exists(bills.join("费用清单ZY0001.csv")).unwrap());
}

#[tokio::test]
async fn what_is_nobodys_is_listed_with_its_reason_and_offered_nowhere() {
    let window = Window::with_folder().await;
    let visit = window.admit_first_worker().await;
    let bills = window.bills();
    fs::create_dir(&bills).unwrap();
    window.watch_bills();
    window
        .bills_are(|view| view.standing == FolderState::Watched)
        .await;
    let titled = |number: &str| format!("住院号：{number},姓名：测试一\r\n{}", bill());
    for (name, text, why) in [
        ("ZY0009.csv", bill(), "没有在院登记的住院号"),
        (
            "a.csv",
            titled("ZY0009"),
            "文件里的住院号是 ZY0009，没有这个号的在院登记",
        ),
        (
            "ZY0001.csv",
            titled("ZY0002"),
            "文件名里的住院号是 ZY0001，内容里的是 ZY0002",
        ),
        ("photo.csv", "\u{1}".into(), "没有找到表头"),
        ("page.xls", "<html><table>".into(), "内容其实是网页"),
    ] {
        fs::write(bills.join(name), text).unwrap();
        window
            .bills_are(|view| view.others.iter().any(|other| other.name == name))
            .await;
        let screen = window.get("/bills").await;
        assert!(screen.text.contains(name), "{}", screen.text);
        assert!(screen.text.contains(why), "{why}: {}", screen.text);
    }
    fs::write(bills.join("b.csv"), titled("ZY0001")).unwrap();
    let view = window.bills_are(|view| view.offers.len() == 1).await;
    assert_eq!(
        (view.offers[0].name.as_str(), view.offers[0].visit.as_str()),
        ("b.csv", visit.as_str())
    );
}

#[tokio::test]
async fn a_folder_that_goes_away_is_said_and_comes_back_by_itself() {
    let window = Window::with_folder().await;
    let visit = window.admit_first_worker().await;
    let bills = window.bills();
    window.watch_bills();
    let missing = FolderState::Trouble(FolderTrouble::Missing);
    window.bills_are(|view| view.standing == missing).await;
    let home = window.get("/").await;
    assert!(
        home.text.contains("不在了，或网络共享没有挂上"),
        "{}",
        home.text
    );
    for round in 0..2 {
        fs::create_dir(&bills).unwrap();
        window
            .bills_are(|view| view.standing == FolderState::Watched)
            .await;
        fs::write(bills.join("ZY0001.csv"), bill()).unwrap();
        let view = window.bills_are(|view| !view.offers.is_empty()).await;
        assert_eq!(view.offers[0].visit, visit, "{round}");
        fs::remove_dir_all(&bills).unwrap();
        window
            .bills_are(|view| view.standing == missing && view.offers.is_empty())
            .await;
    }
}
