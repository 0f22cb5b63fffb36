//! One card from selection to holder, its internal authentication, and the relayed external one of a 3.0 card.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::content;
use super::exchange::{Exchange, refusal};
use super::file::{self, Closed, Wanted};
use super::{
    CardFace, CardFault, Holder, InternalAnswer, RelayAnswer, RelayFailure, RelayQuestion, Remark,
    StepName, WithheldBecause, atr::Atr, hex, tlv,
};

/// `sx1.sh.社会保障` in GBK: the application SSSE.
const SELECT_APPLICATION: &[u8] = b"\x00\xA4\x04\x00\x0Fsx1.sh.\xC9\xE7\xBB\xE1\xB1\xA3\xD5\xCF";

const EF05: Wanted = Wanted {
    file: 0x05,
    records: &[(0x01, 16), (0x03, 4), (0x05, 4), (0x06, 4), (0x07, 9)],
    sought: &[0x01, 0x07],
};
const EF05_WHOLE: Wanted = Wanted {
    file: 0x05,
    records: &[
        (0x01, 16),
        (0x02, 1),
        (0x03, 4),
        (0x04, 12),
        (0x05, 4),
        (0x06, 4),
        (0x07, 9),
    ],
    sought: &[0x01, 0x07],
};
/// Number and name: a settlement needs no more of the holder.
const EF06: Wanted = Wanted {
    file: 0x06,
    records: &[(0x08, 18), (0x09, 30), (0x4E, 20)],
    sought: &[0x08, 0x09],
};
const EF06_WHOLE: Wanted = Wanted {
    file: 0x06,
    records: &[
        (0x08, 18),
        (0x09, 30),
        (0x4E, 20),
        (0x0A, 1),
        (0x0B, 1),
        (0x0C, 3),
        (0x0D, 4),
    ],
    sought: &[0x08, 0x09],
};

/// How much of the card is read. No more than is needed by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadScope {
    /// Card id, version, dates, card number, holder's number and name.
    Identity,
    /// Also the records that nobody needs to settle, for a look at an odd card: only their status words and times are
    /// reported, never their values.
    EveryRecord,
}

/// 终端机编号 of a reader without a PSAM.
const NO_TERMINAL: &str = "000000000000";

/// Asks the province, and waits for its answer.
pub(crate) type Ask<'a> = dyn FnMut(RelayQuestion) -> Result<RelayAnswer, RelayFailure> + 'a;

/// A card whose application is selected.
pub(crate) struct SelectedCard {
    /// As the card's control information names it.
    pub(crate) algorithm: Option<u8>,
    /// The historical bytes.
    pub(crate) reset: Vec<u8>,
    /// Why it was not selected: a card without EF05 is called that.
    pub(crate) not_selected: Option<CardFault>,
}

/// EF06, or why it says nobody.
pub(crate) enum HolderFile {
    Read(Holder),
    AskedForAuthentication,
    Unusable(WithheldBecause),
}

/// Recognises the card by its answer to reset and selects its application.
pub(crate) fn select(exchange: &mut Exchange<'_>, atr: &[u8]) -> Result<SelectedCard, CardFault> {
    let step = StepName::SelectApplication;
    let Some(atr) = Atr::parse(atr) else {
        return Err(CardFault::Nonsense {
            step: StepName::Connect,
        });
    };
    if atr.is_psam() {
        return Err(CardFault::Psam);
    }
    let mut answer = exchange.send_for_answer(step, SELECT_APPLICATION)?;
    if answer.status & 0xFF00 == 0x6F00 {
        answer = exchange.send_for_answer(step, SELECT_APPLICATION)?;
    }
    let not_selected = match answer.status {
        0x9000 => None,
        // File not found, what cards say that do not know the class or the command, and Java cards (6999).
        0x6A80 | 0x6A82 | 0x6A86 | 0x6A88 | 0x6D00 | 0x6E00 | 0x6999 => {
            Some(CardFault::NotThisCard)
        }
        0x6283 | 0x6983 | 0x6A81 => return Err(refusal(step, answer.status)),
        status => Some(refusal(step, status)),
    };
    Ok(SelectedCard {
        algorithm: tlv::algorithm(&answer.data),
        reset: atr.historical().to_vec(),
        not_selected,
    })
}

/// Reads EF05; only a card that has none is called foreign.
pub(crate) fn face(
    exchange: &mut Exchange<'_>,
    card: &SelectedCard,
    scope: ReadScope,
    remarks: &mut Vec<Remark>,
) -> Result<CardFace, CardFault> {
    let wanted = match scope {
        ReadScope::Identity => EF05,
        ReadScope::EveryRecord => EF05_WHOLE,
    };
    let face = match file::read(exchange, &wanted) {
        Ok(records) => content::face(&records, &card.reset, remarks),
        Err(Closed::Fault(fault)) => Err(fault),
        // EF05 is free on every card; one that closes it is not ours to open.
        Err(Closed::AskedForAuthentication) => Err(CardFault::Refused {
            step: StepName::SelectFile(0x05),
            status: 0x6982,
        }),
    };
    match (face, &card.not_selected) {
        (face, None) => face,
        // Cards exist that do not know the application's name and have EF05 all the same.
        (Ok(face), Some(_)) if face.card_id.is_of_social_security() => Ok(face),
        // What broke off is not the card's word.
        (Err(fault @ CardFault::DrawnOut), Some(_)) => Err(fault),
        (Ok(_) | Err(_), Some(fault)) => Err(fault.clone()),
    }
}

