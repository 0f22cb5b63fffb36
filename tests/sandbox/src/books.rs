//! Visits and settlements as the province keeps them: what a message must meet, and what it changes.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::accepted::{Accepted, Receipt, Upload};
use crate::bodies::{
    self, ByMessage, Column, Diagnosis, FeeDetail, FeeLine, Injury, Matrix, Settlement, Sums,
    VisitCancellation, VisitRegistration,
};
use crate::cents::Cents;
use crate::clock::{CHINA, written};
use crate::envelope::{Refusal, Request};
use crate::records::{Institution, Worker};

/// N33, N34: within 30 minutes of the settlement.
const UPLOAD_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// A terminal's clock may be ahead of the platform's by so much.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(10);

/// Most lines in one fee detail message.
const LINES_PER_MESSAGE: usize = 200;

#[derive(Default)]
struct Visit {
    terminal: String,
    worker: String,
    insured_division: String,
    injury: Option<Injury>,
    generation: u32,
    parts: BTreeMap<u32, Part>,
    parts_expected: u32,
    settled: bool,
    cancelled: bool,
}

struct Part {
    settlement_number: String,
    lines: Vec<Line>,
}

struct Line {
    number: u64,
    column: Column,
    amount: Cents,
    fund: Cents,
    self_pay: Cents,
    other: Cents,
}

/// Everything taken, and what it adds up to.
#[derive(Default)]
pub(crate) struct Books {
    accepted: Vec<Accepted>,
    by_message: HashMap<String, usize>,
    reversed: HashSet<String>,
    visits: HashMap<String, Visit>,
    /// Lines by the identifiers under which they came: visit, generation, number.
    lines: HashMap<String, (String, u32, u64)>,
}

/// Who asks: what the checks need beside the body.
pub(crate) struct Known<'a> {
    pub(crate) worker: &'a dyn Fn(&str) -> Option<Worker>,
    pub(crate) institution: &'a Institution,
    pub(crate) now: Timestamp,
}

/// What a settlement record says of the terminal's journal.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastHead {
    settlement_number: String,
    journal: Head,
}

#[derive(Serialize, Deserialize)]
struct Head {
    sequence: u64,
    mac: String,
}

impl Books {
    /// The journal head that this terminal's last settlement record carried.
    pub(crate) fn last_head(&self, terminal: &str) -> Option<LastHead> {
        let last = self.accepted.iter().rfind(|message| {
            message.upload == Upload::Settlement && message.terminal == terminal
        })?;
        // What was taken had passed the checks.
        serde_json::from_str(last.body.get()).ok()
    }

    pub(crate) fn accepted(&self) -> &[Accepted] {
        &self.accepted
    }

    /// The receipt of a message, if it was taken.
    pub(crate) fn receipt(&self, msgid: &str) -> Option<&Receipt> {
        self.by_message
            .get(msgid)
            .map(|index| &self.accepted[*index].receipt)
    }

    /// A repeat of a message gets its first answer; the same id on another body is refused.
    pub(crate) fn repeat(
        &self,
        upload: Upload,
        request: &Request,
    ) -> Result<Option<Receipt>, Refusal> {
        if self.reversed.contains(&request.msgid) && upload != Upload::Reversal {
            return Err(Refusal::new("message_reversed", "该报文已被冲正，不再受理"));
        }
        let Some(index) = self.by_message.get(&request.msgid) else {
            return Ok(None);
        };
        let first = &self.accepted[*index];
        if first.upload == upload && first.body_sha256 == hex::encode(request.body_hash()) {
            Ok(Some(first.receipt.clone()))
        } else {
            Err(Refusal::new("msgid_reused", "报文编号已用于内容不同的报文"))
        }
    }

