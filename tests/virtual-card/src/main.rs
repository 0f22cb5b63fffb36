//! virtual-card

fn main() {}
