//! The local doors as a hostile program of another account of this PC finds them, and the sockets that systemd holds.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Stdio;

use end_to_end::{PATIENCE, Process};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, header};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::scene::Scene;

pub(crate) const NO_READERS: &[&str] = &[];

/// Debian's account `nobody`.
const ANOTHER_ACCOUNT: u32 = 65_534;

/// Runs a shell script as another account of this PC. `$1` is the port of the agent.
fn as_another_account(scene: &Scene, script: &str, arguments: &[&str]) -> Child {
    let (_, port) = scene.agent().origin().rsplit_once(':').unwrap();
    as_account(ANOTHER_ACCOUNT, script, &[&[port], arguments].concat())
}

/// The same as the account with this number.
fn as_account(account: u32, script: &str, arguments: &[&str]) -> Child {
    Command::new("setpriv")
        .arg(format!("--reuid={account}"))
        .arg(format!("--regid={account}"))
        .args(["--clear-groups", "bash", "-euc", script, "bash"])
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

    // The hospital's token serves the hospital's account alone.
    let token = scene.stage.premises.token().unwrap();
    let bearer = [format!("Authorization: Bearer {token}")];
    let answer = asked_by_another_account(&scene, "GET /his/v1/standing", &bearer).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("his_account"), "{answer}");

    let log = scene.agent().log();
    for what in ["session", "link"] {
        let told = format!("another account tried an operator's {what} user={ANOTHER_ACCOUNT}");
        assert_eq!(log.matches(&told).count(), 1, "{told}: {log}");
    }
    let told =
        format!("an account that is not the hospital's account={ANOTHER_ACCOUNT} door=his_port");
    assert_eq!(log.matches(&told).count(), 1, "{log}");
    let (_, secret) = cookie.split_once('=').unwrap();
    assert!(!log.contains(secret) && !log.contains(path), "{log}");
    scene.stage.strike().await.unwrap();
}

