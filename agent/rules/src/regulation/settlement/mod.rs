//! Chapter 5, settlement 就医费用结算; Hunan chapter 3 from 17: who it is, what the fund pays, and what must follow.
//!
//! National 31, 35¶1: what agency and institution settle between them. National 36: one settlement across the new year
//! (rule F06). 37: deductions (F11). Hunan 17 to 22 stand with the national article they follow.
//!
//! | file | articles | rules |
//! |---|---|---|
//! | [`catalogue`] | 32; Hunan 17¶1, ¶2 | E01 E02 E04 |
//! | [`identity`] | 33¶1, 34; Hunan 18, 19, 13¶2 | A00 B02 B05 C10 F01 F02 |
//! | [`devices`] | 34; Hunan 19 | E06 E07 E08 F03 |
//! | [`bill`] | notice 3(2); Hunan 17¶3 | E11 E12 F15 |
//! | [`split`], [`reversal`] | the money, line by line; 33¶1, 34 | B07 |
//! | [`refund`] | Hunan 12¶3 | R01 |
//! | [`once`] | 38; Hunan 22 | B03 F08 |
//! | [`upload`] | 33, 34, 35, 36, 37; Hunan 18, 20, 21 | F04 F05 F06 F09 F10 F11 |

pub(crate) mod bill;
pub(crate) mod catalogue;
pub(crate) mod devices;
pub(crate) mod identity;
pub(crate) mod once;
pub(crate) mod refund;
pub(crate) mod reversal;
pub(crate) mod split;
pub(crate) mod upload;
