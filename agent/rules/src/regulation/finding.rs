//! What the rules have found so far, and how it is told to the cashier.

use std::borrow::Cow;

use super::circumstances::Ground;
use super::precedence::{Leads, Row, RowSet};
use crate::case::visit::Gate;
use crate::decision::{Reason, Route, RuleId, Warning, WarningCode};
use crate::rule_set::RuleSet;

/// What a rule found, in the cashier's words.
#[derive(Debug)]
pub(crate) struct Finding {
    ground: Ground,
    what: Cow<'static, str>,
    next: Option<Cow<'static, str>>,
    route: Option<Route>,
}

impl Finding {
    /// What is wrong, and by which article; the next step follows from the route.
    pub(crate) fn new(ground: Ground, what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            ground,
            what: what.into(),
            next: None,
            route: None,
        }
    }

    /// A next step of its own.
    pub(crate) fn next(self, next: impl Into<Cow<'static, str>>) -> Self {
        Self {
            next: Some(next.into()),
            ..self
        }
    }

    /// A route that is not its row's.
    pub(crate) fn route(self, route: Route) -> Self {
        Self {
            route: Some(route),
            ..self
        }
    }

    fn into_reason(self, row: Row, (gate, rules): (Gate, RuleSet)) -> Reason {
        let facts = row.facts();
        let route = self.route.unwrap_or(match facts.leads {
            Leads::To(route) => route,
            Leads::Gate { opening, settling } => {
                if gate.opens() {
                    opening
                } else {
                    settling
                }
            }
        });
        let next = self.next.unwrap_or(Cow::Borrowed(next_step(route)));
        Reason {
            rule: facts.rule,
            code: facts.code,
            verdict: facts.verdict,
            article: self.ground.article,
            interpretation: self.ground.is_reading(),
            say: format!("{}{}。{next}", self.what, self.ground.in_brackets(rules)),
            route,
        }
    }
}

/// What the cashier does next. The manual way is never said as a promise of payment.
const fn next_step(route: Route) -> &'static str {
    match route {
        Route::DirectSettlement => "可以直接结算。",
        Route::FileFirst => "请协助职工先向参保地经办机构办理备案，备案通过后再登记。",
        Route::FileBeforeDischarge => {
            "请职工或用人单位在出院结算前向参保地经办机构补报备案，补报通过后再结算。"
        }
        Route::LocalSettlement => "请按本地工伤职工办理结算。",
        Route::ProvincialSettlement => "请按省本级的直接结算流程办理。",
        Route::ManualReimbursement => {
            "本次不能直接结算，请把费用单据交给职工，由参保地经办机构按参保地规定审核，能否支付以参保地审核为准。"
        }
        Route::RefundAfterRecognition => {
            "请先由职工结清费用并保留单据；完成工伤认定并经参保地经办机构同意补报备案后，可以向本院申请退费，能否退还以审核为准。"
        }
        Route::PresentCard => "请职工出示社会保障卡或电子社保卡。",
        Route::OtherInstitution => "请职工到协议有效并开通此项业务的协议机构办理。",
        Route::AskAgency => "请联系参保地经办机构核实，记录答复后再办理。",
        Route::CheckOnline => "请联网查询最新信息后再办理。",
        Route::DeclareLiability => "请职工说明有无第三方责任，登记后再办理。",
        Route::CorrectBill => "请在医院系统中更正账单后重新读取。",
        Route::None => "请核对原结算记录，不要重复结算。",
    }
}

/// Rows found, each once, and (unless only the rows are asked for) what is said of each.
#[derive(Debug)]
pub(crate) struct Findings {
    rows: RowSet,
    said: Option<Vec<(Row, Finding)>>,
}

impl Findings {
    /// Keeps what is said.
    pub(crate) const fn told() -> Self {
        Self {
            rows: RowSet::EMPTY,
            said: Some(Vec::new()),
        }
    }

    /// Keeps the rows alone: for judging filings among which one is chosen.
    pub(crate) const fn rows_only() -> Self {
        Self {
            rows: RowSet::EMPTY,
            said: None,
        }
    }

    /// Adds a row, once.
    pub(crate) fn add(&mut self, row: Row, say: impl FnOnce() -> Finding) {
        if self.rows.insert(row)
            && let Some(said) = &mut self.said
        {
            said.push((row, say()));
        }
    }

    /// Takes over what another set of findings holds.
    pub(crate) fn extend(&mut self, others: Self) {
        for (row, finding) in others.said.into_iter().flatten() {
            self.add(row, || finding);
        }
    }

    pub(crate) const fn rows(&self) -> RowSet {
        self.rows
    }

    /// Refusals before holds, each group in the order of precedence; in the words of that rule set.
    pub(crate) fn into_reasons(self, gate: Gate, rules: RuleSet) -> Vec<Reason> {
        let mut said = self.said.unwrap_or_default();
        said.sort_unstable_by_key(|(row, _)| (!row.refuses(), *row));
        said.into_iter()
            .map(|(row, finding)| finding.into_reason(row, (gate, rules)))
            .collect()
    }
}

/// Warnings, each rule and code once, in the words of a rule set.
#[derive(Debug)]
pub(crate) struct Warnings {
    rules: RuleSet,
    said: Vec<Warning>,
}

impl Warnings {
    /// None yet.
    pub(crate) const fn under(rules: RuleSet) -> Self {
        Self {
            rules,
            said: Vec::new(),
        }
    }

    /// Adds a warning, once.
    pub(crate) fn add(
        &mut self,
        rule: RuleId,
        code: WarningCode,
        say: impl FnOnce() -> (Ground, String),
    ) {
        if self
            .said
            .iter()
            .any(|warning| (warning.rule, warning.code) == (rule, code))
        {
            return;
        }
        let (ground, what) = say();
        let say = format!("{what}{}。", ground.in_brackets(self.rules));
        self.said.push(Warning {
            rule,
            code,
            article: ground.article,
            interpretation: ground.is_reading(),
            say,
        });
    }

    /// By rule and code.
    pub(crate) fn into_sorted(mut self) -> Vec<Warning> {
        self.said
            .sort_unstable_by_key(|warning| (warning.rule.name(), warning.code.name()));
        self.said
    }
}
