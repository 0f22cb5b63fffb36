//! Cards at the reader become credentials on the desk; a 3.0 card's authentication is relayed to the province.

use drivers::card::{CardIdentity, OpenedBy};
use drivers::reader::{
    CardEvent, CardFault, CardReaders, CardReading, RelayAnswer, RelayFailure, RelayQuestion,
};
use rules::case::china_time::civil_date;
use rules::{CredentialFault, CredentialKind, PersonName, SocialSecurityNumber, Verified};

use super::desk::Presented;
use super::{Counter, DEVICE_AGAIN};
use crate::card_access::{NotRelayed, card_process, card_settings, relay};
use crate::notice::Notice;
use crate::notice_card::{card_fault, is_the_cards, odd, withheld};
use crate::platform::{Delivery, PlatformError};
use crate::pulse;

impl Counter {
    /// Watches the readers for as long as the daemon runs.
    pub async fn run_cards(self) {
        let pulse = self.0.pulses.of("cards", pulse::STEP);
        // A counter without its card reader still settles by code: it is shown and tried again.
        let child = loop {
            match card_process() {
                Ok(child) => break child,
                Err(error) => {
                    tracing::error!(%error, "the card process cannot be started");
                    self.0
                        .board
                        .trouble(card_fault(&CardFault::ProcessCannotStart), None);
                    pulse.wait(self.0.clock.pause(DEVICE_AGAIN)).await;
                }
            }
        };
        let asking = self.clone();
        let (readers, mut events) =
            CardReaders::start(card_settings(&self.0.settings), child, move |question| {
                let counter = asking.clone();
                async move { counter.relay(question).await }
            });
        let mut speaking = None;
        while let Some(event) = pulse.wait(events.next()).await {
            self.take(event, &mut speaking).await;
        }
        drop(readers);
    }

    /// `speaking` is the reader that whoever lies on the desk was read by.
    async fn take(&self, event: CardEvent, speaking: &mut Option<String>) {
        let board = &self.0.board;
        match event {
            CardEvent::Readers(readers) if readers.is_empty() => {}
            CardEvent::Readers(_) | CardEvent::Ready => board.ready(),
            CardEvent::Inserted { reader: _ } => {
                *speaking = None;
                board.inserted();
            }
            // A key or a security module that is pulled out beside it is not the card that was read.
            CardEvent::Removed { reader } => {
                if speaking.as_ref().is_none_or(|speaking| *speaking == reader) {
                    board.drawn();
                }
            }
            CardEvent::Fault {
                reader: _,
                fault,
                steps: _,
            } => {
                tracing::warn!(%fault, "card reader");
                let the_cards = is_the_cards(&fault).then_some(CredentialFault::Credential);
                board.trouble(card_fault(&fault), the_cards);
            }
            CardEvent::Read { reader, reading } => {
                *speaking = Some(reader);
                let turn = board.turn();
                match self.who(&reading).await {
                    Ok((social_security_number, name)) => board.present(
                        turn,
                        Presented {
                            kind: CredentialKind::SocialSecurityCard,
                            social_security_number,
                            name,
                            verified: Verified::Now,
                            at: self.0.clock.now(),
                            took: reading.took,
                            drawn: false,
                            remarks: self.remarks(&reading.identity),
                        },
                    ),
                    Err(notice) => board.trouble(notice, Some(CredentialFault::Credential)),
                }
            }
        }
    }

    /// What the cashier should know of a card that can be used all the same.
    fn remarks(&self, card: &CardIdentity) -> Vec<String> {
        let mut remarks = Vec::new();
        if let OpenedBy::Withheld(because) = card.opened_by {
            let why = withheld(because);
            tracing::warn!(?because, "the card withholds its holder");
            remarks.push(format!(
                "持卡人未能从卡上读出（{why}），由省平台凭卡号查得。"
            ));
        }
        if let Some(last_day) = card.face.expires.date()
            && last_day < civil_date(self.0.clock.now())
        {
            remarks.push(format!(
                "这张卡的有效期到 {last_day} 为止，请提醒持卡人换卡。"
            ));
        }
        remarks.extend(card.remarks.iter().map(|remark| odd(*remark).to_owned()));
        remarks
    }

    /// Who the card says its holder is; where it withholds that, who the province says.
    async fn who(
        &self,
        reading: &CardReading,
    ) -> Result<(SocialSecurityNumber, PersonName), Notice> {
        let Some(holder) = &reading.identity.holder else {
            return self.resolve(&reading.identity).await;
        };
        let number = SocialSecurityNumber::parse(holder.number.as_str()).map_err(|error| {
            tracing::warn!(%error, "the card's number cannot be used");
            card_fault(&CardFault::RecordMissing { tag: 0x08 })
        })?;
        if let Some(name) = &holder.name {
            return Ok((number, PersonName::new(name)));
        }
        let (known, name) = self.resolve(&reading.identity).await?;
        if known.agrees_with(&number) {
            Ok((number, name))
        } else {
            Err(Notice::new(
                "card_number_differs",
                "卡上的社会保障号码与省平台登记的不一致，姓名也读不出来。",
                "请持卡人出示电子社保卡，并到社会保障卡服务网点检查卡片。",
            ))
        }
    }

    async fn resolve(
        &self,
        identity: &CardIdentity,
    ) -> Result<(SocialSecurityNumber, PersonName), Notice> {
        let face = &identity.face;
        let number = face
            .card_number
            .as_ref()
            .ok_or_else(|| card_fault(&CardFault::RecordMissing { tag: 0x07 }))?;
        let now = self.0.clock.now();
        let answer = self
            .0
            .platform
            .resolve_card(number.as_str(), &face.card_id.to_hex(), now)
            .await
            .map_err(|error| not_resolved(&error))?;
        let number =
            SocialSecurityNumber::parse(&answer.social_security_number).map_err(|error| {
                tracing::warn!(%error, "the province names no number for the card");
                card_fault(&CardFault::RecordMissing { tag: 0x08 })
            })?;
        Ok((number, PersonName::new(&answer.name)))
    }

    async fn relay(&self, question: RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
        let answer = relay(&self.0.platform, &question, self.0.clock.now()).await;
        answer.map_err(|error| {
            let failure = error.failure();
            match error {
                NotRelayed::Province(error) if failure == RelayFailure::Unreachable => {
                    self.province_failed(&error);
                }
                NotRelayed::Province(_) | NotRelayed::Nonsense(_) => {
                    tracing::warn!(%error, "card authentication");
                }
            }
            failure
        })
    }
}

fn not_resolved(error: &PlatformError) -> Notice {
    let next = match error.delivery() {
        Delivery::Refused => "请持卡人出示电子社保卡，并到社会保障卡服务网点检查卡片。",
        Delivery::NotSent | Delivery::Later | Delivery::Unknown => {
            "请网络恢复后重新插卡，或请持卡人出示电子社保卡。"
        }
    };
    let say = error.notice().say;
    Notice::new(
        "card_not_resolved",
        format!("这张卡要由省平台认证才能读出姓名和号码，没有成功：{say}"),
        next,
    )
}
