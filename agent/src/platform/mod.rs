//! The province: envelope, transaction tables, signing, card authentication relay.
