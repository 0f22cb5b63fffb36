//! Codes of a bill held against the catalogues that the cache has, before anybody stands at the counter.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use rules::{ItemCode, MatrixColumn, Money};

use crate::bill::doubt::Relative;
use crate::counter::Counter;
use crate::counter::case::codes::in_every_column;
use crate::counter::case::columns::by_code;
use crate::counter::error::CounterError;
use crate::registry::CatalogueOwner;

/// What is asked of one line.
#[derive(Debug, Clone)]
pub struct AskedLine {
    /// The bill's column.
    pub column: MatrixColumn,
    /// The code.
    pub code: ItemCode,
    /// The day of the service: a catalogue's entries have days.
    pub date: Date,
}

/// What a catalogue says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It lists the line on its day.
    Listed {
        /// Its use is restricted.
        restricted: bool,
        /// What it pays per unit at most; none where there is no ceiling.
        ceiling: Option<Money>,
    },
    /// It lists the code, in this column.
    InColumn(MatrixColumn),
    /// It lists the code, and not on this day.
    OnAnotherDay,
    /// It does not list the code; this one may be meant.
    Related(Relative),
    /// It does not list the code.
    Unlisted,
}

/// What one catalogue says of all lines.
#[derive(Debug, Clone)]
pub struct Matches {
    /// Whose catalogue.
    pub owner: CatalogueOwner,
    /// One for each line that was asked about, in order.
    pub lines: Vec<Match>,
}

impl Counter {
    /// What the catalogues of this institution's inpatients say of these lines: the treatment place's for those from other
    /// provinces (N32), the province's single set where settlement within the province is open (H17). Whose applies depends on
    /// the worker, and shows at the quote.
    ///
    /// # Errors
    /// [`CounterError::CatalogueEmpty`] before the first synchronisation.
    pub async fn catalogue_matches(
        &self,
        lines: Vec<AskedLine>,
    ) -> Result<Vec<Matches>, CounterError> {
        let weight = crate::counter::Weight::Light;
        self.aside(weight, move |counter| {
            let ages = counter.0.registry.ages()?;
            ages.catalogue.ok_or(CounterError::CatalogueEmpty)?;
            let here = counter.0.settings.institution.division;
            let within = CatalogueOwner::ProvincialSet(here.province());
            let open = counter.profile().intra_province.value;
            [CatalogueOwner::TreatmentPlace(here.place())]
                .into_iter()
                .chain(open.then_some(within))
                .map(|owner| counter.matches_of(owner, &lines))
                .collect()
        })
        .await
    }

    fn matches_of(
        &self,
        owner: CatalogueOwner,
        lines: &[AskedLine],
    ) -> Result<Matches, CounterError> {
        let codes: BTreeSet<&ItemCode> = lines.iter().map(|line| &line.code).collect();
        let items = in_every_column(codes.iter().copied());
        let entries = self.0.registry.catalogue(owner, &items)?;
        let listed = by_code(&entries);
        let unlisted: Vec<ItemCode> = codes
            .into_iter()
            .filter(|code| !listed.contains_key(code.as_str()))
            .cloned()
            .collect();
        let related = self.relatives_of(&unlisted, owner)?;
        let lines = lines
            .iter()
            .map(|line| match of_line(&listed, line) {
                Some(found) => found,
                None => related
                    .get(&line.code)
                    .map_or(Match::Unlisted, |relative| Match::Related(relative.clone())),
            })
            .collect();
        Ok(Matches { owner, lines })
    }
}

/// What stands under the line's very code; none where nothing does.
fn of_line(listed: &HashMap<&str, Vec<&rules::CatalogueEntry>>, line: &AskedLine) -> Option<Match> {
    let entries = listed.get(line.code.as_str())?;
    let own = || entries.iter().filter(|entry| entry.column == line.column);
    // Of several versions the latest one is in force, as in the split.
    let in_force = own()
        .filter(|entry| entry.in_force_on(line.date))
        .max_by_key(|entry| entry.from);
    Some(match (in_force, own().next(), entries.first()) {
        (Some(entry), ..) => Match::Listed {
            restricted: entry.restricted,
            ceiling: entry.ceiling,
        },
        (None, Some(_), _) => Match::OnAnotherDay,
        (None, None, Some(other)) => Match::InColumn(other.column),
        (None, None, None) => Match::Unlisted,
    })
}
