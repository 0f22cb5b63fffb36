//! What is found of a ledger when it is opened and looked through.

/// Why a ledger is not gone on with although it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The journal ends before the entry that the witness saw.
    Behind {
        /// Its last entry.
        reached: i64,
        /// The entry that the witness saw.
        witnessed: i64,
    },
    /// The journal has another entry where the witness saw one.
    Another {
        /// At this sequence.
        sequence: i64,
    },
    /// The journal says that there is a witness, and there is none.
    WitnessMissing,
    /// What lies in the witness's place was not written by this ledger's program and key.
    WitnessUnreadable,
    /// The province holds a head that this journal does not have, of a settlement of this epoch.
    Province {
        /// The entry that the province's head names.
        sequence: i64,
    },
}

/// What the thorough check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// It is still going on.
    Checking,
    /// Every page in use, every index and the whole journal are as they were written.
    Sound,
    /// They are not.
    Damaged {
        /// What was found, for the log.
        what: String,
    },
    /// It could not be finished.
    NotChecked {
        /// Why, for the log.
        why: String,
    },
}
