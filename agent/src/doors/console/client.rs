//! The socket's client: what the subcommands say to the running daemon.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::catalogue::{Asked, CatalogueSays, LineAsked, MOST_ASKED};
use super::staff::{StaffAct, StaffDone, StaffLine};
use crate::counter::SlipCopy;
use crate::counter::{Remedied, Remedy};
use crate::doors::upload_wire::UploadWire;
use crate::wording::notice::Notice;

/// How long a command waits for the daemon's answer; a slip is drawn within a second or two.
const PATIENCE: Duration = Duration::from_secs(20);

/// A link that opens the page once.
#[derive(Serialize, Deserialize)]
pub struct Link {
    /// `http://127.0.0.1:PORT/enter?link=…`
    pub url: String,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link(…)")
    }
}

/// What a person says of a refused upload.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyLine {
    /// How often it had been tried when the person looked.
    pub attempts: u32,
    /// The agency's reference, where it was taken in by hand; without one the message is sent again.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
}

impl std::fmt::Debug for RemedyLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RemedyLine(…)")
    }
}

impl RemedyLine {
    /// As the counter takes it, for the message with this identifier.
    pub(super) fn of_message(self, message_id: String) -> Remedied {
        Remedied {
            message_id,
            attempts: self.attempts,
            remedy: match self.reference {
                None => Remedy::SendAgain,
                Some(reference) => Remedy::TakenByHand { reference },
            },
            reason: self.reason,
        }
    }
}

/// A clock that a person has found right although the journal has later times.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockCheck {
    /// When and why it was wrong.
    pub reason: String,
}

/// What was accepted, in China's civil time.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClockLine {
    /// The latest time in the journal until then.
    pub last: String,
    /// The clock's.
    pub now: String,
}

/// Heads that slips and uploads carry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heads {
    pub(super) heads: Vec<String>,
}

/// What a walk along the journal found.
#[derive(Debug, Serialize, Deserialize)]
pub struct JournalLine {
    /// In words, where all is well.
    pub say: String,
    /// What is not well.
    pub broken: Option<Notice>,
}

/// Which slip is wanted. In the body, so that whatever was typed cannot mean another address of the socket.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SlipWanted {
    /// The settlement's number.
    pub(super) settlement: String,
    /// Where one later copy is wanted in place of the first pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) again: Option<AgainWanted>,
}

/// A later copy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgainWanted {
    /// The copy that it replaces.
    pub(crate) copy: SlipCopy,
    /// Why it is wanted.
    pub(crate) reason: String,
}

/// Why the daemon did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nothing listens there.
    #[error("the daemon cannot be reached at {path}")]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: reqwest::Error,
    },
    /// What answers there is not this version's daemon.
    #[error("the answer at {path} cannot be read")]
    Unreadable {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: reqwest::Error,
    },
    /// It refused, and said why.
    #[error("refused: {}", .0.code)]
    Refused(Notice),
}

/// Speaks to the daemon behind a socket.
#[derive(Debug)]
pub struct Client {
    path: PathBuf,
    http: reqwest::Client,
}

