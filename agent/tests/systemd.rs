//! What IT staff install: the unit, its account and folders, and the default configuration, checked by systemd's own
//! tools and by the agent's own parser.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use settlement_agent::ledger::LedgerKey;
use settlement_agent::settings::{Settings, SettingsError};
use tempfile::TempDir;

const CONFIGURATION: &str = include_str!("../../systemd/settlement-agent.toml");

/// The overall exposure, times ten, that `systemd-analyze security` may find: what remains is network, serial lines,
/// the group that owns them, and /proc/sys.
const EXPOSURE: &str = "16";

/// Everything that is installed for systemd to start or hold.
const UNITS: [&str; 7] = [
    "settlement-agent.service",
    "settlement-agent-held.service",
    "settlement-agent-page.socket",
    "settlement-agent-console.socket",
    "settlement-agent-his.socket",
    "settlement-agent-card.socket",
    CARD_PROCESS,
];

const CARD_PROCESS: &str = "settlement-agent-card@.service";

/// What a hospital must fill in: the key the parser asks for, then section, key and a value that could be right.
const FILLED_IN: [(&str, &str, &str, &str); 8] = [
    (
        "institution.code",
        "[institution]",
        "code",
        r#""H43010300001""#,
    ),
    (
        "institution.name",
        "[institution]",
        "name",
        r#""长沙市示例医院""#,
    ),
    (
        "institution.division",
        "[institution]",
        "division",
        r#""430103""#,
    ),
    (
        "institution.profile",
        "[institution]",
        "profile",
        r#""hunan""#,
    ),
    ("terminal.number", "[terminal]", "number", "1"),
    (
        "platform.url",
        "[platform]",
        "url",
        r#""https://province.example:8443""#,
    ),
    ("operator", "[[operator]]", "user", r#""cashier""#),
    ("operator", "[[operator]]", "name", r#""张收款""#),
];

/// The first of what is wrong.
fn parse(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text, Path::new("settlement-agent.toml"))
        .map_err(|wrong| wrong.into_iter().next().unwrap())
}

/// `text` with the value of `key` in `section` replaced.
fn with_value(text: &str, section: &str, key: &str, value: &str) -> String {
    let section_at = text
        .find(&format!("\n{section}\n"))
        .unwrap_or_else(|| panic!("no section {section}"));
    let line_at = section_at
        + text[section_at..]
            .find(&format!("\n{key} = "))
            .unwrap_or_else(|| panic!("no {key} in {section}"))
        + 1;
    let line_end = line_at + text[line_at..].find('\n').unwrap();
    format!("{}{key} = {value}{}", &text[..line_at], &text[line_end..])
}

fn filled_in() -> String {
    FILLED_IN.iter().fold(
        CONFIGURATION.to_owned(),
        |text, (_, section, key, value)| with_value(&text, section, key, value),
    )
}

/// The file with the keys that it only shows turned into keys that are set.
fn with_shown_keys_set(text: &str) -> String {
    text.lines()
        .map(|line| match line.strip_prefix('#') {
            Some(shown) if shown.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => shown,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_default_configuration_asks_by_name_for_what_a_hospital_must_fill_in_and_nothing_else() {
    let mut text = CONFIGURATION.to_owned();
    let mut open: Vec<_> = FILLED_IN.to_vec();
    while !open.is_empty() {
        let Err(SettingsError::Invalid { key, why: _ }) = parse(&text) else {
            panic!("taken, or refused otherwise, while {open:?} is not filled in");
        };
        let (asked, rest): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|(asked_by, ..)| *asked_by == key);
        assert!(
            !asked.is_empty(),
            "asks for {key}, which was filled in or has a default"
        );
        for (_, section, name, value) in asked {
            text = with_value(&text, section, name, value);
        }
        open = rest;
    }
    parse(&text).unwrap();
    let left_empty = text
        .lines()
        .filter(|line| line.ends_with(r#"= """#) && !line.starts_with('#'))
        .count();
    assert_eq!(left_empty, 0, "{text}");
}

/// The names that the parser knows in place of one that it does not.
fn keys_of(text_with_unknown_key: &str) -> Vec<String> {
    let said = parse(text_with_unknown_key).unwrap_err().to_string();
    let known = said
        .split_once("known: [")
        .unwrap_or_else(|| panic!("no list of keys: {said}"))
        .1;
    let known = known.split(']').next().unwrap_or_default();
    known
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_key_of_the_settings_stands_in_the_default_configuration() {
    let filled = filled_in();
    let shown = with_shown_keys_set(&filled);
    let mut seen = BTreeSet::new();
    for table in keys_of(&format!("unheard_of = 1\n{filled}")) {
        let header = [format!("\n[{table}]\n"), format!("\n[[{table}]]\n")]
            .into_iter()
            .find(|header| shown.contains(header));
        let header = header.unwrap_or_else(|| panic!("no section {table}"));
        for key in keys_of(&shown.replacen(&header, &format!("{header}unheard_of = 1\n"), 1)) {
            let section = shown.split_once(&header).unwrap().1;
            let section = section
                .split_once("\n[")
                .map_or(section, |(section, _)| section);
            assert!(
                section
                    .lines()
                    .any(|line| line.starts_with(&format!("{key} = "))),
                "no {key} in {table}"
            );
            seen.insert(format!("{table}.{key}"));
        }
    }
    for known in [
        "institution.profile",
        "storage.key_file",
        "platform.sync_minutes",
        "operator.user",
    ] {
        assert!(
            seen.contains(known),
            "the list of keys was not understood: {seen:?}"
        );
    }
}

#[test]
fn a_key_shown_with_its_default_has_that_default() {
    let filled = filled_in();
    let unset = parse(&filled).unwrap();
    let set = parse(&with_shown_keys_set(&filled)).unwrap();
    assert_eq!(set.storage.directory, unset.storage.directory);
    assert_eq!(
        set.storage.witness_directory,
        unset.storage.witness_directory
    );
    assert_eq!(set.platform.ca_file, unset.platform.ca_file);
    assert_eq!(
        set.platform.certificate_file,
        unset.platform.certificate_file
    );
    assert_eq!(set.platform.gate_timeout, unset.platform.gate_timeout);
    assert_eq!(set.platform.upload_timeout, unset.platform.upload_timeout);
    assert_eq!(set.platform.sync_every, unset.platform.sync_every);
    assert_eq!(set.card.enabled, unset.card.enabled);
    assert_eq!(set.card.reader, unset.card.reader);
    assert_eq!(set.card.authentication, unset.card.authentication);
    assert_eq!(set.local.listen, unset.local.listen);
    assert_eq!(set.local.socket, unset.local.socket);
    assert_eq!(set.local.his_socket, unset.local.his_socket);
    assert_eq!(set.slip.font, unset.slip.font);
    assert_eq!(set.slip.reviewer, unset.slip.reviewer);
    assert_eq!(set.bill.mapping, unset.bill.mapping);
    let share = |settings: &Settings| settings.bill.unlisted_share_percent;
    assert_eq!(share(&set), share(&unset));
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}; tests/prerequisites test installs what is missing");
    });
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A root directory with the agent installed as `make install` does it, and this machine's own units beside.
fn installed() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let units = root.path().join("usr/lib/systemd/system");
    fs::create_dir_all(&units).unwrap();
    run(Command::new("cp")
        .arg("--archive")
        .arg("/usr/lib/systemd/system/.")
        .arg(&units));
    // Asked for by a unit: `verify` looks whether it is there.
    let program = root.path().join("bin/true");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::copy("/bin/true", program).unwrap();
    install(root.path());
    root
}

fn install(root: &Path) {
    run(Command::new("make")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .arg("install")
        .arg(format!("DESTDIR={}", root.display()))
        .arg(concat!("binary=", env!("CARGO_BIN_EXE_settlement-agent"))));
}

fn unit(root: &Path) -> PathBuf {
    root.join("usr/lib/systemd/system/settlement-agent.service")
}

/// What `systemd-analyze verify` complains of: it ends with 0 on a key it does not know, so its words count.
fn complaints(root: &Path) -> String {
    let output = run(Command::new("systemd-analyze")
        .arg("--root")
        .arg(root)
        .arg("verify")
        .args(UNITS));
    text(&output.stderr).to_owned()
}

#[test]
fn systemd_finds_nothing_to_complain_of_in_the_units() {
    let root = installed();
    assert_eq!(complaints(root.path()), "");

    let with_a_typing_error = fs::read_to_string(unit(root.path()))
        .unwrap()
        .replace("WatchdogSec=", "WatchDogSeconds=");
    fs::write(unit(root.path()), with_a_typing_error).unwrap();
    assert!(
        complaints(root.path()).contains("WatchDogSeconds"),
        "a typing error goes unnoticed"
    );
}

#[test]
fn the_unit_exposes_no_more_than_network_and_serial_lines() {
    let root = installed();
    run(Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold", EXPOSURE])
        .arg(unit(root.path())));
}

#[test]
fn the_card_process_has_an_account_of_its_own_and_exposes_no_more() {
    let root = installed();
    let units = root.path().join("usr/lib/systemd/system");
    run(Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold", EXPOSURE])
        .arg(units.join(CARD_PROCESS)));
    let of = |unit: &str, key: &str| values(root.path(), unit, key);
    let [daemon, socket] = ["settlement-agent.service", "settlement-agent-card.socket"];
    assert_eq!(of(daemon, "User"), ["settlement-agent"]);
    assert_eq!(of(CARD_PROCESS, "User"), ["settlement-agent-card"]);
    // Root holds the socket, and the daemon alone connects to it.
    assert_eq!(of(socket, "SocketUser"), ["settlement-agent"]);
    assert_eq!(of(socket, "SocketMode"), ["0600"]);
    let configured = parse(&filled_in()).unwrap().card.process_socket.unwrap();
    assert_eq!(of(socket, "ListenStream"), [configured.to_str().unwrap()]);
    for key in ["Wants", "Also"] {
        assert!(of(daemon, key).concat().contains(socket), "{key}");
    }
    let rules = fs::read_to_string(
        root.path()
            .join("usr/share/polkit-1/rules.d/settlement-agent.rules"),
    );
    assert!(rules.unwrap().contains(r#""settlement-agent-card""#));
}

#[test]
fn processes_that_confine_themselves_are_let() {
    let root = installed();
    for unit in ["settlement-agent.service", CARD_PROCESS] {
        let allowed = values(root.path(), unit, "SystemCallFilter").join(" ");
        // systemd's groups name none of them.
        for call in [
            "landlock_create_ruleset",
            "landlock_add_rule",
            "landlock_restrict_self",
            "seccomp",
        ] {
            assert!(
                allowed.split(' ').any(|own| own == call),
                "{unit} lacks {call}"
            );
        }
    }
}

/// The values of a key in one of the installed units.
fn values(root: &Path, unit: &str, key: &str) -> Vec<String> {
    let path = root.join("usr/lib/systemd/system").join(unit);
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_sockets_that_systemd_holds_are_those_of_the_configuration() {
    let root = installed();
    let local = parse(&filled_in()).unwrap().local;
    let twin = format!("[::1]:{}", local.listen.port());
    for (name, addresses) in [
        ("page", vec![local.listen.to_string(), twin]),
        ("console", vec![local.socket.display().to_string()]),
        ("his", vec![local.his_socket.display().to_string()]),
    ] {
        let unit = format!("settlement-agent-{name}.socket");
        assert_eq!(values(root.path(), &unit, "ListenStream"), addresses);
        assert_eq!(values(root.path(), &unit, "FileDescriptorName"), [name]);
        assert_eq!(values(root.path(), &unit, "WantedBy"), ["sockets.target"]);
        // A caller must not start the daemon, and the daemon must not start without its sockets.
        let started = values(root.path(), &unit, "Service");
        assert_eq!(started, ["settlement-agent-held.service"]);
        for key in ["Requires", "Sockets", "Also"] {
            let named = values(root.path(), UNITS[0], key).concat();
            assert!(named.contains(&unit), "{key} lacks {unit}");
        }
    }
}

#[test]
fn the_desktop_entry_opens_the_page_and_the_browsers_policy_is_only_an_example() {
    let root = installed();
    let share = root.path().join("usr/share");
    let entry = fs::read_to_string(share.join("applications/settlement-agent.desktop")).unwrap();
    for line in [
        "[Desktop Entry]",
        "Type=Application",
        "Exec=settlement-agent page --open",
        "Icon=settlement-agent",
    ] {
        assert!(entry.lines().any(|own| own == line), "{line}");
    }
    let icon = share.join("icons/hicolor/scalable/apps/settlement-agent.svg");
    assert!(icon.is_file());
    let policy = fs::read(share.join("doc/settlement-agent/chromium-policy.json")).unwrap();
    let policy: serde_json::Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["SavingBrowserHistoryDisabled"], true);
    assert_eq!(
        policy["DownloadRestrictions"], 3,
        "no slip among the downloads"
    );
    assert_eq!(policy["AlwaysOpenPdfExternally"], false);
    // It holds for every page of the browser: a person puts it in force.
    assert!(!root.path().join("etc/chromium").exists());
}

#[test]
fn the_account_and_the_folder_of_secrets_are_made_as_declared() {
    let root = installed();
    let root_option = format!("--root={}", root.path().display());
    run(Command::new("systemd-sysusers")
        .arg(&root_option)
        .arg("settlement-agent.conf"));
    run(Command::new("systemd-tmpfiles").args([&root_option, "--create", "settlement-agent.conf"]));

    let accounts = fs::read_to_string(root.path().join("etc/passwd")).unwrap();
    let account: Vec<_> = accounts.lines().next().unwrap().split(':').collect();
    assert_eq!(account[0], "settlement-agent");
    assert_eq!(account[5], "/var/lib/settlement-agent");
    assert_eq!(account[6], "/usr/sbin/nologin");

    let card = accounts.lines().nth(1).unwrap();
    assert!(card.starts_with("settlement-agent-card:"), "{card}");

    let secrets = fs::metadata(root.path().join("etc/settlement-agent/secrets")).unwrap();
    assert_eq!(secrets.mode() & 0o7777, 0o700);
}

#[test]
fn the_ledgers_key_is_taken_as_systemd_hands_it_over_and_not_when_anybody_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("secret_ledger.key");
    LedgerKey::create(&key).unwrap();
    assert_eq!(
        fs::metadata(&key).unwrap().uid(),
        0,
        "`make test` runs the tests as root of their own namespace"
    );
    for (mode, taken) in [
        (0o600, true),
        (0o400, true),
        (0o440, true),
        (0o640, false),
        (0o444, false),
    ] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(LedgerKey::read(&key).is_ok(), taken, "{mode:o}");
    }
}

#[test]
fn installing_again_keeps_the_hospitals_configuration() {
    let root = installed();
    let configuration = root
        .path()
        .join("etc/settlement-agent/settlement-agent.toml");
    assert_eq!(fs::read_to_string(&configuration).unwrap(), CONFIGURATION);
    fs::write(&configuration, "filled in").unwrap();
    install(root.path());
    assert_eq!(fs::read_to_string(&configuration).unwrap(), "filled in");
}
