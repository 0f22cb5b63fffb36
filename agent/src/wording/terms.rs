//! The regulation's nouns in Chinese, as they stand on the page and on paper.

use jiff::Timestamp;
use rules::case::china_time::CHINA;
use rules::{Basis, CredentialKind, Filing, MatrixColumn, ThirdPartyLiability, VisitKind};

/// 人员类别 (Annex 10; the values are a reading).
pub fn person_category(basis: Basis) -> &'static str {
    match basis {
        Basis::LongResidence => "异地长期居住",
        Basis::ResidentWork => "常驻异地工作",
        Basis::Transfer => "异地转诊转院",
    }
}

/// 待遇类别 (Annex 10; the values are a reading).
pub fn benefit_category(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::InpatientMedical | VisitKind::OutpatientMedical => "工伤医疗",
        VisitKind::InpatientRehabilitation | VisitKind::OutpatientRehabilitation => "工伤康复",
        VisitKind::AssistiveDevice => "辅助器具配置",
    }
}

/// 业务类别 (Annex 10; the values are a reading).
pub fn business_category(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::InpatientMedical | VisitKind::InpatientRehabilitation => "住院",
        VisitKind::OutpatientMedical | VisitKind::OutpatientRehabilitation => "门诊",
        VisitKind::AssistiveDevice => "配置",
    }
}

/// A kind of visit in full.
pub fn visit_kind(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::InpatientMedical => "住院工伤医疗",
        VisitKind::InpatientRehabilitation => "住院工伤康复",
        VisitKind::OutpatientMedical => "门诊工伤医疗",
        VisitKind::OutpatientRehabilitation => "门诊工伤康复",
        VisitKind::AssistiveDevice => "辅助器具配置",
    }
}

/// A filing that is relied on: number, basis and validity.
pub fn filing(filing: &Filing) -> String {
    format!(
        "{}（{}，有效期 {} 至 {}）",
        filing.number.as_str(),
        person_category(filing.basis),
        filing.valid_from,
        filing.valid_to
    )
}

/// A column of Annex 10's table.
pub fn column(column: MatrixColumn) -> &'static str {
    match column {
        MatrixColumn::Drug => "药品",
        MatrixColumn::Treatment => "诊疗项目",
        MatrixColumn::InpatientService => "住院服务标准",
        MatrixColumn::Rehabilitation => "康复服务项目",
        MatrixColumn::AssistiveDevice => "辅助器具费用",
    }
}

/// What was presented.
pub fn credential_kind(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::SocialSecurityCard => "社会保障卡",
        CredentialKind::ElectronicSocialSecurityCard => "电子社保卡",
        CredentialKind::IdentityCard => "居民身份证",
    }
}

/// What was declared of third parties.
pub fn third_party_liability(liability: ThirdPartyLiability) -> &'static str {
    match liability {
        ThirdPartyLiability::None => "无第三方责任",
        ThirdPartyLiability::Partial => "第三方负部分责任",
        ThirdPartyLiability::Full => "第三方负全部责任",
        ThirdPartyLiability::Undeclared => "尚未申报",
    }
}

/// `2026-03-01 10:30:00` in China's civil time.
pub fn moment(at: Timestamp) -> String {
    CHINA
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// `2026-03-01` in China's civil time.
pub fn day(at: Timestamp) -> String {
    CHINA.to_datetime(at).strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_chinas() {
        let at: Timestamp = "2026-02-28T18:00:01Z".parse().unwrap();
        assert_eq!(moment(at), "2026-03-01 02:00:01");
        assert_eq!(day(at), "2026-03-01");
    }
}
