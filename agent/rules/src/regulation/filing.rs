//! Chapter 2, filings 备案管理: filed in time, for this place, and valid.
//!
//! Which filing a visit relies on is in [`chosen_filing`](super::chosen_filing).
//!
//! National 10, 15, Hunan 9, 11: material and changes, between worker and agency (rule B04, in [`care`](super::care), hands out the
//! list). National 11, Hunan 13¶1: how long a filing is valid (the profile's months). National 14¶1, ¶2, Hunan 10: the
//! agency's five working days. National 9¶2, 14¶3: how agencies receive a filing and pass on its outcome.

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings, Warnings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::case::china_time::{civil_date, months_later};
use crate::case::filing::{BackFiling, Basis, Filing, FilingStatus};
use crate::case::visit::Gate;
use crate::decision::{Article, RuleId, WarningCode};

// National 9, 14, 16, Hunan 8, 10, 12¶1 --------------------------------------------------------------------------------

/// C01: filed, and approved, before the visit was registered.
pub(crate) const C01: Rule = Rule {
    id: RuleId::C01,
    asks: "登记之前是否已备案并获批准",
    quotes: &[
        (Article::National(16, 0), "工伤职工未按规定完成备案登记"),
        (Article::Notice(4, 1), "工伤职工应在跨省异地就医前"),
        (
            Article::National(14, 1),
            "原则上应在 5 个工作日内办理完毕并告知申请人",
        ),
        (Article::Hunan(12, 1), "工伤职工应当在入院前完成备案登记"),
        (
            Article::Hunan(10, 0),
            "原则上应在5个工作日内办理完毕并告知申请人",
        ),
    ],
    set_by: SetBy::Nation,
};

/// No filing at all that this visit could rely on.
pub(super) fn c01_not_filed(c: &Circumstances<'_>, found: &mut Findings) {
    found.add(Row::NotFiled, || {
        let ground = c.ground(Article::Hunan(12, 1), Article::National(16, 0));
        Finding::new(ground, "没有可用于本次就医的备案")
    });
}

/// Pending, or approved only after the decision.
pub(super) fn c01_pending(c: &Circumstances<'_>, found: &mut Findings) {
    found.add(Row::FilingPending, || {
        let ground = c.ground(Article::Hunan(10, 0), Article::National(14, 1));
        let finding = Finding::new(ground, "备案尚未获参保地经办机构批准");
        if c.case.gate.opens() {
            return finding.next(
                "备案原则上5个工作日内办结，请等待批准或联系参保地经办机构催办，批准后再登记。",
            );
        }
        finding
    });
}

/// An ordinary filing that came after registration.
pub(super) fn c01_filed_late(c: &Circumstances<'_>, found: &mut Findings) {
    found.add(Row::FiledAfterRegistration, || {
        let ground = c.ground(Article::Hunan(12, 1), Article::Notice(4, 1));
        Finding::new(ground, "备案在本次登记之后才获批准，应在就医前完成备案")
    });
}

// Hunan 12¶2 ---------------------------------------------------------------------------------------------------------

/// C08: an emergency or force majeure, within the province, may be filed before discharge is settled.
pub(crate) const C08: Rule = Rule {
    id: RuleId::C08,
    asks: "急诊抢救或不可抗力的补报备案是否允许，是否在出院结算前完成",
    quotes: &[
        (
            Article::Hunan(12, 2),
            "确有急诊抢救（医疗机构诊断或医疗文书中有明确急诊标注）或不可抗力原因",
        ),
        (
            Article::Hunan(12, 2),
            "在出院结算前完成登记备案的，可以按本规程办理费用直接结算",
        ),
        (Article::Notice(4, 1), "工伤职工应在跨省异地就医前"),
    ],
    set_by: SetBy::Profile(&["back_filing_emergency", "back_filing_force_majeure"]),
};

pub(super) fn c08_not_covered(c: &Circumstances<'_>, why: BackFiling, found: &mut Findings) {
    found.add(Row::EmergencyNotCovered, || {
        if !c.intra_province() {
            let what = "备案在本次登记之后才补报，跨省异地就医应在就医前备案";
            return Finding::new(Ground::law(Article::Notice(4, 1)), what);
        }
        let (open, cause) = match why {
            BackFiling::Emergency => (c.profile.back_filing_emergency.value, "急诊抢救"),
            BackFiling::ForceMajeure => (c.profile.back_filing_force_majeure.value, "不可抗力"),
            BackFiling::LateRecognition => (c.profile.late_recognition.value, "认定工伤后"),
        };
        if open {
            let what = format!("备案为{cause}补报，但本次就医没有{cause}标注");
            Finding::new(c.hunan(Article::Hunan(12, 2)), what)
        } else {
            // The profile keeps it shut, whatever the article allows.
            let what = format!("备案为{cause}补报，本机构未开通此类补报");
            Finding::new(Ground::interpretation(Article::Hunan(12, 2)), what)
        }
    });
}

