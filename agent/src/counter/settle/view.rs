//! A settlement as people look at it.

use offline_queue::Which;

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::counter::settle::error::SettleError;
use crate::counter::uploads;
use crate::counter::uploads::{Carries, UploadView};
use crate::counter::views::{SettlementView, VisitView};
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::settlements::{self, Settlement};
use crate::ledger::{LedgerError, moment, visits};

impl Counter {
    /// One settlement, with where its uploads stand.
    pub async fn settlement(&self, number: &str) -> Result<SettlementView, CounterError> {
        let number = SettlementNumber::parse(number).map_err(CounterError::NotANumber)?;
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| {
                let settlement = settlements::find(conn, &number)?.ok_or(SettleError::Unknown)?;
                let visit =
                    visits::find(conn, &settlement.visit)?.ok_or(CounterError::VisitUnknown)?;
                let lane = offline_queue::list(conn, Which::Lane(visit.number.as_str()), &now)
                    .map_err(LedgerError::from)?;
                let uploads = uploads::views(lane);
                settlement_view(settlement, VisitView::of(&visit), uploads)
            })
            .await
    }
}

fn settlement_view(
    settlement: Settlement,
    visit: VisitView,
    uploads: Vec<UploadView>,
) -> Result<SettlementView, CounterError> {
    let own = |upload: &&UploadView| upload.carries == Carries::Settlement;
    let upload_due_at = uploads
        .iter()
        .filter(own)
        .map(|upload| upload.due_at)
        .max()
        .ok_or(SettleError::Unknown)?;
    Ok(SettlementView {
        number: settlement.number.to_string(),
        visit,
        settled_at: settlement.settled_at,
        settled_by: settlement.settled_by,
        total: settlement.totals.total,
        fund: settlement.totals.fund,
        self_pay: settlement.totals.self_pay,
        other: settlement.totals.other,
        personal: settlement.totals.personal,
        upload_due_at,
        uploads,
    })
}
