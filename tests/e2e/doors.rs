//! The local doors as a hostile program of another account of this PC finds them, and the sockets that systemd holds.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener as StdTcpListener};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener as StdUnixListener;
use std::process::Stdio;

use end_to_end::{PATIENCE, Premises, Process};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, header};
use rustix::io::dup;
use rustix::net::sockopt::set_socket_reuseaddr;
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use rustix::process::{Pid, Signal, kill_process};
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

/// The sockets of the units, held by this process as systemd holds them, and daemons started on them.
struct Held {
    port: u16,
    sockets: Vec<OwnedFd>,
}

impl Held {
    fn around(premises: &Premises) -> Self {
        let first = StdTcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        let twin = StdTcpListener::bind(("::1", port)).unwrap();
        let unix = [premises.console_socket(), premises.his_socket()]
            .map(|path| StdUnixListener::bind(path).unwrap());
        let held = [OwnedFd::from(first), twin.into()].into_iter();
        let held = held.chain(unix.map(OwnedFd::from));
        let text = std::fs::read_to_string(premises.configuration()).unwrap();
        let listen = format!("listen = \"127.0.0.1:{port}\"");
        let text = text.replace("listen = \"127.0.0.1:0\"", &listen);
        std::fs::write(premises.configuration(), text).unwrap();
        Self {
            port,
            // Copies that a started program keeps.
            sockets: held.map(|socket| dup(socket).unwrap()).collect(),
        }
    }

    /// A daemon that is handed them as systemd hands them over.
    fn start(&self, premises: &Premises) -> Process {
        let places = self.sockets.iter().zip(3..);
        let moved = places.map(|(socket, place)| format!("{place}<&{}", socket.as_raw_fd()));
        let moved = moved.collect::<Vec<_>>().join(" ");
        let script = format!(
            "exec {moved}; LISTEN_PID=$$ LISTEN_FDS=4 LISTEN_FDNAMES=page:page:console:his exec \"$@\""
        );
        let agent = premises.command("run");
        let mut shell = Command::new("bash");
        shell.args(["-euc", &script, "bash"]);
        shell.arg(agent.as_std().get_program());
        shell
            .args(["run", "--config"])
            .arg(premises.configuration());
        Process::start("settlement-agent", shell).unwrap()
    }

