//! Nothing that identifies a patient, and no secret, is in a log or an unencrypted file.

use std::path::{Path, PathBuf};

use end_to_end::Premises;
use sandbox::Upload;
use virtual_card::{Trouble, Variant};

use crate::scene::Scene;

/// What was planted, and as what it is known to the person who reads a failure.
fn planted(premises: &Premises) -> Vec<(&'static str, Vec<u8>)> {
    let text = |name, text: &str| (name, text.as_bytes().to_vec());
    vec![
        text("name", "测试一"),
        ("name in GB 18030", b"\xB2\xE2\xCA\xD4\xD2\xBB".to_vec()),
        text("number", "650102199003070013"),
        // The number's last digits, as an APDU's payload in hex.
        text("number in hex", "313939303033303730303133"),
        text("card number", "T0000001X"),
        text("card id", "320100D15600000500000001FFFFFFFF"),
        text("card id", "320100d15600000500000001ffffffff"),
        text("inpatient number", "ZY0811042"),
        text("diagnosis", "开放性骨折"),
        text("token", premises.token().unwrap().trim()),
        text(
            "ledger key",
            std::fs::read_to_string(premises.ledger_key())
                .unwrap()
                .trim(),
        ),
    ]
}

fn stands_in(needle: &[u8], bytes: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn assert_free_of(planted: &[(&str, Vec<u8>)], place: &str, bytes: &[u8]) {
    for (what, needle) in planted {
        assert!(!stands_in(needle, bytes), "{what} stands in {place}");
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_log_nor_the_state_shows_a_patient_or_a_secret() {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let everything = [("SETTLEMENT_AGENT_LOG", "trace")];
    scene.stage.start_agent(&everything).await.unwrap();
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;
    let secrets = planted(&scene.stage.premises);

    // Trouble writes more than success does: a foreign card, a bad bill, a province that is away.
    scene.insert(Variant::OtherCard);
    scene.his().reader_trouble().await.unwrap();
    scene.present().await;
    let broken = scene.bill.replace("合计", "ZY0811042");
    let refused = scene
        .his()
        .quote(&visit, &scene.stay, broken.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("bill_field_wrong"));
    scene.stage.province.set_listening(false).await.unwrap();
    let quote = scene.quoted(&visit).await;
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    let link = scene
        .stage
        .premises
        .run_configured("page", [])
        .await
        .unwrap();
    let link = String::from_utf8(link.stdout).unwrap();
    let (_, link) = link.trim().split_once("link=").unwrap();

    // While it runs, with its write-ahead log, and after it was killed.
    for file in files_below(&scene.stage.premises.state()) {
        let bytes = std::fs::read(&file).unwrap();
        assert_free_of(&secrets, &file.display().to_string(), &bytes);
    }
    let log = scene.stage.agent.take().unwrap().kill().await.unwrap();
    assert!(log.contains("settlement_agent"), "there is a log: {log}");
    assert_free_of(&secrets, "the log", log.as_bytes());
    assert!(!log.contains(link), "a link stands in the log");
    for file in files_below(&scene.stage.premises.state()) {
        let bytes = std::fs::read(&file).unwrap();
        assert_free_of(&secrets, &file.display().to_string(), &bytes);
    }

    scene.stage.province.set_listening(true).await.unwrap();
    scene.stage.start_agent(&everything).await.unwrap();
    scene.his().delivered(number).await.unwrap();
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 1);
    assert_free_of(&secrets, "the log", scene.agent().log().as_bytes());

    // The search itself finds what is there: the sandbox keeps what it is sent in the clear.
    let kept: Vec<Vec<u8>> = files_below(&scene.stage.folder().join("province"))
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect();
    for what in ["测试一", "650102199003070013", "ZY0811042", "开放性骨折"] {
        let found = kept.iter().any(|file| stands_in(what.as_bytes(), file));
        assert!(found, "{what} is at the province");
    }
    scene.stage.strike().await.unwrap();
}

/// Cards that break off, hang and talk nonsense after they gave number and name, a library that prints whom it read.
#[tokio::test(flavor = "multi_thread")]
async fn cards_and_libraries_that_misbehave_bring_no_patient_into_the_log() {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let everything = [("SETTLEMENT_AGENT_LOG", "trace")];
    scene.stage.start_agent(&everything).await.unwrap();
    let secrets = planted(&scene.stage.premises);
    // The number's record, longer than it says.
    let nonsense = [b"\x08\xFF", b"650102199003070013".as_slice(), b"\x90\x00"].concat();
    for (trouble, code) in [
        (Trouble::DrawnOutAt(16), "card_drawn_out"),
        (Trouble::NonsenseFrom(14, nonsense), "card_nonsense"),
        (Trouble::HangsAt(16), "reader_stuck"),
    ] {
        scene.insert_troubled(Variant::V30, trouble);
        let trouble = scene.his().reader_trouble_of(code).await;
        trouble.unwrap();
    }
    scene.card.take().unwrap().draw_out();
    scene.his().drawn().await.unwrap();
    let log = scene.stage.agent.take().unwrap().kill().await.unwrap();
    assert!(log.contains("the reader stopped answering"), "{log}");
    assert_free_of(&secrets, "the log", log.as_bytes());

    let string = "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|MUSTER MAX|\
                  00814A44468660320100000001|3.00|20240601|20340601|000000000000|V1|";
    let library = vendors_library(scene.stage.folder(), string);
    let configuration = scene.stage.premises.configuration();
    let changed = std::fs::read_to_string(&configuration).unwrap().replace(
        "[local]",
        &format!(
            "[card]\nauthentication = [\"vendor\"]\nvendor_library = '{}'\n\n[local]",
            library.display()
        ),
    );
    std::fs::write(&configuration, changed).unwrap();
    scene.stage.start_agent(&everything).await.unwrap();
    scene.insert(Variant::V30);
    // The province names the holder; that the card says another is said without naming it.
    let read = scene.his().read().await.unwrap();
    assert_eq!(read["name"], "测试一");
    assert!(read["remarks"].to_string().contains("不一致"), "{read}");
    let log = scene.stage.agent.take().unwrap().kill().await.unwrap();
    assert_free_of(&secrets, "the log", log.as_bytes());
    assert!(!log.contains("MUSTER"), "{log}");
    assert!(log.contains("card process confined"), "{log}");
    for file in files_below(&scene.stage.premises.state()) {
        let bytes = std::fs::read(&file).unwrap();
        assert_free_of(&secrets, &file.display().to_string(), &bytes);
    }
    scene.stage.strike().await.unwrap();
}

/// The library of the drivers' own tests, built to print `string` and to answer it.
fn vendors_library(folder: &Path, string: &str) -> PathBuf {
    let library = folder.join("libSSCardDriver.so");
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../drivers/tests/cards/vendor.c"
    );
    let built = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(format!("-DPRINTS=\"{string}\""))
        .arg(source)
        .status()
        .unwrap();
    assert!(built.success(), "cc is installed by tests/prerequisites");
    library
}
