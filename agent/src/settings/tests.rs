//! What the configuration takes and what it refuses.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::wording::notice::Notice;

const LEAST: &str = include_str!("../../tests/minimal.toml");

fn parse(text: &str) -> Result<Settings, Vec<SettingsError>> {
    Settings::parse(text, Path::new("test.toml"))
}

fn refused(text: &str) -> String {
    let wrong = parse(text).unwrap_err();
    let said: Vec<String> = wrong
        .iter()
        .map(|one| Notice::from(one).to_string())
        .collect();
    said.join("\n")
}

#[test]
fn the_least_a_hospital_fills_in_is_enough() {
    let settings = parse(LEAST).unwrap();
    assert_eq!(settings.terminal, 1);
    assert_eq!(
        settings.ledger_file(),
        Path::new("/var/lib/settlement-agent/ledger.db")
    );
    assert_eq!(
        settings.card.authentication,
        [Authentication::Relay, Authentication::CardOnly]
    );
    assert_eq!(settings.platform.gate_timeout, Duration::from_secs(2));
}

#[test]
fn an_unknown_key_is_named() {
    let text = refused(&LEAST.replace("number = 1", "number = 1\nnumbr = 2"));
    assert!(text.contains("numbr"), "{text}");
    assert!(text.contains("test.toml"), "{text}");
}

#[test]
fn a_value_that_cannot_be_right_is_named_with_its_table() {
    for (from, to, key) in [
        ("H43010300001", "H430103", "institution.code"),
        ("\"430103\"", "\"43010\"", "institution.division"),
        ("\"hunan\"", "\"mars\"", "institution.profile"),
        ("number = 1", "number = 0", "terminal.number"),
        ("https://", "http://", "platform.url"),
        ("张收款", " ", "operator"),
        (
            "[terminal]",
            "[local]\nlisten = \"0.0.0.0:80\"\n[terminal]",
            "local.listen",
        ),
        (
            "[terminal]",
            "[card]\nauthentication = [\"vendor\"]\n[terminal]",
            "card.vendor_library",
        ),
        (
            "[terminal]",
            "[code]\nmax_age_seconds = 5\n[terminal]",
            "code.max_age_seconds",
        ),
        (
            "[terminal]",
            "[[code_pattern]]\nkind = \"barcode\"\ncharacters = \"digits\"\nshortest = 9\nlongest = 8\n[terminal]",
            "code_pattern.shortest",
        ),
        (
            "[terminal]",
            "[[scanner]]\ndevice = \"/dev/ttyUSB0\"\n[terminal]",
            "scanner.device",
        ),
        (
            "[terminal]",
            "[[scanner]]\ndevice = \"Honeywell\"\nbaud = 300\n[terminal]",
            "scanner.baud",
        ),
        (
            "[terminal]",
            "[identity_reader]\ndevice = \"\"\n[terminal]",
            "identity_reader.device",
        ),
    ] {
        let text = refused(&LEAST.replace(from, to));
        assert!(text.contains(key), "{to}: {text}");
    }
}

#[test]
fn a_bill_folder_is_named_in_full_and_looked_at_often_enough() {
    let with = |bill: &str| format!("{LEAST}\n[bill]\n{bill}");
    assert_eq!(parse(&with("")).unwrap().bill.folder, None);
    let folder = parse(&with("folder = \"/srv/bills\"")).unwrap().bill.folder;
    let folder = folder.unwrap();
    assert_eq!(folder.path, Path::new("/srv/bills"));
    assert_eq!(folder.poll, Duration::from_secs(10));
    assert!(refused(&with("folder = \"bills\"")).contains("bill.folder"));
    assert!(refused(&with("folder_poll_seconds = 0")).contains("bill.folder_poll_seconds"));
}

#[test]
fn a_file_that_is_not_there_is_said_with_its_path() {
    let wrong = Settings::load(Path::new("/nonexistent/settlement-agent.toml")).unwrap_err();
    assert!(
        Notice::from(wrong.first().unwrap())
            .say
            .contains("/nonexistent/settlement-agent.toml")
    );
}

