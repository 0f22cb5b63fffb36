//! The two regulations, chapter by chapter; with the regulation in hand, read the files in this order.
//!
//! | file | national procedure 经办规程 | Hunan 湘人社规〔2025〕24号 |
//! |---|---|---|
//! | [`notice`] | the notice's own body, points 1 to 7 | – |
//! | [`general`] | ch. 1 总则, 1 to 8 | ch. 1, 1 to 7 |
//! | [`filing`] | ch. 2 备案管理, 9 to 16 | ch. 2, 8 to 13 |
//! | [`care`] | ch. 3 就医管理, 17 and 18 | ch. 3, 14 to 16 |
//! | – | ch. 4 预付金管理, 19 to 30 | ch. 4, 23 to 27 |
//! | [`settlement`] | ch. 5 就医费用结算, 31 to 38 | ch. 3, 17 to 22 |
//! | – | ch. 6 费用清算, 39 to 43 | ch. 4, 23 to 27 |
//! | – | ch. 7 信息管理, 44 to 46 | – |
//! | [`oversight`] | ch. 8 稽核监督, 47 to 51 | ch. 5, 28 to 33 |
//! | [`supplementary`] | ch. 9 附则, 52 to 55 | ch. 6, 34 to 36 |
//! | [`annexes`] | annexes 1, 2 and 10 | annexes 1 and 2 |
//!
//! Chapters without a file have nothing for a counter. Chapter 4, National 19 to 30, Hunan 23 and 24: agencies and finance
//! departments pay, adjust and account for advances. Chapter 6, National 39 to 43, Hunan 23 to 27: what provinces and
//! prefectures owe each other, twice a year and at year's end; why bills stay correctable until an agency has agreed them is
//! in [`settlement::upload`]. Chapter 7, National 44: the ministry builds the system; 45: the card settles, and rule B01
//! stands in [`care`], with national 18; 46: institutions upload in time and correctly, and rule F13 stands in [`oversight`].
//!
//! Each rule is a [`Rule`](rule::Rule) with its article and quotation, and beneath it the function that asks it. Fujian's
//! notice sends its point 4 to the national procedure; its points 1, 2, 3 and 5 bind agencies, but for point 3's call for
//! accurate data in time, which is rule F13.

pub(crate) mod annexes;
pub(crate) mod care;
pub(crate) mod chosen_filing;
pub(crate) mod circumstances;
pub(crate) mod filing;
pub(crate) mod finding;
pub(crate) mod general;
pub(crate) mod notice;
pub(crate) mod oversight;
pub(crate) mod precedence;
pub(crate) mod register;
pub(crate) mod rule;
pub(crate) mod settlement;
pub(crate) mod supplementary;
