//! The sandbox as a program of its own: its ready line, its control interface, what a kill leaves.

#![expect(clippy::unwrap_used, reason = "what cannot go on in a test ends there")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sandbox::Ready;
use serde_json::Value;

struct Program {
    child: Child,
    ready: Ready,
}

impl Program {
    fn start(dir: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .arg("--dir")
            .arg(dir)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    /// One request to the control interface: status and body.
    fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let address = self.ready.control_url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn the_ready_line_names_files_that_are_there() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &[]);
    assert_eq!(program.ready.version, 1);
    assert!(program.ready.url.starts_with("https://127.0.0.1:"));
    let ready = &program.ready;
    for file in [
        &ready.authority_file,
        &ready.certificate_file,
        &ready.key_file,
        &ready.secret_file,
    ] {
        assert!(file.metadata().unwrap().len() > 0, "{}", file.display());
    }
}

#[test]
fn a_killed_program_keeps_its_certificates_and_what_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    let program = Program::start(dir.path(), &[]);
    let (authority, secret) = (read("ca.pem"), read("institution.secret"));
    let worker = "/workers/650102199003070013";
    assert_eq!(
        program.control("PATCH", worker, r#"{"suspended": true}"#).0,
        204
    );
    let refused = program.control("PATCH", worker, r#"{"suspended": "perhaps"}"#);
    assert_eq!(refused.0, 422);
    assert!(
        refused.1["error"]
            .as_str()
            .unwrap()
            .contains("not a worker any more")
    );
    drop(program);

    let again = Program::start(dir.path(), &[]);
    assert_eq!(
        (read("ca.pem"), read("institution.secret")),
        (authority, secret)
    );
    assert!(
        std::fs::read_to_string(dir.path().join("changes.jsonl"))
            .unwrap()
            .contains("\"suspended\":true")
    );
    assert_eq!(again.control("GET", "/state", "").0, 200);
}

#[test]
fn the_control_interface_moves_the_clock_shuts_the_door_and_sets_faults() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &["--today", "2027-02-28"]);
    let state = program.control("GET", "/state", "").1;
    assert!(
        state["now"].as_str().unwrap().starts_with("2027-02-28T"),
        "{state}"
    );
    assert_eq!(state["acknowledged"]["settlements"], 0);

    let moved = program
        .control("PUT", "/clock", r#"{"now": "2027-03-01T08:00:00+08:00"}"#)
        .1;
    assert!(
        moved["now"]
            .as_str()
            .unwrap()
            .starts_with("2027-03-01T08:00:0"),
        "{moved}"
    );
    let moved = program
        .control("PUT", "/clock", r#"{"advance_seconds": 600}"#)
        .1;
    assert!(
        moved["now"]
            .as_str()
            .unwrap()
            .starts_with("2027-03-01T08:10:0"),
        "{moved}"
    );

    let address = program.ready.url.strip_prefix("https://").unwrap();
    assert_eq!(
        program
            .control("PUT", "/listening", r#"{"listening": false}"#)
            .0,
        204
    );
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(
        program
            .control("PUT", "/listening", r#"{"listening": true}"#)
            .0,
        204
    );
    assert!(TcpStream::connect(address).is_ok());

    let fault = r#"{"effect": {"reject": {"code": "X1", "message": "不予受理"}}, "infno": "2207", "count": 2}"#;
    assert_eq!(program.control("POST", "/faults", fault).0, 204);
    assert_eq!(program.control("GET", "/faults", "").1[0]["count"], 2);
    assert_eq!(
        program
            .control("POST", "/faults", r#"{"effect": "explode", "count": 1}"#)
            .0,
        422
    );
    assert_eq!(program.control("DELETE", "/faults", "").0, 204);
    assert_eq!(
        program.control("GET", "/faults", "").1,
        serde_json::json!([])
    );
}
