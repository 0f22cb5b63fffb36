//! Marks that a hospital's export lacks: 治疗工伤, 限制条件 and 冲销序号, asked of a person, many lines at a time.
//!
//! Nothing is marked by default. What a person chooses makes another quote, with another key; who chose what stands in the
//! journal, and how an item was marked on the last settled bill is offered for the next.

pub(crate) mod act;
pub(crate) mod choices;
pub(crate) mod fault;
pub(crate) mod given;
pub(crate) mod missing;
pub(crate) mod reversals;
