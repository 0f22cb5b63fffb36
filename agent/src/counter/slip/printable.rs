//! What the slip will have to show and cannot: noticed while there is time to install a font, and not when it is to be printed.

use crate::counter::Counter;
use crate::counter::case::remarks::{OnSlip, Remark};
use crate::counter::error::CounterError;

impl Counter {
    /// What of the worker's name and of 就医登记号, where there is one yet, no font of the slip can draw.
    pub(crate) fn not_on_slip(
        &self,
        name: &str,
        registration: Option<&str>,
    ) -> Result<Vec<Remark>, CounterError> {
        let entries = [
            (OnSlip::Name, name),
            (OnSlip::RegistrationNumber, registration.unwrap_or_default()),
        ];
        let mut remarks = Vec::new();
        for (entry, text) in entries {
            if let Some(character) = self.0.fonts.first_lacking(text)? {
                remarks.push(Remark::NotOnSlip { entry, character });
            }
        }
        Ok(remarks)
    }
}
