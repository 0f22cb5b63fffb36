//! Where a request's bill comes from: its body, or the folder; and what lies in that folder, as JSON.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use rules::case::china_time::format_instant;
use serde::Serialize;

use super::asked::OfBill;
use super::hospital::Hospital;
use super::problem::Problem;
use super::wrong::{Expected, Wrong};
use crate::bill;
use crate::counter::{BillFile, FolderState, OfferedBill, OtherFile};
use crate::visible_text::in_one_line;
use crate::wording::bill_folder;
use crate::wording::notice::Notice;

#[derive(Serialize)]
pub(super) struct FolderWire {
    /// One is configured.
    configured: bool,
    trouble: Option<Notice>,
    /// Files of open stays: the `id` is what a quote or a check takes as `offered`.
    offers: Vec<OfferWire>,
    /// Files that may not be whole yet.
    waiting: Vec<String>,
    others: Vec<OtherWire>,
    /// Others beside those.
    more: usize,
}

#[derive(Serialize)]
struct OfferWire {
    id: String,
    visit: String,
    name: String,
    size: u64,
    written_at: Option<String>,
}

#[derive(Serialize)]
struct OtherWire {
    name: String,
    size: u64,
    written_at: Option<String>,
    /// Why it is not offered, in Chinese.
    why: String,
}

impl From<&OfferedBill> for OfferWire {
    fn from(offer: &OfferedBill) -> Self {
        Self {
            id: offer.id.clone(),
            visit: offer.visit.clone(),
            name: in_one_line(&offer.name).into_owned(),
            size: offer.size,
            written_at: offer.modified.map(format_instant),
        }
    }
}

impl From<&OtherFile> for OtherWire {
    fn from(other: &OtherFile) -> Self {
        Self {
            name: in_one_line(&other.name).into_owned(),
            size: other.size,
            written_at: other.modified.map(format_instant),
            why: in_one_line(&bill_folder::not_offered(&other.why)).into_owned(),
        }
    }
}

pub(super) async fn folder(State(hospital): State<Hospital>) -> Result<Json<FolderWire>, Problem> {
    let folder = hospital.counter.settings().bill.folder.as_ref();
    let view = hospital.counter.bill_folder().await?;
    let trouble = match (view.standing, folder) {
        (FolderState::Trouble(trouble), Some(folder)) => {
            Some(bill_folder::trouble(trouble, &folder.path))
        }
        (FolderState::Trouble(_) | FolderState::NotLooked | FolderState::Watched, _) => None,
    };
    Ok(Json(FolderWire {
        configured: folder.is_some(),
        trouble,
        offers: view.offers.iter().map(OfferWire::from).collect(),
        waiting: view
            .waiting
            .iter()
            .map(|name| in_one_line(name).into_owned())
            .collect(),
        others: view.others.iter().map(OtherWire::from).collect(),
        more: view.more,
    }))
}

/// The bill of a request: its body, or a file of the folder.
pub(super) async fn of_request(
    hospital: &Hospital,
    visit: &str,
    said: OfBill,
    (headers, body): (&HeaderMap, Bytes),
) -> Result<BillFile, Problem> {
    match &said.offered {
        Some(offered) if body.is_empty() => {
            let file = hospital.counter.offered_bill(visit, offered).await?;
            Ok(said.saying_of(file))
        }
        // What the body holds would be another bill.
        Some(_) => Err(Problem::Wrong(Wrong {
            field: "offered",
            expected: Expected::OneBill,
        })),
        None if is_declared_as_json(headers) && !bill::is_json(&body) => Err(Problem::NotAnObject),
        None => Ok(said.saying_of(BillFile::from(Vec::from(body)))),
    }
}

fn is_declared_as_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE);
    let declared = declared.and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = declared.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
}
