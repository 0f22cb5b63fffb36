//! What is typed into the field for codes.

use reqwest::StatusCode;

use super::window::{FIRST_WORKER, Window};

#[tokio::test]
async fn a_typed_code_is_verified_and_leads_back_to_the_screen_it_was_typed_on() {
    let window = Window::open().await;
    let code = window.code_of(FIRST_WORKER);
    let fields = [("code", code.as_str()), ("back", "/admission")];
    let answer = window.post("/code", &fields).await;
    assert_eq!(answer.leads_to(), "/admission");
    let screen = window.get("/admission").await;
    for said in ["电子社保卡", FIRST_WORKER.1, "刚刚答复"] {
        assert!(screen.text.contains(said), "{said}");
    }
    assert!(!screen.text.contains(&code));

    // Once more by a scanner that beeps twice: nothing changes.
    window.post("/code", &fields).await;
    let again = window.get("/admission").await;
    assert_eq!(again.field("presented"), screen.field("presented"));
}

#[tokio::test]
async fn a_code_of_another_kind_is_named_and_nobody_is_presented() {
    let window = Window::open().await;
    for (typed, said) in [
        ("11010519491231002X", "是身份证号码"),
        ("https://example.org/pay?id=1", "是网址"),
        ("电子社保卡电子社保卡", "开着中文输入法"),
        (
            "E00000000000000000000000000000000",
            "不是电子社保卡的二维码",
        ),
    ] {
        let answer = window.post("/code", &[("code", typed)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let home = window.get(answer.leads_to()).await;
        assert!(home.text.contains(said), "{typed}: {said}");
        assert!(!home.text.contains("办理入院登记</a>"));
    }
}

#[tokio::test]
async fn a_code_that_never_left_because_the_sign_in_was_refused_counts_as_unused() {
    let window = Window::open().await;
    let code = window.code_of(FIRST_WORKER);
    window.province.expire_sessions();
    window.province.add_fault(sandbox::Fault {
        effect: sandbox::Effect::Reject {
            code: "maintenance".to_owned(),
            message: "系统维护中".to_owned(),
        },
        infno: Some("9001".to_owned()),
        containing: None,
        count: 1,
    });
    let fields = [("code", code.as_str()), ("back", "/admission")];
    window.post("/code", &fields).await;
    assert!(!window.get("/admission").await.text.contains("电子社保卡</"));
    window.post("/code", &fields).await;
    let screen = window.get("/admission").await;
    assert!(screen.text.contains(FIRST_WORKER.1), "{}", screen.text);
}
