//! What the two regulations say.
