//! The reader itself, tried on sources written here: a circle that was planted is found, and what is none is not.

use super::graph::{Module, Package, circles};

/// A package of these modules, each by its path and its text.
fn package(sources: &[(&str, &str)]) -> Package {
    let mut package = Package::default();
    for (path, text) in sources {
        package.add(module(path), text);
    }
    package
}

fn module(path: &str) -> Module {
    path.split("::")
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The files of every circle, each circle in one line.
fn found(sources: &[(&str, &str)]) -> Vec<String> {
    let circles = circles(&package(sources).arrows());
    let line = |circle: &std::collections::BTreeSet<Module>| {
        let files: Vec<String> = circle.iter().map(|file| file.join("::")).collect();
        files.join(" ")
    };
    circles.iter().map(line).collect()
}

/// A root with two modules, and what stands in each.
fn two(one: &str, other: &str) -> Vec<String> {
    found(&[("", "mod one; mod other;"), ("one", one), ("other", other)])
}

#[test]
fn a_circle_is_found_however_the_path_is_written() {
    let back = "use crate::one::A; pub struct B(A);";
    for one in [
        "use crate::other::B; pub struct A;",
        "use super::other::B; pub struct A;",
        "use crate::{other::{B, C}}; pub struct A;",
        "use crate::other::B as Renamed; pub struct A;",
        "use crate::other::*; pub struct A;",
        "use crate::other; pub struct A; fn f(b: other::B) {}",
        "use super::other::{self}; pub struct A; fn f(b: other::B) {}",
        "pub struct A; fn f() -> Vec<crate::other::B> { Vec::new() }",
        "pub struct A; fn f() { use crate::other::B; }",
        "pub struct A; fn f() { println!(\"{:?}\", crate::other::B); }",
        "pub struct A; mod inner { use super::super::other::B; }",
        "pub struct A; #[derive(X)] #[x(with = crate::other::B)] struct Y;",
        "pub struct A; impl crate::other::B { pub(super) fn f() {} }",
    ] {
        assert_eq!(two(one, back), ["one other"], "{one}");
    }
}

#[test]
fn a_circle_is_found_round_about() {
    let sources = [
        ("", "mod a; mod b; mod c; mod d;"),
        ("a", "use crate::b::B; pub struct A;"),
        ("b", "use crate::c::C; pub struct B;"),
        ("c", "use crate::a::A; use crate::d::D; pub struct C;"),
        ("d", "pub struct D;"),
    ];
    assert_eq!(found(&sources), ["a b c"]);
}

#[test]
fn a_name_leads_to_the_file_that_defines_it_through_those_that_hand_it_on() {
    let sources = [
        ("", "mod room; mod other;"),
        (
            "room",
            "mod inner; mod beside; pub use inner::A; pub(crate) use self::beside::*;",
        ),
        ("room::inner", "use crate::other::B; pub struct A;"),
        ("room::beside", "pub struct C;"),
        ("other", "use crate::room::A; pub struct B;"),
    ];
    assert_eq!(found(&sources), ["other room::inner"]);
    let sources = [
        ("", "mod room; mod other;"),
        ("room", "mod inner; pub use inner::*;"),
        ("room::inner", "use crate::other::B; pub struct A;"),
        ("other", "use crate::room::A; pub struct B;"),
    ];
    assert_eq!(found(&sources), ["other room::inner"]);
}

#[test]
fn a_parent_that_works_with_its_child_is_in_a_circle_with_a_child_that_takes_from_it() {
    let child = "use super::Shared; pub struct Child(Shared);";
    for parent in [
        "mod child; use child::Child; pub struct Shared; fn f(child: Child) {}",
        "mod child; pub use child::Child; pub struct Shared; fn f(child: Child) {}",
        "mod child; pub struct Shared; fn f(child: child::Child) {}",
        "mod child; pub struct Shared; fn f(child: self::child::Child) {}",
    ] {
        let sources = [
            ("", "mod parent;"),
            ("parent", parent),
            ("parent::child", child),
        ];
        assert_eq!(found(&sources), ["parent parent::child"], "{parent}");
    }
}

#[test]
fn a_parent_that_only_declares_and_hands_on_is_in_none() {
    let parent = "mod child; mod shared; pub use child::Child; pub use shared::Shared;";
    let sources = [
        ("", "mod parent;"),
        ("parent", parent),
        (
            "parent::child",
            "use super::Shared; pub struct Child(Shared);",
        ),
        ("parent::shared", "pub struct Shared;"),
    ];
    assert!(found(&sources).is_empty());
}

#[test]
fn what_takes_nothing_is_no_arrow() {
    let back = "use crate::one::A; pub struct B(A);";
    for one in [
        "//! Of [`crate::other::B`].\n\npub struct A; // crate::other::B",
        "pub struct A; const TEXT: &str = \"crate::other::B\";",
        "pub struct A; pub(in crate::other) fn f() {}",
        "pub struct A; fn f() -> impl Sized + use<> {}",
        "pub struct A; #[cfg(test)] use crate::other::B;",
        "pub struct A; #[cfg(test)] mod tests { use crate::other::B; }",
        "pub struct A; #[cfg(test)] impl A { fn f(b: crate::other::B) {} }",
        "pub struct A; impl A { #[cfg(test)] fn f(b: crate::other::B) {} fn g() {} }",
        "pub struct A; #[cfg(all(test, feature = \"x\"))] fn f(b: crate::other::B) {}",
        "use elsewhere::other::B; pub struct A;",
    ] {
        assert!(two(one, back).is_empty(), "{one}");
    }
    // What only a build for others has is there all the same.
    let one = "pub struct A; #[cfg(not(test))] use crate::other::B;";
    assert_eq!(two(one, back), ["one other"]);
    let one = "pub struct A; #[cfg(test)] fn f<T: Iterator<Item = u8>>() {} use crate::other::B;";
    assert_eq!(two(one, back), ["one other"]);
}
