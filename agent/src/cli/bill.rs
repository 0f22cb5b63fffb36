//! `bill`: how a hospital's bill is understood, before anybody stands at the counter, and what the configuration still has to say.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::catalogue_held::Held;
use super::ground::{Configured, settings};
use crate::bill::{
    self, BillFileError, Finding, Mapping, Proposal, Understood, category_name, propose,
};
use crate::doors::console::catalogue::LineSays;
use crate::visible_text::in_one_line;
use crate::wording::catalogue;
use crate::wording::commands;
use crate::wording::notice::Notice;

/// The bill is not taken.
const REFUSED: u8 = 2;

/// So much of the bill stands in no catalogue that a person would have to say why it is right.
const UNLISTED: u8 = 4;

/// The bill is taken, and marks have to be given before it can be settled.
const UNMARKED: u8 = 3;

#[derive(Debug, Subcommand)]
pub(super) enum Bill {
    /// Show line by line how a bill's file is understood. Ends with 0 where nothing is missing, 2 where it is refused, 3 where
    /// lines have no mark 治疗工伤 yet, 4 where too much of it stands in no catalogue.
    Check(Check),
    /// Propose what [bill] in the configuration has to say for this hospital's bills.
    Map(Map),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The bill: CSV or other text, XLSX or XLS.
    file: PathBuf,
    /// Write JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Debug, Args)]
pub(super) struct Map {
    /// A sample.
    file: PathBuf,
    #[command(flatten)]
    configured: Configured,
}

impl Bill {
    pub(super) fn run(self) -> Result<ExitCode, Notice> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self {
            Self::Check(check) => {
                let settings = settings(&check.configured.config)?;
                let bytes = bytes(&check.file)?;
                let read = bill::read(&bytes, &settings.bill.mapping);
                let held = Held::against(read.as_ref().ok(), &settings);
                let code = verdict(&read, &held);
                written(if check.json {
                    as_json(&mut out, &read, &held)
                } else {
                    as_text(&mut out, &read, &held)
                })?;
                Ok(code)
            }
            Self::Map(map) => {
                let mapping = settings(&map.configured.config)?.bill.mapping;
                let proposal = propose(&bytes(&map.file)?, &mapping);
                let proposal = proposal.map_err(|error| Notice::from(&error))?;
                written(as_toml(&mut out, &proposal))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Notice> {
    std::fs::read(path).map_err(|error| commands::bill_unreadable(path, &error))
}

/// A reader that has gone away is not an error.
fn written(done: io::Result<()>) -> Result<(), Notice> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(commands::output(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn verdict(read: &Result<Understood, BillFileError>, held: &Held) -> ExitCode {
    match read {
        Err(_) => ExitCode::from(REFUSED),
        Ok(_) if held.unlisted.is_some() => ExitCode::from(UNLISTED),
        Ok(understood) if unmarked(understood) > 0 => ExitCode::from(UNMARKED),
        Ok(_) => ExitCode::SUCCESS,
    }
}

fn unmarked(understood: &Understood) -> usize {
    let lines = understood.bill.lines.iter();
    lines.filter(|line| line.treats_injury.is_none()).count()
}

fn as_text(
    out: &mut impl Write,
    read: &Result<Understood, BillFileError>,
    held: &Held,
) -> io::Result<()> {
    let understood = match read {
        Ok(understood) => understood,
        Err(error) => return writeln!(out, "不能采用：{}", Notice::from(error)),
    };
    let how = &understood.how;
    match how.head_row {
        Some(row) => writeln!(out, "{}，表头在第 {row} 行", how.form)?,
        None => writeln!(out, "{}", how.form)?,
    }
    for heading in &how.columns {
        writeln!(out, "  {} = {}", heading.say(), heading.column.name())?;
    }
    if !how.ignored.is_empty() {
        writeln!(
            out,
            "没有用到的列：{}",
            in_one_line(&how.ignored.join("、"))
        )?;
    }
    for note in how.notes.iter() {
        writeln!(out, "- {}", in_one_line(&note.to_string()))?;
    }
    for line in &understood.bill.lines {
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{} × {} = {}{}",
            line.number,
            line.date,
            category_name(line.column),
            in_one_line(line.code.as_str()),
            in_one_line(&line.name),
            line.unit_price,
            line.quantity,
            line.amount,
            held.beside(line.number)
        )?;
    }
    let lines = understood.bill.lines.len();
    writeln!(out, "共 {lines} 行，{} 元", understood.bill.total())?;
    if let Some(trouble) = &held.trouble {
        writeln!(out, "{}{trouble}", catalogue::NOT_ASKED)?;
    }
    if let Some(unlisted) = held.unlisted {
        let percent = unlisted.percent();
        return writeln!(out, "{}", catalogue::unlisted(unlisted.lines, percent));
    }
    match unmarked(understood) {
        0 => writeln!(out, "可以试算"),
        some => writeln!(
            out,
            "有 {some} 行没有标“治疗工伤”，试算后在页面上补标，或请医院系统给出"
        ),
    }
}

#[derive(Serialize)]
struct CheckWire<'a> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Notice>,
    findings: &'a [Finding],
    /// Findings beside those.
    more: usize,
    form: Option<String>,
    head_row: Option<u64>,
    columns: Vec<ColumnWire<'a>>,
    ignored: &'a [String],
    notes: Vec<String>,
    total: Option<String>,
    unmarked: usize,
    lines: Vec<LineWire<'a>>,
    /// Why no catalogue was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue_trouble: Option<&'a Notice>,
}

#[derive(Serialize)]
struct ColumnWire<'a> {
    column: &'static str,
    heading: &'a str,
    index: usize,
}

#[derive(Serialize)]
struct LineWire<'a> {
    number: u64,
    date: String,
    column: &'static str,
    code: &'a str,
    name: &'a str,
    unit_price: String,
    quantity: String,
    amount: String,
    treats_injury: Option<bool>,
    restriction_met: Option<bool>,
    reverses: Option<u64>,
    /// What each catalogue says of it; none of what stands in no column of Annex 10.
    catalogues: Vec<CatalogueWire<'a>>,
}

#[derive(Serialize)]
struct CatalogueWire<'a> {
    catalogue: &'a str,
    #[serde(flatten)]
    says: &'a LineSays,
}

fn as_json(
    out: &mut impl Write,
    read: &Result<Understood, BillFileError>,
    held: &Held,
) -> io::Result<()> {
    let wire = match read {
        Ok(understood) => taken(understood, held),
        Err(error) => refused(error),
    };
    serde_json::to_writer(&mut *out, &wire)?;
    writeln!(out)
}

fn refused(error: &BillFileError) -> CheckWire<'_> {
    let (findings, more) = match error {
        BillFileError::Faults(findings) => (findings.told(), findings.more()),
        BillFileError::NotText
        | BillFileError::Empty
        | BillFileError::BrokenWorkbook
        | BillFileError::NoReader(_)
        | BillFileError::SeveralSheets(_)
        | BillFileError::WebPage
        | BillFileError::TooLarge { .. }
        | BillFileError::NoHead { .. }
        | BillFileError::BrokenQuotes { .. }
        | BillFileError::JsonNotUtf8 { .. }
        | BillFileError::BrokenJson { .. } => (&[][..], 0),
    };
    CheckWire {
        verdict: "refused",
        notice: Some(Notice::from(error)),
        findings,
        more,
        form: None,
        head_row: None,
        columns: Vec::new(),
        ignored: &[],
        notes: Vec::new(),
        total: None,
        unmarked: 0,
        lines: Vec::new(),
        catalogue_trouble: None,
    }
}

