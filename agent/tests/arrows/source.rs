//! What one source file says of modules: which it declares, what it imports and hands on, which paths it names.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A path as written, by its parts.
pub(crate) type Path = Vec<String>;

/// One module as it is written: a file, or a block `mod name { … }` in one.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Modules it declares whose text is another file.
    pub(crate) children: Vec<String>,
    /// Modules it holds as blocks.
    pub(crate) blocks: BTreeMap<String, Source>,
    /// Its `use` declarations, one for each name.
    pub(crate) imports: Vec<Import>,
    /// Paths that it names elsewhere.
    pub(crate) paths: Vec<Path>,
    /// Names of what it defines itself.
    pub(crate) defines: BTreeSet<String>,
    /// Every identifier outside its `use` declarations.
    pub(crate) words: BTreeSet<String>,
}

/// One name that a `use` declaration brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    /// From where.
    pub(crate) path: Path,
    /// By which name; `*` for all of them.
    pub(crate) name: String,
    /// Others may take it from here.
    pub(crate) handed_on: bool,
}

/// Items whose name follows the keyword.
const ITEMS: [&str; 9] = [
    "struct",
    "enum",
    "union",
    "trait",
    "fn",
    "type",
    "const",
    "static",
    "macro_rules",
];

impl Source {
    /// Reads a file's text. What is compiled for tests alone is passed over.
    pub(crate) fn read(text: &str) -> Result<Self, proc_macro2::LexError> {
        let mut source = Self::default();
        source.items(&TokenStream::from_str(text)?.into_iter().collect::<Vec<_>>());
        Ok(source)
    }

    /// What stands in a module's block: items with their attributes.
    fn items(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        let mut for_tests = false;
        let mut handed_on = false;
        while let Some(token) = tokens.get(at) {
            if is_punct(token, '#') {
                let (attribute, next) = attribute(tokens, at);
                if let Some(attribute) = attribute {
                    for_tests |= is_test_only(attribute);
                    self.elsewhere(&attribute.stream());
                }
                at = next;
                continue;
            }
            match word(token).as_deref() {
                Some("pub") => {
                    handed_on = true;
                    at += 1;
                    if let Some(TokenTree::Group(group)) = tokens.get(at)
                        && group.delimiter() == Delimiter::Parenthesis
                    {
                        at += 1;
                    }
                    continue;
                }
                Some("use") => {
                    let end = until_semicolon(tokens, at);
                    if !for_tests {
                        let tree = tokens.get(at + 1..end).unwrap_or_default();
                        self.import(&mut Vec::new(), tree, handed_on);
                    }
                    at = end + 1;
                }
                Some("mod") => {
                    at = self.module(tokens, at, for_tests);
                }
                _ => {
                    let end = end_of_item(tokens, at);
                    if !for_tests {
                        self.item(tokens.get(at..end).unwrap_or_default());
                    }
                    at = end;
                }
            }
            (for_tests, handed_on) = (false, false);
        }
    }

    fn module(&mut self, tokens: &[TokenTree], at: usize, for_tests: bool) -> usize {
        let name = tokens.get(at + 1).and_then(word).unwrap_or_default();
        if let Some(TokenTree::Group(block)) = tokens.get(at + 2) {
            if !for_tests {
                let mut inner = Self::default();
                inner.items(&block.stream().into_iter().collect::<Vec<_>>());
                self.blocks.insert(name, inner);
            }
        } else if !for_tests {
            self.children.push(name);
        }
        at + 3
    }

    fn item(&mut self, tokens: &[TokenTree]) {
        for (at, token) in tokens.iter().enumerate() {
            if word(token).is_some_and(|word| ITEMS.contains(&word.as_str())) {
                // `macro_rules! name`
                let name = tokens
                    .get(at + 1..)
                    .unwrap_or_default()
                    .iter()
                    .find_map(word);
                // `const fn name`
                if let Some(name) = name.filter(|name| name != "fn") {
                    self.defines.insert(name);
                    break;
                }
            }
        }
        self.paths_in(tokens);
    }

    fn elsewhere(&mut self, stream: &TokenStream) {
        self.paths_in(&stream.clone().into_iter().collect::<Vec<_>>());
    }

