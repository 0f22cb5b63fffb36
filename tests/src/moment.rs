//! The stay that is played: it began ten days ago and ends now, whatever the date.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Nights of the stay; as many as the shipped bill has.
const NIGHTS: i64 = 10;

/// A stay of ten nights.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// When the admission was registered.
    pub admitted: Timestamp,
    /// When the patient left: a moment ago.
    pub discharged: Timestamp,
    /// The day of discharge, in China's civil time.
    pub last_day: Date,
}

impl Stay {
    /// One that ends now.
    ///
    /// # Errors
    ///
    /// The machine's clock stands at the beginning of time.
    pub fn ending_now() -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the stage plays today; this is where it learns which day that is"
        )]
        let now = Timestamp::now();
        let discharged = now - SignedDuration::from_secs(1);
        let last_day = discharged.to_zoned(china()).date();
        let admitted = discharged
            .checked_sub(SignedDuration::from_hours(24 * NIGHTS))
            .context("the machine's clock is far from the present")?;
        Ok(Self {
            admitted,
            discharged,
            last_day,
        })
    }
}

fn china() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// RFC 3339 in China's time.
pub fn written(moment: Timestamp) -> String {
    moment
        .to_zoned(china())
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}
