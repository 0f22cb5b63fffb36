//! Durable uploads with deadlines.
