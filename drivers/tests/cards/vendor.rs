//! A vendor's `SSCardDriver` library, built from C, called in the card process.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use drivers::card::{CardIdentity, NameEncoding, OpenedBy, Remark, WithheldBecause};
use drivers::reader::{CardEvent, CardFault, CardSettings, Provider, VendorSettings};
use tempfile::TempDir;
use virtual_card::{Direction, Rig, Variant, authentication_code};

use crate::readers_under_test::{Province, ReadersUnderTest, card, within_three_seconds};

pub(crate) const RIGHT: &str = "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|\
                     00814A44468660320100000001|3.00|20240601|20340601|000000000000|V1|";

/// The library, built anew for each test.
struct Library {
    directory: TempDir,
}

impl Library {
    fn build() -> Self {
        let directory = TempDir::new().expect("directory");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cards/vendor.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(directory.path().join("libSSCardDriver.so"))
            .arg(source)
            .status()
            .expect("cc is installed by tests/prerequisites");
        assert!(built.success());
        Self { directory }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("libSSCardDriver.so")
    }
}

fn settings(providers: Vec<Provider>) -> CardSettings {
    CardSettings {
        providers,
        ..CardSettings::default()
    }
}

fn vendor(library: PathBuf) -> Provider {
    Provider::VendorLibrary(VendorSettings { library })
}

/// Readers whose vendor library is told these things.
fn under_test(providers: Vec<Provider>, told: &[(&str, &str)]) -> ReadersUnderTest {
    let rig = Rig::start(&["Counter"]).expect("tests run inside tests/in-namespace");
    ReadersUnderTest::with_environment(rig, settings(providers), Province::Authenticates, told)
}

async fn read(told: &[(&str, &str)]) -> CardIdentity {
    let library = Library::build();
    let mut under_test = under_test(vec![vendor(library.path())], told);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.identity().await
}

#[tokio::test]
async fn a_vendors_library_names_the_holder_of_a_3_0_card() {
    let identity = read(&[("VENDOR_STRING", RIGHT)]).await;
    assert_eq!(identity.opened_by, OpenedBy::VendorLibrary);
    let holder = identity.holder.expect("holder");
    assert_eq!(
        (holder.number.as_str(), holder.name.as_deref()),
        ("650102199003070013", Some("测试一"))
    );
}

#[tokio::test]
async fn what_a_library_prints_does_not_disturb() {
    let identity = read(&[("VENDOR_STRING", RIGHT), ("VENDOR_PRINTS", "1")]).await;
    assert_eq!(identity.opened_by, OpenedBy::VendorLibrary);
}

#[tokio::test]
async fn a_library_that_writes_the_string_in_its_own_way_is_understood() {
    let nine = "||T0000001X|320100D15600000500000001FFFFFFFF||||长期|";
    for (written, code, expected) in [
        (RIGHT.replace("20340601", "长期"), "0", ("测试一", vec![])),
        (
            RIGHT.replace("20240601|20340601", "2024-06-01|"),
            "0",
            ("测试一", vec![]),
        ),
        (
            nine.replacen("||", "|650102199003070013|", 1).replacen(
                "||||长期",
                "|测试一|||长期|",
                1,
            ),
            "0",
            ("测试一", vec![]),
        ),
        (format!("{RIGHT}1|2|3|4"), "0", ("测试一", vec![])),
        (RIGHT.to_owned(), "137", ("测试一", vec![])),
        (
            RIGHT.replace("测试一", ""),
            "0",
            ("", vec![Remark::NameUnreadable]),
        ),
    ] {
        let identity = read(&[("VENDOR_STRING", &written), ("VENDOR_RETURNS", code)]).await;
        let holder = identity.holder.expect(&written);
        assert_eq!(holder.number.as_str(), "650102199003070013", "{written}");
        assert_eq!(holder.name.as_deref().unwrap_or_default(), expected.0);
        assert_eq!(identity.remarks, expected.1, "{written}");
    }
}

