//! The province's platform, as one terminal speaks with it: what it is connected with.

use std::sync::Arc;

use super::adapter::Adapter;
use super::envelope::Secret;
use super::error::ConnectError;
use super::settings::PlatformSettings;
use super::transport::Transport;
use super::{identity, session, transport};
use crate::records::numbers::QuestionIds;

/// The province's platform. Cheap to clone; one session for all clones.
#[derive(Debug, Clone)]
pub struct Platform(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) settings: PlatformSettings,
    pub(super) adapter: Adapter,
    pub(super) secret: Secret,
    pub(super) transport: Transport,
    pub(super) session: session::SessionSlot,
    pub(super) questions: QuestionIds,
}

fn adapter(settings: &PlatformSettings) -> Result<Adapter, ConnectError> {
    match &settings.adapter_file {
        Some(path) => Adapter::load(path),
        None => Adapter::built_in(),
    }
}

impl Platform {
    /// Reads certificates, secret and adapter, and sets the client up. Nothing is sent yet.
    pub fn connect(settings: PlatformSettings) -> Result<Self, ConnectError> {
        let adapter = adapter(&settings)?;
        let secret = identity::secret(&settings)?;
        let transport = Transport::new(&settings, &adapter.path)?;
        let questions = QuestionIds::new(&settings.terminal, settings.asker);
        Ok(Self(Arc::new(Inner {
            settings,
            adapter,
            secret,
            transport,
            session: session::SessionSlot::default(),
            questions,
        })))
    }

    /// Everything that would keep [`Self::connect`] from these settings, at once.
    pub(crate) fn faults(settings: PlatformSettings) -> Vec<ConnectError> {
        let adapter = adapter(&settings);
        let path = adapter.as_ref().map_or("/", |adapter| &adapter.path);
        let endpoint = transport::endpoint(&settings.url, path);
        let parts = [
            endpoint.map(drop),
            adapter.map(drop),
            identity::secret(&settings).map(drop),
            identity::authorities(&settings).map(drop),
            identity::pair(&settings).map(drop),
        ];
        let faults: Vec<_> = parts.into_iter().filter_map(Result::err).collect();
        if faults.is_empty() {
            Self::connect(settings).err().into_iter().collect()
        } else {
            faults
        }
    }

    /// How this province speaks; the counter needs its limits.
    pub fn adapter(&self) -> &Adapter {
        &self.0.adapter
    }
}
