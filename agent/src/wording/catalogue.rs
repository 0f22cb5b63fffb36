//! What a catalogue says of a bill's line.

use rules::LineColumn;

use crate::bill::{Kin, category_name};
use crate::counter::{Match, Matches};
use crate::registry::CatalogueOwner;

impl Matches {
    /// Whose catalogue it is.
    pub(crate) fn say(&self) -> &'static str {
        match self.owner {
            CatalogueOwner::TreatmentPlace(_) => "跨省（就医地目录）",
            CatalogueOwner::ProvincialSet(_) => "省内异地（全省目录）",
            CatalogueOwner::InsuredPlaceDevices(_) => "辅助器具（参保地目录）",
        }
    }
}

impl Match {
    /// Its stable name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Listed { .. } => "listed",
            Self::InColumn(_) => "other_column",
            Self::OnAnotherDay => "other_day",
            Self::Related(_) => "related",
            Self::Unlisted => "unlisted",
        }
    }

    /// In words.
    pub(crate) fn say(&self) -> String {
        match self {
            Self::Listed {
                restricted,
                ceiling,
            } => {
                let ceiling = ceiling.map(|ceiling| format!("，每单位最高 {ceiling} 元"));
                let restricted = if *restricted {
                    "，有限制条件"
                } else {
                    ""
                };
                format!("有{}{restricted}", ceiling.unwrap_or_default())
            }
            Self::InColumn(column) => {
                format!("列在“{}”类", category_name(LineColumn::Matrix(*column)))
            }
            Self::OnAnotherDay => "有，但费用日期不在有效期内".to_owned(),
            Self::Related(relative) => {
                let listed = relative.listed.as_str();
                match relative.kin {
                    Kin::Case => format!("没有；有大小写不同的 {listed}"),
                    Kin::Zeros => format!("没有；有 {listed}，是否少了前面的 0？"),
                    Kin::Suffix => format!("没有；有 {listed}，是否多了后缀？"),
                }
            }
            Self::Unlisted => "没有".to_owned(),
        }
    }
}

/// Nobody could be asked.
pub(crate) const NOT_ASKED: &str = "没有核对目录（编码是否在目录里没有查）：";

/// So much of the bill stands in no catalogue that a quote would be held.
pub(crate) fn unlisted(lines: usize, percent: i128) -> String {
    format!(
        "有 {lines} 行（占金额 {percent}%）不在目录里：可能丢失了编码，试算后须有人核对并写明原因"
    )
}
