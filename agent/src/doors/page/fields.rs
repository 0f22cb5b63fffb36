//! Times as the cashier types them, read strictly; each fault names the field as the page labels it.

use jiff::Timestamp;
use rules::china_time::{CHINA, parse_instant};

use crate::wording::notice::Notice;
use crate::wording::page as words;

/// A time as the page writes it, `2026-03-01 10:30`, in China's civil time.
pub(super) fn minute(label: &str, text: &str) -> Result<Timestamp, Notice> {
    let plain = text.trim().replace('：', ":").replace('T', " ");
    let fault = || words::time_unreadable(label);
    let (day, time) = plain.split_once(' ').ok_or_else(fault)?;
    let instant = format!("{day}T{}:00+08:00", time.trim());
    parse_instant(&instant).or(Err(fault()))
}

/// The same way back.
pub(super) fn write_minute(at: Timestamp) -> String {
    CHINA.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_chinas_and_comes_back_as_it_was() {
        let at = minute("出院时间", " 2026-03-01 02:05 ").unwrap();
        assert_eq!(at, "2026-02-28T18:05:00Z".parse::<Timestamp>().unwrap());
        assert_eq!(write_minute(at), "2026-03-01 02:05");
        assert_eq!(minute("出院时间", "2026-03-01T02：05").unwrap(), at);
    }

    #[test]
    fn what_is_no_minute_is_refused_by_its_label() {
        for text in [
            "",
            "2026-03-01",
            "03/01/2026 10:30",
            "2026-02-30 10:30",
            "2026-03-01 24:00",
        ] {
            let notice = minute("出院时间", text).unwrap_err();
            assert_eq!(notice.code, "time_unreadable", "{text}");
            assert!(notice.say.contains("出院时间"));
        }
    }
}
