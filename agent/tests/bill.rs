//! `settlement-agent bill` as an IT person runs it, before anybody stands at the counter.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

const CONFIGURATION: &str = include_str!("minimal.toml");

const SHIPPED: &str = include_str!("../../tests/bills/discharge.csv");
const XLSX: &[u8] = include_bytes!("../../tests/bills/discharge.xlsx");
const XLS: &[u8] = include_bytes!("../../tests/bills/discharge.xls");

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
        "共 70 行，28630.78 元\n没有核对目录",
        "可以试算",
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

#[test]
fn a_workbook_is_read_by_a_process_of_its_own_as_the_text_is() {
    let lines = |file: &[u8]| {
        let output = bill("check", file, &["--json"]);
        assert_eq!(output.status.code(), Some(0));
        let read: Value = serde_json::from_str(&said(&output)).unwrap();
        (read["form"].clone(), read["lines"].clone())
    };
    let (_, original) = lines(SHIPPED.as_bytes());
    assert_eq!(
        lines(XLSX),
        ("XLSX 表格，工作表“费用清单”".into(), original.clone())
    );
    assert_eq!(lines(XLS), ("XLS 表格，工作表“Sheet1”".into(), original));
    assert!(said(&bill("map", XLSX, &[])).contains("XLSX 表格"));
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The workbook with its sheet of lines written anew, and copies of the part beside it.
fn with_sheet(text: &str, copies: usize) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(XLSX)).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let part = parts.by_index(index).unwrap();
        if part.name().unwrap() != SHEET {
            written.raw_copy_file(part).unwrap();
        }
    }
    let quick = SimpleFileOptions::default().compression_level(Some(1));
    let mut alone = ZipWriter::new(Cursor::new(Vec::new()));
    alone.start_file(SHEET, quick).unwrap();
    alone.write_all(text.as_bytes()).unwrap();
    let mut alone = ZipArchive::new(alone.finish().unwrap()).unwrap();
    for copy in 0..=copies {
        let name = if copy == 0 {
            SHEET.to_owned()
        } else {
            format!("xl/media/{copy}")
        };
        let part = alone.by_index(0).unwrap();
        written.raw_copy_file_rename(part, name).unwrap();
    }
    written.finish().unwrap().into_inner()
}

/// A grid of 65,536 by 65,536 cells: the last number of the sheet stands in its last corner.
fn boundless_grid() -> Vec<u8> {
    // A record NUMBER: its kind, its length, row, column, format, value.
    const NUMBER: [u8; 4] = [0x03, 0x02, 14, 0];
    let mut file = XLS.to_vec();
    let last = file.windows(4).rposition(|four| four == NUMBER).unwrap();
    file[last + 4..last + 8].fill(0xFF);
    file
}

#[test]
fn a_workbook_that_unpacks_beyond_measure_is_refused_in_one_sentence() {
    let padding = " ".repeat(100 * 1024 * 1024);
    let long = format!("<worksheet><sheetData>{padding}</sheetData></worksheet>");
    let many_parts = with_sheet(&long, 6);
    let one_cell = format!(
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>{}</v></c></row></sheetData></worksheet>",
        "x".repeat(400 * 1024 * 1024)
    );
    let one_cell = with_sheet(&one_cell, 0);
    for (file, words) in [
        (many_parts, "XLSX 展开后超过 512 MB"),
        (one_cell, "512 MB 内存不够读完这个表格"),
        (boundless_grid(), "512 MB 内存不够读完这个表格"),
    ] {
        assert!(file.len() < 8_000_000, "{words}: {}", file.len());
        let output = bill("check", &file, &[]);
        assert_eq!(output.status.code(), Some(2), "{words}");
        let said = said(&output);
        assert!(
            said.contains(words) && said.contains("（bill_too_large）"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 2, "{said}");
    }
}

#[test]
fn the_process_that_reads_a_workbook_has_bounds_and_no_call_to_the_kernel_to_spare() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_settlement-agent"))
        .arg("workbook-child")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a pipe holds: it has begun to read the file, and has confined itself before.
    let mut to = process.stdin.take().unwrap();
    to.write_all(&1_000_000_u32.to_be_bytes()).unwrap();
    to.write_all(&vec![0; 500_000]).unwrap();
    let of =
        |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", process.id())).unwrap();
    let status = of("status");
    assert!(status.contains("Seccomp:\t2\n"), "{status}");
    assert!(status.contains("Threads:\t1\n"), "{status}");
    assert_eq!(of("oom_score_adj").trim(), "1000");
    let limits = of("limits");
    for (name, most) in [
        ("Max address space", "536870912"),
        ("Max cpu time", "60"),
        ("Max file size", "0"),
        ("Max core file size", "0"),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let soft = line[name.len()..].split_whitespace().next();
        assert_eq!(soft, Some(most), "{line}");
    }
    drop(to);
    let ended = process.wait_with_output().unwrap();
    assert!(!ended.status.success() && ended.stdout.is_empty());
}
