//! Enums whose variants have one name each on the wire and on disk.

/// Declares a fieldless enum with its names: `ALL`, `name()` and `parse()` come from the one list.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The name in the case format.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }

            /// Reads the name of the case format.
            pub fn parse(text: &str) -> Result<Self, $crate::error::ParseError> {
                match text {
                    $( $text => Ok(Self::$variant), )+
                    _ => Err($crate::error::ParseError(concat!("只能是：", $( " ", $text, )+))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

/// Declares a text that is not empty and that identifies a person or a paper of one: its `Debug` shows nothing.
macro_rules! redacted_text {
    ( $(#[$meta:meta])* pub struct $name:ident, $empty:literal ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes any text that is not empty.
            pub fn parse(text: &str) -> Result<Self, $crate::error::ParseError> {
                if text.is_empty() {
                    return Err($crate::error::ParseError($empty));
                }
                Ok(Self(text.into()))
            }

            /// The text itself: for a screen, a slip or an upload, never for a log.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(crate) use named_enum;
pub(crate) use redacted_text;