/// What is answered to this request on the hospital interface's Unix socket.
async fn asked_on_the_socket(scene: &Scene, headers: &str) -> String {
    let mut stream = UnixStream::connect(scene.stage.premises.his_socket())
        .await
        .unwrap();
    let request =
        format!("GET /his/v1/standing HTTP/1.1\r\nConnection: close\r\n{headers}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hospitals_system_comes_by_either_address_or_its_socket_and_not_by_localhost() {
    let scene = Scene::with_readers(NO_READERS).await;
    let token = scene.stage.premises.token().unwrap();
    let (_, port) = scene.agent().origin().rsplit_once(':').unwrap();
    for address in [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        let url = format!("http://{address}/his/v1/standing");
        let bearer = format!("bearer {token}");
        let request = browser().get(&url).header(header::AUTHORIZATION, &bearer);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{address}");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        for host in ["localhost", "his.hospital.example"] {
            let request = browser().get(&url).header(header::AUTHORIZATION, &bearer);
            let answer = request
                .header(header::HOST, format!("{host}:{port}"))
                .send()
                .await;
            let answer = answer.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{host}");
            let said: Value = answer.json().await.unwrap();
            assert_eq!(said["notice"]["code"], "wrong_host");
            let next = said["notice"]["next"].as_str().unwrap();
            assert!(next.contains(scene.agent().origin()), "{next}");
        }
    }
    let answer = asked_on_the_socket(&scene, &format!("Authorization: Bearer {token}")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let answer = asked_on_the_socket(&scene, "Authorization: Bearer x").await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let log = scene.agent().log();
    let account = std::fs::metadata(scene.stage.folder()).unwrap().uid();
    let told = format!("a wrong token account={account} door=his_socket count=1");
    assert!(log.contains(&told) && !log.contains(&token), "{log}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_turned_away_at_the_hospitals_socket_whatever_it_shows() {
    let scene = Scene::with_readers(NO_READERS).await;
    let token = scene.stage.premises.token().unwrap();
    for folder in [scene.stage.folder(), scene.stage.premises.folder()] {
        let passable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder, passable).unwrap();
    }
    let socket = scene.stage.premises.his_socket();
    let script = r#"curl --silent --unix-socket "$2" --header "Authorization: Bearer $3" http://his/his/v1/standing"#;
    let child = as_another_account(&scene, script, &[socket.to_str().unwrap(), &token]);
    let output = timeout(PATIENCE, child.wait_with_output()).await.unwrap();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(said.contains("\"his_account\""), "{said}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_systemd_holds_are_taken_and_stay_when_the_daemon_is_gone() {
    let mut scene = Scene::without_agent(NO_READERS).await;
    let premises = &scene.stage.premises;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let text = std::fs::read_to_string(premises.configuration()).unwrap();
    let listen = format!("listen = \"127.0.0.1:{port}\"");
    let text = text.replace("listen = \"127.0.0.1:0\"", &listen);
    std::fs::write(premises.configuration(), text).unwrap();

    let mut holder = Command::new("systemd-socket-activate");
    holder.arg("--fdname=page:page:console:his");
    for address in [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        holder.arg(format!("--listen={address}"));
    }
    for socket in [premises.console_socket(), premises.his_socket()] {
        holder.arg(format!("--listen={}", socket.display()));
    }
    let agent = premises.command("run");
    holder
        .args(["--setenv=PATH", "--"])
        .arg(agent.as_std().get_program());
    holder
        .args(["run", "--config"])
        .arg(premises.configuration());
    let holder = Process::start("systemd-socket-activate", holder).unwrap();
    holder
        .hear(0, |line| line.contains("Listening on").then_some(()))
        .await
        .unwrap();
    // Whoever calls before the daemon is there waits for it.
    let token = premises.token().unwrap();
    let url = format!("http://[::1]:{port}/his/v1/standing");
    let answer = browser().get(url).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer = asked_on_the_socket(&scene, &format!("Authorization: Bearer {token}")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let link = link(&scene).await;
    assert!(
        link.starts_with(&format!("http://127.0.0.1:{port}/enter")),
        "{link}"
    );
    scene.stage.agent = None;
    drop(holder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_systemd_holds_elsewhere_than_configured_is_said() {
    let scene = Scene::without_agent(NO_READERS).await;
    let premises = &scene.stage.premises;
    let mut holder = Command::new("systemd-socket-activate");
    holder.args(["--fdname=page", "--listen=127.0.0.1:18730", "--"]);
    holder.arg(premises.command("run").as_std().get_program());
    holder
        .args(["run", "--config"])
        .arg(premises.configuration());
    let holder = Process::start("systemd-socket-activate", holder).unwrap();
    holder
        .hear(0, |line| line.contains("Listening on").then_some(()))
        .await
        .unwrap();
    let caller = tokio::net::TcpStream::connect("127.0.0.1:18730")
        .await
        .unwrap();
    holder
        .hear(0, |line| line.contains("（socket_differs）").then_some(()))
        .await
        .unwrap();
    drop(caller);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_without_number_that_hold_connections_keep_nobody_out() {
    let scene = Scene::with_readers(NO_READERS).await;
    let (_, port) = scene.agent().origin().rsplit_once(':').unwrap();
    let script =
        r#"for _ in {1..40}; do exec {held}<>"/dev/tcp/127.0.0.1/$1"; done; echo held; read -r _"#;
    let mut hostile = Vec::new();
    for account in 60_001..60_011 {
        let mut child = as_account(account, script, &[port]);
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let held = timeout(PATIENCE, said.next_line()).await.unwrap();
        assert_eq!(held.unwrap().as_deref(), Some("held"));
        hostile.push((child, said));
    }
    let cookie = entered(&link(&scene).await).await;
    assert_eq!(home(&scene, &cookie).await, StatusCode::OK);
    scene.his().standing().await.unwrap();
    for (mut child, _said) in hostile {
        child.kill().await.unwrap();
    }
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
