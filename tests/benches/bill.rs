//! A long bill through the running agent: from its file to the quote, beside what a library alone needs to parse the same bytes; the
//! agent's memory at the longest bill; and how soon the quote's page stands in Chromium.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use calamine::{Reader as _, Xlsx};
use end_to_end::{BILL, Process, Stage, Stay};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;
use virtual_card::{Card, Holder, Rig, Variant};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Lines of the bill that is timed.
const LINES: usize = 20_000;

/// Lines of the longest bill that is taken.
const MOST_LINES: usize = 200_000;

/// How often each is timed.
const TIMED: usize = 5;

/// Cells of a line, as the shipped bill has them.
const AMOUNT: usize = 7;
const REVERSES: usize = 10;

/// The shipped bill's columns, as JSON names them.
const KEYS: [&str; 11] = [
    "number",
    "date",
    "category",
    "code",
    "name",
    "unit_price",
    "quantity",
    "amount",
    "treats_injury",
    "restriction_met",
    "reverses",
];

/// A form in which hospitals hand over a bill, and how a library alone parses it.
type Form = (
    &'static str,
    fn(&Table) -> Result<Vec<u8>>,
    fn(&[u8]) -> Result<usize>,
);

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run())
}

async fn run() -> Result<()> {
    let rig = Rig::start(&["Virtual PCD"])?;
    let stay = Stay::ending_now()?;
    let forms: [Form; 3] = [
        ("GBK CSV", as_gbk, parse_csv),
        ("XLSX", as_xlsx, parse_xlsx),
        ("JSON", as_json, parse_json),
    ];
    let table = Table::of(LINES, &stay)?;
    for (name, write, parse) in forms {
        let bytes = write(&table)?;
        let stage = Stage::raise(rig.environment()).await?;
        let visit = admitted(&rig, &stage, &stay).await?;
        let alone = median(|| {
            let began = Instant::now();
            ensure!(parse(&bytes)? >= LINES, "{name}: lines are missing");
            Ok(began.elapsed())
        })?;
        let his = stage.agent()?.his();
        let mut times = Vec::new();
        let mut quote = Value::Null;
        for _ in 0..TIMED {
            let (answer, took) = his.quote_timed(&visit, &stay, &bytes).await?;
            quote = answer;
            times.push(took);
        }
        ensure!(quote["total"] == table.total(), "{name}: another sum");
        let quoted = middle(times)?;
        say(&format!(
            "bill, {LINES} lines of {name} ({} KB): quoted in {}, the library alone parses it in {}",
            bytes.len() / 1024,
            ms(quoted),
            ms(alone),
        ))?;
        if name == "GBK CSV" {
            page(&stage, quote["id"].as_str().context("id")?).await?;
        }
        stage.strike().await?;
    }
    let longest = Table::of(MOST_LINES, &stay)?;
    for (name, write, _) in forms {
        let bytes = write(&longest)?;
        let stage = Stage::raise(rig.environment()).await?;
        let visit = admitted(&rig, &stage, &stay).await?;
        let before = peak_mb(&stage)?;
        let quote = stage.agent()?.his().quote(&visit, &stay, &bytes).await?;
        ensure!(quote["total"] == longest.total(), "{name}: another sum");
        say(&format!(
            "bill, {MOST_LINES} lines of {name} ({} MB): the agent has held at most {} MB, {before} MB before",
            bytes.len() / (1024 * 1024),
            peak_mb(&stage)?,
        ))?;
        stage.strike().await?;
    }
    Ok(())
}

/// The shipped bill's lines over and over.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    cents: i64,
}

impl Table {
    fn of(lines: usize, stay: &Stay) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(BILL.as_bytes());
        let head = reader.headers()?.iter().map(str::to_owned).collect();
        let mut models: Vec<Vec<String>> = Vec::new();
        for record in reader.records() {
            let cells: Vec<String> = record?.iter().map(str::to_owned).collect();
            let reverses = cells.get(REVERSES).is_some_and(|cell| !cell.is_empty());
            let is_line = cells
                .first()
                .is_some_and(|cell| cell.parse::<u64>().is_ok());
            if is_line && !reverses {
                models.push(cells);
            }
        }
        let day = stay.last_day.to_string();
        let mut cents = 0;
        let mut rows = Vec::with_capacity(lines);
        for (number, model) in (1..=lines).zip(models.iter().cycle()) {
            let mut row = model.clone();
            for (place, text) in [(0, number.to_string()), (1, day.clone())] {
                if let Some(cell) = row.get_mut(place) {
                    *cell = text;
                }
            }
            let amount = row.get(AMOUNT).context("an amount")?;
            cents += amount.replace('.', "").parse::<i64>()?;
            rows.push(row);
        }
        Ok(Self { head, rows, cents })
    }

    fn total(&self) -> String {
        format!("{}.{:02}", self.cents / 100, self.cents % 100)
    }

    fn sum_row(&self) -> Vec<String> {
        let mut row = vec![String::new(); self.head.len()];
        for (place, text) in [(0, "合计".to_owned()), (AMOUNT, self.total())] {
            if let Some(cell) = row.get_mut(place) {
                *cell = text;
            }
        }
        row
    }
}

