//! Identity cards become credentials on the desk: they open a visit and never settle one (B01).

use std::time::Duration;

use drivers::identity_card::{
    IdentityCard, IdentityCardEvent, IdentityCardReader, IdentityCardSettings, NotIdentityCard,
    Validity,
};
use drivers::serial::SystemRoots;
use rules::case::china_time::civil_date;
use rules::{CredentialKind, PersonName, SocialSecurityNumber};

use super::confirmation::ConfirmedBy;
use super::intake::{DEVICE_AGAIN, Intake};
use super::presented::Presented;
use super::trouble::{Declined, Device, DeviceTrouble};
use crate::pulse;
use crate::settings;
use crate::standard_characters::standard;

impl Intake {
    /// Watches the identity card reader for as long as the daemon runs.
    pub async fn run_identity_reader(self, reader: settings::IdentityReader) {
        let board = &self.0.with.board;
        let pulse = self.0.with.pulses.of("identity reader", pulse::STEP);
        let driver = IdentityCardSettings {
            address: reader.address,
            roots: SystemRoots::default(),
        };
        // A counter without it still admits by card and code: it is shown and tried again.
        let (_watching, mut events) = loop {
            match IdentityCardReader::start(driver.clone()) {
                Ok(started) => break started,
                Err(error) => {
                    tracing::error!(%error, "the identity card reader's thread cannot be started");
                    board.device_trouble(
                        &reader.name,
                        DeviceTrouble::NoThread(Device::IdentityReader),
                    );
                    pulse.wait(self.0.with.clock.pause(DEVICE_AGAIN)).await;
                }
            }
        };
        // Reading takes a second: who presents meanwhile came after.
        let mut found = board.turn();
        while let Some(event) = pulse.wait(events.next()).await {
            match event {
                IdentityCardEvent::Connected => board.device_ready(&reader.name),
                IdentityCardEvent::Found => found = board.turn(),
                IdentityCardEvent::Read(card) => match self.holder(&card) {
                    Ok(presented) => board.present(found, presented),
                    Err(why) => board.decline(found, why, None),
                },
                IdentityCardEvent::Unreadable(error) => {
                    tracing::warn!(%error, "identity card");
                    board.decline(found, Declined::IdentityCard(error), None);
                }
                IdentityCardEvent::Silent => {
                    tracing::warn!("identity card reader does not answer");
                    board.device_trouble(&reader.name, DeviceTrouble::IdentityReaderSilent);
                }
                IdentityCardEvent::Fault(fault) => {
                    tracing::warn!(%fault, "identity card reader");
                    board.device_trouble(&reader.name, DeviceTrouble::IdentityReader(fault));
                }
            }
        }
    }

    fn holder(&self, card: &IdentityCard) -> Result<Presented, Declined> {
        let now = self.0.with.clock.now();
        match card.validity_on(civil_date(now)) {
            Validity::Valid => {}
            Validity::Outside => return Err(Declined::IdentityCardOutsideValidity),
            Validity::Unreadable => {
                return Err(Declined::IdentityCard(NotIdentityCard::Field("validity")));
            }
        }
        let number = SocialSecurityNumber::parse(card.number.as_str()).map_err(|error| {
            tracing::warn!(%error, "the identity card's number cannot be used");
            Declined::IdentityCard(NotIdentityCard::Field("number"))
        })?;
        Ok(Presented {
            kind: CredentialKind::IdentityCard,
            social_security_number: number,
            name: PersonName::new(&standard(&card.name)),
            confirmed_by: ConfirmedBy::Nobody,
            card: None,
            at: now,
            took: Duration::ZERO,
            drawn: false,
            remarks: Vec::new(),
        })
    }
}
