//! Cards at the reader become credentials on the desk; a 3.0 card's authentication is relayed to the province.

use std::borrow::Cow;
use std::sync::Arc;

use drivers::card::{CardIdentity, OpenedBy, Remark};
use drivers::reader::{
    CardEvent, CardFault, CardReaders, CardReading, RelayAnswer, RelayFailure, RelayQuestion,
};
use rules::case::china_time::civil_date;
use rules::{CredentialFault, CredentialKind, OnCard, PersonName, SocialSecurityNumber};

use super::answers::Answers;
use super::board::Turn;
use super::card_access::{NotRelayed, card_process, relay};
use super::confirmation::{ConfirmedBy, Named, PresentedCard, key_of};
use super::inserted::Inserted;
use super::intake::{DEVICE_AGAIN, Intake};
use super::presented::{Presented, Unnamed};
use super::trouble::{CardRemark, DeviceTrouble, ReaderTrouble, Unanswered};
use crate::province::{AskedCard, InternalAuthentication, PlatformError, Transaction};
use crate::pulse;
use crate::standard_characters::standard;

impl Intake {
    /// Watches the readers for as long as the daemon runs.
    pub async fn run_cards(self) {
        let pulse = self.0.with.pulses.of("cards", pulse::STEP);
        // A counter without its card reader still settles by code: it is shown and tried again.
        let child = loop {
            match card_process(self.0.with.card_process_socket.as_deref()) {
                Ok(child) => break child,
                Err(error) => {
                    tracing::error!(%error, "the card process cannot be started");
                    self.0
                        .with
                        .board
                        .trouble(ReaderTrouble::Card(CardFault::ProcessCannotStart), None);
                    pulse.wait(self.0.with.clock.pause(DEVICE_AGAIN)).await;
                }
            }
        };
        let asking = self.clone();
        let (readers, mut events) =
            CardReaders::start(self.0.with.cards.clone(), child, move |question| {
                let intake = asking.clone();
                async move { intake.relay(question).await }
            });
        let (mut inserted, mut answers) = (Inserted::default(), Answers::default());
        while let Some(event) = pulse.wait(answers.beside(events.next())).await {
            self.take(event, &mut inserted, &mut answers);
        }
        drop(readers);
    }

    fn take(&self, event: CardEvent, inserted: &mut Inserted, answers: &mut Answers) {
        let board = &self.0.with.board;
        match event {
            CardEvent::Readers(readers) if readers.is_empty() => {}
            CardEvent::Readers(_) | CardEvent::Ready => board.ready(),
            CardEvent::Inserted { reader } => {
                board.device_ready(&reader);
                inserted.put_in(reader, board.inserted());
            }
            // A key or a security module that is pulled out beside it is not the card that was read.
            CardEvent::Removed { reader } => {
                board.device_ready(&reader);
                inserted.take_out(&reader);
                if !inserted.is_beside(&reader) {
                    board.drawn();
                }
            }
            CardEvent::Fault {
                reader,
                fault,
                steps: _,
            } => {
                tracing::warn!(%fault, "card reader");
                if let Some(reader) = reader.as_ref().filter(|reader| inserted.is_beside(reader)) {
                    // Whoever lies on the desk stays there.
                    board.device_trouble(reader, DeviceTrouble::OtherReader(fault));
                    return;
                }
                let turn =
                    reader.map_or_else(|| board.turn(), |reader| inserted.turn(&reader, board));
                let the_cards = is_the_cards(&fault).then_some((turn, CredentialFault::Credential));
                board.trouble(ReaderTrouble::Card(fault), the_cards);
            }
            CardEvent::Read { reader, reading } => {
                let turn = inserted.turn(&reader, board);
                board.device_ready(&reader);
                let beside = inserted.is_read(reader, reading.identity.face.card_id.clone());
                answers.expect(self.clone().present_card(turn, reading, beside));
            }
        }
    }

    async fn present_card(self, turn: Turn, reading: Box<CardReading>, beside: Option<CardRemark>) {
        let board = &self.0.with.board;
        match self.confirm(*reading).await {
            Confirmed::Holder(mut presented) => {
                presented.remarks.extend(beside);
                board.present(turn, presented);
            }
            Confirmed::Nobody(trouble, why) => board.says_nobody(turn, trouble, *why),
        }
    }