fn as_gbk(table: &Table) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&table.head)?;
    for row in &table.rows {
        writer.write_record(row)?;
    }
    writer.write_record(table.sum_row())?;
    let text = String::from_utf8(writer.into_inner()?)?;
    Ok(encoding_rs::GBK.encode(&text).0.into_owned())
}

/// Numbers as numbers, texts in their cells.
fn as_xlsx(table: &Table) -> Result<Vec<u8>> {
    let mut sheet = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    let sum = table.sum_row();
    let rows = std::iter::once(&table.head).chain(&table.rows);
    for (number, row) in (1..).zip(rows.chain([&sum])) {
        write!(sheet, "<row r=\"{number}\">")?;
        for (place, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let letter = char::from(b'A' + u8::try_from(place)?);
            let is_number = [0, 5, 6, AMOUNT].contains(&place) && cell.parse::<f64>().is_ok();
            if is_number {
                write!(sheet, "<c r=\"{letter}{number}\"><v>{cell}</v></c>")?;
            } else {
                let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                write!(
                    sheet,
                    "<c r=\"{letter}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"
                )?;
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ];
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        written.start_file(name, SimpleFileOptions::default())?;
        written.write_all(text.as_bytes())?;
    }
    Ok(written.finish()?.into_inner())
}

fn as_json(table: &Table) -> Result<Vec<u8>> {
    let lines: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let keyed = KEYS.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            Value::Object(
                keyed
                    .map(|(key, cell)| ((*key).to_owned(), json!(cell)))
                    .collect(),
            )
        })
        .collect();
    let count = lines.len();
    let bill = json!({ "lines": lines, "count": count, "total": table.total() });
    Ok(serde_json::to_vec(&bill)?)
}

fn parse_csv(bytes: &[u8]) -> Result<usize> {
    let text = encoding_rs::GBK.decode(bytes).0;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        rows += usize::from(!record?.is_empty());
    }
    Ok(rows)
}

fn parse_xlsx(bytes: &[u8]) -> Result<usize> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let range = workbook.worksheet_range("Sheet1")?;
    Ok(range.rows().count())
}

fn parse_json(bytes: &[u8]) -> Result<usize> {
    let bill: Value = serde_json::from_slice(bytes)?;
    Ok(bill["lines"].as_array().map_or(0, Vec::len))
}

async fn admitted(rig: &Rig, stage: &Stage, stay: &Stay) -> Result<String> {
    let his = stage.agent()?.his();
    his.synchronised().await?;
    let inserted = rig.insert(0, Card::new(Variant::V30, &Holder::default())?)?;
    his.read().await?;
    let visit = his.admit("press-1", stay).await?;
    inserted.draw_out();
    his.drawn().await?;
    Ok(visit["number"].as_str().context("number")?.to_owned())
}

/// From the address to the last of the page's own load event, as the browser counts it.
async fn page(stage: &Stage, quote: &str) -> Result<()> {
    let mut command = tokio::process::Command::new("chromedriver");
    command.arg("--port=0");
    let driver = Process::start("chromedriver", command)?;
    let port: u16 = driver
        .hear(0, |line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        })
        .await?;
    let profile = TempDir::new()?;
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        &format!("--user-data-dir={}", profile.path().display()),
    ];
    let Value::Object(capabilities) =
        json!({ "browserName": "chrome", "goog:chromeOptions": { "args": arguments } })
    else {
        anyhow::bail!("an object was written");
    };
    let browser = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await?;
    let printed = stage.premises.run_configured("page", []).await?;
    let printed = String::from_utf8(printed.stdout)?;
    let mut words = printed.split_whitespace();
    let link = words.find(|word| word.starts_with("http://"));
    browser.goto(link.context("no link")?).await?;
    let address = format!("{}/quotes/{quote}", stage.agent()?.origin());
    let mut times = Vec::new();
    for _ in 0..TIMED {
        browser.goto(&address).await?;
        let script = "return performance.getEntriesByType('navigation')[0].loadEventEnd";
        let took = browser.execute(script, Vec::new()).await?;
        let took = took.as_f64().context("the browser tells no time")?;
        times.push(Duration::from_secs_f64(took / 1e3));
    }
    let rows = "return document.querySelectorAll('table.lines tbody tr').length";
    let rows = browser.execute(rows, Vec::new()).await?;
    browser.close().await?;
    say(&format!(
        "bill, {LINES} lines: the quote's page stands in Chromium within {}, {rows} lines a page",
        ms(middle(times)?)
    ))
}

/// The most memory that the agent has held at once.
fn peak_mb(stage: &Stage) -> Result<u64> {
    let id = stage.agent()?.id().context("the agent has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb: u64 = peak
        .and_then(|peak| peak.trim().strip_suffix("kB"))
        .context("no VmHWM")?
        .trim()
        .parse()?;
    Ok(kb / 1024)
}

fn median(mut once: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    middle((0..TIMED).map(|_| once()).collect::<Result<_>>()?)
}

fn middle(mut times: Vec<Duration>) -> Result<Duration> {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .copied()
        .context("nothing was timed")
}

fn ms(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

fn say(figure: &str) -> Result<()> {
    writeln!(std::io::stdout(), "figure: {figure}")?;
    Ok(())
}
