//! The page as a browser meets it: over HTTP, on a real counter with a simulated province behind it.

mod bill_codes;
mod bill_folder;
mod came;
mod check;
mod codes;
mod confirmation;
mod door;
mod hung_up;
mod keys;
mod looked_at;
mod marks;
mod people;
mod presence;
mod province_no;
mod refused;
mod remarks;
mod screens;
mod slips;
mod texts;
mod whose_bill;

pub(crate) mod window;
