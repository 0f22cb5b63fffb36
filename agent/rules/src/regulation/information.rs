//! Chapter 7, information 信息管理.
//!
//! National 44: the ministry builds the system. 45: the card settles; rule B01 stands in [`care`](super::care), with
//! national 18. 46: institutions upload in time and correctly; rule F13 stands in [`oversight`](super::oversight).
