//! The bill folder's screen: which file is offered where, what may be half written, and why the others are not offered.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::fields;
use super::frame::Frame;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;
use crate::counter::{Counter, FolderState, FolderView, OfferedBill, VisitView};
use crate::visible_text::in_one_line;
use crate::wording::bill_folder;
use crate::wording::notice::Notice;

#[derive(Template)]
#[template(path = "bills.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) folder: FolderWords,
    pub(super) offers: Vec<OfferRow>,
    pub(super) waiting: Vec<String>,
    pub(super) others: Vec<OtherRow>,
    pub(super) more: usize,
    pub(super) not_looked_at: usize,
}

/// The folder in a line.
pub(super) struct FolderWords {
    /// One is configured.
    pub(super) configured: bool,
    pub(super) path: String,
    pub(super) trouble: Option<Notice>,
    /// Files offered at a stay.
    pub(super) offered: usize,
    /// Files offered nowhere.
    pub(super) others: usize,
}

impl FolderWords {
    pub(super) fn of(counter: &Counter, view: &FolderView) -> Self {
        let folder = counter.settings().bill.folder.as_ref();
        let trouble = match (view.standing, folder) {
            (FolderState::Trouble(trouble), Some(folder)) => {
                Some(bill_folder::trouble(trouble, &folder.path))
            }
            (FolderState::Trouble(_) | FolderState::NotLooked | FolderState::Watched, _) => None,
        };
        Self {
            configured: folder.is_some(),
            path: folder.map_or_else(String::new, |folder| folder.path.display().to_string()),
            trouble,
            offered: view.offers.len(),
            others: view.others.len() + view.more,
        }
    }
}

/// A file that is offered.
pub(super) struct OfferRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) written: String,
    pub(super) visit: String,
    /// Whose stay it is.
    pub(super) person: String,
    pub(super) inpatient_number: String,
}

/// A file that is not.
pub(super) struct OtherRow {
    pub(super) name: String,
    pub(super) size: String,
    pub(super) written: String,
    pub(super) why: String,
}

impl OfferRow {
    pub(super) fn of(offer: &OfferedBill, visit: &VisitView) -> Self {
        Self {
            id: offer.id.clone(),
            name: in_one_line(&offer.name).into_owned(),
            size: size(offer.size),
            written: written(offer.modified),
            visit: offer.visit.clone(),
            person: visit.name.clone(),
            inpatient_number: visit.inpatient_number.clone(),
        }
    }

    /// Those offered at this visit.
    pub(super) async fn at(page: &Page, visit: &VisitView) -> Result<Vec<Self>, PageError> {
        let offers = page.counter.bill_folder().await?.offers;
        let own = offers.iter().filter(|offer| offer.visit == visit.number);
        Ok(own.map(|offer| Self::of(offer, visit)).collect())
    }
}

fn size(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1024))
}

fn written(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, fields::write_minute)
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, PageError> {
    let view = page.counter.bill_folder().await?;
    let visits = page.counter.open_visits().await?;
    let offers = view.offers.iter().filter_map(|offer| {
        let visit = visits.iter().find(|visit| visit.number == offer.visit)?;
        Some(OfferRow::of(offer, visit))
    });
    let others = view.others.iter().map(|other| OtherRow {
        name: in_one_line(&other.name).into_owned(),
        size: size(other.size),
        written: written(other.modified),
        why: in_one_line(&bill_folder::not_offered(&other.why)).into_owned(),
    });
    let screen = Screen {
        frame: Frame::of(&page, &actor).await,
        folder: FolderWords::of(&page.counter, &view),
        offers: offers.collect(),
        waiting: view
            .waiting
            .iter()
            .map(|name| in_one_line(name).into_owned())
            .collect(),
        others: others.collect(),
        more: view.more,
        not_looked_at: view.not_looked_at,
    };
    Ok(html(StatusCode::OK, &screen))
}