#[tokio::test]
async fn a_library_that_writes_utf_8_is_understood_and_that_is_said() {
    let identity = read(&[("VENDOR_STRING_UTF_8", RIGHT)]).await;
    let holder = identity.holder.expect("holder");
    assert_eq!(holder.name.as_deref(), Some("测试一"));
    assert_eq!(identity.remarks, [Remark::NameIn(NameEncoding::Utf8)]);
}

#[tokio::test]
async fn a_library_that_gives_another_number_says_which() {
    let old = RIGHT.replace("650102199003070013", "650102900307001");
    let identity = read(&[("VENDOR_STRING", &old)]).await;
    assert_eq!(
        identity.opened_by,
        OpenedBy::Withheld(WithheldBecause::NumberOfOtherForm(15))
    );
}

#[tokio::test]
async fn a_library_without_a_psam_relays_to_the_province() {
    let (inner, outer) = ([0x11_u8; 8], [0x22_u8; 8]);
    let id = virtual_card::Holder::default().card_id();
    let raw = [0x33_u8; 8];
    let inner_result = hex::encode_upper(authentication_code(
        Direction::Internal,
        &id,
        &inner,
        &[0; 8],
    ));
    let step1 = format!(
        "320100|00814A44468660320100000001|03|{}|{}|{inner_result}|{}|{}|000000000000|",
        hex::encode_upper(id),
        hex::encode_upper(inner),
        hex::encode_upper(outer),
        hex::encode_upper(raw),
    );
    // What the province answers to it, inner half as it was asked.
    let code = hex::encode_upper(authentication_code(Direction::External, &id, &outer, &raw));
    let key = format!(
        "{inner_result}{}|{code}{}|",
        "0".repeat(16),
        hex::encode_upper(raw)
    );
    for no_psam in ["-2201", "-2202", "-2203", "-27272", "-24"] {
        let told = [
            ("VENDOR_CODE", no_psam),
            ("VENDOR_STEP1", &step1),
            ("VENDOR_KEY", &key),
            ("VENDOR_STRING", RIGHT),
        ];
        assert_eq!(
            read(&told).await.opened_by,
            OpenedBy::VendorLibrary,
            "{no_psam}"
        );
    }
}

#[tokio::test]
async fn a_librarys_code_is_kept_and_ef05_remains() {
    let identity = read(&[("VENDOR_CODE", "-21")]).await;
    assert_eq!(
        identity.opened_by,
        OpenedBy::Withheld(WithheldBecause::VendorLibrary(-21))
    );
    assert_eq!(
        identity.face.card_number.expect("card number").as_str(),
        "T0000001X"
    );
}

#[tokio::test]
async fn strings_that_say_nothing_or_are_about_another_card_are_not_believed() {
    let another_card = RIGHT.replace("00000001FFFFFFFF", "00000002FFFFFFFF");
    for wrong in [&another_card, "", "|||||||||||"] {
        let identity = read(&[("VENDOR_STRING", wrong)]).await;
        assert_eq!(
            identity.opened_by,
            OpenedBy::Withheld(WithheldBecause::VendorLibraryNonsense),
            "{wrong}"
        );
        assert!(identity.holder.is_none());
    }
    let identity = read(&[("VENDOR_RUNS_ON", "1"), ("VENDOR_STRING", RIGHT)]).await;
    assert_eq!(
        identity.opened_by,
        OpenedBy::VendorLibrary,
        "the string is ended by the library itself"
    );
    let missing = vec![vendor("/nowhere/libSSCardDriver.so".into())];
    let mut under_test = under_test(missing, &[]);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let opened_by = under_test.identity().await.opened_by;
    assert_eq!(
        opened_by,
        OpenedBy::Withheld(WithheldBecause::VendorLibraryMissing)
    );
}

#[tokio::test]
async fn providers_are_tried_in_their_order() {
    let library = Library::build();
    let told = [("VENDOR_CODE", "-11"), ("VENDOR_STRING", RIGHT)];
    let mut under_test = under_test(vec![vendor(library.path()), Provider::Relay], &told);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    assert_eq!(under_test.identity().await.opened_by, OpenedBy::Relay);
}

#[tokio::test]
async fn a_library_that_hangs_is_reported_and_killed() {
    let library = Library::build();
    let mut under_test = under_test(vec![vendor(library.path())], &[("VENDOR_HANGS", "1")]);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ReaderStuck
    );
}

