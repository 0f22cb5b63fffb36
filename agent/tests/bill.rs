//! `settlement-agent bill` as an IT person runs it, before anybody stands at the counter.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const CONFIGURATION: &str = r#"
[institution]
code = "H43010300001"
name = "长沙市示例医院"
division = "430103"
profile = "hunan"
[terminal]
number = 1
[platform]
url = "https://province.example:8443"
[[operator]]
user = "cashier"
name = "张收款"
"#;

const SHIPPED: &str = include_str!("../../tests/bills/discharge.csv");

/// Runs one subcommand of `bill` on a file of these bytes.
fn bill(subcommand: &str, file: &[u8], more: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let (config, file) = (
        write("agent.toml", CONFIGURATION.as_bytes()),
        write("bill.csv", file),
    );
    Command::new(Path::new(env!("CARGO_BIN_EXE_settlement-agent")))
        .args(["bill", subcommand])
        .arg(file)
        .arg("--config")
        .arg(config)
        .args(more)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_bill_is_shown_as_it_is_understood_and_the_status_is_the_verdict() {
    let gbk = encoding_rs::GBK.encode(SHIPPED).0;
    let output = bill("check", &gbk, &[]);
    assert_eq!(output.status.code(), Some(0));
    let text = said(&output);
    for part in [
        "文本，GBK（GB18030），逗号分隔，表头在第 1 行",
        "H 列“金额” = 金额",
        "17\t2025-08-12\t药品\tXJ01DCA101A001010100001\t头孢呋辛钠注射剂0.75g\t14.35 × 20 = 287.00",
        "共 70 行，28630.78 元\n可以试算",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let unmarked = SHIPPED.replace("治疗工伤", "备注");
    assert_eq!(
        bill("check", unmarked.as_bytes(), &[]).status.code(),
        Some(3)
    );

    let damaged = SHIPPED.replace("001101001020000", "1.101E+12");
    let output = bill("check", damaged.as_bytes(), &["--json"]);
    assert_eq!(output.status.code(), Some(2));
    let told: Value = serde_json::from_str(&said(&output)).unwrap();
    assert_eq!(told["verdict"], "refused");
    assert_eq!(told["findings"][0]["row"], 2);
    assert_eq!(told["findings"][0]["column"], "D 列“项目编码”");
    assert_eq!(told["findings"][0]["found"], "1.101E+12");
}

#[test]
fn a_mapping_is_proposed_for_what_nobody_knows() {
    let sample = SHIPPED
        .replace("金额", "应收")
        .replace("住院服务标准", "其他费");
    let output = bill("map", sample.as_bytes(), &[]);
    assert_eq!(output.status.code(), Some(0));
    let text = said(&output);
    for part in [
        "# 已认出：D 列“项目编码” = 项目编码",
        "# 还缺“金额”",
        "#\"应收\" = \"\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    text.parse::<toml::Table>().unwrap();
    let sample = SHIPPED.replace("住院服务标准", "其他费");
    assert!(said(&bill("map", sample.as_bytes(), &[])).contains("#\"其他费\" = \"\""));
}