    /// Checks a new message and says what to keep; nothing changes yet.
    pub(crate) fn examine(
        &self,
        upload: Upload,
        request: &Request,
        known: &Known<'_>,
    ) -> Result<Accepted, Refusal> {
        let (registers, late_by_s) = match upload {
            Upload::VisitRegistration => {
                self.check_registration(&bodies::read(&request.input)?, known)?;
                (true, None)
            }
            Upload::VisitCancellation => {
                let cancellation = bodies::read(&request.input)?;
                self.check_cancellation(&cancellation, &request.dev_no, known.now)?;
                (false, None)
            }
            Upload::FeeDetail => {
                self.check_detail(&bodies::read(&request.input)?, &request.dev_no)?;
                (false, None)
            }
            Upload::Settlement => {
                let settlement: Settlement = bodies::read(&request.input)?;
                self.check_settlement(&settlement, &request.dev_no, known)?;
                let over = known.now.duration_since(settlement.settled_at) - UPLOAD_WITHIN;
                (
                    false,
                    (over > SignedDuration::ZERO).then_some(over.as_secs()),
                )
            }
            Upload::Reversal => {
                self.check_reversal(&bodies::read(&request.input)?)?;
                (false, None)
            }
        };
        let sequence = self.accepted.len() + 1;
        let day = known.now.to_zoned(CHINA).strftime("%Y%m%d").to_string();
        let registration_number =
            registers.then(|| format!("{}{day}{sequence:06}", known.institution.division));
        Ok(Accepted {
            upload,
            msgid: request.msgid.clone(),
            terminal: request.dev_no.clone(),
            operator: (request.opter.clone(), request.opter_name.clone()),
            body_sha256: hex::encode(request.body_hash()),
            body: request.input.clone(),
            receipt: Receipt {
                receipt_number: format!("R{day}{sequence:08}"),
                received_at: written(known.now),
                registration_number,
                late_by_s,
            },
        })
    }