/// Whether the visit is so marked and the profile takes such back-filings; mark and knob are of the same kind.
pub(super) fn covers(c: &Circumstances<'_>, why: BackFiling) -> bool {
    let (visit, profile) = (&c.case.visit, c.profile);
    c.intra_province()
        && match why {
            BackFiling::Emergency => visit.emergency && profile.back_filing_emergency.value,
            BackFiling::ForceMajeure => {
                visit.force_majeure && profile.back_filing_force_majeure.value
            }
            BackFiling::LateRecognition => profile.late_recognition.value,
        }
}

/// An emergency still to be filed: whatever else is said of the filings gives way to one hold.
pub(super) fn c08_still_to_be_filed(c: &Circumstances<'_>) -> Option<Findings> {
    let in_time = match c.case.gate {
        Gate::Admission | Gate::Discharge => true,
        Gate::Outpatient | Gate::DeviceAcceptance | Gate::DeviceSettlement | Gate::Refund => false,
    };
    if !in_time || !(covers(c, BackFiling::Emergency) || covers(c, BackFiling::ForceMajeure)) {
        return None;
    }
    let mut found = Findings::told();
    found.add(Row::FileBeforeDischarge, || {
        let what = "本次为急诊抢救或不可抗力就医，备案尚未办妥，可以先收治，须在出院结算前补报备案";
        Finding::new(c.hunan(Article::Hunan(12, 2)), what)
    });
    Some(found)
}

// Hunan 12¶3 ---------------------------------------------------------------------------------------------------------

/// C09: an injury recognised only after treatment began, within the province.
pub(crate) const C09: Rule = Rule {
    id: RuleId::C09,
    asks: "就医时尚未认定工伤的补报备案是否允许；退费须有此类备案",
    quotes: &[
        (
            Article::Hunan(12, 3),
            "完成工伤认定后，经参保地经办机构同意可补报异地长期居住（工作）或异地转诊转院备案申请",
        ),
        (
            Article::Hunan(12, 3),
            "并按规定将基金支付部分退费给工伤职工",
        ),
        (Article::Notice(4, 1), "工伤职工应在跨省异地就医前"),
    ],
    set_by: SetBy::Profile(&["late_recognition"]),
};

pub(super) fn c09_not_covered(c: &Circumstances<'_>, found: &mut Findings) {
    found.add(Row::LateRecognitionNotCovered, || {
        if c.intra_province() {
            // The profile keeps it shut, whatever the article allows.
            let what = "备案为认定工伤后补报，本机构未开通此类补报";
            Finding::new(Ground::interpretation(Article::Hunan(12, 3)), what)
        } else {
            let what = "备案为认定工伤后补报，跨省异地就医应在就医前备案";
            Finding::new(Ground::law(Article::Notice(4, 1)), what)
        }
    });
}

pub(super) fn c09_no_late_recognition(c: &Circumstances<'_>, found: &mut Findings) {
    found.add(Row::NoLateRecognitionFiling, || {
        // The paragraph begins 省内异地就医时: across provinces it is nobody's law.
        if c.intra_province() {
            let what = "没有认定工伤后补报的备案，不能办理退费";
            Finding::new(c.hunan(Article::Hunan(12, 3)), what)
        } else {
            let what = "跨省异地就医没有认定工伤后退费的规定，不能办理退费";
            Finding::new(Ground::interpretation(Article::Hunan(12, 3)), what)
        }
    });
}

// National 12, Hunan 12¶1 --------------------------------------------------------------------------------------------

/// C02: filed for the place of treatment.
pub(crate) const C02: Rule = Rule {
    id: RuleId::C02,
    asks: "备案的就医地是否为本地",
    quotes: &[
        (Article::National(12, 0), "原则上直接备案到就医地市或直辖市"),
        (
            Article::Hunan(12, 1),
            "在就医地非备案协议机构发生的费用，不予直接结算",
        ),
        (Article::Hunan(16, 0), "到备案就医地协议机构就医结算"),
    ],
    set_by: SetBy::Nation,
};

pub(super) fn c02_place(c: &Circumstances<'_>, filing: &Filing, found: &mut Findings) {
    let (here, there) = (c.here, filing.place.place());
    if there != here {
        found.add(Row::FiledElsewhere, || {
            let ground = c.ground(Article::Hunan(12, 1), Article::National(12, 0));
            let finding = Finding::new(
                ground,
                format!("备案的就医地不是本机构所在地（备案地区代码{there}，本机构{here}）"),
            );
            if c.case.gate.opens() {
                return finding.next(format!(
                    "请协助职工向参保地经办机构办理备案变更，变更到本地后再登记{}。",
                    freeze(c, filing)
                ));
            }
            finding
        });
    }
}

