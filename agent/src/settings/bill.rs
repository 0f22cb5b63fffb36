//! How this hospital's bills are written, and when a person has to look at one: keys, defaults and checks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::error::{SettingsError, invalid};
use crate::bill::{Mapping, MappingError, whole_text};

/// How bills are read and looked at.
#[derive(Debug, Clone)]
pub struct Bills {
    /// The hospital's own words.
    pub mapping: Arc<Mapping>,
    /// A bill of which more than so many percent is in no catalogue waits until a person has looked at it.
    pub unlisted_share_percent: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BillTable {
    unlisted_share_percent: u8,
    columns: BTreeMap<String, String>,
    categories: BTreeMap<String, String>,
    /// Empty: there is none.
    item_codes_file: PathBuf,
}

impl Default for BillTable {
    fn default() -> Self {
        Self {
            unlisted_share_percent: 30,
            columns: BTreeMap::new(),
            categories: BTreeMap::new(),
            item_codes_file: PathBuf::new(),
        }
    }
}

impl BillTable {
    pub(super) fn check(self) -> Result<Bills, SettingsError> {
        if self.unlisted_share_percent > 100 {
            return Err(invalid(
                "bill.unlisted_share_percent",
                "须是 0 到 100 的整数",
            ));
        }
        let codes = item_codes(&self.item_codes_file)?;
        let mapping = Mapping::new(&self.columns, &self.categories, &codes);
        Ok(Bills {
            mapping: Arc::new(mapping.map_err(|error| wrong(&error))?),
            unlisted_share_percent: self.unlisted_share_percent,
        })
    }
}

fn item_codes(path: &Path) -> Result<String, SettingsError> {
    if path.as_os_str().is_empty() {
        return Ok(String::new());
    }
    let unreadable = |why: &str| {
        let path = path.display();
        invalid(
            "bill.item_codes_file",
            format!("文件 {path} 读不出来：{why}"),
        )
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error.to_string()))?;
    whole_text(&bytes).map_err(|_no_text| unreadable("不是 UTF-8、GBK 或 UTF-16 的文本，或是空的"))
}

fn wrong(error: &MappingError) -> SettingsError {
    match error {
        MappingError::NoSuchColumn(name) => invalid(
            "bill.columns",
            format!("没有名为“{name}”的列；可用：{}", Mapping::column_names()),
        ),
        MappingError::NoSuchCategory(name) => invalid(
            "bill.categories",
            format!(
                "没有名为“{name}”的类别；可用：{}",
                Mapping::category_names()
            ),
        ),
        MappingError::Codes { line, why } => {
            invalid("bill.item_codes_file", format!("第 {line} 行：{why}"))
        }
    }
}