#[tokio::test]
async fn a_library_that_crashes_takes_the_card_process_alone() {
    let library = Library::build();
    let mut under_test = under_test(vec![vendor(library.path())], &[("VENDOR_CRASHES", "1")]);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    under_test.inserted().await;
    assert_eq!(
        within_three_seconds(under_test.fault()).await,
        CardFault::ProcessEnded
    );
    // The reader in which it happens rests longer each time; the others are watched again at once.
    within_three_seconds(under_test.until(|event| matches!(event, CardEvent::Ready).then_some(())))
        .await;
    let _other = under_test
        .rig
        .insert(1, card(Variant::V20))
        .expect("insert");
    within_three_seconds(under_test.reading_after_faults()).await;
}

/// What the robber does where nothing hinders it: key read, folder listed, key written, mode changed, the agent's open file found,
/// connection, process, program, signal, its environment seen, shared memory opened. Tracing the starter is the system's choice.
const ROBBED: i32 = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 2048 | 4096 | 8192 | 16384;
/// Bits whose outcome depends on the system where nothing hinders it.
const AS_THE_SYSTEM_LIKES: i32 = 512 | 1024;

#[tokio::test]
async fn a_library_reaches_no_key_no_network_no_program_and_not_the_agent() {
    let booty = TempDir::new().expect("directory");
    let key = booty.path().join("key");
    std::fs::write(&key, "0123456789abcdef").expect("key");
    // As a careless library of the agent's own would open it: without close-on-exec.
    let open = rustix::fs::open(&key, rustix::fs::OFlags::RDONLY, rustix::fs::Mode::empty());
    let _open = open.expect("the agent's own open file");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port().to_string();
    let folder = booty.path().to_str().expect("a name of letters");
    let shared = tempfile::NamedTempFile::new_in("/dev/shm").expect("shared memory");
    let told = [
        ("VENDOR_ROBS", folder),
        ("VENDOR_PORT", port.as_str()),
        (
            "VENDOR_SHARED",
            shared.path().to_str().expect("a name of letters"),
        ),
    ];

    let program = booty.path().join("robber");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cards/vendor.c");
    let built = Command::new("cc")
        .args(["-O1", "-DROBBER", "-o"])
        .args([program.as_os_str(), source.as_ref()])
        .status();
    assert!(built.expect("cc").success());
    let free = Command::new(&program).envs(told).output().expect("robber");
    let free: i32 = String::from_utf8_lossy(&free.stdout).parse().expect("bits");
    assert_eq!(free & !AS_THE_SYSTEM_LIKES, ROBBED, "unhindered: {free:b}");
    std::fs::remove_file(booty.path().join("new")).expect("what it made");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("mode");

    let opened_by = read(&told).await.opened_by;
    let OpenedBy::Withheld(WithheldBecause::VendorLibrary(code)) = opened_by else {
        panic!("the robber answers with a code: {opened_by:?}");
    };
    assert_eq!(-1_000_000 - code, 0, "robbed: {:b}", -1_000_000 - code);
    let mode = std::fs::metadata(&key).expect("key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_library_that_lies_beside_the_keys_finds_them_no_better() {
    let library = Library::build();
    let booty = library.directory.path().to_owned();
    std::fs::write(booty.join("key"), "0123456789abcdef").expect("key");
    let rig = Rig::start(&["Counter"]).expect("tests run inside tests/in-namespace");
    let settings = CardSettings {
        keep_from: vec![booty.join("key")],
        ..settings(vec![vendor(library.path())])
    };
    let told = [("VENDOR_ROBS", booty.to_str().expect("a name of letters"))];
    let mut under_test =
        ReadersUnderTest::with_environment(rig, settings, Province::Authenticates, &told);
    let _card = under_test
        .rig
        .insert(0, card(Variant::V30))
        .expect("insert");
    let opened_by = under_test.identity().await.opened_by;
    assert_eq!(
        opened_by,
        OpenedBy::Withheld(WithheldBecause::VendorLibrary(-1_000_000))
    );
}
