//! A table of servers: the bytes that each sends in answer to a message, and what the program makes of it.

use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use settlement_agent::province::{Delivery, PlatformError};
use std::io::Write as _;

use crate::odd_server::{OddAnswer, OddServer, http};
use crate::simulated_province::{SimulatedProvince, registration};

/// What is made of an answer.
#[derive(Debug)]
enum Made {
    /// Taken, under this receipt.
    Receipt(&'static str),
    /// A refusal with this code and these words; the message is sent no more.
    No(&'static str, &'static str),
    /// Tried later.
    Later(&'static str),
    /// Asked about before it is sent again; the error's code, and what a person reads of it.
    Unknown(&'static str, &'static str),
}

use Made::{Later, No, Receipt, Unknown};

const YES: &str = r#"{"infcode":0,"inf_refmsgid":"MSGIDMSGIDMSGIDMSGIDMSGIDMSGID","output":{"receipt_number":"R1","received_at":"2025-08-20T10:00:00+08:00","registration_number":"D1","late_by_s":null}}"#;
const NO: &str = r#"{"infcode":-1,"inf_refmsgid":"MSGIDMSGIDMSGIDMSGIDMSGIDMSGID","err_msg":"该人员待遇已冻结","output":{"code":"frozen"}}"#;
const FROZEN: &str = "该人员待遇已冻结";

async fn made(name: &str, bytes: Vec<u8>, close_notify: bool, expected: Made) {
    let simulated = SimulatedProvince::set().await;
    let answer = OddAnswer {
        bytes,
        close_notify,
    };
    let server = OddServer::serve(simulated.folder(), answer);
    let platform =
        simulated.platform_with(|settings| settings.url = format!("https://{}", server.address));
    let sent = platform.send(&registration(1), simulated.now()).await;
    match (expected, sent) {
        (Receipt(number), Ok(receipt)) => assert_eq!(receipt.receipt_number, number, "{name}"),
        (No(code, words), Err(PlatformError::Rejected { rejection, .. })) => {
            assert_eq!(
                (rejection.code.as_str(), rejection.message.as_str()),
                (code, words),
                "{name}"
            );
            assert_eq!(server.asked(), 1, "{name}");
        }
        (Later(code), Err(error)) => {
            assert_eq!(
                (error.code(), error.delivery()),
                (code, Delivery::Later),
                "{name}"
            );
        }
        (Unknown(code, say), Err(error)) => {
            assert_eq!(
                (error.code(), error.delivery()),
                (code, Delivery::Unknown),
                "{name}"
            );
            let said = error.notice().say;
            assert!(said.contains(say), "{name}: {said}");
        }
        (expected, sent) => panic!("{name}: {expected:?} was to be made of it, not {sent:?}"),
    }
}

fn ok(body: &[u8]) -> Vec<u8> {
    http("200 OK", "Content-Type: application/json\r\n", body)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_refusal_is_read_whatever_its_envelope_looks_like() {
    for (body, code, words) in [
        (NO, "frozen", FROZEN),
        (
            r#"{"infcode":-1,"inf_refmsgid":"","err_msg":"该人员待遇已冻结","output":{"code":"frozen"}}"#,
            "frozen",
            FROZEN,
        ),
        (
            r#"{"infcode":-1,"inf_refmsgid":null,"err_msg":"该人员待遇已冻结","output":null}"#,
            "unnamed",
            FROZEN,
        ),
        (
            r#"{"infcode":-1,"inf_refmsgid":"430000202508200001","err_msg":"该人员待遇已冻结"}"#,
            "unnamed",
            FROZEN,
        ),
        (
            r#"{"infcode":"-1","inf_refmsgid":12,"err_msg":"该人员待遇已冻结","output":""}"#,
            "unnamed",
            FROZEN,
        ),
        (
            r#"{"infcode":1,"err_msg":"该人员待遇已冻结","output":[]}"#,
            "1",
            FROZEN,
        ),
        (
            r#"{"infcode":"5001","err_msg":" 该人员待遇已冻结 "}"#,
            "5001",
            FROZEN,
        ),
        (r#"{"err_msg":"该人员待遇已冻结"}"#, "unnamed", FROZEN),
        (
            r#"{"infcode":null,"err_msg":"该人员待遇已冻结"}"#,
            "unnamed",
            FROZEN,
        ),
        (
            r#"{"infcode":-1,"err_msg":null,"output":{"code":77,"message":"该人员待遇已冻结"}}"#,
            "77",
            FROZEN,
        ),
        (
            r#"{"infcode":-1,"output":"该人员待遇已冻结"}"#,
            "unnamed",
            FROZEN,
        ),
        (r#"{"infcode":-1,"err_msg":""}"#, "unnamed", ""),
        (
            r#"{"infcode":"430103199001010011","err_msg":"查无此人"}"#,
            "unnamed",
            "430103199001010011 查无此人",
        ),
    ] {
        made(body, ok(body.as_bytes()), true, No(code, words)).await;
        made(
            body,
            http("500 Internal Server Error", "", body.as_bytes()),
            true,
            No(code, words),
        )
        .await;
    }
}

#[tokio::test]
async fn later_a_dead_session_and_taken_before_are_told_from_a_refusal() {
    for (words, expected) in [
        ("系统繁忙，请稍后再试", Later("platform_put_off")),
        ("服务器繁忙", Later("platform_put_off")),
        ("会话已失效", Later("platform_session_lost")),
        ("请先签到后再操作", Later("platform_session_lost")),
        (
            "核心系统响应超时",
            Unknown("platform_put_off", "核心系统响应超时"),
        ),
        (
            "重复报文，不予处理",
            Unknown("platform_taken_before", "已经收过"),
        ),
    ] {
        let body = format!(r#"{{"infcode":"-1","err_msg":"{words}"}}"#);
        made(words, ok(body.as_bytes()), true, expected).await;
    }
}

#[tokio::test]
async fn an_answer_is_read_in_whatever_form_it_comes() {
    let gbk = |text: &str| GB18030.encode(text).0.into_owned();
    let plain = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    let chunks = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        &YES[..5],
        YES.len() - 5,
        &YES[5..]
    );
    let text_code = YES.replace(r#""infcode":0"#, r#""infcode":"0""#);
    for (name, bytes, goodbye) in [
        ("as agreed", ok(YES.as_bytes()), true),
        ("infcode as text", ok(text_code.as_bytes()), true),
        ("with a mark", ok(format!("\u{feff}{YES}").as_bytes()), true),
        ("packed", ok(&packed(YES.as_bytes())), true),
        (
            "packed, and said",
            http(
                "200 OK",
                "Content-Encoding: gzip\r\n",
                &packed(YES.as_bytes()),
            ),
            true,
        ),
        ("in chunks", chunks.clone().into_bytes(), true),
        ("without a length", [plain, YES].concat().into_bytes(), true),
        (
            "without a length or a goodbye",
            [plain, YES].concat().into_bytes(),
            false,
        ),
        ("in chunks without a goodbye", chunks.into_bytes(), false),
    ] {
        made(name, bytes, goodbye, Receipt("R1")).await;
    }
    for (name, bytes, goodbye) in [
        (
            "GBK that says so",
            http(
                "200 OK",
                "Content-Type: application/json; charset=GBK\r\n",
                &gbk(NO),
            ),
            true,
        ),
        ("GBK that does not", ok(&gbk(NO)), true),
        (
            "GB 18030 called UTF-8",
            http(
                "200 OK",
                "Content-Type: text/plain;charset=\"utf-8\"\r\n",
                &gbk(NO),
            ),
            true,
        ),
        ("packed GBK", ok(&packed(&gbk(NO))), true),
        (
            "GBK without a goodbye",
            [plain.as_bytes(), &gbk(NO)].concat(),
            false,
        ),
    ] {
        made(name, bytes, goodbye, No("frozen", FROZEN)).await;
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one flat table, a few lines a row")]
async fn what_is_no_answer_is_named_and_asked_about() {
    let login = "<html><form><input type=\"password\"></form></html>";
    let half = &YES[..YES.len() / 2];
    let cut = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{half}");
    let another = NO.replace(
        "MSGIDMSGIDMSGIDMSGIDMSGIDMSGID",
        "H43010300001202001010000000001",
    );
    let bomb = packed(&vec![b' '; 17 * 1024 * 1024]);
    for (name, bytes, goodbye, code, say) in [
        (
            "a sign-in page",
            ok(login.as_bytes()),
            true,
            "platform_answer_not_envelope",
            "要求登录的网页",
        ),
        (
            "another page",
            http("502 Bad Gateway", "", b"<h1>502</h1>"),
            true,
            "platform_answer_not_envelope",
            "网页",
        ),
        (
            "nothing",
            ok(b""),
            true,
            "platform_answer_not_envelope",
            "空的",
        ),
        (
            "a framework's own error",
            http(
                "500 X",
                "",
                br#"{"status":500,"error":"Internal Server Error"}"#,
            ),
            true,
            "platform_answer_not_envelope",
            "没有说成功还是失败",
        ),
        (
            "yes under a no",
            http("500 X", "", YES.as_bytes()),
            true,
            "platform_answer_not_envelope",
            "HTTP 状态却是失败",
        ),
        (
            "a list",
            ok(b"[0]"),
            true,
            "platform_answer_not_envelope",
            "JSON",
        ),
        (
            "half of JSON",
            ok(half.as_bytes()),
            true,
            "platform_answer_not_envelope",
            "JSON",
        ),
        (
            "half and gone",
            cut.into_bytes(),
            false,
            "platform_connection_lost",
            "连接中断",
        ),
        (
            "another's answer",
            ok(another.as_bytes()),
            true,
            "platform_answer_not_envelope",
            "另一条",
        ),
        (
            "packed too well",
            ok(&bomb),
            true,
            "platform_answer_not_envelope",
            "16 MB",
        ),
        (
            "yes and nothing else",
            ok(br#"{"infcode":0}"#),
            true,
            "platform_answer_malformed",
            "缺少",
        ),
    ] {
        made(name, bytes, goodbye, Unknown(code, say)).await;
    }
}
