//! Versions of the rules: evidence is read and judged again as its own day had them.

use crate::named::named_enum;

named_enum! {
    /// A version of the rules and of the case they are asked with; kept with every settlement.
    ///
    /// One more whenever the rules could answer the same case differently, be it in a word, or a case says what it could not say
    /// before: evidence is judged again to the same bytes.
    pub enum RuleSet {
        /// Whatever a card said of itself was believed: no case said who had confirmed it, and rule B06 was not asked.
        First = "1",
        /// A case says what was at fault with a card or code, and by what it was confirmed (rules B03 and B06).
        Second = "2",
        /// Interpretations are called that, and no longer a setting of the institution. Nothing else differs from the second.
        Third = "3",
    }
}

impl RuleSet {
    /// What the counter decides by today.
    pub const CURRENT: Self = Self::Third;

    /// What the cashier reads where the regulations are silent or unclear and an interpretation decides: never the law's word.
    pub const fn interpretation(self) -> &'static str {
        match self {
            Self::First | Self::Second => "按本机构设置",
            Self::Third => "规程未明确，按默认口径",
        }
    }
}
