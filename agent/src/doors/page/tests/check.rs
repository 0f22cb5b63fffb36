//! A bill so far, looked at while the stay is open: what is not paid, what is not marked, and that nothing is settled by it.

use reqwest::{Method, header};

use super::window::{Answer, Window, bill, sent};

/// Presses 出院前检查 with this bill.
async fn check(window: &Window, visit: &str, bill: &str) -> Answer {
    let body = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"bill\"; filename=\"so-far.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{bill}\r\n--frontier--\r\n"
    );
    let request = window
        .request(Method::POST, &format!("/visits/{visit}/check"))
        .header(
            header::CONTENT_TYPE,
            "multipart/form-data; boundary=frontier",
        )
        .body(body);
    sent(request).await
}

#[tokio::test]
async fn a_bill_so_far_says_what_is_open_and_what_is_not_paid_and_settles_nothing() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    // The first line has no mark, and there is no sum yet.
    let bill = bill();
    let open_end = bill.rsplit_once("合计").unwrap().0;
    let so_far = open_end.replacen("7200.00,是,,", "7200.00,,,", 1);
    let checked = check(&window, &visit, &so_far).await;
    let at = format!("/visits/{visit}/check");
    assert_eq!(checked.leads_to(), at);
    let screen = window.get(&at).await;
    for part in [
        "只检查，不结算",
        "so-far.csv",
        "第 1 号明细（共 1 行，7200.00 元）没有标“治疗工伤”",
        "文件没有合计行",
        // Ten nights at 60.00 of which 40.00 are in the standard, and a line for another illness.
        "<dd>7810.00</dd>",
        "<dd>7600.00</dd>",
        "<dd>200.00</dd>",
        "<dd>10.00</dd>",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    for part in ["确认结算", "可以直接结算", "card_missing"] {
        assert!(!screen.text.contains(part), "{part}: {}", screen.text);
    }
    let visit_screen = window.get(&format!("/visits/{visit}")).await;
    assert!(visit_screen.text.contains("的检查结果"));
    let kinds: Vec<String> = window
        .counter
        .ledger()
        .read(|conn| {
            let mut query = conn.prepare("SELECT body FROM journal WHERE kind = 'bill_checked'")?;
            let bodies = query.query_map([], |row| row.get(0))?;
            Ok::<_, crate::ledger::LedgerError>(bodies.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap();
    assert_eq!(kinds.len(), 1);
    for part in [
        "\"lines\":3",
        "\"total\":\"7810.00\"",
        "\"unmarked\":1",
        "\"by\":\"cashier\"",
    ] {
        assert!(kinds[0].contains(part), "{kinds:?}");
    }
    assert!(!kinds[0].contains("测试"), "{kinds:?}");

    let none = check(&window, &visit, "").await;
    assert!(none.text.contains("bill_not_chosen"), "{}", none.text);
}
