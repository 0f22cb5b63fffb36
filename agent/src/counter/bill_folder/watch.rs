//! The bill folder at this counter: its loop, and what lies in it beside the stays that are open. The right file is offered at its
//! stay, and the others say why they are not.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::found::{FolderState, FolderView, Found, NotOffered, OfferedBill, OtherFile};
use crate::bill::folder::{
    Belongs, File, FolderTrouble, Memory, Read, Told, Unfit, Watch, belongs, content, scan,
};
use crate::bill::peek;
use crate::counter::Counter;
use crate::counter::aside::Weight;
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::file::BillFile;
use crate::ledger::visits;
use crate::pulse;
use crate::settings::BillFolder;

/// Where the kernel tells of changes the folder is looked at this often all the same.
const LOOKED_AT_EVERY: Duration = Duration::from_mins(1);

/// Changes that come together are looked at together.
const GATHERED_FOR: Duration = Duration::from_millis(200);

/// A file system that has not answered for so long is said to be silent.
const SILENT_AFTER: Duration = Duration::from_secs(10);

/// Files that are not offered and are told one by one; the rest is counted.
const MOST_TOLD: usize = 50;

/// What one loop keeps.
#[derive(Default)]
struct Round {
    memory: Memory,
    watch: Option<(Watch, (u64, u64))>,
    closed: HashSet<OsString>,
}

impl Counter {
    /// Watches the folder for ever. It may go away and come back.
    pub async fn run_bill_folder(self, folder: BillFolder) {
        let pulse = self.0.pulses.of("bill folder", pulse::STEP);
        let mut round = Round::default();
        loop {
            let looked = pulse.wait(self.look_into(&folder.path, &mut round)).await;
            let nap = match looked {
                Ok(()) => {
                    self.keep_folder(FolderState::Watched, round.memory.clone());
                    round.next_look(folder.poll, self.0.clock.times().boottime)
                }
                Err(trouble) => {
                    // Whatever lay there may be gone: nothing of it is offered any more.
                    round = Round::default();
                    self.keep_folder(FolderState::Trouble(trouble), Memory::default());
                    folder.poll
                }
            };
            let told = pulse.wait(round.told(self.0.clock.pause(nap))).await;
            if let Some(told) = told {
                round.hear(told);
                pulse.wait(self.0.clock.pause(GATHERED_FOR)).await;
            }
        }
    }

    /// One look: what lies there, and what stands in the files that are whole and new.
    async fn look_into(&self, path: &Path, round: &mut Round) -> Result<(), FolderTrouble> {
        let (is_watched, of) = (round.watch.is_some(), path.to_path_buf());
        let look = tokio::task::spawn_blocking(move || {
            // The watch first: what happens between the two is seen twice, not missed.
            let watch = (!is_watched).then(|| Watch::of(&of));
            scan(&of).map(|scanned| (watch, scanned))
        });
        let (watch, scanned) = self.answered(look).await?;
        let known = round.watch.take().map(|(watch, _)| watch).or(watch);
        round.watch = known.map(|watch| (watch, scanned.folder));
        let now = self.0.clock.times().boottime;
        let closed = std::mem::take(&mut round.closed);
        round.memory.take_in(scanned, &closed, now);
        for (name, version) in round.memory.to_be_read(now) {
            let (of, file) = (path.to_path_buf(), name.clone());
            let reading = tokio::task::spawn_blocking(move || content(&of, &file, &version));
            let read = match self.answered(reading).await {
                Ok(Some(bytes)) => Some(self.peek_into(bytes).await),
                Ok(None) => None,
                Err(unfit) => Some(Read::Unfit(unfit)),
            };
            round.memory.found(&name, &version, read);
        }
        Ok(())
    }

    async fn peek_into(&self, bytes: Vec<u8>) -> Read {
        let looked = self.aside(Weight::of_bill(&bytes), move |counter| {
            Ok(peek(&bytes, &counter.0.settings.bill.mapping).map_err(QuoteError::from)?)
        });
        match looked.await {
            Ok(whose) => Read::Head(whose.numbers.into_iter().map(|found| found.text).collect()),
            Err(CounterError::Quote(QuoteError::Bill(error))) => Read::NoBill(Arc::new(error)),
            Err(error) => {
                tracing::warn!(%error, "a file of the bill folder could not be looked into");
                Read::Unfit(Unfit::Unreadable(std::io::ErrorKind::Other))
            }
        }
    }

    /// What a thread answers that may wait for a network share for long; meanwhile the folder is said to be silent.
    async fn answered<T>(&self, mut asked: JoinHandle<T>) -> T {
        loop {
            tokio::select! {
                answered = &mut asked => match answered {
                    Ok(answer) => return answer,
                    Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                    // The runtime ends.
                    Err(_) => return std::future::pending().await,
                },
                () = self.0.clock.pause(SILENT_AFTER) => {
                    let silent = FolderState::Trouble(FolderTrouble::Silent);
                    self.keep_folder(silent, Memory::default());
                }
            }
        }
    }

