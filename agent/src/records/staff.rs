//! The people of a counter: staff number, roles, and whether they may sign in.

use std::collections::BTreeSet;
use std::fmt;

/// 工号: what the hospital knows a person by, and what the province's `opter` gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffNumber(String);

/// The longest staff number, in characters.
pub const LONGEST_STAFF_NUMBER: usize = 20;

/// Not 1 to 20 letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a staff number")]
pub struct NotAStaffNumber;

impl StaffNumber {
    /// Reads a number as somebody types it; small letters count as capitals.
    ///
    /// # Errors
    /// [`NotAStaffNumber`].
    pub fn parse(text: &str) -> Result<Self, NotAStaffNumber> {
        let text = text.trim();
        let fits = (1..=LONGEST_STAFF_NUMBER).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(NotAStaffNumber)
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StaffNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 收款: admits, quotes, settles, sees to uploads.
    Cashier,
    /// 复核: is the second person where two are needed.
    Reviewer,
    /// 管理: keeps the list of people.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Cashier, Self::Reviewer, Self::Administrator];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    /// The role of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == text)
    }
}

/// The roles of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// These.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self(roles.into_iter().collect())
    }

    /// Reads what [`fmt::Display`] writes: names with commas between them; none where one is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        let names = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        names.map(Role::parse).collect::<Option<_>>().map(Self)
    }

    /// Whether this is one of them.
    pub fn have(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Role::name).collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_number_is_letters_and_digits_and_knows_no_small_ones() {
        assert_eq!(StaffNumber::parse(" a0017 ").unwrap().as_str(), "A0017");
        assert!(StaffNumber::parse(&"1".repeat(20)).is_ok());
        for text in [
            "",
            " ",
            "00 17",
            "张三",
            "0017-1",
            &"1".repeat(21),
            "００１７",
        ] {
            assert_eq!(StaffNumber::parse(text), Err(NotAStaffNumber), "{text:?}");
        }
    }

    #[test]
    fn roles_come_back_as_they_were_written() {
        let roles = Roles::of([Role::Administrator, Role::Cashier]);
        assert_eq!(roles.to_string(), "cashier,administrator");
        assert_eq!(Roles::parse("administrator, cashier"), Some(roles));
        assert_eq!(Roles::parse(""), Some(Roles::default()));
        assert_eq!(Roles::parse("cashier,king"), None);
    }
}
