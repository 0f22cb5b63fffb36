//! A hospital's own words: headings, categories and item codes, as the configuration translates them.

use std::collections::{BTreeMap, HashMap};

use rules::{ItemCode, LineColumn, MatrixColumn};

use super::column::Column;
use crate::item_code;
use crate::visible_text::is_unseen;

/// Categories that mean the same at every hospital. What varies (其他费, 取暖费, 救护车费) the configuration says.
const CATEGORIES: [(&str, LineColumn); 33] = [
    ("药品费", DRUG),
    ("西药费", DRUG),
    ("西药", DRUG),
    ("中成药费", DRUG),
    ("中成药", DRUG),
    ("中草药费", DRUG),
    ("中草药", DRUG),
    ("中药饮片", DRUG),
    ("诊疗费", TREATMENT),
    ("诊查费", TREATMENT),
    ("检查费", TREATMENT),
    ("化验费", TREATMENT),
    ("检验费", TREATMENT),
    ("放射费", TREATMENT),
    ("治疗费", TREATMENT),
    ("手术费", TREATMENT),
    ("麻醉费", TREATMENT),
    ("护理费", TREATMENT),
    ("输血费", TREATMENT),
    ("输氧费", TREATMENT),
    ("材料费", TREATMENT),
    ("卫生材料费", TREATMENT),
    ("卫材费", TREATMENT),
    ("耗材费", TREATMENT),
    ("床位费", SERVICE),
    ("住院费", SERVICE),
    ("康复费", REHABILITATION),
    ("康复治疗费", REHABILITATION),
    ("辅助器具费", DEVICE),
    ("辅助器具费用", DEVICE),
    ("伙食费", LineColumn::MealAllowance),
    ("膳食费", LineColumn::MealAllowance),
    ("伙食补助费", LineColumn::MealAllowance),
];

const DRUG: LineColumn = LineColumn::Matrix(MatrixColumn::Drug);
const TREATMENT: LineColumn = LineColumn::Matrix(MatrixColumn::Treatment);
const SERVICE: LineColumn = LineColumn::Matrix(MatrixColumn::InpatientService);
const REHABILITATION: LineColumn = LineColumn::Matrix(MatrixColumn::Rehabilitation);
const DEVICE: LineColumn = LineColumn::Matrix(MatrixColumn::AssistiveDevice);

/// The program's own categories: Annex 10's columns, and what never belongs on a bill.
const OWN: [LineColumn; 7] = [
    DRUG,
    TREATMENT,
    SERVICE,
    REHABILITATION,
    DEVICE,
    LineColumn::MealAllowance,
    LineColumn::TravelAndLodging,
];

/// A column's name on a bill.
pub fn category_name(column: LineColumn) -> &'static str {
    match column {
        LineColumn::Matrix(MatrixColumn::Drug) => "药品",
        LineColumn::Matrix(MatrixColumn::Treatment) => "诊疗项目",
        LineColumn::Matrix(MatrixColumn::InpatientService) => "住院服务标准",
        LineColumn::Matrix(MatrixColumn::Rehabilitation) => "康复服务项目",
        LineColumn::Matrix(MatrixColumn::AssistiveDevice) => "辅助器具",
        LineColumn::MealAllowance => "伙食补助",
        LineColumn::TravelAndLodging => "交通食宿",
    }
}

/// What the configuration says of this hospital's bills; empty where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    headings: HashMap<String, Column>,
    categories: HashMap<String, LineColumn>,
    codes: HashMap<String, ItemCode>,
    treats_injury: HashMap<String, bool>,
    restriction_met: HashMap<String, bool>,
}

/// Why a word of the configuration was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No column of a bill has this name.
    #[error("{0:?} is no column of a bill")]
    NoSuchColumn(String),
    /// No category has this name.
    #[error("{0:?} is no category of a bill")]
    NoSuchCategory(String),
    /// A line of the file of item codes.
    #[error("line {line} of the item codes: {fault:?}")]
    Codes {
        /// The line, as a text editor counts.
        line: usize,
        /// Why.
        fault: CodesFault,
    },
}

/// What is wrong with a line of the file of item codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodesFault {
    /// Not two columns: the hospital's code and the catalogue's.
    NotAPair,
    /// The catalogue's code is empty.
    NothingListed,
    /// The hospital's code stood before, for another code of the catalogue.
    TwoMeanings,
}

/// How a category was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    /// By the program's own name.
    Own(LineColumn),
    /// By a word of hospitals.
    Translated(LineColumn),
}

