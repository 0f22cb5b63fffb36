//! What the cashier typed, read strictly; each fault names the field as the page labels it.

use jiff::Timestamp;
use rules::china_time::{CHINA, parse_instant};

use crate::notice::Notice;

/// The longest text a field takes, in characters; the inputs say the same.
const LONGEST: usize = 100;

/// A text that has to be there.
pub(super) fn required(label: &str, text: &str) -> Result<String, Notice> {
    let text = optional(label, text)?;
    if text.is_empty() {
        return Err(Notice::new(
            "field_missing",
            format!("“{label}”没有填写。"),
            format!("请填写“{label}”后再提交，其他内容都还在。"),
        ));
    }
    Ok(text)
}

/// A text that may be empty.
pub(super) fn optional(label: &str, text: &str) -> Result<String, Notice> {
    let text = text.trim();
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(Notice::new(
            "field_too_long",
            format!("“{label}”太长，或含有不能显示的字符。"),
            format!("请把“{label}”改到 {LONGEST} 个字以内，其他内容都还在。"),
        ));
    }
    Ok(text.to_owned())
}

/// A time as the page writes it, `2026-03-01 10:30`, in China's civil time.
pub(super) fn minute(label: &str, text: &str) -> Result<Timestamp, Notice> {
    let plain = text.trim().replace('：', ":").replace('T', " ");
    let fault = || {
        Notice::new(
            "time_unreadable",
            format!("“{label}”不是时间。"),
            format!("请按 2026-03-01 10:30 的样子填写“{label}”。"),
        )
    };
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

    #[test]
    fn a_text_is_trimmed_and_has_an_end() {
        assert_eq!(required("科别", " 骨科 ").unwrap(), "骨科");
        assert_eq!(required("科别", " 　 ").unwrap_err().code, "field_missing");
        assert_eq!(
            optional("科别", &"骨".repeat(101)).unwrap_err().code,
            "field_too_long"
        );
        assert_eq!(
            optional("科别", "骨\u{7}科").unwrap_err().code,
            "field_too_long"
        );
    }
}
