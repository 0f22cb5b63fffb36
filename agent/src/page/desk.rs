//! The desk as the page shows it: the reader's state in one sentence, and who was read.

use crate::counter::{Desk, Presented, ReaderState, wording};
use crate::notice::Notice;

/// The desk, ready to be laid out.
pub(super) struct DeskView {
    /// `ready`, `busy`, `read` or `trouble`: the panel's colour.
    pub(super) tone: &'static str,
    /// The reader's state.
    pub(super) say: String,
    /// What to do about it.
    pub(super) next: String,
    /// A trouble's code.
    pub(super) code: &'static str,
    /// Who was read.
    pub(super) person: Option<PersonView>,
}

/// Who was read.
pub(super) struct PersonView {
    pub(super) name: String,
    pub(super) masked_number: String,
    pub(super) credential: &'static str,
    pub(super) read_at: String,
    /// How long the reading took.
    pub(super) took: String,
    pub(super) drawn: bool,
    /// Names this reading: a form made for one reading is not taken for another.
    pub(super) stamp: String,
}

impl DeskView {
    pub(super) fn of(desk: &Desk) -> Self {
        let (tone, say, next, code) = match &desk.reader {
            ReaderState::Off => (
                "ready",
                "本窗口没有读卡器".to_owned(),
                "请扫电子社保卡二维码。".to_owned(),
                "",
            ),
            ReaderState::Starting => (
                "busy",
                "读卡器正在启动".to_owned(),
                "请稍候。".to_owned(),
                "",
            ),
            ReaderState::Empty => (
                "ready",
                "请插入社会保障卡".to_owned(),
                "芯片朝上、朝里插到底。".to_owned(),
                "",
            ),
            ReaderState::Reading => ("busy", "正在读卡".to_owned(), "请不要拔卡。".to_owned(), ""),
            ReaderState::Read => ("read", "已读卡".to_owned(), String::new(), ""),
            ReaderState::Trouble(Notice { code, say, next }) => {
                ("trouble", say.clone(), next.clone(), *code)
            }
        };
        Self {
            tone,
            say,
            next,
            code,
            person: desk.presented.as_ref().map(PersonView::of),
        }
    }
}

impl PersonView {
    pub(super) fn of(presented: &Presented) -> Self {
        Self {
            name: presented.name.as_str().to_owned(),
            masked_number: wording::masked_number(presented.social_security_number.as_str()),
            credential: wording::credential_kind(presented.kind),
            read_at: wording::moment(presented.at),
            took: format!("{} 毫秒", presented.took.as_millis()),
            drawn: presented.drawn,
            stamp: stamp(presented),
        }
    }

    /// Who this is, for comparing two readings by what the cashier sees of them.
    pub(super) fn who(&self) -> String {
        format!("{} {}", self.name, self.masked_number)
    }
}

/// Names one reading.
pub(super) fn stamp(presented: &Presented) -> String {
    presented.at.as_nanosecond().to_string()
}
