//! Chapter 4, advance funds 预付金管理: between provinces, nothing for a counter.
//!
//! National 19 to 30, Hunan 23 and 24: agencies and finance departments pay, adjust and account for advances.
