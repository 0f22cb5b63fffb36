//! The provider that calls a vendor's library: which calls, in which order, and what their answers mean.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::VendorSettings;
use super::vendor_library::{CallFailure, VendorLibrary};
use crate::card::read::Ask;
use crate::card::vendor_answer::VendorAnswer;
use crate::card::{
    CardFace, Holder, OpenedBy, RelayAnswer, RelayQuestion, Remark, WithheldBecause,
};

/// The vendors' libraries of this process. Once loaded they stay: many do not survive being unloaded.
#[derive(Default)]
pub(super) struct Vendors(Vec<(PathBuf, VendorLibrary)>);

impl Vendors {
    fn get(&mut self, path: &Path) -> Option<&VendorLibrary> {
        let loaded = self.0.iter().position(|(loaded, _)| loaded == path);
        let place = if let Some(place) = loaded {
            place
        } else {
            self.0.push((path.to_owned(), VendorLibrary::load(path)?));
            self.0.len() - 1
        };
        self.0.get(place).map(|(_, library)| library)
    }

    /// Lets the library read the card whose EF05 is `face`. A PSAM of its own has authenticated what it reads alone.
    pub(super) fn read(
        &mut self,
        settings: &VendorSettings,
        face: &CardFace,
        ask: &mut Ask<'_>,
    ) -> Result<(Holder, OpenedBy, Vec<Remark>), WithheldBecause> {
        let library = self
            .get(&settings.library)
            .ok_or(WithheldBecause::VendorLibraryMissing)?;
        let (text, alone) = match library.read_card() {
            Err(CallFailure::Code(code)) if asks_for_hsm(code) => {
                (read_by_hsm(library, ask)?, false)
            }
            other => (other?, true),
        };
        let said = VendorAnswer::parse(&text).filter(|said| said.is_of(face));
        let said = said.ok_or(WithheldBecause::VendorLibraryNonsense)?;
        let opened_by = if alone && said.names_a_psam() {
            OpenedBy::Psam
        } else {
            OpenedBy::VendorLibrary
        };
        let (holder, remarks) = said.into_holder()?;
        Ok((holder, opened_by, remarks))
    }
}

/// No PSAM, algorithm, no RKSSSE, wrong key length of the level, PSAM level: the interface says to use the HSM pair.
fn asks_for_hsm(code: i32) -> bool {
    matches!(code, -2201 | -2202 | -2203 | -27272 | -24)
}

fn read_by_hsm(
    library: &VendorLibrary,
    ask: &mut Ask<'_>,
) -> Result<Zeroizing<Vec<u8>>, WithheldBecause> {
    let question = library.hsm_step1()?;
    let question =
        RelayQuestion::parse_hsm_bytes(&question).ok_or(WithheldBecause::VendorLibraryNonsense)?;
    let answer: RelayAnswer = ask(question)?;
    let key = answer.to_hsm_string();
    Ok(library.hsm_step2(key.as_bytes())?)
}

impl From<CallFailure> for WithheldBecause {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Code(code) => Self::VendorLibrary(code),
            CallFailure::NoSuchFunction => Self::VendorLibraryMissing,
            CallFailure::Unterminated => Self::VendorLibraryNonsense,
        }
    }
}
