//! Word that visits, uploads or the registry have changed, so that every screen looks again.

use tokio::sync::watch;

/// Counts up with every change. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Changes(watch::Sender<u64>);

impl Default for Changes {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Changes {
    /// Something has changed.
    pub(crate) fn tell(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The count, live.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