    /// Whether another account can take the address.
    async fn is_free(&self, address: &str) -> bool {
        let family = if address.contains(':') {
            "AF_INET6, SOCK_STREAM, 0); bind S, pack_sockaddr_in6"
        } else {
            "AF_INET, SOCK_STREAM, 0); bind S, pack_sockaddr_in"
        };
        let script = format!(
            "perl -MSocket=:all -e 'socket(S, {family}($ARGV[0], inet_pton($ARGV[1] =~ /:/ ? AF_INET6 : AF_INET, $ARGV[1])) or exit 7' \"$1\" \"$2\""
        );
        let child = as_account(ANOTHER_ACCOUNT, &script, &[&self.port.to_string(), address]);
        let ended = timeout(PATIENCE, child.wait_with_output()).await.unwrap();
        match ended.unwrap().status.code() {
            Some(0) => true,
            Some(7) => false,
            other => panic!("this test needs a second account: run it as root ({other:?})"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_systemd_holds_stay_held_when_the_daemon_is_gone_and_who_calls_meanwhile_waits()
 {
    let scene = Scene::without_agent(NO_READERS).await;
    let premises = &scene.stage.premises;
    let held = Held::around(premises);
    let token = premises.token().unwrap();
    let standing = |address: &str| {
        let url = format!("http://{address}:{}/his/v1/standing", held.port);
        browser().get(url).bearer_auth(&token).send()
    };
    let mut first = held.start(premises);
    for address in ["127.0.0.1", "[::1]"] {
        assert_eq!(standing(address).await.unwrap().status(), StatusCode::OK);
    }
    let answer = asked_on_the_socket(&scene, &format!("Authorization: Bearer {token}")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let link = link(&scene).await;
    let own = format!("http://127.0.0.1:{}/enter", held.port);
    assert!(link.starts_with(&own), "{link}");

    // As in a crash or an upgrade.
    first.kill().await.unwrap();
    for address in ["127.0.0.1", "::1"] {
        assert!(!held.is_free(address).await, "{address} was left to others");
    }
    let waiting = ["127.0.0.1", "[::1]"].map(|address| tokio::spawn(standing(address)));
    let mut second = held.start(premises);
    for waiting in waiting {
        let answer = timeout(PATIENCE, waiting).await.unwrap().unwrap();
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    }
    let answer = asked_on_the_socket(&scene, &format!("Authorization: Bearer {token}")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(second.stop().await.unwrap().success());
    assert!(
        !held.is_free("127.0.0.1").await,
        "it was stopped, not the socket"
    );
    // The look itself finds a free address free: one that no program started meanwhile can have been handed.
    let free = StdTcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let sockets = Vec::new();
    assert!(Held { port, sockets }.is_free("127.0.0.1").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_whose_address_in_the_other_family_is_left_to_others_does_not_start() {
    let scene = Scene::without_agent(NO_READERS).await;
    let premises = &scene.stage.premises;
    let mut held = Held::around(premises);
    // The page's name stands for one socket less, and the others for those behind it.
    held.sockets.remove(1);
    let places = held.sockets.iter().zip(3..);
    let moved = places.map(|(socket, place)| format!("{place}<&{}", socket.as_raw_fd()));
    let moved = moved.collect::<Vec<_>>().join(" ");
    let script = format!(
        "exec {moved}; LISTEN_PID=$$ LISTEN_FDS=3 LISTEN_FDNAMES=page:console:his exec \"$@\""
    );
    let mut shell = Command::new("bash");
    shell.args(["-euc", &script, "bash"]);
    shell.arg(premises.command("run").as_std().get_program());
    shell
        .args(["run", "--config"])
        .arg(premises.configuration());
    let mut agent = Process::start("settlement-agent", shell).unwrap();
    let twin = format!("ListenStream=[::1]:{}", held.port);
    agent
        .hear(0, |line| line.contains(&twin).then_some(()))
        .await
        .unwrap();
    assert!(
        agent.log().contains("（socket_twin_missing）"),
        "{}",
        agent.log()
    );
    assert!(!agent.ended().await.unwrap().success());
}

/// A stranger who holds the cashier's cookie sends from a port, resets, and her next connection comes from the same port.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_sent_from_a_port_is_not_taken_for_the_cashiers_who_has_it_next() {
    let scene = Scene::with_readers(NO_READERS).await;
    let origin = scene.agent().origin();
    let host = origin.strip_prefix("http://").unwrap();
    let to: SocketAddr = host.parse().unwrap();
    let cookie = entered(&link(&scene).await).await;
    let agent = Pid::from_raw(i32::try_from(scene.agent().id().unwrap()).unwrap()).unwrap();
    // Both connections wait until he is gone and she is there.
    kill_process(agent, Signal::STOP).unwrap();
    let request = format!(
        "POST /leave HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nContent-Length: 0\r\n\r\n"
    );
    let script = r#"perl -MSocket=:all -e '
        socket(S, AF_INET, SOCK_STREAM, 0) or die; setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1) or die;
        bind(S, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
        connect(S, pack_sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die;
        syswrite(S, $ARGV[1]) == length $ARGV[1] or die;
        print((unpack_sockaddr_in(getsockname S))[0]);
        setsockopt(S, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)) or die; close S' "$1" "$2""#;
    let child = as_another_account(&scene, script, &[&request]);
    let output = timeout(PATIENCE, child.wait_with_output()).await.unwrap();
    let port = String::from_utf8(output.unwrap().stdout).unwrap();
    let from = SocketAddr::new(to.ip(), port.parse().expect("a stranger: run it as root"));
    let hers = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    set_socket_reuseaddr(&hers, true).unwrap();
    bind(&hers, &from).unwrap();
    connect(&hers, &to).unwrap();
    kill_process(agent, Signal::CONT).unwrap();

    let mut hers = std::net::TcpStream::from(hers);
    let asked =
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    let answer = tokio::task::spawn_blocking(move || {
        hers.write_all(asked.as_bytes()).unwrap();
        let mut answer = Vec::new();
        hers.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    });
    let answer = timeout(PATIENCE, answer).await.unwrap().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 "),
        "he signed her out: {answer}"
    );
    assert_eq!(home(&scene, &cookie).await, StatusCode::OK);
    scene.stage.strike().await.unwrap();
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
