//! From the file to [`Settings`].

use std::path::Path;

use super::error::SettingsError;
use super::file::File;
use super::values::Settings;
use crate::toml_text;

impl Settings {
    /// Reads, completes and checks the file at `path`.
    ///
    /// # Errors
    /// Everything that is wrong with it, as far as it can be read.
    pub fn load(path: &Path) -> Result<Self, Vec<SettingsError>> {
        let text = std::fs::read_to_string(path).map_err(|source| {
            vec![SettingsError::Unreadable {
                path: path.to_owned(),
                source,
            }]
        })?;
        Self::parse(&text, path)
    }

    /// The same from text; `path` is named in errors.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, Vec<SettingsError>> {
        let file: File = toml_text::parse(text).map_err(|fault| {
            vec![SettingsError::Syntax {
                path: path.to_owned(),
                fault,
            }]
        })?;
        file.check()
    }
}
