//! Words of others as people may see them: what would move a terminal's cursor, turn a line round or hide in it is
//! shown as `[U+202E]`.
//!
//! Every door shows texts through here: the page's templates ([`Html`]), notices and what a province said ([`in_one_line`]),
//! the command line ([`in_lines`]) and the log ([`Log`]). Nothing is stripped, so that two texts which differ are seen to
//! differ. Names that are compared, kept or sent go on as they came.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io;

use askama::filters::Escaper;
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;
use unicode_general_category::{GeneralCategory, get_general_category};

/// The text as one line: line ends in it are shown like every other character that nobody sees.
pub(crate) fn in_one_line(text: &str) -> Cow<'_, str> {
    shown(text, is_unseen)
}

/// The text, whose own lines stay: for what this program composed of several.
pub(crate) fn in_lines(text: &str) -> Cow<'_, str> {
    shown(text, |character| character != '\n' && is_unseen(character))
}

/// Whether nobody sees the character: controls (escape sequences begin with one), line and paragraph ends, format
/// characters (marks of direction, zero widths), and what fonts are told to ignore.
pub(crate) fn is_unseen(character: char) -> bool {
    // Texts are mostly ASCII and Chinese: those first.
    match character {
        ' '..='~' | '\u{4e00}'..='\u{9fff}' => return false,
        _ => {}
    }
    let of_a_kind = matches!(
        get_general_category(character),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    );
    of_a_kind || is_ignored_by_fonts(character)
}

/// What Unicode's `Other_Default_Ignorable_Code_Point` and its variation selectors add to the format characters.
fn is_ignored_by_fonts(character: char) -> bool {
    matches!(
        character,
        '\u{034f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2065}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn shown(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hidden) else {
        return Cow::Borrowed(text);
    };
    let (seen, rest) = text.split_at(first);
    let mut shown = seen.to_owned();
    for character in rest.chars() {
        if hidden(character) {
            // Cannot fail: a String takes everything.
            write!(shown, "[U+{:04X}]", u32::from(character)).unwrap_or_default();
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// How the page's templates write a value (`askama.toml` names it): visible, then escaped as HTML. A line end is a blank
/// there and stays, and so does a tab.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, to: W, text: &str) -> fmt::Result {
        let is_blank = |character| matches!(character, '\n' | '\r' | '\t');
        let text = shown(text, |c| !is_blank(c) && is_unseen(c));
        askama::filters::Html.write_escaped_str(to, &text)
    }
}

/// The log's way to its end: one event, one line.
#[derive(Debug)]
pub(crate) struct Log<M>(pub(crate) M);

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Log<M> {
    type Writer = LogLine<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        LogLine(self.0.make_writer())
    }

    fn make_writer_for(&'w self, event: &Metadata<'_>) -> Self::Writer {
        LogLine(self.0.make_writer_for(event))
    }
}

/// Takes one whole event at a time, as `tracing-subscriber` writes them.
#[derive(Debug)]
pub(crate) struct LogLine<W>(W);

impl<W: io::Write> io::Write for LogLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        match text.strip_suffix('\n') {
            Some(line) => {
                let line = in_one_line(line).into_owned() + "\n";
                self.0.write_all(line.as_bytes())?;
            }
            None => self.0.write_all(in_one_line(&text).as_bytes())?,
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// What came, and what a person sees of it.
    const TABLE: [(&str, &str); 16] = [
        ("测试一 Ärzte «№5» ¥1.00", "测试一 Ärzte «№5» ¥1.00"),
        ("𠮷㛃䶮\u{e000}", "𠮷㛃䶮\u{e000}"),
        ("\u{1b}[31m红\u{1b}[0m", "[U+001B][31m红[U+001B][0m"),
        ("\u{9b}2J", "[U+009B]2J"),
        ("a\u{8}b\u{7}\0", "a[U+0008]b[U+0007][U+0000]"),
        ("一\r二", "一[U+000D]二"),
        (
            "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}",
            "[U+202A][U+202B][U+202C][U+202D][U+202E]",
        ),
        (
            "\u{2066}\u{2067}\u{2068}\u{2069}",
            "[U+2066][U+2067][U+2068][U+2069]",
        ),
        ("\u{200e}\u{200f}\u{61c}", "[U+200E][U+200F][U+061C]"),
        (
            "张\u{200b}三\u{200c}\u{200d}\u{2060}\u{feff}",
            "张[U+200B]三[U+200C][U+200D][U+2060][U+FEFF]",
        ),
        (
            "\u{ad}\u{34f}\u{115f}\u{3164}",
            "[U+00AD][U+034F][U+115F][U+3164]",
        ),
        ("\u{180e}\u{17b5}\u{ffa0}", "[U+180E][U+17B5][U+FFA0]"),
        ("葛\u{e0100}\u{fe0f}", "葛[U+E0100][U+FE0F]"),
        ("\u{e0041}\u{e0fff}", "[U+E0041][U+E0FFF]"),
        ("\u{2028}\u{2029}", "[U+2028][U+2029]"),
        ("一\u{3000}二\u{a0}三", "一\u{3000}二\u{a0}三"),
    ];

    #[test]
    fn what_nobody_sees_is_shown_and_everything_else_stays() {
        for (came, seen) in TABLE {
            assert_eq!(in_one_line(came), seen, "{came:?}");
            assert_eq!(in_lines(came), seen, "{came:?}");
            assert_eq!(in_one_line(seen), seen, "shown twice: {came:?}");
        }
    }

    #[test]
    fn a_line_end_is_shown_where_there_is_one_line() {
        assert_eq!(in_one_line("一\n二\t"), "一[U+000A]二[U+0009]");
        assert_eq!(in_lines("一\n二\t"), "一\n二[U+0009]");
    }

    #[test]
    fn the_page_shows_it_and_escapes_markup() {
        let mut page = String::new();
        let text = "<b>\u{202e}\u{1b}[2J\n张\u{200b}三";
        Html.write_escaped_str(&mut page, text).unwrap();
        assert_eq!(page, "&#60;b&#62;[U+202E][U+001B][2J\n张[U+200B]三");
    }

    #[test]
    fn an_event_of_the_log_is_one_line_whatever_it_repeats() {
        let mut log = LogLine(Vec::new());
        log.write_all("WARN refused reason=\"\u{202e}x\nINFO forged\"\n".as_bytes())
            .unwrap();
        assert_eq!(
            String::from_utf8(log.0).unwrap(),
            "WARN refused reason=\"[U+202E]x[U+000A]INFO forged\"\n"
        );
    }
}
