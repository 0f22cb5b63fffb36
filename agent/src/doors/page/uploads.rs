//! The list of what has not reached the province: where each message stands and how long is left.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};

use super::frame::Frame;
use super::guard::Cookie;
use super::handle;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;
use crate::counter::uploads::{LATE_KEPT_DAYS, Reports, UploadMatter, UploadProgress, UploadView};
use crate::wording::page as words;
use crate::wording::phrasing;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "uploads.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    /// What has come of a press, where there was one.
    pub(super) said: Option<String>,
    pub(super) matters: Vec<MatterRow>,
    /// The refused one that F9 leads to; beyond the list where there is none.
    pub(super) first_refused: usize,
    /// What reached the province too late, of the last month.
    pub(super) late: Vec<MatterRow>,
    /// Of so many days.
    pub(super) late_days: i64,
}

/// An admission, a settlement or an admission taken back, on its way.
pub(super) struct MatterRow {
    pub(super) name: String,
    pub(super) inpatient_number: String,
    pub(super) visit: String,
    /// The settlement's own screen; empty where it reports none.
    pub(super) settlement: String,
    pub(super) what: &'static str,
    /// 总费用, yuan; empty where it reports no settlement.
    pub(super) total: String,
    /// The message that says where it stands.
    pub(super) foremost: UploadRow,
    pub(super) uploads: Vec<UploadRow>,
}

impl MatterRow {
    pub(super) fn of(matter: &UploadMatter, cookie: &Cookie) -> Option<Self> {
        let (settlement, total) = match &matter.reports {
            Reports::Settlement { number, total } => (number.clone(), total.clone()),
            Reports::Registration | Reports::Cancellation | Reports::Unknown => Default::default(),
        };
        Some(Self {
            name: matter.visit.name.clone(),
            inpatient_number: matter.visit.inpatient_number.clone(),
            visit: matter.visit.number.clone(),
            settlement,
            what: matter.reports.say(),
            total,
            foremost: UploadRow::of(matter.foremost()?, cookie),
            uploads: matter
                .uploads
                .iter()
                .map(|upload| UploadRow::of(upload, cookie))
                .collect(),
        })
    }
}

/// One message.
pub(super) struct UploadRow {
    pub(super) message_id: String,
    /// Its name in an address of this session.
    pub(super) handle: String,
    pub(super) visit: String,
    pub(super) what: &'static str,
    /// `good`, `calm`, `care` or `bad`.
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
            UploadProgress::Waiting { .. } | UploadProgress::Sending if upload.nearly_late() => (
                "care",
                "快到期了：请看省平台是否连得上；连得上的可按“立即重传”。",
            ),
            UploadProgress::Waiting { .. }
            | UploadProgress::Sending
            | UploadProgress::SetAside { .. } => ("calm", ""),
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
    screen(&page, &operator, &cookie, None).await
}

/// 立即重传: whatever waits is tried now.
pub(super) async fn send_now(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
) -> Result<Response, PageError> {
    let waited = page.counter.send_now(&operator).await?;
    screen(&page, &operator, &cookie, Some(words::sent_now(waited))).await
}

/// Somebody reloads the address that the press was sent to.
pub(super) async fn back() -> Redirect {
    Redirect::to("/uploads")
}

async fn screen(
    page: &Page,
    operator: &Actor,
    cookie: &Cookie,
    said: Option<String>,
) -> Result<Response, PageError> {
    let rows = |matters: Vec<UploadMatter>| -> Vec<MatterRow> {
        let row = |matter| MatterRow::of(matter, cookie);
        matters.iter().filter_map(row).collect()
    };
    let matters = rows(page.counter.open_matters().await?);
    let first_refused = matters
        .iter()
        .position(|matter| matter.foremost.refused)
        .unwrap_or(matters.len());
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        said,
        matters,
        first_refused,
        late: rows(page.counter.late_matters().await?),
        late_days: LATE_KEPT_DAYS,
    };
    Ok(html(StatusCode::OK, &screen))
}