fn taken<'a>(understood: &'a Understood, held: &'a Held) -> CheckWire<'a> {
    let how = &understood.how;
    let unmarked = unmarked(understood);
    let columns = how.columns.iter().map(|heading| ColumnWire {
        column: heading.column.name(),
        heading: &heading.text,
        index: heading.index,
    });
    let lines = understood.bill.lines.iter().map(|line| LineWire {
        number: line.number.get(),
        date: line.date.to_string(),
        column: line.column.name(),
        code: line.code.as_str(),
        name: &line.name,
        unit_price: line.unit_price.to_string(),
        quantity: line.quantity.to_string(),
        amount: line.amount.to_string(),
        treats_injury: line.treats_injury,
        restriction_met: line.restriction_met,
        reverses: line.reverses.map(rules::LineNumber::get),
        catalogues: held
            .of(line.number)
            .map(|(catalogue, says)| CatalogueWire { catalogue, says })
            .collect(),
    });
    CheckWire {
        verdict: match (held.unlisted, unmarked) {
            (Some(_), _) => "unlisted",
            (None, 0) => "taken",
            (None, _) => "unmarked",
        },
        notice: None,
        findings: &[],
        more: 0,
        form: Some(how.form.to_string()),
        head_row: how.head_row,
        columns: columns.collect(),
        ignored: &how.ignored,
        notes: how.notes.iter().map(|note| note.to_string()).collect(),
        total: Some(understood.bill.total().to_string()),
        unmarked,
        lines: lines.collect(),
        catalogue_trouble: held.trouble.as_ref(),
    }
}

/// A part of the configuration, what is known in its comments.
fn as_toml(out: &mut impl Write, proposal: &Proposal) -> io::Result<()> {
    writeln!(
        out,
        "# {}，表头在第 {} 行",
        proposal.form, proposal.head_row
    )?;
    for heading in &proposal.columns {
        writeln!(
            out,
            "# 已认出：{} = {}",
            heading.say(),
            heading.column.name()
        )?;
    }
    writeln!(out, "\n[bill.columns]")?;
    for column in &proposal.missing {
        writeln!(
            out,
            "# 还缺“{}”：是下面哪一列，就在引号里填“{}”",
            column.name(),
            column.name()
        )?;
    }
    for heading in &proposal.unknown {
        writeln!(out, "#{} = \"\"", quoted(heading))?;
    }
    writeln!(out, "\n[bill.categories]")?;
    writeln!(out, "# 可填：{}", Mapping::category_names())?;
    for word in &proposal.categories {
        writeln!(out, "#{} = \"\"", quoted(word))?;
    }
    Ok(())
}

/// A key as TOML writes it.
fn quoted(word: &str) -> String {
    toml::Value::String(in_one_line(word).into_owned()).to_string()
}
