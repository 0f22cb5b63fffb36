//! `Debug` that names a type and shows nothing of what it holds: a patient's data must not reach a log by accident.

/// Implements such a `Debug` for each type named.
macro_rules! closed_debug {
    ($($body:ty),+ $(,)?) => {
        $(impl std::fmt::Debug for $body {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($body)).finish_non_exhaustive()
            }
        })+
    };
}
pub(crate) use closed_debug;
