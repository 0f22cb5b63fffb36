//! Whose card or code counts at the desk after cards, scans and answers came in, in any order.

use std::time::Duration;

use rules::{PersonName, SocialSecurityNumber};

use super::*;
use crate::desk::confirmation::ConfirmedBy;
use drivers::reader::CardFault;

fn presented(kind: CredentialKind, number: &str, minute: i64) -> Presented {
    Presented {
        kind,
        social_security_number: SocialSecurityNumber::parse(number).unwrap(),
        name: PersonName::new("测试一"),
        confirmed_by: if kind.settles() {
            ConfirmedBy::Cryptogram
        } else {
            ConfirmedBy::Nobody
        },
        card: None,
        at: Timestamp::from_second(1_772_000_000 + minute * 60).unwrap(),
        took: Duration::from_millis(7),
        drawn: false,
        remarks: Vec::new(),
    }
}

const ONE: &str = "650102199003070013";
const OTHER: &str = "110105194912310021";

fn kind_on(board: &Board) -> Option<CredentialKind> {
    board
        .watch()
        .borrow()
        .presented
        .as_ref()
        .map(|presented| presented.kind)
}

/// What happens at the counter; the digit names a card or code from its first sight to its answer.
#[derive(Debug, Clone, Copy)]
enum Step {
    CardIn(u8),
    CardRead(u8, &'static str),
    CardFault(u8),
    Scanned(u8),
    Answered(u8, &'static str),
    Refused(u8),
    IdentityFound(u8),
    IdentityRead(u8, &'static str),
}

fn play(steps: &[Step]) -> Board {
    let board = Board::new(ReaderState::Empty);
    let mut turns = BTreeMap::new();
    for (minute, step) in (0..).zip(steps) {
        let read = |kind, number| presented(kind, number, minute);
        match *step {
            Step::CardIn(which) => drop(turns.insert(which, board.inserted())),
            Step::Scanned(which) => drop(turns.insert(which, board.verifying())),
            Step::IdentityFound(which) => drop(turns.insert(which, board.turn())),
            Step::CardRead(which, number) => board.present(
                turns[&which],
                read(CredentialKind::SocialSecurityCard, number),
            ),
            Step::Answered(which, number) => board.present(
                turns[&which],
                read(CredentialKind::ElectronicSocialSecurityCard, number),
            ),
            Step::IdentityRead(which, number) => {
                board.present(turns[&which], read(CredentialKind::IdentityCard, number));
            }
            Step::CardFault(which) => {
                let trouble = ReaderTrouble::Card(CardFault::Mute);
                board.trouble(trouble, Some((turns[&which], CredentialFault::Credential)));
            }
            Step::Refused(which) => {
                let fault = Some(CredentialFault::Credential);
                board.decline(turns[&which], Declined::CodeUsed, fault);
            }
        }
    }
    board
}

/// What happens, and whose card or code counts at the end.
type Row<'a> = (&'a [Step], Option<(CredentialKind, &'a str)>);

#[expect(clippy::too_many_lines, reason = "a row for each order of events")]
#[test]
fn an_answer_that_comes_late_is_not_laid_over_whoever_came_after() {
    use CredentialKind::{
        ElectronicSocialSecurityCard as Code, IdentityCard as Identity, SocialSecurityCard as Card,
    };
    use Step::{
        Answered, CardFault, CardIn, CardRead, IdentityFound, IdentityRead, Refused, Scanned,
    };
    let rows: [Row<'_>; 15] = [
        // A code's answer.
        (
            &[Scanned(1), CardIn(2), CardRead(2, OTHER), Answered(1, ONE)],
            Some((Card, OTHER)),
        ),
        (&[Scanned(1), CardIn(2), Answered(1, ONE)], None),
        (&[Scanned(1), Scanned(2), Answered(1, ONE)], None),
        (
            &[Scanned(1), Scanned(2), Answered(2, OTHER), Answered(1, ONE)],
            Some((Code, OTHER)),
        ),
        (
            &[
                Scanned(1),
                IdentityFound(2),
                IdentityRead(2, OTHER),
                Answered(1, ONE),
            ],
            Some((Identity, OTHER)),
        ),
        (
            &[
                Scanned(1),
                IdentityFound(2),
                IdentityRead(2, ONE),
                Answered(1, ONE),
            ],
            Some((Code, ONE)),
        ),
        (
            &[Scanned(1), CardIn(2), CardRead(2, OTHER), Refused(1)],
            Some((Card, OTHER)),
        ),
        // An identity card.
        (
            &[
                IdentityFound(1),
                CardIn(2),
                CardRead(2, OTHER),
                IdentityRead(1, ONE),
            ],
            Some((Card, OTHER)),
        ),
        (&[IdentityFound(1), CardIn(2), IdentityRead(1, ONE)], None),
        (
            &[
                IdentityFound(1),
                Scanned(2),
                IdentityRead(1, ONE),
                Answered(2, OTHER),
            ],
            Some((Code, OTHER)),
        ),
        // A card, and what the province says of it.
        (
            &[CardIn(1), Scanned(2), Answered(2, OTHER), CardRead(1, ONE)],
            Some((Code, OTHER)),
        ),
        (&[CardIn(1), CardIn(2), CardRead(1, ONE)], None),
        (
            &[
                CardIn(1),
                IdentityFound(2),
                IdentityRead(2, OTHER),
                CardRead(1, ONE),
            ],
            Some((Identity, OTHER)),
        ),
        (
            &[
                CardIn(1),
                IdentityFound(2),
                IdentityRead(2, ONE),
                CardRead(1, ONE),
            ],
            Some((Card, ONE)),
        ),
        (
            &[CardIn(1), Scanned(2), Answered(2, OTHER), CardFault(1)],
            Some((Code, OTHER)),
        ),
    ];
    for (steps, expected) in rows {
        let board = play(steps);
        let desk = board.watch();
        let desk = desk.borrow();
        let lying = desk.presented.as_ref();
        let lying = lying.map(|lying| (lying.kind, lying.social_security_number.as_str()));
        assert_eq!(lying, expected, "{steps:?}");
        assert!(desk.fault.is_none() && desk.declined.is_none(), "{steps:?}");
    }
}

#[test]
fn a_card_that_was_read_late_is_no_longer_being_read() {
    let late = play(&[Step::CardIn(1), Step::Scanned(2), Step::CardRead(1, ONE)]);
    assert!(matches!(late.watch().borrow().reader, ReaderState::Read));
    let next = play(&[Step::CardIn(1), Step::CardIn(2), Step::CardRead(1, ONE)]);
    assert!(matches!(next.watch().borrow().reader, ReaderState::Reading));
}

#[test]
fn an_identity_card_does_not_displace_the_same_persons_social_security_card() {
    let board = Board::new(ReaderState::Empty);
    let lay = |presented| board.present(board.turn(), presented);
    lay(presented(CredentialKind::SocialSecurityCard, ONE, 0));
    lay(presented(CredentialKind::IdentityCard, ONE, 29));
    assert_eq!(kind_on(&board), Some(CredentialKind::SocialSecurityCard));
    lay(presented(CredentialKind::IdentityCard, ONE, 30));
    assert_eq!(kind_on(&board), Some(CredentialKind::IdentityCard));
    lay(presented(CredentialKind::SocialSecurityCard, ONE, 31));
    lay(presented(CredentialKind::IdentityCard, OTHER, 31));
    assert_eq!(kind_on(&board), Some(CredentialKind::IdentityCard));
}

#[test]
fn a_card_that_is_taken_out_leaves_a_code_as_it_is() {
    let board = Board::new(ReaderState::Read);
    board.present(
        board.turn(),
        presented(CredentialKind::ElectronicSocialSecurityCard, ONE, 0),
    );
    board.drawn();
    assert_eq!(
        board
            .watch()
            .borrow()
            .presented
            .as_ref()
            .map(|code| code.drawn),
        Some(false)
    );
}

#[test]
fn a_code_that_could_not_be_verified_counts_as_a_fault_until_the_next_is_presented() {
    let board = Board::new(ReaderState::Off);
    let turn = board.verifying();
    let denied = Some(CredentialFault::Denied);
    board.decline(turn, Declined::CodeUsed, denied);
    assert_eq!(board.fault(), denied);
    board.verifying();
    assert_eq!(board.fault(), None);
}
