//! The rows of one message put together: the tree by which it is built.

use super::fault::RowTrouble;
use super::row::{Row, Segment, Source};

/// What stands in one place of their message.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// A value.
    Value(Source),
    /// Fields, in the order of the rows.
    Record(Vec<(String, Plan)>),
    /// One record for each element of a list of ours.
    List {
        /// Our list; none until a row says which.
        of: Option<&'static str>,
        /// What each consists of.
        each: Vec<(String, Plan)>,
    },
}

/// The list of ours that a field lies in, and its place there.
pub(super) fn in_list(path: &'static str) -> (Option<&'static str>, &'static str) {
    match path.split_once("[].") {
        Some((list, inside)) => (Some(list), inside),
        None => (None, path),
    }
}

/// Adds a row.
pub(super) fn add(plan: &mut Vec<(String, Plan)>, row: &Row) -> Result<(), RowTrouble> {
    let whole = shown(&row.theirs);
    let list = match &row.source {
        Source::Field(field, _) => in_list(field.path).0,
        Source::Constant(_) => None,
    };
    if list.is_some() && !row.theirs.iter().any(|segment| segment.is_list) {
        return Err(RowTrouble::List(whole));
    }
    let mut at = plan;
    let mut segments = row.theirs.iter().peekable();
    while let Some(segment) = segments.next() {
        let is_leaf = segments.peek().is_none();
        let place = match at.iter().position(|(name, _)| *name == segment.name) {
            Some(_) if is_leaf => return Err(RowTrouble::Twice(whole)),
            Some(place) => place,
            None => {
                let empty = if is_leaf {
                    Plan::Value(row.source.clone())
                } else if segment.is_list {
                    Plan::List {
                        of: None,
                        each: Vec::new(),
                    }
                } else {
                    Plan::Record(Vec::new())
                };
                at.push((segment.name.clone(), empty));
                at.len() - 1
            }
        };
        if is_leaf {
            return Ok(());
        }
        at = match at.get_mut(place).map(|(_, plan)| plan) {
            Some(Plan::Record(fields)) if !segment.is_list => fields,
            Some(Plan::List { of, each }) if segment.is_list => {
                match (*of, list) {
                    (Some(known), Some(list)) if known != list => {
                        return Err(RowTrouble::List(whole));
                    }
                    (_, Some(list)) => *of = Some(list),
                    (_, None) => {}
                }
                each
            }
            _ => return Err(RowTrouble::Twice(whole)),
        };
    }
    Ok(())
}

/// Their lists that no row ties to a list of ours: how many records stand there nobody knows.
pub(super) fn untied(plan: &[(String, Plan)]) -> Option<String> {
    plan.iter().find_map(|(name, plan)| match plan {
        Plan::Value(_) => None,
        Plan::Record(fields) => untied(fields),
        Plan::List { of, .. } => of.is_none().then(|| format!("{name}[]")),
    })
}

fn shown(theirs: &[Segment]) -> String {
    let one = |segment: &Segment| {
        let list = if segment.is_list { "[]" } else { "" };
        format!("{}{list}", segment.name)
    };
    theirs.iter().map(one).collect::<Vec<_>>().join(".")
}
