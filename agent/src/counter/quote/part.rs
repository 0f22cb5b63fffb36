//! A part of a bill comes in, and the parts of one are fetched when it is closed.

use crate::bill::{self, BillFileError, Mapping, Understood};
use crate::counter::Counter;
use crate::counter::aside::Weight;
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::file::BillFile;
use crate::counter::quote::make::open_generation;
use crate::counter::quote::parts::{Named, PartKept};

/// A body that closes parts names them, and has no lines of its own: a few hundred bytes.
const LARGEST_CLOSE: usize = 64 * 1024;

impl BillFile {
    /// What the bill says, whether it came whole or in parts.
    pub(crate) fn understood(&self, mapping: &Mapping) -> Result<Understood, BillFileError> {
        if self.parts.is_empty() {
            return bill::read(&self.bytes, mapping);
        }
        let parts = self.parts.iter();
        let parts: Vec<bill::Part<'_>> = parts
            .map(|part| bill::Part {
                number: part.number,
                body: &part.body,
            })
            .collect();
        bill::read_parts(&parts, &self.bytes, mapping)
    }
}

impl Counter {
    /// Reads a part of a bill and keeps it until the bill is closed. The same part again changes nothing.
    ///
    /// # Errors
    /// [`QuoteError::Parts`] where it cannot be kept; [`QuoteError::Bill`] where its lines are at fault.
    pub async fn take_part(
        &self,
        visit: &str,
        (key, number): (&str, u32),
        body: Vec<u8>,
    ) -> Result<PartKept, CounterError> {
        let visit = self.ledger_visit(visit).await?;
        open_generation(&visit)?;
        let named = Named {
            visit: visit.number.as_str(),
            key,
            number,
        };
        let now = self.0.clock.times().boottime;
        let known = self.parts().known(named, &body, now);
        if let Some(kept) = known.map_err(QuoteError::Parts)? {
            return Ok(kept);
        }
        let (lines, body) = self
            .aside(Weight::of_bill(&body), move |counter| {
                let part = bill::Part {
                    number,
                    body: &body,
                };
                let lines = bill::check_part(part, &counter.0.settings.bill.mapping)
                    .map_err(QuoteError::from)?;
                Ok((lines, body))
            })
            .await?;
        let kept = self.parts().keep(named, body, lines, now);
        Ok(kept.map_err(QuoteError::Parts)?)
    }

    /// The file with the parts that it closes, where it closes any.
    pub(crate) fn with_parts(&self, visit: &str, file: BillFile) -> Result<BillFile, CounterError> {
        if file.bytes.len() > LARGEST_CLOSE || !bill::is_json(&file.bytes) {
            return Ok(file);
        }
        let Some(close) = bill::close_of(&file.bytes) else {
            return Ok(file);
        };
        let named = Named {
            visit,
            key: &close.bill,
            number: close.parts,
        };
        let now = self.0.clock.times().boottime;
        let parts = self.parts().of(named, now).map_err(QuoteError::Parts)?;
        Ok(BillFile { parts, ..file })
    }
}
