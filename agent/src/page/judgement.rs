//! A decision as the page shows it: one large line, then every reason with its article and next step.

use rules::{Article, Decision, Outcome};

use super::phrasing;
use crate::counter::{Freshness, Judged, WorkerView};

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
    /// The article; none for a reading.
    pub(super) article: Option<String>,
    pub(super) rule: &'static str,
    pub(super) code: &'static str,
    /// A reason that refuses, not one that holds.
    pub(super) refuses: bool,
}

impl JudgementView {
    pub(super) fn of_admission(judged: &Judged) -> Self {
        Self::of(&judged.decision, &judged.freshness, judged.worker.clone())
    }

    pub(super) fn of(
        decision: &Decision,
        freshness: &Freshness,
        worker: Option<WorkerView>,
    ) -> Self {
        Self {
            tone: match decision.outcome {
                Outcome::Allow => "allow",
                Outcome::Hold => "hold",
                Outcome::Refuse => "refuse",
            },
            outcome: phrasing::outcome(decision.outcome),
            next: phrasing::route(decision.route),
            channel: decision.channel.map(phrasing::channel),
            reasons: decision
                .reasons
                .iter()
                .map(|reason| FindingView {
                    say: reason.say.clone(),
                    article: said(reason.article),
                    rule: reason.rule.name(),
                    code: reason.code.name(),
                    refuses: reason.verdict == rules::Verdict::Refuse,
                })
                .collect(),
            warnings: decision
                .warnings
                .iter()
                .map(|warning| FindingView {
                    say: warning.say.clone(),
                    article: said(warning.article),
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

fn said(article: Article) -> Option<String> {
    article.in_chinese()
}
