//! What happens at the counter: admission, discharge, settlement.
