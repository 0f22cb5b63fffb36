//! A patient's data must not reach a log by accident, nor a screen in full: `Debug` that shows nothing, and numbers with their middle hidden.

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

/// A number with its middle hidden: `6501**********0013`.
pub(crate) fn masked_number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    let hidden = characters.len().saturating_sub(8);
    if hidden == 0 {
        return "*".repeat(characters.len());
    }
    let head: String = characters.iter().take(4).collect();
    let tail: String = characters.iter().skip(4 + hidden).collect();
    format!("{head}{}{tail}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_no_more_than_is_needed_to_recognise() {
        assert_eq!(masked_number("650102199003070013"), "6501**********0013");
        assert_eq!(masked_number("12345678"), "********");
    }
}