impl Client {
    /// A client for the socket at `path`.
    pub fn new(path: &Path) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .unix_socket(path)
            // Nothing is encrypted here: a PC without a store of certificates does as well.
            .tls_certs_only([])
            // systemd holds the socket while the daemon is down: who connects would wait for it.
            .timeout(PATIENCE)
            .build()
            .map_err(|source| ClientError::Unreachable {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            path: path.to_owned(),
            http,
        })
    }

    /// Asks for a one-time link.
    pub async fn link(&self) -> Result<Link, ClientError> {
        let answer = self.send(self.http.post("http://console/v1/link")).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Fetches a settlement's slip as PDF, or a later copy of it; the daemon's journal keeps that it was written.
    pub(crate) async fn slip(
        &self,
        settlement: &str,
        again: Option<AgainWanted>,
    ) -> Result<Vec<u8>, ClientError> {
        let wanted = SlipWanted {
            settlement: settlement.to_owned(),
            again,
        };
        let request = self.http.post("http://console/v1/slip").json(&wanted);
        let answer = self.send(request).await?;
        let pdf = answer
            .bytes()
            .await
            .map_err(|source| self.unreachable(source))?;
        Ok(pdf.into())
    }

    /// What the catalogues say of a bill's lines, in as many questions as it takes.
    pub(crate) async fn catalogue_matches(
        &self,
        lines: Vec<LineAsked>,
    ) -> Result<Vec<CatalogueSays>, ClientError> {
        let mut said: Vec<CatalogueSays> = Vec::new();
        let mut lines = lines.into_iter();
        loop {
            let asked = Asked {
                lines: lines.by_ref().take(MOST_ASKED).collect(),
            };
            if asked.lines.is_empty() && !said.is_empty() {
                return Ok(said);
            }
            let request = self.http.post("http://console/v1/catalogue").json(&asked);
            let answer = self.send(request).await?;
            let more: Vec<CatalogueSays> = answer
                .json()
                .await
                .map_err(|source| self.unreadable(source))?;
            if said.is_empty() {
                said = more;
            } else {
                for (all, more) in said.iter_mut().zip(more) {
                    all.lines.extend(more.lines);
                }
            }
            if lines.len() == 0 {
                return Ok(said);
            }
        }
    }

    /// Lists what is still to go up.
    pub(crate) async fn uploads(&self) -> Result<Vec<UploadWire>, ClientError> {
        let answer = self
            .send(self.http.get("http://console/v1/uploads"))
            .await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// What hinders recording and sending at present.
    pub async fn troubles(&self) -> Result<Vec<Notice>, ClientError> {
        let answer = self
            .send(self.http.get("http://console/v1/troubles"))
            .await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Says what became of a refused upload; gives back where it stands then.
    pub(crate) async fn remedy(
        &self,
        message_id: &str,
        remedy: &RemedyLine,
    ) -> Result<UploadWire, ClientError> {
        let url = format!("http://console/v1/uploads/{message_id}/remedy");
        let answer = self.send(self.http.post(url).json(remedy)).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Says that the clock was checked and is right.
    pub async fn accept_clock(&self, reason: &str) -> Result<ClockLine, ClientError> {
        let check = ClockCheck {
            reason: reason.to_owned(),
        };
        let request = self.http.post("http://console/v1/clock").json(&check);
        let answer = self.send(request).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Who is on the list of people.
    pub(crate) async fn staff(&self) -> Result<Vec<StaffLine>, ClientError> {
        let answer = self.send(self.http.get("http://console/v1/staff")).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Changes the list of people.
    pub(crate) async fn keep_staff(&self, act: &StaffAct) -> Result<StaffDone, ClientError> {
        let request = self.http.post("http://console/v1/staff").json(act);
        let answer = self.send(request).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    /// Has the journal walked, and held against these heads.
    pub async fn verify_journal(&self, heads: &[String]) -> Result<JournalLine, ClientError> {
        let heads = Heads {
            heads: heads.to_vec(),
        };
        let request = self.http.post("http://console/v1/journal").json(&heads);
        let answer = self.send(request).await?;
        answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, ClientError> {
        let answer = request
            .send()
            .await
            .map_err(|source| self.unreachable(source))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let refused: Notice = answer
            .json()
            .await
            .map_err(|source| self.unreadable(source))?;
        Err(ClientError::Refused(refused))
    }

    fn unreadable(&self, source: reqwest::Error) -> ClientError {
        ClientError::Unreadable {
            path: self.path.clone(),
            source,
        }
    }

    fn unreachable(&self, source: reqwest::Error) -> ClientError {
        ClientError::Unreachable {
            path: self.path.clone(),
            source,
        }
    }
}
