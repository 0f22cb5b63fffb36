//! A decision as the page shows it: one large line, then every reason with its article and next step.

use rules::{Article, Outcome, Route, Verdict};

use crate::counter::{Freshness, Ground, Judged, Judgement, Quote, Remark, WorkerView};
use crate::wording::bill as sentences;
use crate::wording::phrasing;

/// What the rules said, ready to be laid out.
pub(super) struct JudgementView {
    /// `allow`, `hold` or `refuse`.
    pub(super) tone: &'static str,
    pub(super) outcome: &'static str,
    pub(super) next: &'static str,
    pub(super) channel: Option<&'static str>,
    pub(super) reasons: Vec<FindingView>,
    pub(super) warnings: Vec<FindingView>,
    pub(super) freshness: String,
    /// The cache answered, not the province.
    pub(super) from_cache: bool,
    pub(super) worker: Option<WorkerView>,
}

/// One reason or warning.
pub(super) struct FindingView {
    pub(super) say: String,
    /// What it stands on: an article as the law's word, or the institution's own setting.
    pub(super) basis: String,
    /// A setting, never the law's word.
    pub(super) reading: bool,
    pub(super) rule: &'static str,
    pub(super) code: &'static str,
    /// A reason that refuses, not one that holds.
    pub(super) refuses: bool,
}

impl JudgementView {
    pub(super) fn of_admission(judged: &Judged) -> Self {
        let judgement = &judged.judgement;
        let view = Self::of(judgement, &judged.freshness, judged.worker.clone());
        Self {
            outcome: phrasing::outcome_at_admission(judgement.outcome()),
            next: if judgement.route() == Route::DirectSettlement {
                phrasing::MAY_BE_ADMITTED
            } else {
                view.next
            },
            ..view.with_remarks(&judged.remarks)
        }
    }

    /// Of a quote; one that lacks marks alone is not refused to the person who can give them.
    pub(super) fn of_quote(quote: &Quote) -> Self {
        let view = Self::of(&quote.judgement, &quote.freshness, quote.worker.clone())
            .with_remarks(&quote.remarks);
        if !quote.waits_for_marks_alone() {
            return view;
        }
        let (outcome, next) = sentences::UNMARKED;
        Self {
            tone: "hold",
            outcome,
            next,
            ..view
        }
    }

    /// The same with what the counter has noticed, below the rules' own warnings.
    pub(super) fn with_remarks(mut self, remarks: &[Remark]) -> Self {
        self.warnings
            .extend(remarks.iter().map(|remark| FindingView {
                say: remark.say(),
                basis: if remark.is_interpretation() {
                    "规程未明确，按默认口径".to_owned()
                } else {
                    "本机核对所见".to_owned()
                },
                reading: remark.is_interpretation(),
                rule: remark.rule().name(),
                code: remark.code(),
                refuses: false,
            }));
        self
    }

    pub(super) fn of(
        judgement: &Judgement,
        freshness: &Freshness,
        worker: Option<WorkerView>,
    ) -> Self {
        let decision = judgement.decision.as_ref();
        let channel = decision.and_then(|decision| decision.channel);
        let warnings = decision.map_or(&[][..], |decision| &decision.warnings);
        Self {
            tone: match judgement.outcome() {
                Outcome::Allow => "allow",
                Outcome::Hold => "hold",
                Outcome::Refuse => "refuse",
            },
            outcome: phrasing::outcome(judgement.outcome()),
            next: match freshness {
                Freshness::Asked => phrasing::route_once_asked(judgement.route()),
                Freshness::Cached { .. } => phrasing::route(judgement.route()),
            },
            channel: channel.map(phrasing::channel),
            reasons: judgement.grounds().iter().map(finding).collect(),
            warnings: warnings
                .iter()
                .map(|warning| FindingView {
                    say: warning.say.clone(),
                    basis: basis(warning.article, warning.interpretation),
                    reading: warning.interpretation,
                    rule: warning.rule.name(),
                    code: warning.code.name(),
                    refuses: false,
                })
                .collect(),
            freshness: phrasing::freshness(freshness),
            from_cache: match freshness {
                Freshness::Asked => false,
                Freshness::Cached { .. } => true,
            },
            worker,
        }
    }
}