/// Reads EF06.
pub(crate) fn holder(
    exchange: &mut Exchange<'_>,
    scope: ReadScope,
    remarks: &mut Vec<Remark>,
) -> Result<HolderFile, CardFault> {
    let wanted = match scope {
        ReadScope::Identity => EF06,
        ReadScope::EveryRecord => EF06_WHOLE,
    };
    match file::read(exchange, &wanted) {
        Ok(records) => Ok(match content::holder(&records, remarks) {
            Ok(holder) => HolderFile::Read(holder),
            Err(because) => HolderFile::Unusable(because),
        }),
        Err(Closed::AskedForAuthentication) => Ok(HolderFile::AskedForAuthentication),
        Err(Closed::Fault(CardFault::RecordMissing { .. })) => {
            Ok(HolderFile::Unusable(WithheldBecause::NumberMissing))
        }
        Err(Closed::Fault(CardFault::Refused { status, .. } | CardFault::Locked { status })) => {
            Ok(HolderFile::Unusable(WithheldBecause::FileRefused(status)))
        }
        Err(Closed::Fault(fault)) => Err(fault),
    }
}

/// Has the card prove that it holds its key, over an original that the terminal draws: the card's own challenge in its place
/// could be a recording. Cards of 1.0 and 2.0 exist that cannot; the status word says so.
pub(crate) fn prove(
    exchange: &mut Exchange<'_>,
    card: &SelectedCard,
) -> Result<Result<InternalAnswer, Unproven>, CardFault> {
    let step = StepName::Challenge;
    let factor = match asked(exchange, step, &[0x00, 0x84, 0x00, 0x00, 0x08])? {
        Ok(factor) => factor,
        Err(status) => return Ok(Err(Unproven { status })),
    };
    let raw = drawn()?;
    let step = StepName::InternalAuthentication;
    let command = [
        &[0x00, 0x88, 0x00, 0x00, 0x10],
        factor.as_slice(),
        raw.as_slice(),
    ]
    .concat();
    Ok(match asked(exchange, step, &command)? {
        Ok(result) => Ok(InternalAnswer {
            algorithm: card
                .algorithm
                .map(|algorithm| hex::encode(&[algorithm]))
                .unwrap_or_default(),
            factor: hex::encode(&factor),
            raw: hex::encode(&raw),
            result: hex::encode(&result),
        }),
        Err(status) => Err(Unproven { status }),
    })
}

/// The card refuses to prove itself, or answers something that is no proof.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unproven {
    pub(crate) status: u16,
}

/// Eight random bytes of the terminal's.
fn drawn() -> Result<[u8; 8], CardFault> {
    let mut drawn = [0; 8];
    getrandom::fill(&mut drawn).map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        CardFault::ProcessCannotStart
    })?;
    Ok(drawn)
}

/// Eight bytes, or the status word that says the card gives none. `6Fxx` may be a bad contact: it is asked once more.
fn asked(
    exchange: &mut Exchange<'_>,
    step: StepName,
    command: &[u8],
) -> Result<Result<[u8; 8], u16>, CardFault> {
    let with_data = command.len() > 5;
    let mut answer = None;
    for _ in 0..2 {
        let given = if with_data {
            exchange.send_for_answer(step, command)?
        } else {
            exchange.send(step, command)?
        };
        let bad_contact = given.status & 0xFF00 == 0x6F00;
        answer = Some(given);
        if !bad_contact {
            break;
        }
    }
    match answer {
        // Of another length it is no answer to this question.
        Some(answer) if answer.status == 0x9000 => {
            Ok(answer.data.as_slice().try_into().or(Err(answer.status)))
        }
        Some(answer) => Ok(Err(answer.status)),
        None => Err(CardFault::Nonsense { step }),
    }
}

/// Lets the province's HSM authenticate itself to the card, which has proved itself. Whether that outlives another selection
/// is open: EF06 is to be read at once.
pub(crate) fn authenticate(
    exchange: &mut Exchange<'_>,
    face: &CardFace,
    proved: &InternalAnswer,
    ask: &mut Ask<'_>,
) -> Result<Result<(), RelayFailure>, CardFault> {
    let outer_factor = challenge(exchange)?;
    let outer_raw = challenge(exchange)?;
    let question = RelayQuestion {
        city: face.card_id.city(),
        reset: face.reset.clone(),
        algorithm: proved.algorithm.clone(),
        card_id: face.card_id.to_hex(),
        inner_factor: proved.factor.clone(),
        inner_raw: proved.raw.clone(),
        inner_result: proved.result.clone(),
        outer_factor: hex::encode(&outer_factor),
        outer_raw: hex::encode(&outer_raw),
        terminal: NO_TERMINAL.to_owned(),
    };
    let answer = match exchange.step(StepName::Relay, || ask(question)) {
        Ok(answer) if answer.outer_raw == outer_raw => answer,
        // It answers another question; the card would refuse it and count the failure.
        Ok(_) => return Ok(Err(RelayFailure::Nonsense)),
        Err(failure) => return Ok(Err(failure)),
    };
    let command = Zeroizing::new(
        [
            &[0x00, 0x82, 0x00, 0x0A, 0x10],
            answer.outer.as_slice(),
            &outer_raw,
        ]
        .concat(),
    );
    match exchange
        .send(StepName::ExternalAuthentication, &command)?
        .status
    {
        0x9000 => {
            exchange.opens();
            Ok(Ok(()))
        }
        status => Err(CardFault::AuthenticationRefused { status }),
    }
}

fn challenge(exchange: &mut Exchange<'_>) -> Result<[u8; 8], CardFault> {
    let step = StepName::Challenge;
    let answer = exchange.send_past_bad_contact(step, &[0x00, 0x84, 0x00, 0x00, 0x08])?;
    match answer.status {
        0x9000 => answer
            .data
            .as_slice()
            .try_into()
            .or(Err(CardFault::Nonsense { step })),
        status => Err(refusal(step, status)),
    }
}
