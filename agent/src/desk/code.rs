//! Codes become credentials on the desk: from a serial scanner, or typed into the page by one that is a keyboard.
//!
//! A code is recorded by its digest before the province is asked: a scanner that sends it twice reads it once.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use drivers::code::{CardCode, Classified, ScannedCode, Scanner, ScannerEvent, classify};
use rules::{CredentialFault, CredentialKind, PersonName, SocialSecurityNumber};

use super::answers::{Answers, to_its_end};
use super::board::Turn;
use super::confirmation::{ConfirmedBy, Named};
use super::intake::{DEVICE_AGAIN, Intake};
use super::presented::Presented;
use super::trouble::{CardRemark, Declined, Device, DeviceTrouble, Unanswered};
use crate::province::{PlatformError, Transaction};
use crate::pulse;
use crate::settings;
use crate::standard_characters::standard;

/// A code that is to be verified.
struct Scan {
    token: CardCode,
    turn: Turn,
    /// When it was taken, by boot time.
    begun: Duration,
}

impl Intake {
    /// Listens to one scanner for as long as the daemon runs.
    pub async fn run_scanner(self, scanner: settings::Scanner) {
        let board = &self.0.with.board;
        let (name, patterns) = (scanner.name.clone(), self.0.with.codes.patterns.clone());
        let task = format!("scanner {name}");
        let pulse = self.0.with.pulses.of(&task, pulse::STEP);
        // A counter without its scanner still settles by card: it is shown and tried again.
        let (_listening, mut events) = loop {
            match Scanner::start(scanner.clone().for_driver(patterns.clone())) {
                Ok(started) => break started,
                Err(error) => {
                    tracing::error!(%error, "the scanner's thread cannot be started");
                    board.device_trouble(&name, DeviceTrouble::NoThread(Device::Scanner));
                    pulse.wait(self.0.with.clock.pause(DEVICE_AGAIN)).await;
                }
            }
        };
        let mut answers = Answers::default();
        while let Some(event) = pulse.wait(answers.beside(events.next())).await {
            match event {
                ScannerEvent::Connected => board.device_ready(&name),
                ScannerEvent::Code(code) => {
                    if let Some(scan) = self.take_code(code) {
                        answers.expect(self.clone().present_code(scan));
                    }
                }
                ScannerEvent::Rejected(rejected) => {
                    board.decline(board.turn(), Declined::Code(rejected), None);
                }
                ScannerEvent::Fault(fault) => {
                    tracing::warn!(%fault, "scanner");
                    board.device_trouble(&name, DeviceTrouble::Scanner(fault));
                }
            }
        }
    }

    /// What was typed into the page's field for codes: by a scanner that is a keyboard, or by hand.
    pub async fn present_typed(&self, text: &str) {
        match classify(text, &self.0.with.codes.patterns) {
            Classified::CardCode { token, hint: _ } => {
                let now = self.0.with.clock.times().boottime;
                if let Some(scan) = self.take_code(ScannedCode::new(token, now)) {
                    // The code counts once: what the province says of it is kept, also where the browser has gone away.
                    to_its_end(self.clone().present_code(scan)).await;
                }
            }
            Classified::Rejected(rejected) => {
                let board = &self.0.with.board;
                board.decline(board.turn(), Declined::Code(rejected), None);
            }
        }
    }

    /// Takes a code's turn at once, before the province is asked; none where there is nothing to ask.
    fn take_code(&self, code: ScannedCode) -> Option<Scan> {
        let board = &self.0.with.board;
        let begun = self.0.with.clock.times().boottime;
        let token = match code.redeem(begun, self.0.with.codes.max_age) {
            Ok(token) => token,
            Err(too_old) => {
                board.decline(board.turn(), Declined::CodeTooOld(too_old), None);
                return None;
            }
        };
        if !self.last_code().is_new(&token) {
            self.seen_before();
            return None;
        }
        let turn = board.verifying();
        Some(Scan { token, turn, begun })
    }

    async fn present_code(self, scan: Scan) {
        let board = &self.0.with.board;
        let Scan { token, turn, begun } = scan;
        match self.verify(&token).await {
            Ok(((social_security_number, name), is_former)) => board.present(
                turn,
                Presented {
                    kind: CredentialKind::ElectronicSocialSecurityCard,
                    social_security_number,
                    name,
                    confirmed_by: ConfirmedBy::Code,
                    card: None,
                    at: self.0.with.clock.now(),
                    took: self.0.with.clock.times().boottime.saturating_sub(begun),
                    drawn: false,
                    remarks: is_former
                        .then_some(CardRemark::FormerCharacters)
                        .into_iter()
                        .collect(),
                },
            ),
            Err((why, fault)) => board.decline(turn, why, Some(fault)),
        }
    }

    /// A code is used once. While its holder is still the one at the counter, the scanner only sent it twice.
    fn seen_before(&self) {
        let board = &self.0.with.board;
        if !board.has_code(self.0.with.clock.now()) {
            board.decline(board.turn(), Declined::CodeUsed, None);
        }
    }

    /// Whose code it is, and whether the name came with former code points.
    async fn verify(&self, token: &CardCode) -> Result<(Named, bool), (Declined, CredentialFault)> {
        let answer = self
            .0
            .with
            .platform
            .verify_code(token.expose(), self.0.with.clock.now())
            .await
            .map_err(|error| self.not_verified(error))?;
        self.0.with.trouble.is_over();
        let number =
            SocialSecurityNumber::parse(&answer.social_security_number).map_err(|error| {
                tracing::warn!(%error, "the province names no number for the code");
                (
                    Declined::CodeRefused(Unanswered::NoNumber),
                    CredentialFault::Network,
                )
            })?;
        let name = standard(&answer.name);
        let is_former = matches!(name, Cow::Owned(_));
        Ok(((number, PersonName::new(&name)), is_former))
    }

    fn not_verified(&self, error: PlatformError) -> (Declined, CredentialFault) {
        let refuses = error.refuses(Transaction::CodeVerification);
        let error = Arc::new(error);
        if refuses {
            let why = Declined::CodeRefused(Unanswered::Failed(error));
            return (why, CredentialFault::Denied);
        }
        // Whether it was counted the province knows, and says when it is scanned once more.
        self.last_code().forget();
        self.0.with.trouble.failed(&error);
        (Declined::CodeNotVerified(error), CredentialFault::Network)
    }
}
