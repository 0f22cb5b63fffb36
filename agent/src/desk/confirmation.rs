//! Who confirmed a card or code, how the card was opened, and what it says of itself: what stands behind B06, kept as evidence.
//!
//! What a card says of itself proves nothing (B06). Number and name are those that the province answers; where the
//! card says otherwise B02 is told, and both are kept. How the card was confirmed (cryptogram, PSAM, or number and
//! card id, which can be copied) stands in the evidence. In an outage a card that was confirmed for this visit, at
//! its admission or at a quote since, still settles, and reading EF05 is enough.

use drivers::card::{CardIdentity, InternalAnswer, OpenedBy};
use rules::{OnCard, PersonName, SocialSecurityNumber, Verified};
use serde::{Deserialize, Serialize};

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::counter::stay::admission::number_of;
use crate::counter::stay::forms::VisitFacts;
use crate::desk::board::Presented;
use crate::ledger::{LedgerError, journal, visits};
use crate::redacted::closed_debug;

/// 卡号 and 卡识别码: by both the province knows a card, and one card is told from another of the same person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardKey {
    number: String,
    id: String,
}

impl CardKey {
    /// Of a card whose number can be read.
    pub(crate) fn of(card: &CardIdentity) -> Option<Self> {
        let number = card.face.card_number.as_ref()?;
        Some(Self {
            number: number.as_str().to_owned(),
            id: card.face.card_id.to_hex(),
        })
    }

    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// By what a card or code was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmedBy {
    /// The province, which verified what the card answered to internal authentication.
    Cryptogram,
    /// A PSAM in the reader; the province did not answer.
    Psam,
    /// The province, by card number and card id alone: both can be copied.
    NumberAndId,
    /// The province, which redeemed the code.
    Code,
    /// The same card as was confirmed for this visit before; the province did not answer.
    SameCard,
    /// Nobody.
    Nobody,
}

impl ConfirmedBy {
    /// What it is to rule B06.
    pub fn verified(self) -> Verified {
        match self {
            Self::Cryptogram | Self::Psam | Self::NumberAndId | Self::Code => Verified::Now,
            Self::SameCard => Verified::Earlier,
            Self::Nobody => Verified::No,
        }
    }

    /// What the province's yes rests on.
    pub(crate) fn by_province(answered: Option<&InternalAnswer>) -> Self {
        match answered {
            Some(_) => Self::Cryptogram,
            None => Self::NumberAndId,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Cryptogram => "cryptogram",
            Self::Psam => "psam",
            Self::NumberAndId => "number_and_id",
            Self::Code => "code",
            Self::SameCard => "same_card",
            Self::Nobody => "nobody",
        }
    }

    /// In a remark beside the reading; nothing where there is nothing to look out for.
    pub(crate) fn remark(self) -> Option<&'static str> {
        match self {
            Self::Cryptogram | Self::Code => None,
            Self::Psam => Some("省平台没有应答，这张卡由读卡器里的PSAM鉴权确认。"),
            Self::NumberAndId => Some(
                "这张卡不能做内部认证，省平台只凭卡号和卡识别码确认；这两样可以被复制，请核对持卡人。",
            ),
            Self::SameCard => Some("省平台没有应答，这张卡与本次就医先前核验过的是同一张。"),
            Self::Nobody => {
                Some("省平台没有应答，这张卡没有经过核验，不能据此结算；请联网恢复后重新插卡。")
            }
        }
    }
}

/// A social security card as it was presented.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentedCard {
    /// None where its number is blank: then nobody can be asked about it.
    pub(crate) key: Option<CardKey>,
    /// How its holder's file came to be read.
    pub(crate) opened_by: OpenedBy,
    /// What it says of its holder, where it could be read.
    pub(crate) says: Option<OnCard>,
}

/// Whoever a card or code is, by whom that is said.
pub(crate) type Named = (SocialSecurityNumber, PersonName);

/// What is kept of a credential with a settlement and an admission, version 1.
#[derive(Serialize)]
struct CredentialEvidence<'a> {
    version: u32,
    kind: &'static str,
    /// Who it is, as the case has it.
    social_security_number: &'a str,
    name: &'a str,
    confirmed_by: &'static str,
    card: Option<CardEvidence<'a>>,
}

#[derive(Serialize)]
struct CardEvidence<'a> {
    key: Option<&'a CardKey>,
    opened_by: &'static str,
    /// What it says itself.
    says: Option<SaysEvidence<'a>>,
}

#[derive(Serialize)]
struct SaysEvidence<'a> {
    social_security_number: &'a str,
    name: Option<&'a str>,
}

impl PresentedCard {
    fn evidence(&self) -> CardEvidence<'_> {
        CardEvidence {
            key: self.key.as_ref(),
            opened_by: match self.opened_by {
                OpenedBy::Free => "free",
                OpenedBy::Psam => "psam",
                OpenedBy::Relay => "relay",
                OpenedBy::VendorLibrary => "vendor_library",
                OpenedBy::Withheld(_) => "not",
            },
            says: self.says.as_ref().map(|says| SaysEvidence {
                social_security_number: says.social_security_number.as_str(),
                name: says.name.as_ref().map(PersonName::as_str),
            }),
        }
    }
}

