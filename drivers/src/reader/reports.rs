//! What was reported of the readers, so that each thing is told once.

use std::collections::{HashMap, HashSet};

use tokio::sync::mpsc::UnboundedSender;

use super::CardEvent;
use crate::card::{CardFault, Step};

/// The events' way out, and what went that way before.
pub(super) struct Reports {
    out: UnboundedSender<CardEvent>,
    /// Readers of whose card something was told, until it is taken out.
    occupied: HashSet<String>,
    /// As last told.
    readers: Option<Vec<String>>,
    /// A fault of service or process that [`CardEvent::Ready`] is to end.
    service_fault: Option<CardFault>,
    /// The fault last told for each reader.
    faults: HashMap<Option<String>, CardFault>,
}

impl Reports {
    pub(super) fn new(out: UnboundedSender<CardEvent>) -> Self {
        Self {
            out,
            occupied: HashSet::new(),
            readers: None,
            service_fault: None,
            faults: HashMap::new(),
        }
    }

    /// Nobody listens any more.
    pub(super) fn is_closed(&self) -> bool {
        self.out.is_closed()
    }

    /// The service answers.
    pub(super) fn service_is_well(&mut self) {
        if self.service_fault.take().is_some() {
            self.faults.remove(&None);
            self.tell(CardEvent::Ready);
        }
    }

    /// The watched readers. A new card process finds those that the one before had told.
    pub(super) fn readers(&mut self, readers: Vec<String>) {
        if self.readers.as_ref() != Some(&readers) {
            self.faults.remove(&None);
            self.readers = Some(readers.clone());
            self.tell(CardEvent::Readers(readers));
        }
    }

    /// A card was put in.
    pub(super) fn inserted(&mut self, reader: String) {
        self.reader_is_well(&reader);
        self.occupied.insert(reader.clone());
        self.tell(CardEvent::Inserted { reader });
    }

    /// What was wrong with this reader's card is over.
    pub(super) fn reader_is_well(&mut self, reader: &str) {
        self.faults.remove(&Some(reader.to_owned()));
    }

    /// The card in this reader is gone, if anything was told of it.
    pub(super) fn removed(&mut self, reader: String) {
        if self.occupied.remove(&reader) {
            self.tell(CardEvent::Removed { reader });
        }
    }

    /// A fault that concerns every reader and ends with [`CardEvent::Ready`].
    pub(super) fn service_fails(&mut self, fault: CardFault, steps: Vec<Step>) {
        self.service_fault = Some(fault.clone());
        self.fault(None, fault, steps);
    }

    /// A fault, unless it is the one that was told last.
    pub(super) fn fault(&mut self, reader: Option<String>, fault: CardFault, steps: Vec<Step>) {
        if self.faults.get(&reader) != Some(&fault) {
            self.faults.insert(reader.clone(), fault.clone());
            self.occupied.extend(reader.clone());
            self.tell(CardEvent::Fault {
                reader,
                fault,
                steps,
            });
        }
    }

    pub(super) fn tell(&self, event: CardEvent) {
        // Fails where nobody listens any more: the supervisor sees it and ends.
        drop(self.out.send(event));
    }
}
