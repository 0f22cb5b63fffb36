//! What a gate or a bill is judged on, and what is said to it: by the rules, and by the counter beside them.

pub(crate) mod codes;
pub(crate) mod columns;
pub(crate) mod judge;
pub(crate) mod kept;
pub(crate) mod matches;
pub(crate) mod objection;
pub(crate) mod question;
pub(crate) mod refusal;
pub(crate) mod remarks;
pub(crate) mod second_look;
pub(crate) mod stays;
pub(crate) mod unlisted;
