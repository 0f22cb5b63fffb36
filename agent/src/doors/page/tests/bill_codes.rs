//! A bill's codes on their way through spreadsheets: what is certain settles, what may be damaged is pointed out, and what is
//! lost is held until a person has looked.

use reqwest::StatusCode;

use super::window::{Window, bill, now};

const DRUG: &str = "XN02BEA123A001010100001";
const BED: &str = "001109000010000";

#[tokio::test]
async fn marks_around_codes_and_letters_in_another_case_change_nothing() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let dressed = bill()
        .replace(DRUG, &format!("'{}", DRUG.to_lowercase()))
        .replace(BED, &format!("'{BED}"));
    let quoted = window.quote(&visit, &now(), &dressed).await;
    let screen = window.get(quoted.leads_to()).await;
    for part in [
        "7600.00",
        "可以直接结算",
        "code_case_mended",
        "项目编码前后的撇号、引号或等号已去掉（第 2、3 行）",
        "UTF-8，逗号分隔，表头在第 1 行",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    assert!(screen.text.contains(DRUG));
}

#[tokio::test]
async fn a_code_that_lost_its_zeros_is_pointed_out_with_the_one_that_may_be_meant() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    for (damaged, hint) in [
        ("1109000010000", "目录有 001109000010000，前面少了 0？"),
        ("001109000010000-2", "目录有 001109000010000，多了后缀？"),
    ] {
        let quoted = window
            .quote(&visit, &now(), &bill().replace(BED, damaged))
            .await;
        let screen = window.get(quoted.leads_to()).await;
        for part in [hint, "code_doubted", "账单第 2 号明细（共 1 行）"] {
            assert!(screen.text.contains(part), "{part}: {}", screen.text);
        }
    }
}

#[tokio::test]
async fn a_bill_that_lost_its_codes_waits_until_a_person_has_said_why_it_is_right() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let lost = bill().replace(DRUG, "9999");
    let quoted = window.quote(&visit, &now(), &lost).await;
    let held = quoted.leads_to();
    let screen = window.get(held).await;
    for part in [
        "codes_unlisted",
        "1 行、7200.00 元（占 92%）",
        "我已看过，编码没有错",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    for part in ["可以直接结算", "确认结算"] {
        assert!(!screen.text.contains(part), "{part}");
    }
    let settled = window.press(held).await;
    assert_eq!(settled.status, StatusCode::CONFLICT);
    let wordless = window
        .post(
            &format!("{held}/vouch"),
            &[("matter", "codes_unlisted"), ("reason", " ")],
        )
        .await;
    assert!(wordless.text.contains("remedy_words"), "{}", wordless.text);

    let reason = [
        ("matter", "codes_unlisted"),
        ("reason", "自制制剂，已与物价科核对"),
    ];
    let vouched = window.post(&format!("{held}/vouch"), &reason).await;
    let quote = vouched.leads_to();
    let screen = window.get(quote).await;
    for part in ["确认结算", "codes_vouched", "张收款 已看过不在目录里的明细"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let again = window.post(&format!("{held}/vouch"), &reason).await;
    assert!(again.text.contains("quote_superseded"));
    let settled = window.press(quote).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
    let kept = journalled(&window, "bill_vouched").await;
    for part in ["自制制剂", "\"by\":\"cashier\"", "\"amount\":\"7200.00\""] {
        assert!(kept.contains(part), "{kept}");
    }
}

#[tokio::test]
async fn a_bill_that_no_sum_closes_waits_until_a_person_has_compared_it() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let bill = bill();
    let open_end = bill.rsplit_once("合计").unwrap().0;
    let held = window.quote(&visit, &now(), open_end).await;
    let held = held.leads_to();
    let screen = window.get(held).await;
    for part in [
        "bill_sum_missing",
        "读到 3 行明细，共 7810.00 元",
        "文件没有合计行，看不出是否导出完整，明细读到文件末尾（第 4 行）",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    assert!(!screen.text.contains("确认结算"));
    let settled = window.press(held).await;
    assert_eq!(settled.status, StatusCode::CONFLICT);

    let reason = [("reason", "与医院系统一致")];
    let vouched = window.post(&format!("{held}/vouch"), &reason).await;
    let quote = vouched.leads_to();
    let screen = window.get(quote).await;
    let said = "张收款 已核对过没有合计行的账单的行数和总金额：与医院系统一致";
    assert!(screen.text.contains(said), "{}", screen.text);
    let settled = window.press(quote).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
    let kept = journalled(&window, "bill_vouched").await;
    assert!(
        kept.contains("\"matter\":\"bill_sum_missing\",\"lines\":3,\"total\":\"7810.00\""),
        "{kept}"
    );
}

/// The body of the one entry of this kind.
async fn journalled(window: &Window, kind: &'static str) -> String {
    let query = "SELECT body FROM journal WHERE kind = ?1";
    let ledger = window.counter.ledger();
    ledger
        .read(move |conn| {
            Ok::<_, crate::ledger::LedgerError>(conn.query_row(query, [kind], |row| row.get(0))?)
        })
        .await
        .unwrap()
}
