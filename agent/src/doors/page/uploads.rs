//! The list of what has not reached the province: where each message stands and how long is left.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::Frame;
use super::guard::Cookie;
use super::handle;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;
use crate::counter::uploads::{UploadProgress, UploadView};
use crate::wording::phrasing;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "uploads.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) uploads: Vec<UploadRow>,
    /// The refused one that F9 leads to; beyond the list where there is none.
    pub(super) first_refused: usize,
}

/// One message.
pub(super) struct UploadRow {
    pub(super) message_id: String,
    /// Its name in an address of this session.
    pub(super) handle: String,
    pub(super) visit: String,
    pub(super) what: &'static str,
    /// `good`, `care` or `bad`.
    pub(super) tone: &'static str,
    pub(super) state: String,
    pub(super) due_at: String,
    pub(super) left: String,
    pub(super) attempts: u32,
    /// What a person has to do; empty where nothing.
    pub(super) next: &'static str,
    /// A person has to say what became of it.
    pub(super) refused: bool,
}

impl UploadRow {
    pub(super) fn of(upload: &UploadView, cookie: &Cookie) -> Self {
        let late = upload.left.is_negative();
        let (tone, next) = match &upload.state {
            UploadProgress::Delivered { .. } => (if late { "care" } else { "good" }, ""),
            UploadProgress::Rejected { .. } => (
                "bad",
                "结算有效，不要重做。请按退回原因与经办机构核对，再登记处理结果；登记前本次就诊的后续上传暂停。",
            ),
            UploadProgress::Untold { .. } => (
                "bad",
                "结算有效，不要重做。系统会继续向平台查询；请与经办机构核对平台有没有收到，再登记处理结果。",
            ),
            UploadProgress::Unfinished { .. } => (
                "bad",
                "登记和结算有效，不要重做，后续上传照常。请与经办机构核对，再登记处理结果。",
            ),
            UploadProgress::Blocked => (
                "bad",
                "同一次就诊有一条须人工处理，这一条要等那一条处理后才能上传。",
            ),
            UploadProgress::Waiting { .. } | UploadProgress::Sending if late => (
                "bad",
                "不用重做结算：系统会继续上传，并记录逾期时长。请通知信息科检查网络。",
            ),
            UploadProgress::Waiting { .. }
            | UploadProgress::Sending
            | UploadProgress::SetAside { .. } => ("care", ""),
        };
        Self {
            message_id: upload.message_id.clone(),
            handle: handle::of(cookie, &upload.message_id),
            visit: upload.visit.clone(),
            what: upload.carries.say(),
            tone,
            state: upload.state.say(),
            due_at: terms::moment(upload.due_at),
            left: phrasing::left(&upload.state, upload.left),
            attempts: upload.attempts,
            next,
            refused: upload.state.needs_a_person(),
        }
    }
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
) -> Result<Response, PageError> {
    let uploads: Vec<UploadRow> = page
        .counter
        .uploads()
        .await?
        .iter()
        .map(|upload| UploadRow::of(upload, &cookie))
        .collect();
    let first_refused = uploads
        .iter()
        .position(|upload| upload.refused)
        .unwrap_or(uploads.len());
    let screen = Screen {
        frame: Frame::of(&page, &operator).await,
        uploads,
        first_refused,
    };
    Ok(html(StatusCode::OK, &screen))
}
