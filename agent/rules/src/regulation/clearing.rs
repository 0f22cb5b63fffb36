//! Chapter 6, clearing 费用清算: between provinces, nothing for a counter.
//!
//! National 39 to 43, Hunan 23 to 27: what provinces and prefectures owe each other, twice a year and at year's end. Why
//! bills stay correctable until an agency has agreed them is in [`settlement::upload`](super::settlement::upload).