#[test]
fn patterns_of_the_configuration_come_before_the_built_in_ones() {
    use drivers::code::{Classified, CodeKind, Rejected, classify};

    let drug_code = "83012345678901234567";
    let wrong = |codes: &Codes| match classify(drug_code, &codes.patterns) {
        Classified::CardCode { hint, .. } => Err(hint),
        Classified::Rejected(rejected) => Ok(rejected),
    };
    let codes = parse(LEAST).unwrap().codes;
    assert_eq!(codes.max_age, Duration::from_mins(1));
    assert_eq!(wrong(&codes), Ok(Rejected::WrongKind(CodeKind::Barcode)));
    let ours = "[[code_pattern]]\nkind = \"electronic_social_security_card\"\nprefix = \"83\"\n\
                characters = \"digits\"\nshortest = 18\nlongest = 18\n";
    let codes = parse(&format!("{LEAST}{ours}")).unwrap().codes;
    assert_eq!(
        wrong(&codes),
        Err(Some(CodeKind::ElectronicSocialSecurityCard))
    );
}

#[test]
fn scanners_are_told_apart_by_what_they_are() {
    use drivers::code::LineEnd;
    use drivers::serial::SerialAddress;

    let settings = parse(&format!(
        "{LEAST}[[scanner]]\ndevice = \"Honeywell_1950g\"\n\
         [[scanner]]\ndevice = \"0c2e:0901\"\nbaud = 115200\nline_end = \"silence\"\nprefix = \"]Q1\"\n\
         [identity_reader]\ndevice = \"/dev/ttyS0\"\n"
    ))
    .unwrap();
    let [first, second] = settings.scanners.as_slice() else {
        panic!("two: {:?}", settings.scanners);
    };
    assert_eq!(
        (&first.address, first.baud, first.line_end),
        (
            &SerialAddress::ById("Honeywell_1950g".into()),
            9_600,
            LineEnd::Terminator
        )
    );
    assert_eq!(
        (second.baud, second.line_end, second.prefix.as_str()),
        (115_200, LineEnd::Idle(Duration::from_millis(100)), "]Q1")
    );
    assert_eq!(
        settings.identity_reader.unwrap().address,
        SerialAddress::Path("/dev/ttyS0".into())
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_no_value_with_it() {
    let text = LEAST
        .replace("H43010300001", "geheim42")
        .replace("\"430103\"", "\"geheim42\"")
        .replace("\"hunan\"", "\"geheim42\"")
        .replace("number = 1", "number = 0")
        .replace("https://province.example:8443", "geheim42")
        .replace("张收款", "");
    let wrong = parse(&text).unwrap_err();
    let keys: Vec<_> = wrong
        .iter()
        .map(|one| match one {
            SettingsError::Invalid { key, .. } => *key,
            SettingsError::Unreadable { .. } | SettingsError::Syntax { .. } => "",
        })
        .collect();
    assert_eq!(
        keys,
        [
            "terminal.number",
            "institution.code",
            "institution.division",
            "institution.profile",
            "platform.url",
            "operator",
        ]
    );
    let said = refused(&text);
    assert!(
        !said.contains("geheim42") && !format!("{wrong:?}").contains("geheim42"),
        "{said}"
    );
}

#[test]
fn a_password_typed_into_the_file_is_not_repeated() {
    for line in [
        "password = \"geheim42\"",
        "number = \"geheim42\"",
        "geheim42",
        "x = geheim42",
    ] {
        let text = LEAST.replace("number = 1", line);
        let said = refused(&text);
        assert!(!said.contains("geheim42"), "{said}");
        assert!(said.contains("第 8 行"), "{said}");
        assert!(!format!("{:?}", parse(&text).unwrap_err()).contains("geheim42"));
    }
}

#[test]
fn a_hospitals_words_for_its_bills_are_taken_and_wrong_ones_named() {
    let with = |text: &str| format!("{LEAST}\n{text}");
    let settings = parse(&with(
        "[bill]\nunlisted_share_percent = 50\n[bill.columns]\n\"实收金额\" = \"金额\"\n[bill.categories]\n\"取暖费\" = \"住院服务标准\"",
    ))
    .unwrap();
    assert_eq!(settings.bill.unlisted_share_percent, 50);
    assert_eq!(parse(LEAST).unwrap().bill.unlisted_share_percent, 30);
    for (text, names) in [
        (
            "[bill]\nunlisted_share_percent = 101",
            "bill.unlisted_share_percent",
        ),
        ("[bill.columns]\n\"实收\" = \"钱\"", "没有名为“钱”的列"),
        (
            "[bill.categories]\n\"取暖费\" = \"服务\"",
            "没有名为“服务”的类别",
        ),
        (
            "[bill]\nitem_codes_file = \"/nowhere/codes.csv\"",
            "/nowhere/codes.csv",
        ),
    ] {
        let text = refused(&with(text));
        assert!(text.contains(names), "{text}");
    }
}