    /// Keeps what was found, and tells whoever looks at the page where something is new. The log hears of the folder alone.
    fn keep_folder(&self, standing: FolderState, memory: Memory) {
        let mut found = self.0.folder.found();
        if found.standing != standing {
            match standing {
                FolderState::Trouble(trouble) => {
                    tracing::warn!(?trouble, "the bill folder cannot be looked into");
                }
                FolderState::Watched => tracing::info!("the bill folder is watched"),
                FolderState::NotLooked => {}
            }
        }
        let is_new = found.standing != standing || !found.memory.is_same_as(&memory);
        *found = Found { standing, memory };
        drop(found);
        if is_new {
            self.changed();
        }
    }

    /// What lies in the folder, beside the stays that are open now.
    pub async fn bill_folder(&self) -> Result<FolderView, CounterError> {
        let found = self.0.folder.found().clone();
        let open = self.0.ledger.read(visits::list_open);
        let open: Vec<visits::Visit> = open.await?;
        Ok(view(&found, &open))
    }

    /// The content of a file that is offered at this stay.
    ///
    /// # Errors
    /// [`QuoteError::OfferGone`] where it is not offered there any more: it was changed, or taken away.
    pub async fn offered_bill(&self, visit: &str, id: &str) -> Result<BillFile, CounterError> {
        let offers = self.bill_folder().await?.offers;
        let offered = offers
            .iter()
            .any(|offer| offer.id == id && offer.visit == visit);
        let memory = self.0.folder.found().memory.clone();
        let mut files = memory.newest_first().into_iter();
        let file = files.find(|file| offered && file.id().as_str() == id);
        let (Some(file), Some(folder)) = (file, &self.0.settings.bill.folder) else {
            return Err(CounterError::Quote(QuoteError::OfferGone));
        };
        let (path, name, version) = (folder.path.clone(), file.name.clone(), file.version);
        let shown = file.shown_name();
        let read = tokio::task::spawn_blocking(move || content(&path, &name, &version));
        match read.await.map_err(CounterError::Interrupted)? {
            Ok(Some(bytes)) => Ok(BillFile {
                name: Some(shown),
                ..BillFile::from(bytes)
            }),
            Ok(None) | Err(_) => Err(CounterError::Quote(QuoteError::OfferGone)),
        }
    }
}

impl Round {
    /// How long until the next look where nothing is heard.
    fn next_look(&self, poll: Duration, now: Duration) -> Duration {
        let every = match &self.watch {
            Some((Watch::Kernel(_), _)) => LOOKED_AT_EVERY,
            Some((Watch::Clock, _)) | None => poll,
        };
        self.memory
            .next_whole(now)
            .map_or(every, |next| next.min(every))
    }

    /// What the kernel tells within this pause; none where it ends before.
    async fn told(&self, pause: impl Future<Output = ()>) -> Option<Told> {
        let Some((watch, _)) = &self.watch else {
            pause.await;
            return None;
        };
        tokio::select! {
            told = watch.told() => Some(told),
            () = pause => None,
        }
    }

    fn hear(&mut self, told: Told) {
        self.closed.extend(told.closed);
        if told.folder_gone {
            self.watch = None;
        }
    }
}

fn view(found: &Found, open: &[visits::Visit]) -> FolderView {
    let numbers: Vec<&str> = open
        .iter()
        .map(|visit| visit.record.inpatient_number.as_str())
        .collect();
    let mut view = FolderView {
        standing: found.standing,
        not_looked_at: found.memory.more,
        ..FolderView::default()
    };
    for file in found.memory.newest_first() {
        let name = file.shown_name();
        let why = match &file.read {
            None => {
                view.waiting.push(name);
                continue;
            }
            Some(Read::Head(inside)) => match belongs(&name, inside, &numbers) {
                Belongs::Stay(at) => {
                    view.offers
                        .extend(open.get(at).map(|visit| offered(file, visit)));
                    continue;
                }
                Belongs::Nobodys(numbers) => NotOffered::Nobodys(numbers),
                Belongs::Several(numbers) => NotOffered::Several(numbers),
                Belongs::Disagree { name, inside } => NotOffered::Disagree { name, inside },
            },
            Some(Read::NoBill(error)) => NotOffered::NoBill(Arc::clone(error)),
            Some(Read::Unfit(unfit)) => NotOffered::Unfit(*unfit),
        };
        if view.others.len() == MOST_TOLD {
            view.more += 1;
        } else {
            view.others.push(OtherFile {
                name,
                size: file.version.size,
                modified: file.version.modified(),
                why,
            });
        }
    }
    view
}

fn offered(file: &File, visit: &visits::Visit) -> OfferedBill {
    OfferedBill {
        id: file.id().as_str().to_owned(),
        name: file.shown_name(),
        size: file.version.size,
        modified: file.version.modified(),
        visit: visit.number.to_string(),
    }
}