impl Mapping {
    /// From what the configuration holds: headings to column names, categories to category names, and the text of the file of
    /// item codes (`hospital code,catalogue code`, a pair a line).
    pub fn new<'a>(
        headings: impl IntoIterator<Item = (&'a String, &'a String)>,
        categories: impl IntoIterator<Item = (&'a String, &'a String)>,
        codes: &str,
    ) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for (heading, name) in headings {
            let column =
                Column::named(name).ok_or_else(|| MappingError::NoSuchColumn(name.clone()))?;
            mapping.headings.insert(plain(heading), column);
        }
        for (word, name) in categories {
            let column =
                own_category(name).ok_or_else(|| MappingError::NoSuchCategory(name.clone()))?;
            mapping.categories.insert(plain(word), column);
        }
        mapping.codes = item_codes(codes)?;
        Ok(mapping)
    }

    /// The same with marks that the configuration gives to lines of a category or a catalogue code.
    #[must_use]
    pub fn with_marks(
        self,
        treats_injury: &BTreeMap<String, bool>,
        restriction_met: &BTreeMap<String, bool>,
    ) -> Self {
        let compared = |marks: &BTreeMap<String, bool>| {
            let marks = marks.iter();
            marks.map(|(word, mark)| (plain(word), *mark)).collect()
        };
        Self {
            treats_injury: compared(treats_injury),
            restriction_met: compared(restriction_met),
            ..self
        }
    }

    /// 治疗工伤 of a line that has none: by its code, or by its category, the hospital's word or the program's.
    pub(super) fn treats_injury(&self, code: &str, word: &str, column: LineColumn) -> Option<bool> {
        marked(&self.treats_injury, code, word, column)
    }

    /// 限制条件 likewise.
    pub(super) fn restriction_met(
        &self,
        code: &str,
        word: &str,
        column: LineColumn,
    ) -> Option<bool> {
        marked(&self.restriction_met, code, word, column)
    }

    /// The columns that a heading may be given, for a sentence.
    pub fn column_names() -> String {
        Column::ALL.map(Column::name).join("、")
    }

    /// The categories that a hospital's may be given, for a sentence.
    pub fn category_names() -> String {
        OWN.map(category_name).join("、")
    }

    /// The column that a heading stands for, and whether the configuration says so.
    pub(super) fn column(&self, heading: &str) -> Option<(Column, bool)> {
        let heading = plain(heading);
        if let Some(column) = self.headings.get(&heading) {
            return Some((*column, true));
        }
        Column::known_as(without_unit(&heading)).map(|column| (column, false))
    }

    pub(super) fn category(&self, word: &str) -> Option<Category> {
        let word = plain(word);
        if let Some(column) = self.categories.get(&word) {
            return Some(Category::Translated(*column));
        }
        if let Some(column) = own_category(&word) {
            return Some(Category::Own(column));
        }
        CATEGORIES
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, column)| Category::Translated(*column))
    }

    /// The catalogue's code for a hospital's own.
    pub(super) fn code(&self, code: &str) -> Option<&ItemCode> {
        self.codes.get(code)
    }
}

fn marked(
    marks: &HashMap<String, bool>,
    code: &str,
    word: &str,
    column: LineColumn,
) -> Option<bool> {
    if marks.is_empty() {
        return None;
    }
    let own = [
        code.to_owned(),
        plain(word),
        category_name(column).to_owned(),
    ];
    own.iter().find_map(|key| marks.get(key)).copied()
}

fn own_category(name: &str) -> Option<LineColumn> {
    OWN.into_iter()
        .find(|column| category_name(*column) == name)
}

/// A word as it is compared: no blanks, no full-width forms, nothing unseen.
pub(super) fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| !c.is_whitespace() && !is_unseen(*c))
        .map(item_code::narrow)
        .collect()
}

/// 金额(元) is 金额.
fn without_unit(heading: &str) -> &str {
    ["(元)", "[元]", "(¥)", "/元", ":", "*"]
        .iter()
        .find_map(|unit| heading.strip_suffix(unit))
        .unwrap_or(heading)
}

fn item_codes(text: &str) -> Result<HashMap<String, ItemCode>, MappingError> {
    let mut codes = HashMap::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, row) in (1..).zip(text.lines()) {
        let row = row.trim();
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let wrong = |fault| MappingError::Codes { line, fault };
        let (own, listed) = row
            .split_once([',', '\t', ';'])
            .ok_or_else(|| wrong(CodesFault::NotAPair))?;
        let (own, listed) = (item_code::clean(own).0, item_code::clean(listed).0);
        if own.is_empty() || listed.contains([',', '\t', ';']) {
            return Err(wrong(CodesFault::NotAPair));
        }
        let listed = ItemCode::parse(&listed).map_err(|_empty| wrong(CodesFault::NothingListed))?;
        let before = codes.insert(own.into_owned(), listed.clone());
        if before.is_some_and(|before| before != listed) {
            return Err(wrong(CodesFault::TwoMeanings));
        }
    }
    Ok(codes)
}
