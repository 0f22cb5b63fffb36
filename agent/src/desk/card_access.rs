//! What the daemon and `read-card` share: the readers as the configuration chooses them, and the relay to the province.

use std::path::Path;
use std::time::Duration;

use drivers::reader::{
    CardProcess, CardSettings, ChildCommand, Provider, RelayAnswer, RelayFailure, RelayNonsense,
    RelayQuestion, VendorSettings,
};
use jiff::Timestamp;

use crate::province::{Platform, PlatformError};
use crate::settings::{Authentication, Settings};

/// What the card process gets of the environment: language, time, where libraries and the PC/SC service are, how much to log.
const PASSED_ON: [&str; 7] = [
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "PCSCLITE_CSOCK_NAME",
    "SETTLEMENT_AGENT_LOG",
];

/// The process that reads cards for the daemon: in an account of its own where the configuration names its socket, else a child.
///
/// # Errors
///
/// Where this program lies cannot be found out.
pub(crate) fn card_process(socket: Option<&Path>) -> std::io::Result<CardProcess> {
    match socket {
        Some(socket) => Ok(CardProcess::Apart(socket.to_owned())),
        None => card_child().map(CardProcess::Child),
    }
}

/// This program again, as a child that reads cards in the same account.
///
/// # Errors
///
/// Where this program lies cannot be found out.
pub(crate) fn card_child() -> std::io::Result<ChildCommand> {
    Ok(ChildCommand {
        program: std::env::current_exe()?,
        arguments: vec!["card-child".into()],
        environment: PASSED_ON
            .iter()
            .filter_map(|name| Some(((*name).into(), std::env::var_os(name)?)))
            .collect(),
        account: None,
    })
}

/// Which readers, and who opens a 3.0 card, in the configuration's order.
pub(crate) fn card_settings(settings: &Settings) -> CardSettings {
    let card = &settings.card;
    let provider = |authentication: &Authentication| match authentication {
        Authentication::Relay => Some(Provider::Relay),
        Authentication::Vendor => card
            .vendor_library
            .clone()
            .map(|library| Provider::VendorLibrary(VendorSettings { library })),
        // No provider at all: EF05 alone, which the platform resolves.
        Authentication::CardOnly => None,
    };
    CardSettings {
        reader: Some(card.reader.clone()).filter(|part| !part.is_empty()),
        providers: card.authentication.iter().filter_map(provider).collect(),
        keep_from: settings.kept_from_libraries(),
        relay_limit: settings.platform.gate_timeout + Duration::from_millis(500),
        ..CardSettings::default()
    }
}

/// Why the province's HSM brought no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRelayed {
    /// The province could not be asked, or refused.
    #[error(transparent)]
    Province(#[from] PlatformError),
    /// It answered something else.
    #[error(transparent)]
    Nonsense(#[from] RelayNonsense),
}

/// Brings a 3.0 card's question to the province's HSM, and its answer back.
pub(crate) async fn relay(
    platform: &Platform,
    question: &RelayQuestion,
    now: Timestamp,
) -> Result<RelayAnswer, NotRelayed> {
    let answer = platform
        .authenticate_card(&question.to_hsm_string(), now)
        .await?;
    Ok(RelayAnswer::parse(&answer)?)
}

impl NotRelayed {
    /// As the reader is told.
    pub(crate) fn failure(&self) -> RelayFailure {
        match self {
            Self::Province(PlatformError::Rejected { .. }) => RelayFailure::Refused,
            Self::Province(_) => RelayFailure::Unreachable,
            Self::Nonsense(_) => RelayFailure::Nonsense,
        }
    }
}
