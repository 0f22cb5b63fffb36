//! The local doors as a hostile program of another account of this PC finds them, and a hospital's system that errs.

use std::process::Stdio;

use end_to_end::PATIENCE;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode, header};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::scene::Scene;

const NO_READERS: &[&str] = &[];

/// Debian's account `nobody`.
const ANOTHER_ACCOUNT: u32 = 65_534;

/// Runs a shell script as another account of this PC. `$1` is the port of the agent.
fn as_another_account(scene: &Scene, script: &str, arguments: &[&str]) -> Child {
    let (_, port) = scene.agent().origin().rsplit_once(':').unwrap();
    Command::new("setpriv")
        .arg(format!("--reuid={ANOTHER_ACCOUNT}"))
        .arg(format!("--regid={ANOTHER_ACCOUNT}"))
        .args(["--clear-groups", "bash", "-euc", script, "bash", port])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// What a request of another account is answered: status line, headers and body.
async fn asked_by_another_account(scene: &Scene, request: &str, headers: &[String]) -> String {
    let host = scene.agent().origin().strip_prefix("http://").unwrap();
    let headers = headers.join("\r\n");
    let request =
        format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n\r\n");
    let script = r#"exec 3<>"/dev/tcp/127.0.0.1/$1"; printf '%s' "$2" >&3; cat <&3"#;
    let child = as_another_account(scene, script, &[&request]);
    let output = timeout(PATIENCE, child.wait_with_output()).await.unwrap();
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "this test needs a second account: run it as root"
    );
    String::from_utf8(output.stdout).unwrap()
}

fn browser() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// A one-time link for the account that runs this.
pub(crate) async fn link(scene: &Scene) -> String {
    let printed = scene.stage.premises.run_configured("page", []).await;
    let printed = String::from_utf8(printed.unwrap().stdout).unwrap();
    printed.trim().to_owned()
}

/// Opens a link; the session's cookie.
pub(crate) async fn entered(link: &str) -> String {
    let answer = browser().get(link).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    cookie.split_once(';').unwrap().0.to_owned()
}

/// What the signed-in browser is shown at the first address.
async fn home(scene: &Scene, cookie: &str) -> StatusCode {
    let request = browser().get(format!("{}/", scene.agent().origin()));
    let answer = request.header(header::COOKIE, cookie).send().await;
    answer.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_and_a_link_serve_no_program_of_another_account() {
    let scene = Scene::with_readers(NO_READERS).await;
    let origin = scene.agent().origin();
    let cookie = entered(&link(&scene).await).await;
    assert_eq!(home(&scene, &cookie).await, StatusCode::OK);

    let stolen = format!("Cookie: {cookie}");
    for (request, more) in [
        ("GET /", ""),
        ("GET /uploads", ""),
        ("GET /events", ""),
        ("POST /leave", origin),
    ] {
        let headers = [stolen.clone(), format!("Origin: {more}")];
        let answer = asked_by_another_account(&scene, request, &headers).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{request}: {answer}");
        assert!(answer.contains("no_session"), "{request}: {answer}");
    }
    assert_eq!(home(&scene, &cookie).await, StatusCode::OK);

    let link = link(&scene).await;
    let path = link.strip_prefix(origin).unwrap();
    let answer = asked_by_another_account(&scene, &format!("GET {path}"), &[]).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("link_of_another_account"), "{answer}");
    entered(&link).await;

    // The hospital's system may run under any account: it has its token.
    let token = scene.stage.premises.token().unwrap();
    let bearer = [format!("Authorization: Bearer {token}")];
    let answer = asked_by_another_account(&scene, "GET /his/v1/standing", &bearer).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    let log = scene.agent().log();
    for what in ["session", "link"] {
        let told = format!("another account tried an operator's {what} user={ANOTHER_ACCOUNT}");
        assert_eq!(log.matches(&told).count(), 1, "{told}: {log}");
    }
    let (_, secret) = cookie.split_once('=').unwrap();
    assert!(!log.contains(secret) && !log.contains(path), "{log}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_that_holds_hundreds_of_connections_keeps_nobody_out() {
    let scene = Scene::with_readers(NO_READERS).await;
    let script =
        r#"for _ in {1..400}; do exec {held}<>"/dev/tcp/127.0.0.1/$1"; done; echo held; read -r _"#;
    let mut hostile = as_another_account(&scene, script, &[]);
    let mut said = BufReader::new(hostile.stdout.take().unwrap()).lines();
    let held = timeout(PATIENCE, said.next_line()).await.unwrap();
    assert_eq!(held.unwrap().as_deref(), Some("held"));

    scene
        .agent()
        .hear("too many local connections")
        .await
        .unwrap();
    let cookie = entered(&link(&scene).await).await;
    assert_eq!(home(&scene, &cookie).await, StatusCode::OK);
    scene.his().standing().await.unwrap();
    hostile.kill().await.unwrap();
    scene.stage.strike().await.unwrap();
}

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
    for (asked, status, code) in wrong_requests() {
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
    for path in ["/his", "/his/", "/his/v1/desk", "/his/v1/nothing", PRESS] {
        for wrong in ["", "x", &token[1..]] {
            let answer = Asked::bare(Method::GET, path).send(&scene, wrong).await;
            assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer");
            assert_notice(answer, 401, "his_token").await;
        }
        let address = format!("{}{path}", scene.agent().origin());
        let answer = Client::new().get(address).send().await.unwrap();
        assert_notice(answer, 401, "his_token").await;
    }
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_the_daemon_refuses_shows_the_daemons_own_code() {
    let scene = Scene::with_readers(NO_READERS).await;
    let to = scene.stage.folder().join("slip.pdf");
    for number in ["nothing", "../uploads", "a/b?c#d", ""] {
        let arguments = [number, "--to", to.to_str().unwrap()];
        let ended = scene.stage.premises.run_configured("slip", arguments).await;
        let ended = ended.unwrap();
        assert!(!ended.status.success());
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("（not_a_number）"), "{number:?}: {said}");
        assert!(said.contains("\n处理办法："), "{said}");
        assert!(!to.exists(), "no empty slip is left");
    }
    scene.stage.strike().await.unwrap();
}
