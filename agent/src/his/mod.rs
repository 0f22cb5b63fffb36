//! Local HTTP interface for the hospital's own system.