    /// Every path of two parts or more, `use` declarations inside of functions among them.
    fn paths_in(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if is_punct(token, '#') {
                let (attribute, next) = attribute(tokens, at);
                if let Some(attribute) = attribute {
                    if is_test_only(attribute) {
                        at = end_of_item(tokens, next);
                        continue;
                    }
                    self.elsewhere(&attribute.stream());
                    at = next;
                    continue;
                }
            }
            match token {
                TokenTree::Group(group) => {
                    self.elsewhere(&group.stream());
                    at += 1;
                }
                TokenTree::Ident(_) => at = self.word(tokens, at),
                TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
            }
        }
    }

    fn word(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let first = tokens.get(at).and_then(word).unwrap_or_default();
        let next = tokens.get(at + 1);
        // A visibility names a module and takes nothing from it.
        if first == "pub"
            && let Some(TokenTree::Group(group)) = next
            && group.delimiter() == Delimiter::Parenthesis
        {
            return at + 2;
        }
        // `use<…>` in a type only says what it captures.
        if first == "use" && !next.is_some_and(|next| is_punct(next, '<')) {
            let end = until_semicolon(tokens, at);
            let tree = tokens.get(at + 1..end).unwrap_or_default();
            self.import(&mut Vec::new(), tree, false);
            return end + 1;
        }
        self.words.insert(first.clone());
        let mut path = vec![first];
        let mut end = at + 1;
        while colons(tokens, end)
            && let Some(part) = tokens.get(end + 2).and_then(word)
        {
            path.push(part);
            end += 3;
        }
        let continued = at > 1 && colons(tokens, at - 2);
        if path.len() > 1 && !continued {
            self.paths.push(path);
        }
        end
    }

    fn import(&mut self, stem: &mut Path, tree: &[TokenTree], handed_on: bool) {
        let depth = stem.len();
        let mut at = 0;
        while let Some(token) = tree.get(at) {
            match token {
                TokenTree::Ident(ident) if *ident == "as" => {
                    let name = tree.get(at + 1).and_then(word).unwrap_or_default();
                    self.imported(stem, name, handed_on);
                    stem.truncate(depth);
                    return;
                }
                TokenTree::Ident(ident) => stem.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    self.imported(stem, "*".to_owned(), handed_on);
                    stem.truncate(depth);
                    return;
                }
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for branch in inner.split(|token| is_punct(token, ',')) {
                        if !branch.is_empty() {
                            self.import(stem, branch, handed_on);
                        }
                    }
                    stem.truncate(depth);
                    return;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
        let name = match stem.last().map(String::as_str) {
            // `use super::case::{self}`
            Some("self") => {
                stem.pop();
                stem.last().cloned()
            }
            last => last.map(str::to_owned),
        };
        if let Some(name) = name {
            self.imported(stem, name, handed_on);
        }
        stem.truncate(depth);
    }

    fn imported(&mut self, path: &Path, name: String, handed_on: bool) {
        self.imports.push(Import {
            path: path.clone(),
            name,
            handed_on,
        });
    }
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn colons(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| is_punct(token, ':'));
    colon(at) && colon(at + 1)
}

/// The attribute that begins here, and where it ends.
fn attribute(tokens: &[TokenTree], at: usize) -> (Option<&Group>, usize) {
    let inner = tokens.get(at + 1).is_some_and(|token| is_punct(token, '!'));
    let body = at + 1 + usize::from(inner);
    match tokens.get(body) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            (Some(group), body + 1)
        }
        _ => (None, at + 1),
    }
}

/// `cfg(test)`, also within `all(…)`; not within `not(…)`.
fn is_test_only(attribute: &Group) -> bool {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [name, TokenTree::Group(condition)] = tokens.as_slice() else {
        return false;
    };
    word(name).as_deref() == Some("cfg") && requires_test(&condition.stream())
}

fn requires_test(condition: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.clone().into_iter().collect();
    match tokens.as_slice() {
        [one] => word(one).as_deref() == Some("test"),
        [all, TokenTree::Group(conditions)] if word(all).as_deref() == Some("all") => {
            let conditions: Vec<TokenTree> = conditions.stream().into_iter().collect();
            conditions
                .split(|token| is_punct(token, ','))
                .any(|one| requires_test(&one.iter().cloned().collect()))
        }
        _ => false,
    }
}

fn until_semicolon(tokens: &[TokenTree], at: usize) -> usize {
    let rest = tokens.get(at..).unwrap_or_default();
    let length = rest.iter().position(|token| is_punct(token, ';'));
    at + length.unwrap_or(rest.len())
}

/// After the `;` or the braces with which an item ends, or the `,` of a field.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = Ends::of(tokens.get(at..).unwrap_or_default());
    let mut end = at;
    while let Some(token) = tokens.get(end) {
        end += 1;
        let ended = match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => true,
                ',' => ends == Ends::Field,
                _ => false,
            },
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && ends == Ends::Block,
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        if ended {
            break;
        }
    }
    end
}

/// How something ends.
#[derive(PartialEq, Eq)]
enum Ends {
    /// With a `;`, whatever stands before it.
    Value,
    /// With its block, or a `;` where it has none.
    Block,
    /// With a `,`.
    Field,
}

impl Ends {
    fn of(tokens: &[TokenTree]) -> Self {
        let mut words = tokens.iter().take(8).filter_map(word).peekable();
        while let Some(keyword) = words.next() {
            match keyword.as_str() {
                "static" | "type" | "let" | "use" => return Self::Value,
                "const"
                    if words.peek().is_some_and(|next| {
                        next.chars().any(char::is_uppercase) || next == "_"
                    }) =>
                {
                    return Self::Value;
                }
                "fn" | "struct" | "enum" | "union" | "trait" | "impl" | "mod" | "macro_rules"
                | "extern" => {
                    return Self::Block;
                }
                _ => {}
            }
        }
        if tokens.get(1).is_some_and(|token| is_punct(token, '!')) {
            Self::Block
        } else {
            Self::Field
        }
    }
}
