//! Hunan 12¶3: the fund's share of a visit that was paid before the injury was recognised.

use crate::case::amounts::Money;
use crate::decision::{Article, Refund, RuleId, WarningCode};
use crate::regulation::circumstances::Circumstances;
use crate::regulation::finding::Warnings;
use crate::regulation::rule::{Rule, SetBy};

/// R01: who gets the fund's share back: first the medical insurance, then the worker, neither more than it paid.
///
/// Hunan 12¶3 names the worker alone; that the medical insurance comes first is an interpretation.
pub(crate) const R01: Rule = Rule {
    id: RuleId::R01,
    asks: "退费先退医保已付部分，再退职工，均不超过其已付金额；已付少于账单的提示",
    quotes: &[(
        Article::Hunan(12, 3),
        "并按规定将基金支付部分退费给工伤职工",
    )],
    set_by: SetBy::Interpretation,
};

pub(crate) fn r01_refund(c: &Circumstances<'_>, fund: Money) -> Refund {
    let (by_worker, by_medical_insurance) = paid(c);
    let to_medical_insurance = fund.min(by_medical_insurance);
    let to_worker = (fund - to_medical_insurance).min(by_worker);
    Refund {
        to_medical_insurance,
        to_worker,
    }
}

pub(crate) fn r01_payments(c: &Circumstances<'_>, total: Money, warnings: &mut Warnings) {
    let (by_worker, by_medical_insurance) = paid(c);
    let paid = by_worker + by_medical_insurance;
    if paid < total {
        warnings.add(RuleId::R01, WarningCode::PaymentsDoNotCoverBill, || {
            let what = format!("登记的已付金额{paid}元少于账单总额{total}元，请核对付款记录");
            (
                crate::regulation::circumstances::Ground::interpretation(Article::Hunan(12, 3)),
                what,
            )
        });
    }
}

/// A null payment is 0.
fn paid(c: &Circumstances<'_>) -> (Money, Money) {
    let visit = &c.case.visit;
    (
        visit.paid_by_worker.unwrap_or(Money::ZERO),
        visit.paid_by_medical_insurance.unwrap_or(Money::ZERO),
    )
}
