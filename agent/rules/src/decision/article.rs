//! Where a rule stands: an article, a section or a form's note.

use std::fmt;

/// An article as results cite it: `national:13`, `hunan:12(2)`, `notice:4(3)`, `annex10:1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Article {
    /// The national procedure 经办规程, article and paragraph (0: the article as a whole).
    National(u8, u8),
    /// Hunan 湘人社规〔2025〕24号, article and paragraph (0: the article as a whole).
    Hunan(u8, u8),
    /// The national notice 人社部发〔2025〕17号, section and subsection (0: the section as a whole).
    Notice(u8, u8),
    /// The filing form for care, Annex 1.
    Annex1,
    /// The filing form for devices, Annex 2.
    Annex2,
    /// The slip, Annex 10, with its note (0: the form as a whole).
    Annex10(u8),
    /// No article: the institution's own setting, named by its knob in the profile or by what it reads.
    Interpretation(&'static str),
}

impl fmt::Display for Article {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::National(article, 0) => write!(f, "national:{article}"),
            Self::National(article, paragraph) => write!(f, "national:{article}({paragraph})"),
            Self::Hunan(article, 0) => write!(f, "hunan:{article}"),
            Self::Hunan(article, paragraph) => write!(f, "hunan:{article}({paragraph})"),
            Self::Notice(section, 0) => write!(f, "notice:{section}"),
            Self::Notice(section, part) => write!(f, "notice:{section}({part})"),
            Self::Annex1 => f.write_str("annex1"),
            Self::Annex2 => f.write_str("annex2"),
            Self::Annex10(0) => f.write_str("annex10"),
            Self::Annex10(note) => write!(f, "annex10:{note}"),
            Self::Interpretation(what) => write!(f, "reading:{what}"),
        }
    }
}

impl Article {
    /// The article as a cashier reads it; `None` for an interpretation, which is never the law's word.
    pub fn in_chinese(self) -> Option<String> {
        match self {
            Self::National(article, paragraph) => Some(format!(
                "《工伤保险跨省异地就医直接结算经办规程》第{}条{}",
                numeral(article),
                paragraph_in_chinese(paragraph)
            )),
            Self::Hunan(article, paragraph) => Some(format!(
                "湘人社规〔2025〕24号第{}条{}",
                numeral(article),
                paragraph_in_chinese(paragraph)
            )),
            Self::Notice(section, 0) => {
                Some(format!("人社部发〔2025〕17号第{}部分", numeral(section)))
            }
            Self::Notice(section, part) => Some(format!(
                "人社部发〔2025〕17号{}（{}）",
                numeral(section),
                numeral(part)
            )),
            Self::Annex1 => Some("备案表（附件1）".into()),
            Self::Annex2 => Some("辅助器具备案表（附件2）".into()),
            Self::Annex10(0) => Some("结算单（附件10）".into()),
            Self::Annex10(note) => Some(format!("结算单（附件10）备注{note}")),
            Self::Interpretation(_) => None,
        }
    }
}

fn paragraph_in_chinese(paragraph: u8) -> String {
    if paragraph == 0 {
        String::new()
    } else {
        format!("第{}款", numeral(paragraph))
    }
}

/// 1 to 99 in Chinese numerals.
fn numeral(number: u8) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (
        DIGITS[usize::from(number / 10 % 10)],
        DIGITS[usize::from(number % 10)],
    );
    match number / 10 {
        0 => ones.into(),
        1 => format!("十{ones}"),
        2.. => format!("{tens}十{ones}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_cited_as_the_case_format_writes_them_and_as_a_cashier_reads_them() {
        for (article, cited, read) in [
            (
                Article::National(13, 0),
                "national:13",
                "《工伤保险跨省异地就医直接结算经办规程》第十三条",
            ),
            (
                Article::Hunan(12, 2),
                "hunan:12(2)",
                "湘人社规〔2025〕24号第十二条第二款",
            ),
            (
                Article::Notice(4, 3),
                "notice:4(3)",
                "人社部发〔2025〕17号四（三）",
            ),
            (Article::Annex10(1), "annex10:1", "结算单（附件10）备注1"),
            (
                Article::National(40, 0),
                "national:40",
                "《工伤保险跨省异地就医直接结算经办规程》第四十条",
            ),
        ] {
            assert_eq!(article.to_string(), cited);
            assert_eq!(article.in_chinese().as_deref(), Some(read));
        }
        assert_eq!(
            Article::Interpretation("inpatients_after_suspension").in_chinese(),
            None
        );
    }
}