impl Presented {
    /// What is kept of it beside the case that it was judged in.
    pub(crate) fn evidence(&self) -> Result<String, CounterError> {
        Ok(journal::json(&CredentialEvidence {
            version: 1,
            kind: self.kind.name(),
            social_security_number: self.social_security_number.as_str(),
            name: self.name.as_str(),
            confirmed_by: self.confirmed_by.name(),
            card: self.card.as_ref().map(PresentedCard::evidence),
        })?)
    }

    /// The card that the province, or a PSAM, confirmed in this presentation.
    pub(crate) fn confirmed_card(&self) -> Option<&CardKey> {
        match self.confirmed_by.verified() {
            Verified::Now => self.card.as_ref()?.key.as_ref(),
            Verified::Earlier | Verified::No => None,
        }
    }

    /// What the card says beside who it was taken for.
    pub(crate) fn on_card(&self) -> Option<OnCard> {
        self.card.as_ref()?.says.clone()
    }

    /// The same, where nobody confirmed it now, as a card that was confirmed for this visit before: its holder is the visit's.
    pub(crate) fn for_visit(self, holder: Named, confirmed: &[CardKey]) -> Self {
        let key = self.card.as_ref().and_then(|card| card.key.as_ref());
        if self.confirmed_by != ConfirmedBy::Nobody
            || !key.is_some_and(|key| confirmed.contains(key))
        {
            return self;
        }
        Self {
            social_security_number: holder.0,
            name: holder.1,
            confirmed_by: ConfirmedBy::SameCard,
            ..self
        }
    }
}

/// The journal's kind of an entry that says which card was confirmed for a visit after its admission.
const CARD_CONFIRMED: &str = "card_confirmed";

/// Its body, version 1.
#[derive(Serialize, Deserialize)]
struct CardConfirmed {
    v: u8,
    card: CardKey,
}

impl Counter {
    /// Who presents for a visit: whoever lies on the desk; in an outage the visit's worker, by the card that was confirmed for it.
    pub(crate) async fn presented_for(
        &self,
        visit: &visits::Visit,
    ) -> Result<Option<Presented>, CounterError> {
        let (board, now) = (&self.0.board, self.0.clock.now());
        let holder = (number_of(visit)?, PersonName::new(&visit.name));
        if let Some(presented) = board.presented(now) {
            if presented.confirmed_by != ConfirmedBy::Nobody || presented.card.is_none() {
                return Ok(Some(presented));
            }
            let confirmed = self.confirmed_cards(visit).await?;
            return Ok(Some(presented.for_visit(holder, &confirmed)));
        }
        let Some(unnamed) = board.unnamed(now) else {
            return Ok(None);
        };
        let confirmed = self.confirmed_cards(visit).await?;
        let presented = unnamed
            .taken_for(holder.clone())
            .for_visit(holder, &confirmed);
        // One that is not known to this visit stays nobody's.
        Ok((presented.confirmed_by == ConfirmedBy::SameCard).then_some(presented))
    }

    /// The cards that were confirmed for a visit: at its admission, and at its quotes since.
    async fn confirmed_cards(&self, visit: &visits::Visit) -> Result<Vec<CardKey>, CounterError> {
        let mut cards: Vec<CardKey> = VisitFacts::decode(&visit.facts)?
            .confirmed_card
            .into_iter()
            .collect();
        let number = visit.number.clone();
        let later = self
            .0
            .ledger
            .read(move |conn| journal::bodies(conn, CARD_CONFIRMED, number.as_str()))
            .await?;
        for body in later {
            let body: CardConfirmed =
                serde_json::from_str(&body).map_err(|_its_words_may_quote| {
                    CounterError::Ledger(LedgerError::Damaged {
                        what: format!("the confirmed card of visit {}", visit.number),
                    })
                })?;
            cards.push(body.card);
        }
        Ok(cards)
    }

    /// Keeps a card that was confirmed for a visit's worker now, where the visit does not know it yet.
    pub(crate) async fn keep_confirmed_card(
        &self,
        visit: &visits::Visit,
        presented: Option<&Presented>,
    ) -> Result<(), CounterError> {
        let Some(card) = presented.and_then(Presented::confirmed_card) else {
            return Ok(());
        };
        let own = presented.and_then(Presented::on_card);
        let worker = number_of(visit)?;
        if own.is_some_and(|own| !own.social_security_number.agrees_with(&worker))
            || self.confirmed_cards(visit).await?.contains(card)
        {
            return Ok(());
        }
        let body = journal::json(&CardConfirmed {
            v: 1,
            card: card.clone(),
        })?;
        let number = visit.number.clone();
        self.0
            .ledger
            .write(move |entry| {
                journal::append(entry, CARD_CONFIRMED, number.as_str(), &body)?;
                Ok::<_, CounterError>(())
            })
            .await
    }
}

closed_debug!(CardKey, PresentedCard);

#[cfg(test)]
impl PresentedCard {
    /// A card with this number that says this of its holder and asked for no authentication.
    pub(crate) fn for_tests(number: &str, says: (&str, &str)) -> Self {
        let parsed = SocialSecurityNumber::parse(says.0);
        Self {
            key: Some(CardKey {
                number: number.to_owned(),
                id: "320100D15600000500000001FFFFFFFF".to_owned(),
            }),
            opened_by: OpenedBy::Free,
            says: parsed.ok().map(|social_security_number| OnCard {
                social_security_number,
                name: Some(PersonName::new(says.1)),
            }),
        }
    }
}