fn finding(ground: &Ground<'_>) -> FindingView {
    match ground {
        Ground::Rule(reason) => FindingView {
            say: reason.say.clone(),
            basis: basis(reason.article, reason.interpretation),
            reading: reason.interpretation,
            rule: reason.rule.name(),
            code: reason.code.name(),
            refuses: reason.verdict == Verdict::Refuse,
        },
        Ground::Own(objection) => FindingView {
            say: objection.say(),
            basis: if objection.is_about_the_bill() {
                "规程未明确，按默认口径".to_owned()
            } else {
                "依据：省平台的答复".to_owned()
            },
            reading: objection.is_about_the_bill(),
            rule: "",
            code: objection.code(),
            refuses: objection.verdict() == Verdict::Refuse,
        },
    }
}

fn basis(article: Article, reading: bool) -> String {
    match (reading, article.in_chinese()) {
        (false, Some(article)) => format!("依据：{article}"),
        (true, Some(article)) => format!("规程未明确，按默认口径，参照：{article}"),
        (_, None) => "规程未明确，按默认口径".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;
    use rules::case_format::parse_case;
    use rules::{Profile, decide};
    use serde_json::{Value, json};

    use super::*;

    #[derive(Template)]
    #[template(path = "judgement.html")]
    struct Screen {
        judgement: JudgementView,
    }

    /// A stay across provinces that nothing speaks against, with some fields changed, as the page shows it.
    fn shown(changes: &[(&str, Value)]) -> String {
        let scenario = include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");
        let mut case = serde_json::from_str::<Value>(scenario).unwrap()["case"].take();
        for (pointer, value) in changes {
            *case.pointer_mut(pointer).unwrap() = value.clone();
        }
        let case = parse_case(case.to_string().as_bytes()).unwrap();
        let decision = decide(&case, Profile::built_in(case.facts().profile));
        let judgement = Judgement {
            objections: Vec::new(),
            decision: Some(decision),
        };
        let judgement = JudgementView::of(&judgement, &Freshness::Asked, None);
        Screen { judgement }.render().unwrap()
    }

    #[test]
    fn what_only_hunan_says_is_shown_as_a_setting_elsewhere() {
        let insured_by_the_province = [
            ("/worker/insured_level", json!("province")),
            ("/worker/insured_division", json!("430400")),
        ];
        let hunan = shown(&insured_by_the_province);
        assert!(
            hunan.contains("依据：湘人社规〔2025〕24号第三条第二款")
                && !hunan.contains("规程未明确，按默认口径"),
            "{hunan}"
        );
        let mut changes = insured_by_the_province.to_vec();
        changes.push(("/profile", json!("fujian")));
        let fujian = shown(&changes);
        assert!(
            fujian.contains("规程未明确，按默认口径，参照：湘人社规〔2025〕24号第三条第二款")
                && !fujian.contains("依据"),
            "{fujian}"
        );
    }

    #[test]
    fn the_arithmetic_of_the_bill_is_shown_as_a_setting() {
        let screen = shown(&[("/bill/lines/0/amount", json!("0.01"))]);
        assert!(screen.contains("line_amount_wrong"), "{screen}");
        assert!(
            screen.contains("规程未明确，按默认口径，参照：结算单（附件10）")
                && !screen.contains("依据"),
            "{screen}"
        );
    }

    #[test]
    fn a_setting_without_an_article_names_none() {
        let screen = shown(&[
            ("/institution/status", json!("suspended")),
            ("/institution/status_since", json!("2025-08-15")),
        ]);
        assert!(
            screen.contains("<span class=\"reading\">规程未明确，按默认口径</span>"),
            "{screen}"
        );
    }
}
