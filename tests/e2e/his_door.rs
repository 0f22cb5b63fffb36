//! A hospital's system that errs, or has no token: whatever it sends, it is answered with a notice.

use reqwest::{Client, Method, Response, header};
use serde_json::Value;

use crate::doors::NO_READERS;
use crate::scene::Scene;

/// One request to the hospital's interface: method, path, headers, body.
struct Asked<'a> {
    method: Method,
    path: &'a str,
    content_type: Option<&'a str>,
    body: Vec<u8>,
}

impl<'a> Asked<'a> {
    fn bare(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            content_type: None,
            body: Vec::new(),
        }
    }

    fn json(path: &'a str, body: &str) -> Self {
        Self {
            content_type: Some("application/json"),
            body: body.as_bytes().to_vec(),
            ..Self::bare(Method::POST, path)
        }
    }

    async fn send(self, scene: &Scene, token: &str) -> Response {
        let address = format!("{}{}", scene.agent().origin(), self.path);
        let mut request = Client::new().request(self.method, address).body(self.body);
        if let Some(content_type) = self.content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        request.bearer_auth(token).send().await.unwrap()
    }
}

/// The answer is the interface's own notice, in Chinese, and its code.
async fn assert_notice(answer: Response, status: u16, code: &str) {
    let what = format!("{} {code}", answer.url());
    assert_eq!(answer.status().as_u16(), status, "{what}");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["notice"]["code"], code, "{what}");
    assert_eq!(body["reasons"], Value::Array(Vec::new()), "{what}");
    for words in ["say", "next"] {
        let words = body["notice"][words].as_str().unwrap();
        assert!(words.contains(['请', '没', '不']), "{what}: {words}");
    }
}

const PRESS: &str = "/his/v1/quotes/1/settle";
const QUOTE: &str = "/his/v1/visits/1/quote";

const ADMIT: &str = "/his/v1/admissions";

/// An admission that only its key speaks against.
fn admission(key: &str) -> String {
    serde_json::json!({
        "key": key,
        "operator": "root",
        "reading": "",
        "kind": "inpatient_medical",
        "department": "骨科",
        "inpatient_number": "ZY1",
        "diagnosis": "左胫骨骨折",
        "third_party_liability": "none",
    })
    .to_string()
}

/// The same with what could be taken for something else: a list in place of an object, a key that names nothing, parameters
/// that the address does not know.
fn mistakable_requests() -> Vec<(Asked<'static>, u16, &'static str)> {
    vec![
        (Asked::json(PRESS, r#" ["x"]"#), 422, "his_not_an_object"),
        (Asked::json(ADMIT, &admission("")), 422, "key_wrong"),
        (
            Asked::json(ADMIT, &admission(&"k".repeat(201))),
            422,
            "key_wrong",
        ),
        (
            Asked::bare(Method::GET, "/his/v1/visits?inpatient_number=ZY0001"),
            400,
            "his_parameters",
        ),
        (
            Asked::bare(
                Method::POST,
                "/his/v1/visits/1/quote?discharged_at=2026-01-01T00:00:00%2B08:00&diagnosis=x&unheard=of",
            ),
            400,
            "his_unreadable",
        ),
    ]
}

/// What a hospital's system may send that is wrong, with the status and code of the answer.
fn wrong_requests() -> Vec<(Asked<'static>, u16, &'static str)> {
    let much = format!(r#"{{"operator": "{}"}}"#, "x".repeat(100_000));
    let undeclared = Asked {
        content_type: Some("text/plain"),
        ..Asked::json(PRESS, r#"{"operator": "x"}"#)
    };
    // One byte too many: all of it is read before it is refused, and the answer is not lost in a broken pipe.
    let giant = Asked {
        content_type: Some("text/csv"),
        body: vec![b'x'; 64 * 1024 * 1024 + 1],
        ..Asked::bare(
            Method::POST,
            "/his/v1/visits/1/quote?discharged_at=2026-01-01T00:00:00%2B08:00&diagnosis=x",
        )
    };
    vec![
        (giant, 413, "his_too_large"),
        (Asked::bare(Method::GET, "/his"), 404, "his_address"),
        (Asked::bare(Method::GET, "/his/"), 404, "his_address"),
        (Asked::bare(Method::GET, "/his/v1"), 404, "his_address"),
        (Asked::bare(Method::GET, "/his/v2/desk"), 404, "his_address"),
        (
            Asked::bare(Method::GET, "/his/v1/visits/%FF"),
            404,
            "his_address",
        ),
        (
            Asked::bare(Method::DELETE, "/his/v1/visits"),
            405,
            "his_method",
        ),
        (
            Asked::bare(Method::GET, "/his/v1/admissions"),
            405,
            "his_method",
        ),
        (Asked::bare(Method::POST, PRESS), 415, "his_content_type"),
        (undeclared, 415, "his_content_type"),
        (Asked::json(PRESS, "{"), 400, "his_unreadable"),
        (Asked::json(PRESS, "{}"), 422, "his_unreadable"),
        (
            Asked::json(PRESS, r#"{"operator": 1}"#),
            422,
            "his_unreadable",
        ),
        (
            Asked::json("/his/v1/admissions", "[]"),
            422,
            "his_unreadable",
        ),
        (Asked::json(PRESS, &much), 413, "his_too_large"),
        (Asked::bare(Method::POST, QUOTE), 400, "his_unreadable"),
        (
            Asked::bare(
                Method::POST,
                "/his/v1/visits/1/quote?discharged_at=yesterday&diagnosis=x",
            ),
            422,
            "field_wrong",
        ),
        (
            Asked::json(PRESS, r#"{"operator": "stranger"}"#),
            422,
            "no_such_operator",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_hospitals_system_sends_it_is_answered_with_a_notice() {
    let scene = Scene::with_readers(NO_READERS).await;
    let token = scene.stage.premises.token().unwrap();
    for (asked, status, code) in wrong_requests().into_iter().chain(mistakable_requests()) {
        assert_notice(asked.send(&scene, &token).await, status, code).await;
    }
    let allowed = Asked::bare(Method::DELETE, "/his/v1/visits")
        .send(&scene, &token)
        .await;
    assert_eq!(allowed.headers()[header::ALLOW], "GET,HEAD");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_token_the_hospitals_interface_says_only_that_one_is_needed() {
    let scene = Scene::with_readers(NO_READERS).await;
    let token = scene.stage.premises.token().unwrap();
    let wrong = ["", "x", &token[1..], "x", &token[..63]];
    let paths = ["/his", "/his/", "/his/v1/desk", "/his/v1/nothing", PRESS];
    for (path, wrong) in paths.into_iter().zip(wrong) {
        let answer = Asked::bare(Method::GET, path).send(&scene, wrong).await;
        assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer");
        assert_notice(answer, 401, "his_token").await;
        let address = format!("{}{path}", scene.agent().origin());
        let answer = Client::new().get(address).send().await.unwrap();
        assert_notice(answer, 401, "his_token").await;
    }
    scene.stage.strike().await.unwrap();
}
