//! What the configuration takes and what it refuses.

use super::*;

const LEAST: &str = r#"
[institution]
code = "H43010300001"
name = "长沙市示例医院"
division = "430103"
profile = "hunan"
[terminal]
number = 1
[platform]
url = "https://province.example:8443"
[[operator]]
user = "cashier"
name = "张收款"
"#;

fn parse(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text, Path::new("test.toml"))
}

fn refused(text: &str) -> String {
    Notice::from(&parse(text).unwrap_err()).to_string()
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
    ] {
        let text = refused(&LEAST.replace(from, to));
        assert!(text.contains(key), "{to}: {text}");
    }
}

#[test]
fn a_file_that_is_not_there_is_said_with_its_path() {
    let error = Settings::load(Path::new("/nonexistent/settlement-agent.toml")).unwrap_err();
    assert!(
        Notice::from(&error)
            .say
            .contains("/nonexistent/settlement-agent.toml")
    );
}
