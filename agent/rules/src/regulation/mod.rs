//! The two regulations, chapter by chapter; with the regulation in hand, read the files in this order.
//!
//! | file | national procedure 经办规程 | Hunan 湘人社规〔2025〕24号 |
//! |---|---|---|
//! | [`notice`] | the notice's own body, points 1 to 7 | – |
//! | [`general`] | ch. 1 总则, 1 to 8 | ch. 1, 1 to 7 |
//! | [`filing`] | ch. 2 备案管理, 9 to 16 | ch. 2, 8 to 13 |
//! | [`care`] | ch. 3 就医管理, 17 and 18 | ch. 3, 14 to 16 |
//! | [`prepayment`] | ch. 4 预付金管理, 19 to 30 | ch. 4, 23 to 27 |
//! | [`settlement`] | ch. 5 就医费用结算, 31 to 38 | ch. 3, 17 to 22 |
//! | [`clearing`] | ch. 6 费用清算, 39 to 43 | ch. 4, 23 to 27 |
//! | [`information`] | ch. 7 信息管理, 44 to 46 | – |
//! | [`oversight`] | ch. 8 稽核监督, 47 to 51 | ch. 5, 28 to 33 |
//! | [`supplementary`] | ch. 9 附则, 52 to 55 | ch. 6, 34 to 36 |
//! | [`annexes`] | annexes 1, 2 and 10 | annexes 1 and 2 |
//!
//! Each rule is a [`Rule`](rule::Rule) with its article and quotation, and beneath it the function that asks it. Fujian's
//! notice sends its point 4 to the national procedure; its points 1, 2, 3 and 5 bind agencies, but for point 3's call for
//! accurate data in time, which is rule F13.

pub(crate) mod annexes;
pub(crate) mod care;
pub(crate) mod circumstances;
pub(crate) mod clearing;
pub(crate) mod filing;
pub(crate) mod finding;
pub(crate) mod general;
pub(crate) mod information;
pub(crate) mod notice;
pub(crate) mod oversight;
pub(crate) mod precedence;
pub(crate) mod prepayment;
pub(crate) mod rule;
pub(crate) mod settlement;
pub(crate) mod supplementary;
