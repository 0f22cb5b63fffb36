//! A settlement's screen: what to collect, the slip, and whether the record has gone up.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::frame::Frame;
use super::guard::Cookie;
use super::home::VisitRow;
use super::plain::{PageError, html};
use super::state::Page;
use super::uploads::UploadRow;
use crate::counter::Actor;
use crate::counter::SettlementView;
use crate::counter::uploads::UploadProgress;
use crate::wording::phrasing;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "settlement.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) number: String,
    pub(super) visit: VisitRow,
    pub(super) settled_at: String,
    pub(super) settled_by: String,
    pub(super) total: String,
    pub(super) fund: String,
    pub(super) self_pay: String,
    pub(super) other: String,
    pub(super) personal: String,
    pub(super) upload: Progress,
    pub(super) uploads: Vec<UploadRow>,
}

/// The record's way up, in one line.
pub(super) struct Progress {
    /// `good`, `care` or `bad`.
    pub(super) tone: &'static str,
    pub(super) say: String,
    pub(super) next: &'static str,
}

impl Progress {
    /// The worst of the visit's messages speaks for all.
    fn of(settlement: &SettlementView) -> Self {
        let due_at = terms::moment(settlement.upload_due_at);
        let uploads = &settlement.uploads;
        let rejected = uploads
            .iter()
            .any(|upload| matches!(upload.state, UploadProgress::Rejected { .. }));
        let other = uploads.iter().any(|upload| upload.state.needs_a_person());
        if other && !rejected {
            return Self {
                tone: "bad",
                say: "上传有一条须人工处理".into(),
                next: "结算有效，不要重做。原因见下；请与经办机构核对，再登记处理结果（F8 上传情况）。",
            };
        }
        if rejected {
            return Self {
                tone: "bad",
                say: "上传被平台退回".into(),
                next: "结算有效，不要重做。请按退回原因与经办机构核对，再登记处理结果（F8 上传情况）。",
            };
        }
        let open = uploads.iter().filter(|upload| match upload.state {
            UploadProgress::Waiting { .. } | UploadProgress::Blocked | UploadProgress::Sending => {
                true
            }
            UploadProgress::Delivered { .. }
            | UploadProgress::Untold { .. }
            | UploadProgress::Unfinished { .. }
            | UploadProgress::Rejected { .. }
            | UploadProgress::SetAside { .. } => false,
        });
        let by_hand = uploads
            .iter()
            .any(|upload| matches!(upload.state, UploadProgress::SetAside { .. }));
        match open.map(|upload| upload.left).min() {
            None if by_hand => Self {
                tone: "care",
                say: "有内容由经办机构人工录入，没有经本机上传".into(),
                next: "受理编号和原因见下；结算有效。",
            },
            None if uploads.iter().any(|upload| upload.left.is_negative()) => Self {
                tone: "care",
                say: "已上传省平台，但超过了时限".into(),
                next: "逾期时长已记录，结算有效。",
            },
            None => Self {
                tone: "good",
                say: "已按时上传省平台".into(),
                next: "",
            },
            Some(left) if left.is_negative() => Self {
                tone: "bad",
                say: format!("上传{}", phrasing::left(&UploadProgress::Sending, left)),
                next: "结算有效，不要重做；系统仍在继续上传。请通知信息科检查网络。",
            },
            Some(left) => Self {
                tone: "care",
                say: format!(
                    "等待上传，{}（{due_at} 前）",
                    phrasing::left(&UploadProgress::Sending, left)
                ),
                next: "可以先收费、打印；系统会自动上传。",
            },
        }
    }
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let settlement = page.counter.settlement(&number).await?;
    let screen = Screen {
        frame: Frame::of(&page, &operator).await,
        upload: Progress::of(&settlement),
        uploads: settlement
            .uploads
            .iter()
            .map(|upload| UploadRow::of(upload, &cookie))
            .collect(),
        number: settlement.number,
        visit: VisitRow::of(&settlement.visit),
        settled_at: terms::moment(settlement.settled_at),
        settled_by: settlement.settled_by,
        total: settlement.total,
        fund: settlement.fund,
        self_pay: settlement.self_pay,
        other: settlement.other,
        personal: settlement.personal,
    };
    Ok(html(StatusCode::OK, &screen))
}

/// Annex 10 as a PDF, in the browser's own viewer: nothing is put among the downloads, and it is printed from there.
pub(super) async fn slip(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let pdf = page.counter.slip(&number, &operator).await?;
    Ok(shown_in_viewer(pdf))
}

/// A document for the browser's own viewer.
pub(super) fn shown_in_viewer(pdf: Vec<u8>) -> Response {
    let head = [
        (CONTENT_TYPE, "application/pdf"),
        (CONTENT_DISPOSITION, "inline"),
    ];
    (head, pdf).into_response()
}
