//! The provider that calls a vendor's library: which calls, in which order, and what their answers mean.

use std::error::Error as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::vendor_library::{CallFailure, VendorLibrary};
use super::{LibraryFault, VendorSettings};
use crate::card::read::Ask;
use crate::card::vendor_answer::VendorAnswer;
use crate::card::{
    CardFace, Holder, OpenedBy, RelayAnswer, RelayQuestion, Remark, WithheldBecause,
};

/// The vendors' libraries of this process. Once loaded they stay: many do not survive being unloaded.
pub(super) struct Vendors {
    /// Whether something keeps a library from the agent's keys; where nothing does none is loaded.
    kept_apart: bool,
    loaded: Vec<(PathBuf, VendorLibrary)>,
}

impl Vendors {
    pub(super) fn new(kept_apart: bool) -> Self {
        Self {
            kept_apart,
            loaded: Vec::new(),
        }
    }

    fn get(&mut self, path: &Path) -> Result<&VendorLibrary, LibraryFault> {
        let loaded = self.loaded.iter().position(|(loaded, _)| loaded == path);
        let place = match loaded {
            Some(place) => place,
            None if !self.kept_apart => return Err(LibraryFault::Unconfined),
            None => {
                let library = VendorLibrary::load(path).map_err(|error| unloadable(&error))?;
                self.loaded.push((path.to_owned(), library));
                self.loaded.len() - 1
            }
        };
        Ok(&self.loaded[place].1)
    }

    /// Loads the library, and looks whether it is one.
    pub(super) fn try_out(&mut self, settings: &VendorSettings) -> Result<(), LibraryFault> {
        if self.get(&settings.library)?.reads_cards() {
            Ok(())
        } else {
            Err(LibraryFault::Functionless)
        }
    }

    /// Lets the library read the card whose EF05 is `face`. A PSAM of its own has authenticated what it reads alone.
    pub(super) fn read(
        &mut self,
        settings: &VendorSettings,
        face: &CardFace,
        ask: &mut Ask<'_>,
    ) -> Result<(Holder, OpenedBy, Vec<Remark>), WithheldBecause> {
        let library = self.get(&settings.library).map_err(|fault| {
            tracing::warn!(library = %settings.library.display(), %fault, "the vendor's reader library is not used");
            match fault {
                LibraryFault::Unconfined => WithheldBecause::VendorLibraryUnconfined,
                LibraryFault::Unloadable(_) | LibraryFault::Functionless => {
                    WithheldBecause::VendorLibraryMissing
                }
            }
        })?;
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

/// In the loader's words, which the crate keeps as the cause.
fn unloadable(error: &libloading::Error) -> LibraryFault {
    let words = error.source().map(ToString::to_string);
    LibraryFault::Unloadable(words.unwrap_or_else(|| error.to_string()))
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
