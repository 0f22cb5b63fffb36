//! The desk as the page shows it: the readers' state in one sentence, and who was read.

use std::borrow::Cow;

use jiff::Timestamp;
use rules::CredentialKind;

use crate::desk::{Desk, Presented, ReaderState};
use crate::redacted::masked_number;
use crate::wording::desk::{card_remark, declined, device_trouble, reader_trouble};
use crate::wording::notice::Notice;
use crate::wording::phrasing;
use crate::wording::terms;

/// The desk, ready to be laid out.
pub(super) struct DeskView {
    /// `ready`, `busy`, `read` or `trouble`: the panel's colour.
    pub(super) tone: &'static str,
    /// The card reader's state, or what became of what was presented last.
    pub(super) say: String,
    /// What to do about it.
    pub(super) next: String,
    /// A trouble's code.
    pub(super) code: Cow<'static, str>,
    /// Scanners and identity card readers in trouble.
    pub(super) others: Vec<Notice>,
    /// Who was read.
    pub(super) person: Option<PersonView>,
    /// The screen that this desk stands on: a typed code leads back to it.
    pub(super) here: String,
}

/// Who was read.
pub(super) struct PersonView {
    pub(super) name: String,
    pub(super) masked_number: String,
    pub(super) credential: &'static str,
    pub(super) read_at: String,
    /// How long ago that was.
    pub(super) age: String,
    /// Too long ago: the card must be presented again.
    pub(super) stale: bool,
    /// How long it took, where that tells something.
    pub(super) took: Option<String>,
    pub(super) drawn: bool,
    pub(super) remarks: Vec<String>,
    /// Names this reading: a form made for one reading is not taken for another.
    pub(super) stamp: String,
}

impl DeskView {
    pub(super) fn of(desk: &Desk, here: impl Into<String>, now: Timestamp) -> Self {
        let (
            tone,
            Notice {
                code, say, next, ..
            },
        ) = state(desk);
        Self {
            tone,
            say,
            next,
            code,
            others: desk.troubles.values().map(device_trouble).collect(),
            person: desk
                .presented
                .as_ref()
                .map(|presented| PersonView::of(presented, now)),
            here: here.into(),
        }
    }
}

/// What was presented last comes before the state of the reader that it may not have come from.
fn state(desk: &Desk) -> (&'static str, Notice) {
    if desk.verifying {
        let say = "正在由省平台核验电子社保卡";
        return ("busy", Notice::new("", say, "请稍候。"));
    }
    if let Some(why) = &desk.declined {
        return ("trouble", declined(why));
    }
    let (tone, say, next) = match &desk.reader {
        ReaderState::Off => ("ready", "本窗口没有读卡器", "请扫电子社保卡二维码。"),
        ReaderState::Starting => ("busy", "读卡器正在启动", "请稍候。"),
        ReaderState::Empty => (
            "ready",
            "请插入社会保障卡",
            "芯片朝上、朝里插到底；或扫电子社保卡二维码。",
        ),
        ReaderState::Reading => ("busy", "正在读卡", "请不要拔卡。"),
        ReaderState::Read if desk.presented.is_none() => (
            "ready",
            "请取出上一位的卡",
            "把卡还给工伤职工，再插入下一位的卡；或扫电子社保卡二维码。",
        ),
        ReaderState::Read => ("read", "已读卡", ""),
        ReaderState::Trouble(trouble) => return ("trouble", reader_trouble(trouble)),
    };
    (tone, Notice::new("", say, next))
}

impl PersonView {
    pub(super) fn of(presented: &Presented, now: Timestamp) -> Self {
        Self {
            name: presented.name.as_str().to_owned(),
            masked_number: masked_number(presented.social_security_number.as_str()),
            credential: terms::credential_kind(presented.kind),
            read_at: terms::moment(presented.at),
            age: phrasing::age(now.duration_since(presented.at)),
            stale: presented.is_stale(now),
            took: (presented.kind != CredentialKind::IdentityCard)
                .then(|| format!("{} 毫秒", presented.took.as_millis())),
            drawn: presented.drawn,
            remarks: presented.remarks.iter().filter_map(card_remark).collect(),
            stamp: presented.stamp().to_string(),
        }
    }

    /// Who this is, for comparing two readings by what the cashier sees of them.
    pub(super) fn who(&self) -> String {
        format!("{} {}", self.name, self.masked_number)
    }
}
