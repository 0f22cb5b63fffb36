//! The configuration file as a whole: its tables, checked at once, become `Settings`.

use serde::Deserialize;

use super::bill::BillTable;
use super::codes::{CodePatternTable, CodeTable, IdentityReaderTable, ScannerTable};
use super::error::{Invalid, SettingsError, Wrong};
use super::staff::StaffTable;
use super::tables::{
    CardTable, InstitutionTable, LocalTable, OperatorTable, PlatformTable, SlipTable, StorageTable,
    TerminalTable,
};
use super::values::Settings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    institution: InstitutionTable,
    terminal: TerminalTable,
    #[serde(default)]
    storage: StorageTable,
    platform: PlatformTable,
    #[serde(default)]
    card: CardTable,
    #[serde(default)]
    local: LocalTable,
    #[serde(default)]
    operator: Vec<OperatorTable>,
    #[serde(default)]
    slip: SlipTable,
    #[serde(default)]
    code: CodeTable,
    #[serde(default)]
    code_pattern: Vec<CodePatternTable>,
    #[serde(default)]
    scanner: Vec<ScannerTable>,
    identity_reader: Option<IdentityReaderTable>,
    #[serde(default)]
    bill: BillTable,
    #[serde(default)]
    staff: StaffTable,
}

impl File {
    pub(super) fn check(self) -> Result<Settings, Vec<SettingsError>> {
        let mut wrong = Wrong::default();
        wrong.unless(
            (1..=49).contains(&self.terminal.number),
            "terminal.number",
            Invalid::TerminalNumber,
        );
        wrong.unless(!self.operator.is_empty(), "operator", Invalid::NoOperator);
        let storage = self.storage.check(&mut wrong);
        let institution = self.institution.check(&mut wrong);
        let platform = self.platform.check(&mut wrong);
        let card = wrong.take(self.card.check());
        let local = wrong.take(self.local.check());
        let operators = wrong.take_all(self.operator.into_iter().map(OperatorTable::check));
        let codes = wrong.take(self.code.check(self.code_pattern));
        let scanners = wrong.take_all(self.scanner.into_iter().map(ScannerTable::check));
        let identity_reader = wrong.take(
            self.identity_reader
                .map(IdentityReaderTable::check)
                .transpose(),
        );
        let bill = wrong.take(self.bill.check());
        let staff = wrong.take(self.staff.check());
        let checked = (
            institution,
            card,
            local,
            operators,
            codes,
            scanners,
            identity_reader,
            bill,
            staff,
        );
        let (
            Some(institution),
            Some(card),
            Some(local),
            Some(operators),
            Some(codes),
            Some(scanners),
            Some(identity_reader),
            Some(bill),
            Some(staff),
        ) = checked
        else {
            return Err(wrong.0);
        };
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        Ok(Settings {
            institution,
            terminal: self.terminal.number,
            storage,
            platform,
            card,
            local,
            operators,
            slip: self.slip.check(),
            codes,
            scanners,
            identity_reader,
            bill,
            staff,
        })
    }
}