/// How soon a filing may be changed (rule B04): Hunan's three months, elsewhere the insured province's own.
fn freeze(c: &Circumstances<'_>, filing: &Filing) -> &'static str {
    match filing.basis {
        Basis::Transfer => "",
        Basis::LongResidence | Basis::ResidentWork if c.insured_in_hunan() => {
            "；异地长期居住（工作）备案自备案之日起3个月后可以变更"
        }
        Basis::LongResidence | Basis::ResidentWork => {
            "；异地长期居住（工作）备案可能有变更冻结期，以参保地规定为准"
        }
    }
}

// National 11 and 13, Hunan 13 ---------------------------------------------------------------------------------------

/// C04: registered within the filing's validity, both ends included.
pub(crate) const C04: Rule = Rule {
    id: RuleId::C04,
    asks: "登记之日是否在备案有效期内",
    quotes: &[
        (
            Article::National(13, 1),
            "备案有效期内，可按规定在就医地多次就诊",
        ),
        (Article::National(11, 0), "备案有效期由参保省统一规定"),
        (Article::Hunan(13, 1), "异地转诊转院备案有效期为3个月"),
    ],
    set_by: SetBy::Profile(&["validity_months"]),
};

pub(super) fn c04_validity(c: &Circumstances<'_>, filing: &Filing, found: &mut Findings) {
    let ground = || c.ground(Article::Hunan(13, 1), Article::National(13, 1));
    let day = c.registered_on;
    if day > filing.valid_to {
        found.add(Row::FilingExpired, || {
            let last = filing.valid_to;
            Finding::new(
                ground(),
                format!("登记之日（{day}）备案已过有效期（{last}止）"),
            )
        });
    }
    if day < filing.valid_from {
        found.add(Row::FilingNotYetValid, || {
            let first = filing.valid_from;
            let finding = Finding::new(
                ground(),
                format!("登记之日（{day}）备案尚未生效（{first}起）"),
            );
            if c.case.gate.opens() {
                return finding.next(format!(
                    "请自{first}起再登记；需要提前的，请职工向参保地经办机构更正备案有效期后再登记。"
                ));
            }
            finding
        });
    }
}

/// The filing relied on is valid for longer than its insured province gives.
pub(crate) fn c04_unusual(c: &Circumstances<'_>, filing: &Filing, warnings: &mut Warnings) {
    let Some(known) = c.profile.validity_in(c.worker.insured_division.province()) else {
        return;
    };
    let months = match filing.basis {
        Basis::Transfer => known.value.transfer,
        Basis::LongResidence | Basis::ResidentWork => known.value.others,
    };
    if filing.valid_to > months_later(filing.valid_from, months) {
        warnings.add(RuleId::C04, WarningCode::ValidityUnusual, || {
            let (from, to) = (filing.valid_from, filing.valid_to);
            let what = format!("备案有效期（{from}至{to}）超过参保地规定的{months}个月，请核实");
            (
                Ground {
                    article: Article::Hunan(13, 1),
                    // What Hunan gives its own is law there alone.
                    interpretation: known.interpretation || !c.under_hunan(),
                },
                what,
            )
        });
    }
}

/// C05: validity is tested once, on the day of registration; expiry during a stay changes nothing.
pub(crate) const C05: Rule = Rule {
    id: RuleId::C05,
    asks: "有效期只按登记之日核对一次，住院期间到期不影响结算",
    quotes: &[
        (
            Article::National(13, 2),
            "备案有效期内已办理入院手续的，不受备案有效期限制，可正常直接结算相关费用",
        ),
        (
            Article::Hunan(13, 2),
            "备案有效期内已办理住院手续的，不受备案有效期限制，可正常直接结算相关费用",
        ),
    ],
    set_by: SetBy::Nation,
};

/// C07: cancelled while the worker was being treated (an interpretation).
pub(crate) const C07: Rule = Rule {
    id: RuleId::C07,
    asks: "登记之后备案被取消的，先问经办机构",
    quotes: &[
        (Article::National(15, 0), "应及时办理备案信息变更或取消备案"),
        (
            Article::Hunan(11, 0),
            "参保地经办机构应对工伤职工备案信息进行动态管理",
        ),
    ],
    set_by: SetBy::Interpretation,
};

pub(super) fn c07_cancelled(c: &Circumstances<'_>, filing: &Filing, found: &mut Findings) {
    match filing.status {
        FilingStatus::Cancelled { at, .. } if at <= c.case.at => {
            found.add(Row::FilingCancelledDuringStay, || {
                let day = civil_date(at);
                let ground =
                    Ground::interpretation(Article::Interpretation("filing_cancelled_during_stay"));
                Finding::new(ground, format!("备案在本次登记之后（{day}）被取消"))
            });
        }
        FilingStatus::Cancelled { .. }
        | FilingStatus::Approved { .. }
        | FilingStatus::Pending { .. }
        | FilingStatus::Rejected { .. } => {}
    }
}
