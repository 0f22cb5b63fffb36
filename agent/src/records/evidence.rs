//! What a settlement was decided on: it can be recomputed when the registry has long moved on.

use std::fmt;

use super::credential::Credential;
use super::version::{RecordError, encode, read};

const NAME: &str = "evidence";

/// The evidence of one settlement. Its parts are columns of the settlement's row, so that a long case is read alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its version: 1 had no place for resolutions.
    pub version: EvidenceVersion,
    /// The canonical case that was judged, as `explain` takes it.
    pub case: String,
    /// The result, as `explain` gives it.
    pub result: String,
    /// The holds that a person resolved, each on whose word.
    pub resolutions: Vec<Resolution>,
    /// How the credential was opened and confirmed; none in settlements of before.
    pub credential: Option<Credential>,
    /// Digest of the province's profile.
    pub profile_hash: String,
    /// Version of the rule set; also whose format the case has.
    pub rule_set: String,
}

/// The versions of evidence there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceVersion {
    /// Without resolutions.
    One,
    /// With resolutions.
    Two,
}

/// A hold that a person resolved. None can be resolved yet: the list is empty.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Resolution {}

impl EvidenceVersion {
    /// The number that is kept; none stands for 1, which kept none.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::One => None,
            Self::Two => Some(2),
        }
    }

    /// Reads the number that was kept.
    ///
    /// # Errors
    /// [`RecordError::Newer`].
    pub fn of(number: Option<u32>) -> Result<Self, RecordError> {
        match number {
            None | Some(1) => Ok(Self::One),
            Some(2) => Ok(Self::Two),
            Some(found) => Err(RecordError::Newer {
                record: NAME,
                found,
                known: 2,
            }),
        }
    }
}

impl Evidence {
    /// The resolutions as they are kept.
    pub fn encode_resolutions(&self) -> Result<Option<String>, RecordError> {
        match self.version {
            EvidenceVersion::One => Ok(None),
            EvidenceVersion::Two => encode(NAME, &self.resolutions).map(Some),
        }
    }

    /// Reads resolutions that were kept.
    pub fn decode_resolutions(text: Option<&str>) -> Result<Vec<Resolution>, RecordError> {
        text.map_or(Ok(Vec::new()), |text| read(NAME, text.as_bytes()))
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("version", &self.version)
            .field("case", &format_args!("<{} bytes>", self.case.len()))
            .field("result", &format_args!("<{} bytes>", self.result.len()))
            .field("resolutions", &self.resolutions)
            .field("profile_hash", &self.profile_hash)
            .field("rule_set", &self.rule_set)
            .finish_non_exhaustive()
    }
}
