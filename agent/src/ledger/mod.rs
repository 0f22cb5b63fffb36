//! The truth on disk: visits, settlements, the chained journal, and the queue in the same file.
