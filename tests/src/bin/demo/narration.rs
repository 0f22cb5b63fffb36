//! What the demo tells, with the time since it began.

use std::io::Write as _;
use std::time::Duration;

use tokio::time::Instant;

/// Tells line by line.
#[derive(Debug)]
pub(crate) struct Narration {
    began: Instant,
}

impl Narration {
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    /// One line, with the time since the beginning.
    pub(crate) fn say(&self, line: &str) {
        let since = self.began.elapsed().as_secs_f64();
        self.plain(&format!("[{since:7.3} s] {line}"));
    }

    /// One line that belongs to the one before.
    pub(crate) fn more(&self, line: &str) {
        self.plain(&format!("            {line}"));
    }

    /// A line as it is.
    #[expect(
        clippy::unused_self,
        reason = "everything told goes through the narration"
    )]
    pub(crate) fn plain(&self, line: &str) {
        // A reader that has gone away is not a failure of the demo.
        drop(writeln!(std::io::stdout(), "{line}"));
    }
}

/// Says why the demo failed.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "demo: {line}"));
}

/// A duration for people.
pub(crate) fn took(time: Duration) -> String {
    let milliseconds = time.as_millis();
    if milliseconds < 10_000 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// `text`, filled with spaces on the right up to `width` columns of a terminal, where Chinese takes two each.
pub(crate) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The same, filled on the left.
pub(crate) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

fn columns(text: &str) -> usize {
    text.chars()
        .map(|character| if u32::from(character) >= 0x1100 { 2 } else { 1 })
        .sum()
}
