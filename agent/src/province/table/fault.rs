//! What a table's checker finds: which row, and why no message can be built by it.

/// What is wrong with a row, or with the rows of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The message, as the table calls it, or the envelope.
    pub message: String,
    /// The row's line in the file; none where the message as a whole is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub why: RowTrouble,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowTrouble {
    /// The province has this transaction, the table no rows for it.
    NoRows,
    /// Rows for a transaction without a code.
    NoTransaction,
    /// A row has two parts or three.
    Parts,
    /// A name of theirs that cannot be: empty, or with more than one list in it.
    Theirs(String),
    /// Two rows fill the same place of theirs, or one is filled and holds others.
    Twice(String),
    /// We have no such field in this message.
    Unknown(String),
    /// A constant that is neither text in quotes nor a whole number nor true or false.
    Constant,
    /// A field of a list of ours stands outside a list of theirs, or a list of theirs has none or several of ours.
    List(String),
    /// A field that must name its format, or say `ours`.
    NoFormat(String),
    /// A format or code map that the table does not have.
    NoSuchFormat(String),
    /// A format that this field cannot have.
    WrongFormat {
        /// The field.
        ours: String,
        /// The format's name.
        format: String,
    },
    /// A format that would cut off digits.
    LosesDigits {
        /// The field.
        ours: String,
        /// The format's name.
        format: String,
        /// How many decimals the field has.
        decimals: usize,
    },
    /// Values that the code map has no code for.
    NoCode {
        /// The code map.
        map: String,
        /// The values.
        values: Vec<String>,
    },
    /// Entries of a code map that are no values of the field.
    NoValue {
        /// The code map.
        map: String,
        /// The entries.
        entries: Vec<String>,
    },
    /// What no envelope can do without.
    MustStand(String),
    /// Fields that are neither sent nor dropped.
    Unmapped(Vec<String>),
    /// A field that is both sent and dropped.
    SentAndDropped(String),
}

/// What is wrong with `[formats]` or `[codes]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatFault {
    /// A name that stands for a format and a code map, or is the word `ours`.
    Name(String),
    /// Not exactly one of `time`, `number`, `text`.
    NotOne(String),
    /// A time in letters that are none of `yyyy MM dd HH mm ss XXX`.
    Time(String),
    /// More decimals than any amount has.
    Decimals(String),
}
