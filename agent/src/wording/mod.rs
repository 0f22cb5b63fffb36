//! What people read: the notice that every error becomes, and the regulation's nouns in Chinese.

mod access;
pub(crate) mod bill;
pub(crate) mod bill_folder;
pub(crate) mod card;
pub(crate) mod code;
pub(crate) mod command_line;
pub(crate) mod commands;
pub(crate) mod counter;
mod custody;
pub(crate) mod desk;
pub(crate) mod journal;
mod judgement;
pub mod notice;
mod province;
mod registry;
mod settings;
pub(crate) mod standing;
mod start;
pub(crate) mod system;
pub mod terms;
mod toml;
mod uploads;
