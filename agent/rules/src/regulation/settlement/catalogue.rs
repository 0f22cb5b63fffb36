//! National 32, Hunan 17¶1 and ¶2: whose catalogue, and what it lists on a line's date.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::case::bill::MatrixColumn;
use crate::case::catalogue::CatalogueEntry;
use crate::decision::{Article, RuleId};
use crate::regulation::rule::{Rule, SetBy};

/// E01: whose catalogue. The counter chooses; the case holds the entries that apply.
pub(crate) const E01: Rule = Rule {
    id: RuleId::E01,
    asks: "跨省住院用就医地目录，跨省配置用参保地目录和限额，省内用全省统一目录；按服务日期的版本",
    quotes: &[
        (
            Article::National(32, 0),
            "执行就医地工伤保险诊疗项目目录、工伤保险药品目录、工伤保险住院服务标准、工伤康复服务项目",
        ),
        (
            Article::National(32, 0),
            "辅助器具配置执行参保地辅助器具配置目录有关规定",
        ),
        (Article::Hunan(17, 1), "执行全省统一的工伤保险诊疗项目目录"),
    ],
    set_by: SetBy::Nation,
};

/// E02: what the catalogue lists, the fund pays: no deductible, no share by class.
pub(crate) const E02: Rule = Rule {
    id: RuleId::E02,
    asks: "目录内费用由基金全额支付，无起付线、不分甲乙类",
    quotes: &[
        (
            Article::National(32, 0),
            "直接结算的住院工伤医疗费和住院工伤康复费，执行就医地工伤保险诊疗项目目录",
        ),
        (Article::Notice(4, 3), "工伤保险基金按项目付费"),
        (Article::Hunan(17, 1), "执行全省统一的工伤保险诊疗项目目录"),
    ],
    set_by: SetBy::Nation,
};

/// E04: what is outside the catalogue, or over its standard, the worker pays.
pub(crate) const E04: Rule = Rule {
    id: RuleId::E04,
    asks: "目录外、限定支付不符、超过标准的部分自费",
    quotes: &[
        (
            Article::Notice(4, 3),
            "就医中发生的超标准、超目录范围和不符合诊疗常规的费用",
        ),
        (
            Article::National(37, 0),
            "就医中发生的超标准超目录范围和不符合诊疗常规的费用",
        ),
    ],
    set_by: SetBy::Nation,
};

/// The case's entries by column and code.
#[derive(Debug)]
pub(crate) struct Catalogue<'a> {
    entries: &'a [CatalogueEntry],
    /// The last entry of each column and code.
    last: HashMap<(MatrixColumn, &'a str), usize>,
    /// For each entry the one before it of the same column and code.
    before: Vec<Option<usize>>,
}

impl<'a> Catalogue<'a> {
    pub(crate) fn new(entries: &'a [CatalogueEntry]) -> Self {
        let mut last = HashMap::with_capacity(entries.len());
        let before = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| last.insert((entry.column, entry.code.as_str()), index))
            .collect();
        Self {
            entries,
            last,
            before,
        }
    }

    /// The entry in force on a day; of several, the one with the latest `from`.
    pub(crate) fn listed(
        &self,
        column: MatrixColumn,
        code: &str,
        on: Date,
    ) -> Option<&'a CatalogueEntry> {
        let mut next = self.last.get(&(column, code)).copied();
        let mut found: Option<&CatalogueEntry> = None;
        while let Some(index) = next {
            let entry = &self.entries[index];
            if entry.in_force_on(on) && found.is_none_or(|found| found.from < entry.from) {
                found = Some(entry);
            }
            next = self.before[index];
        }
        found
    }
}