    /// Every card is authenticated with the province: by card number, card id, and what it answered to internal authentication
    /// (notice 6(3)). The province names the holder; what the card says of itself stands beside it.
    async fn confirm(&self, reading: CardReading) -> Confirmed {
        let identity = &reading.identity;
        let says = match says(identity) {
            Ok(says) => says,
            Err(fault) => return Confirmed::fault(fault),
        };
        let card = PresentedCard {
            key: key_of(identity),
            opened_by: identity.opened_by,
            says,
        };
        let at = self.0.with.clock.now();
        let written = identity
            .holder
            .as_ref()
            .and_then(|holder| holder.name.as_deref());
        let mut is_former = written.is_some_and(|name| matches!(standard(name), Cow::Owned(_)));
        let (named, confirmed_by) = match self.ask_about(&reading, &card).await {
            Ok((named, former)) => {
                is_former |= former;
                (named, ConfirmedBy::by_province(identity.answered.as_ref()))
            }
            Err(Unconfirmed::Denied(error)) => {
                let trouble = ReaderTrouble::Denied(error);
                return Confirmed::Nobody(trouble, Box::new((CredentialFault::Denied, None)));
            }
            Err(Unconfirmed::Unanswered(why_not)) => {
                let own = card.says.clone();
                match own.and_then(|says| Some((says.social_security_number, says.name?))) {
                    Some(named) if card.opened_by == OpenedBy::Psam => (named, ConfirmedBy::Psam),
                    Some(named) => (named, ConfirmedBy::Nobody),
                    None if card.key.is_none() => {
                        let fault = (CredentialFault::Credential, None);
                        let trouble = ReaderTrouble::NoCardNumber(other_form(identity));
                        return Confirmed::Nobody(trouble, Box::new(fault));
                    }
                    None => {
                        let (took, opened_by) = (reading.took, card.opened_by);
                        let unnamed = Unnamed { card, at, took };
                        let why = (CredentialFault::Network, Some(unnamed));
                        let trouble = ReaderTrouble::Unnamed(why_not, opened_by);
                        return Confirmed::Nobody(trouble, Box::new(why));
                    }
                }
            }
        };
        let mut remarks = self.remarks(identity, &card, (&named, confirmed_by));
        remarks.extend(is_former.then_some(CardRemark::FormerCharacters));
        Confirmed::Holder(Presented {
            kind: CredentialKind::SocialSecurityCard,
            remarks,
            social_security_number: named.0,
            name: named.1,
            confirmed_by,
            card: Some(card),
            at,
            took: reading.took,
            drawn: false,
        })
    }

    /// Whose card it is to the province, and whether the name came with former code points.
    async fn ask_about(
        &self,
        reading: &CardReading,
        card: &PresentedCard,
    ) -> Result<(Named, bool), Unconfirmed> {
        let face = &reading.identity.face;
        let Some(key) = &card.key else {
            return Err(Unconfirmed::Unanswered(Unanswered::NoCardNumber));
        };
        let presented = AskedCard {
            number: &key.number,
            id: &key.id,
            reset: &face.reset,
            version: &face.version_text,
        };
        let answered = reading.identity.answered.as_ref();
        let answered = answered.map(|answered| InternalAuthentication {
            algorithm: &answered.algorithm,
            factor: &answered.factor,
            raw: &answered.raw,
            result: &answered.result,
        });
        let now = self.0.with.clock.now();
        match self
            .0
            .with
            .platform
            .verify_card(presented, answered, now)
            .await
        {
            Ok(answer) => {
                self.0.with.trouble.is_over();
                let number = SocialSecurityNumber::parse(&answer.social_security_number);
                let number = number.map_err(|error| {
                    tracing::warn!(%error, "the province names no number for the card");
                    Unconfirmed::Unanswered(Unanswered::NoNumber)
                })?;
                let name = standard(&answer.name);
                let is_former = matches!(name, Cow::Owned(_));
                Ok(((number, PersonName::new(&name)), is_former))
            }
            Err(error) if error.refuses(Transaction::CardVerification) => {
                self.0.with.trouble.is_over();
                Err(Unconfirmed::Denied(Arc::new(error)))
            }
            Err(error) => {
                let error = Arc::new(error);
                self.0.with.trouble.failed(&error);
                Err(Unconfirmed::Unanswered(Unanswered::Failed(error)))
            }
        }
    }

