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
        b"]Q1opaque-token-of-a-phone]\n\xB2\xE2]Q1".to_vec(),
        pipe(
            r#"{"Fault":{"reader":"Counter","fault":{"Nonsense":{"step":"Connect"}},"steps":[]}}"#,
        ),
        pipe(
            r#"{"Read":{"reader":"Counter","reading":{"identity":{"card_id":"320100D15600000500000001FFFFFFFF",
            "card_number":"T0000001X","version":"3.00","issued":{"On":{"year":2024,"month":6,"day":1}},"expires":"Blank",
            "reset":"00814A","number":"650102199003070013","name":"测试一","opened_by":"Relay","answered":null,"remarks":["DateUnreadable"]},
            "steps":[{"name":"Connect","took":{"secs":0,"nanos":1},"status":36864}],"seen_at":{"secs":1,"nanos":0},
            "took":{"secs":0,"nanos":1}}}}"#,
        ),
        pipe(
            r#"{"Answer":{"Ok":{"inner":[1,2,3,4,5,6,7,8],"inner_raw":[1,2,3,4,5,6,7,8],"outer":[1,2,3,4,5,6,7,8],
            "outer_raw":[1,2,3,4,5,6,7,8]}}}"#,
        ),
    ]
}

/// A message between the agent and its card process.
fn pipe(json: &str) -> Vec<u8> {
    let length = u32::try_from(json.len() + 1).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), [2].as_slice(), json.as_bytes()].concat()
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

/// Inputs after which this process has all the memory that it needs.
const WARM: u32 = 400;

/// What further inputs may add to the most memory that this process ever had: the allocator's own coming and going.
const MAY_GROW_KIB: u64 = 8 * 1024;

/// Feeds so many inputs to every parser.
///
/// # Panics
///
/// A parser did, and proptest prints the smallest input that makes it; or the memory grew.
pub(crate) fn run(inputs: u32) {
    feed(WARM);
    let before = most_memory_kib();
    feed(inputs);
    let grown = most_memory_kib() - before;
    assert!(
        grown <= MAY_GROW_KIB,
        "{grown} KiB more after {inputs} inputs"
    );
}

/// Feeds each seed, repeated up to a mebibyte.
///
/// # Panics
///
/// A parser did, or took more memory than a few copies of its input.
pub(crate) fn run_on() {
    const MEBIBYTE: usize = 1024 * 1024;
    let before = most_memory_kib();
    for seed in seeds() {
        let endless: Vec<u8> = seed.iter().copied().cycle().take(MEBIBYTE).collect();
        every_parser(&endless);
    }
    let grown = most_memory_kib() - before;
    assert!(grown <= 16 * 1024, "{grown} KiB for a mebibyte");
}

/// The most memory that this process ever had.
fn most_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    assert!(
        number.is_some(),
        "the kernel tells the memory of this process"
    );
    number.unwrap_or(0)
}

fn feed(inputs: u32) {
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
