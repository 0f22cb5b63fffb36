//! Codes from a scanner or typed by a keyboard-wedge scanner: what kind they are, how old, and never what they say.

mod classify;
mod line;
mod pattern;
mod scanner;

pub use classify::{CardCode, Classified, Rejected, ScannedCode, TooOld, classify};
pub use line::{Arrival, Ending, LineAssembler, LineEnd, Scanned};
pub use pattern::{Alphabet, CodeKind, Form, Pattern, Patterns};
pub use scanner::{Scanner, ScannerEvent, ScannerEvents, ScannerSettings};