    /// What the cashier should know of a card that can be used all the same.
    fn remarks(
        &self,
        card: &CardIdentity,
        presented: &PresentedCard,
        (named, confirmed_by): (&Named, ConfirmedBy),
    ) -> Vec<CardRemark> {
        let mut remarks = vec![CardRemark::Confirmed(confirmed_by)];
        let says = presented.says.as_ref();
        if says.is_some_and(|says| differs(says, named)) {
            remarks.push(CardRemark::Differs);
        }
        if let OpenedBy::Withheld(because) = card.opened_by {
            tracing::warn!(?because, "the card withholds its holder");
            remarks.push(CardRemark::Withheld(because));
        }
        if let Some(last_day) = card.face.expires.date()
            && last_day < civil_date(self.0.with.clock.now())
        {
            remarks.push(CardRemark::Expired(last_day));
        }
        remarks.extend(card.remarks.iter().copied().map(CardRemark::Odd));
        remarks
    }

    async fn relay(&self, question: RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
        let answer = relay(&self.0.with.platform, &question, self.0.with.clock.now()).await;
        answer.map_err(|error| {
            let failure = error.failure();
            match error {
                NotRelayed::Province(error) if failure == RelayFailure::Unreachable => {
                    self.0.with.trouble.failed(&Arc::new(error));
                }
                NotRelayed::Province(_) | NotRelayed::Nonsense(_) => {
                    tracing::warn!(%error, "card authentication");
                }
            }
            failure
        })
    }
}

/// Who a card turned out to be.
enum Confirmed {
    Holder(Presented),
    /// With what is wrong, and whose fault it is.
    Nobody(ReaderTrouble, Box<(CredentialFault, Option<Unnamed>)>),
}

impl Confirmed {
    /// The card itself cannot be used.
    fn fault(fault: CardFault) -> Self {
        Self::Nobody(
            ReaderTrouble::Card(fault),
            Box::new((CredentialFault::Credential, None)),
        )
    }
}

/// Why the province names nobody.
enum Unconfirmed {
    /// It rejects the card.
    Denied(Arc<PlatformError>),
    /// It did not answer.
    Unanswered(Unanswered),
}

/// What the card says of its holder, where it lets itself be read.
fn says(card: &CardIdentity) -> Result<Option<OnCard>, CardFault> {
    let Some(holder) = &card.holder else {
        return Ok(None);
    };
    let number = SocialSecurityNumber::parse(holder.number.as_str()).map_err(|error| {
        tracing::warn!(%error, "the card's number cannot be used");
        CardFault::RecordMissing { tag: 0x08 }
    })?;
    Ok(Some(OnCard {
        social_security_number: number,
        name: holder
            .name
            .as_deref()
            .map(|name| PersonName::new(&standard(name))),
    }))
}

/// The characters that stand where the card number ought to be, where any do.
fn other_form(card: &CardIdentity) -> Option<usize> {
    card.remarks.iter().find_map(|remark| match remark {
        Remark::CardNumberOfOtherForm(length) => Some(*length),
        Remark::CardNumberCheckDigit
        | Remark::CardNumberBlank
        | Remark::SocialSecurityNumberCheckDigit
        | Remark::NameUnreadable
        | Remark::NameAmbiguous
        | Remark::NameIn(_)
        | Remark::VersionUnknown
        | Remark::DateUnreadable => None,
    })
}

/// Whether the fault lies with the card that was presented, so that the rules count it as one (B03, N38, H22).
fn is_the_cards(fault: &CardFault) -> bool {
    match fault {
        CardFault::Mute
        | CardFault::Nonsense { .. }
        | CardFault::Refused { .. }
        | CardFault::AuthenticationRefused { .. }
        | CardFault::Locked { .. }
        | CardFault::RecordMissing { .. } => true,
        CardFault::ServiceDown
        | CardFault::ServiceStuck
        | CardFault::ServiceRefuses
        | CardFault::NoReader
        | CardFault::ReaderSilent
        | CardFault::ReaderNotFound { .. }
        | CardFault::NoCard
        | CardFault::HeldByAnotherProgram
        | CardFault::DrawnOut
        | CardFault::ReaderStuck
        | CardFault::ReaderUnplugged
        | CardFault::ReaderFailed { .. }
        | CardFault::NotThisCard
        | CardFault::Psam
        | CardFault::ProcessEnded
        | CardFault::ProcessCannotStart
        | CardFault::ProcessOfAnotherVersion => false,
    }
}

fn differs(says: &OnCard, (number, name): &Named) -> bool {
    !says.social_security_number.agrees_with(number)
        || says
            .name
            .as_ref()
            .is_some_and(|says| !says.agrees_with(name))
}