    fn check_registration(
        &self,
        visit: &VisitRegistration,
        known: &Known<'_>,
    ) -> Result<(), Refusal> {
        if self.visits.contains_key(&visit.visit_number) {
            return Err(Refusal::new("visit_exists", "该就诊号已经登记"));
        }
        let worker = (known.worker)(&visit.worker.social_security_number)
            .ok_or_else(|| Refusal::new("worker_unknown", "查无此职工"))?;
        if worker.name != visit.worker.name || worker.insured_division != visit.insured_division {
            return Err(Refusal::new("worker_differs", "姓名或参保地与登记不一致"));
        }
        if !known.institution.kinds.contains(&visit.visit_kind)
            || !known.institution.channels.contains(&visit.channel)
        {
            return Err(Refusal::new(
                "kind_not_in_agreement",
                "该就医类别不在协议范围内",
            ));
        }
        require_diagnosis(&visit.diagnoses)?;
        if let Some(injury) = &visit.injury
            && !worker.injuries.iter().any(|known| is_same(known, injury))
        {
            return Err(Refusal::new("injury_unknown", "查无此工伤认定"));
        }
        match &visit.filing_number {
            Some(number) if !worker.filings.iter().any(|filing| filing.number == *number) => {
                Err(Refusal::new("filing_unknown", "查无此备案"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_cancellation(
        &self,
        cancellation: &VisitCancellation,
        terminal: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        // Of the first generation: what was settled once is no mistaken admission.
        let visit = self.visit(&cancellation.visit_number, 1, terminal)?;
        if visit.worker != cancellation.worker.social_security_number {
            return Err(Refusal::new("worker_differs", "职工与就诊登记不一致"));
        }
        if !visit.parts.is_empty() {
            return Err(Refusal::new("details_there", "该就诊已有费用明细"));
        }
        if cancellation.reason.trim().is_empty() {
            return Err(Refusal::new("reason_missing", "没有取消原因"));
        }
        if cancellation.cancelled_at > now + CLOCKS_APART {
            return Err(Refusal::new("time_ahead", "取消时间晚于平台时间"));
        }
        Ok(())
    }

    fn visit(&self, number: &str, generation: u32, terminal: &str) -> Result<&Visit, Refusal> {
        let visit = self
            .visits
            .get(number)
            .ok_or_else(|| Refusal::new("visit_unknown", "该就诊未登记"))?;
        if visit.terminal != terminal {
            return Err(Refusal::new(
                "visit_of_other_terminal",
                "该就诊由另一终端办理",
            ));
        }
        if visit.cancelled {
            return Err(Refusal::new("visit_cancelled", "该就诊登记已经取消"));
        }
        if visit.settled && generation == visit.generation {
            return Err(Refusal::new(
                "generation_settled",
                "该就诊的这一次结算已经上传",
            ));
        }
        if generation != visit.generation {
            return Err(Refusal::new("generation_wrong", "结算次序与平台不一致"));
        }
        Ok(visit)
    }

    fn check_detail(&self, detail: &FeeDetail, terminal: &str) -> Result<(), Refusal> {
        let visit = self.visit(&detail.visit_number, detail.generation, terminal)?;
        if detail.lines.len() > LINES_PER_MESSAGE {
            return Err(Refusal::new(
                "too_many_lines",
                "一次上传的明细不得超过200条",
            ));
        }
        if detail.part == 0 || detail.part > detail.parts {
            return Err(Refusal::new("part_wrong", "明细分包序号不正确"));
        }
        if visit.parts.contains_key(&detail.part) {
            return Err(Refusal::new("part_repeated", "该明细分包已经上传"));
        }
        let same_run = |part: &Part| part.settlement_number == detail.settlement_number;
        if !visit.parts.values().all(same_run)
            || (!visit.parts.is_empty() && visit.parts_expected != detail.parts)
        {
            return Err(Refusal::new(
                "part_of_other_settlement",
                "明细分包不属于同一次结算",
            ));
        }
        for line in &detail.lines {
            let of = (detail.visit_number.clone(), detail.generation, line.number);
            if let Some(id) = &line.id
                && self.lines.get(id).is_some_and(|known| *known != of)
            {
                return Err(Refusal::new(
                    "line_id_reused",
                    format!("第{}行的明细编号已用于另一条明细", line.number),
                ));
            }
            if line.fund + line.self_pay + line.other != line.amount {
                return Err(Refusal::new(
                    "line_shares_differ",
                    format!("第{}行的分担金额与费用不符", line.number),
                ));
            }
            let twice = |part: &Part| part.lines.iter().any(|known| known.number == line.number);
            if visit.parts.values().any(twice) {
                return Err(Refusal::new(
                    "line_repeated",
                    format!("第{}行重复上传", line.number),
                ));
            }
        }
        Ok(())
    }

    fn check_settlement(
        &self,
        settlement: &Settlement,
        terminal: &str,
        known: &Known<'_>,
    ) -> Result<(), Refusal> {
        let visit = self.visit(&settlement.visit_number, settlement.generation, terminal)?;
        let worker = (known.worker)(&settlement.worker.social_security_number);
        let same = worker.is_some_and(|worker| worker.name == settlement.worker.name);
        if !same
            || visit.worker != settlement.worker.social_security_number
            || visit.insured_division != settlement.insured_division
        {
            return Err(Refusal::new("worker_differs", "职工与就诊登记不一致"));
        }
        require_diagnosis(&settlement.diagnoses)?;
        if settlement.injury != visit.injury {
            return Err(Refusal::new("injury_differs", "工伤认定与就诊登记不一致"));
        }
        if settlement.institution.code != known.institution.code {
            return Err(Refusal::new("institution_differs", "机构与就诊登记不一致"));
        }
        let complete = visit.parts_expected == settlement.detail_parts
            && visit.parts.len() == settlement.detail_parts as usize
            && visit
                .parts
                .values()
                .all(|part| part.settlement_number == settlement.settlement_number);
        if !complete {
            return Err(Refusal::new("details_missing", "费用明细没有传齐"));
        }
        visit.check_totals(&settlement.matrix, settlement.line_count)
    }

    fn check_reversal(&self, reversal: &ByMessage) -> Result<(), Refusal> {
        if self.reversed.contains(&reversal.msgid) {
            return Err(Refusal::new("already_reversed", "该报文已经冲正"));
        }
        match self
            .by_message
            .get(&reversal.msgid)
            .map(|index| &self.accepted[*index])
        {
            None => Ok(()),
            Some(message) if message.upload == Upload::Settlement => Ok(()),
            Some(_) => Err(Refusal::new("not_reversible", "只有结算可以冲正")),
        }
    }

    /// Enters what was examined (or read back from disk).
    pub(crate) fn enter(&mut self, message: Accepted) -> Result<(), Refusal> {
        match message.upload {
            Upload::VisitRegistration => {
                let body: VisitRegistration = bodies::read(&message.body)?;
                let visit = Visit {
                    terminal: message.terminal.clone(),
                    worker: body.worker.social_security_number,
                    insured_division: body.insured_division,
                    injury: body.injury,
                    generation: 1,
                    ..Visit::default()
                };
                self.visits.insert(body.visit_number, visit);
            }
            Upload::VisitCancellation => {
                let body: VisitCancellation = bodies::read(&message.body)?;
                if let Some(visit) = self.visits.get_mut(&body.visit_number) {
                    visit.cancelled = true;
                }
            }
            Upload::FeeDetail => {
                let body: FeeDetail = bodies::read(&message.body)?;
                for line in &body.lines {
                    if let Some(id) = &line.id {
                        let of = (body.visit_number.clone(), body.generation, line.number);
                        self.lines.insert(id.clone(), of);
                    }
                }
                if let Some(visit) = self.visits.get_mut(&body.visit_number) {
                    let lines = body.lines.iter().map(Line::from).collect();
                    visit.parts_expected = body.parts;
                    visit.parts.insert(
                        body.part,
                        Part {
                            settlement_number: body.settlement_number,
                            lines,
                        },
                    );
                }
            }
            Upload::Settlement => {
                let body: Settlement = bodies::read(&message.body)?;
                if let Some(visit) = self.visits.get_mut(&body.visit_number) {
                    visit.settled = true;
                }
            }
            Upload::Reversal => self.reverse(bodies::read(&message.body)?)?,
        }
        self.by_message
            .insert(message.msgid.clone(), self.accepted.len());
        self.accepted.push(message);
        Ok(())
    }

    /// A settlement taken back opens the visit's next generation; a message that never came will not be taken.
    fn reverse(&mut self, reversal: ByMessage) -> Result<(), Refusal> {
        if let Some(index) = self.by_message.get(&reversal.msgid) {
            let settlement: Settlement = bodies::read(&self.accepted[*index].body)?;
            if let Some(visit) = self.visits.get_mut(&settlement.visit_number) {
                visit.generation += 1;
                visit.settled = false;
                visit.parts.clear();
                visit.parts_expected = 0;
            }
        }
        self.reversed.insert(reversal.msgid);
        Ok(())
    }
}

fn require_diagnosis(diagnoses: &[Diagnosis]) -> Result<(), Refusal> {
    if diagnoses.is_empty() {
        return Err(Refusal::new("diagnosis_missing", "没有诊断"));
    }
    Ok(())
}

/// Whether an injury that came is the one on the worker's list, in every field.
fn is_same(known: &crate::records::Injury, came: &Injury) -> bool {
    let day = came.injured_on.map(|day| day.to_string());
    known.decision_number == came.decision_number
        && known.injured_on == day
        && known.body_part == came.body_part
        && known.employer == came.employer
        && known.occupational_disease == came.occupational_disease
}

impl Visit {
    /// Details, matrix and totals must agree to the cent.
    fn check_totals(&self, matrix: &Matrix, line_count: u64) -> Result<(), Refusal> {
        let lines = || self.parts.values().flat_map(|part| &part.lines);
        if lines().count() as u64 != line_count {
            return Err(Refusal::new("line_count_differs", "明细条数与结算不一致"));
        }
        let differ = |what: &str| {
            Err(Refusal::new(
                "totals_differ",
                format!("{what}与明细合计不一致"),
            ))
        };
        if Sums::of(lines().map(|line| (line.column, line.fund))) != matrix.fund {
            return differ("工伤保险基金支付金额");
        }
        if Sums::of(lines().map(|line| (line.column, line.self_pay))) != matrix.self_pay {
            return differ("自费金额");
        }
        if Sums::of(lines().map(|line| (line.column, line.other))) != matrix.other {
            return differ("其他金额");
        }
        if lines().map(|line| line.amount).sum::<Cents>() != matrix.total {
            return differ("总费用");
        }
        if matrix.self_pay.total + matrix.other.total != matrix.personal {
            return differ("个人支付金额");
        }
        Ok(())
    }
}

impl From<&FeeLine> for Line {
    fn from(line: &FeeLine) -> Self {
        Self {
            number: line.number,
            column: line.column,
            amount: line.amount,
            fund: line.fund,
            self_pay: line.self_pay,
            other: line.other,
        }
    }
}
