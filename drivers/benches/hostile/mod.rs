//! Hostile bytes: random ones, and right ones with mistakes in them.

use drivers::fuzzing::every_parser;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

/// What devices really say, as seeds of mutation.
fn seeds() -> Vec<Vec<u8>> {
    let hex = |text: &str| hex::decode(text).unwrap_or_default();
    let (national, _, _) = encoding_rs::GB18030.encode(
        "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|00814A44468660320100000001|3.00|\
         20240601|20340601|000000000000|SIM|",
    );
    vec![
        hex("3B6D000000814A44468660320100000001"),
        hex("6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103"),
        hex(
            "0110320100D15600000500000001FFFFFFFF0201330304332E30300504202406010604203406010709543030303030303158",
        ),
        hex(
            "0812363530313032313939303033303730303133091EB2E2CAD4D2BB0000000000000000000000000000000000000000000000004E14",
        ),
        national.into_owned(),
        hex("AAAAAA9669000400009F9BAAAAAA96690508000090010004004B6D"),
        b"opaque-token-of-a-phone\r\n6901234567892\r".to_vec(),
        b"0102030405060708090A0B0C0D0E0F10|0102030405060708090A0B0C0D0E0F10|".to_vec(),
        br#"{"Fault":{"reader":"Counter 00 00","fault":{"Nonsense":{"step":"Connect"}}}}"#.to_vec(),
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let random = proptest::collection::vec(any::<u8>(), 0..300);
    let changes = proptest::collection::vec((any::<u16>(), any::<u8>(), 0..4_u8), 0..6);
    let mutated = (proptest::sample::select(seeds()), changes).prop_map(|(mut bytes, changes)| {
        for (place, byte, manner) in changes {
            let place = usize::from(place) % (bytes.len() + 1);
            match manner {
                0 => bytes.insert(place, byte),
                1 => bytes.truncate(place),
                2 => bytes.extend_from_within(..place),
                _ => {
                    if let Some(changed) = bytes.get_mut(place) {
                        *changed = byte;
                    }
                }
            }
        }
        bytes
    });
    prop_oneof![random, mutated]
}

/// Feeds so many inputs to every parser.
///
/// # Panics
///
/// A parser did; proptest prints the smallest input that makes it.
pub(crate) fn run(inputs: u32) {
    let config = Config {
        cases: inputs,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&bytes(), |bytes| {
        every_parser(&bytes);
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}
