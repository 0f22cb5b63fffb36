//! What an IT person gets wrong: `check-config` tells it, all of it, and the daemon does not start on it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::{OPERATOR_NAME, Premises};

use crate::scene::Scene;

/// The files of a counter that could start, and the way back to them.
struct Files {
    premises: Premises,
    province: PathBuf,
    kept: Vec<(PathBuf, Vec<u8>, Permissions)>,
}

impl Files {
    fn of(scene: &Scene) -> Self {
        let premises = scene.stage.premises.clone();
        let province = scene.stage.folder().join("province");
        let named = ["ca.pem", "client.pem", "client.key", "institution.secret"];
        let files = named
            .map(|name| province.join(name))
            .into_iter()
            .chain([premises.configuration(), premises.ledger_key()]);
        let kept = files
            .map(|path| {
                let bytes = fs::read(&path).unwrap();
                let permissions = fs::metadata(&path).unwrap().permissions();
                (path, bytes, permissions)
            })
            .collect();
        Self {
            premises,
            province,
            kept,
        }
    }

    fn restore(&self) {
        for (path, bytes, permissions) in &self.kept {
            chown(path, Some(own()), None).unwrap();
            fs::write(path, bytes).unwrap();
            fs::set_permissions(path, permissions.clone()).unwrap();
        }
        fs::set_permissions(self.premises.state(), Permissions::from_mode(0o700)).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.province.join(name)
    }

    fn in_configuration(&self, from: &str, to: &str) {
        let path = self.premises.configuration();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}: {text}");
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    fn adapter(&self, from: &str, to: &str) {
        let table = include_str!("../../agent/src/province/tables/reference.toml");
        assert!(table.contains(from), "{from}");
        let path = self.premises.folder().join("adapter.toml");
        fs::write(&path, table.replacen(from, to, 1)).unwrap();
        let named = format!("[platform]\nadapter_file = '{}'", path.display());
        self.in_configuration("[platform]", &named);
    }

    /// What a subcommand complains of, in its order, and everything it said.
    async fn codes(&self, subcommand: &str) -> (Vec<String>, String) {
        let ended = self.premises.run_configured(subcommand, []).await.unwrap();
        let complained = String::from_utf8(ended.stderr).unwrap();
        let told = String::from_utf8(ended.stdout).unwrap();
        let codes: Vec<String> = complained
            .lines()
            .filter(|line| line.starts_with("错误："))
            .filter_map(|line| Some(line.rsplit_once('（')?.1.trim_end_matches('）').to_owned()))
            .collect();
        assert_eq!(
            ended.status.success(),
            codes.is_empty(),
            "{complained}{told}"
        );
        assert_eq!(
            told.contains("配置可用"),
            codes.is_empty(),
            "{complained}{told}"
        );
        (codes, complained + &told)
    }
}

fn own() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn openssl(arguments: &[&str]) -> bool {
    // tests/prerequisites installs it.
    let ended = Command::new("openssl").args(arguments).output();
    ended.unwrap().status.success()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A mistake, what is said of it, and with which words.
type Mistake = (&'static str, fn(&Files), &'static str, &'static str);

const MISTAKES: [Mistake; 17] = [
    (
        "a secret that is not hex",
        |files| fs::write(files.file("institution.secret"), "geheim").unwrap(),
        "platform_secret_invalid",
        "十六进制",
    ),
    (
        "another certificate's key",
        |files| {
            let key = files.file("client.key");
            let made = [
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
            ];
            assert!(openssl(&[&made[..], &[text(&key)]].concat()));
            set_mode(&key, 0o600);
        },
        "platform_not_a_pair",
        "不是一对",
    ),
    (
        "a key with a passphrase",
        |files| {
            let (key, locked) = (files.file("client.key"), files.file("locked.key"));
            let into = ["-aes256", "-passout", "pass:geheim", "-out", text(&locked)];
            assert!(openssl(&[&["pkey", "-in", text(&key)][..], &into].concat()));
            fs::copy(locked, &key).unwrap();
            set_mode(&key, 0o600);
        },
        "platform_file_form",
        "密码保护",
    ),
    (
        "PKCS#12",
        |files| {
            let (certificate, key) = (files.file("client.pem"), files.file("client.key"));
            let both = files.file("client.p12");
            let from = [
                "pkcs12",
                "-export",
                "-in",
                text(&certificate),
                "-inkey",
                text(&key),
            ];
            let into = ["-passout", "pass:geheim", "-out", text(&both)];
            assert!(openssl(&[&from[..], &into].concat()));
            fs::copy(both, certificate).unwrap();
        },
        "platform_file_form",
        "PKCS#12",
    ),
    (
        "DER",
        |files| {
            let (pem, der) = (files.file("client.pem"), files.file("client.der"));
            assert!(openssl(&[
                "x509",
                "-in",
                text(&pem),
                "-outform",
                "DER",
                "-out",
                text(&der)
            ]));
            fs::copy(der, pem).unwrap();
        },
        "platform_file_form",
        "openssl x509 -inform DER",
    ),
    (
        "X.509 v1",
        |files| {
            let (pem, key, wish) = (
                files.file("client.pem"),
                files.file("client.key"),
                files.file("wish"),
            );
            let named = ["-subj", "/CN=old", "-out", text(&wish)];
            assert!(openssl(
                &[&["req", "-new", "-key", text(&key)][..], &named].concat()
            ));
            let from = [
                "x509",
                "-req",
                "-in",
                text(&wish),
                "-signkey",
                text(&key),
                "-out",
                text(&pem),
            ];
            // Newer versions make version 3 unless they are asked.
            assert!(openssl(&[&from[..], &["-x509v1"]].concat()) || openssl(&from));
        },
        "platform_certificate_old",
        "v1",
    ),
    (
        "an unknown signature",
        |files| files.adapter("signature = \"HMAC-SHA256\"", "signature = \"SM3\""),
        "platform_adapter_invalid",
        "HMAC-SHA256",
    ),
    (
        "two transactions under one code",
        |files| files.adapter("reversal = \"2209\"", "reversal = \"2207\""),
        "platform_adapter_invalid",
        "同一个代码",
    ),
    (
        "an empty CA file",
        |files| fs::write(files.file("ca.pem"), "").unwrap(),
        "platform_pem_invalid",
        "ca.pem",
    ),
    (
        "an address with a path",
        |files| files.in_configuration("https://127.0.0.1", "https://127.0.0.1/transactions#"),
        "platform_setting_invalid",
        "不带路径",
    ),
    (
        "a ledger key that everybody may read and write",
        |files| set_mode(&files.premises.ledger_key(), 0o666),
        "secret_open",
        "chmod 600 ",
    ),
    (
        "a client key that the group may read",
        |files| set_mode(&files.file("client.key"), 0o640),
        "secret_open",
        "client.key",
    ),
    (
        "a configuration that everybody may write",
        |files| set_mode(&files.premises.configuration(), 0o666),
        "file_open",
        "chmod go-w ",
    ),
    (
        "a stranger's configuration",
        |files| chown(files.premises.configuration(), Some(own() + 1), None).unwrap(),
        "file_owner",
        "chown root: ",
    ),
    (
        "a state folder that everybody may enter",
        |files| set_mode(&files.premises.state(), 0o777),
        "state_open",
        "chmod 700 ",
    ),
    (
        "a table of the version before rows",
        |files| files.adapter("version = 2", "version = 1"),
        "platform_adapter_invalid",
        "version 须是 2",
    ),
    (
        "a field of ours that the table says nothing of",
        |files| {
            files.adapter(
                "    [\"lines[].amount\", \"lines[].amount\", \"ours\"],\n",
                "",
            );
        },
        "platform_adapter_invalid",
        "lines[].amount",
    ),
];

/// A shared library of this C text.
fn compiled(source: &str, library: &Path) {
    let text = library.with_extension("c");
    fs::write(&text, source).unwrap();
    let built = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([library, &text])
        .status();
    assert!(built.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_keeps_the_daemon_from_starting_is_told_by_check_config_too() {
    let mut scene = Scene::without_agent(&["Counter"]).await;
    let files = Files::of(&scene);
    assert_eq!(files.codes("check-config").await.0, [""; 0]);
    for (mistake, make, code, words) in MISTAKES {
        make(&files);
        for subcommand in ["check-config", "run"] {
            let (codes, said) = files.codes(subcommand).await;
            assert_eq!(codes, [code], "{mistake}, {subcommand}: {said}");
            assert!(said.contains(words), "{mistake}: {said}");
            assert!(!said.contains("geheim"), "{mistake}: {said}");
        }
        files.restore();
    }
    // All at once, whatever comes first.
    for (_, make, _, _) in [
        &MISTAKES[0],
        &MISTAKES[1],
        &MISTAKES[8],
        &MISTAKES[9],
        &MISTAKES[10],
        &MISTAKES[14],
    ] {
        make(&files);
    }
    let (codes, said) = files.codes("check-config").await;
    assert_eq!(
        codes,
        [
            "secret_open",
            "state_open",
            "platform_setting_invalid",
            "platform_secret_invalid",
            "platform_pem_invalid",
            "platform_not_a_pair",
        ],
        "{said}"
    );
    files.restore();
    scene.stage.start_agent(&[]).await.unwrap();
    let (codes, said) = files.codes("check-config").await;
    assert_eq!(codes, [""; 0], "beside the daemon: {said}");
    scene.stage.agent.take().unwrap().stop().await.unwrap();
    // A key that was once right, or will be: of another ledger than this.
    fs::write(files.premises.ledger_key(), "5a".repeat(32)).unwrap();
    for subcommand in ["check-config", "run"] {
        let (codes, said) = files.codes(subcommand).await;
        assert_eq!(codes, ["ledger_wrong_key"], "{subcommand}: {said}");
    }
    files.restore();
    assert_eq!(files.codes("check-config").await.0, [""; 0]);
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_stand_in_for_each_other_are_pointed_out_and_may_work() {
    let mut scene = Scene::without_agent(&["Counter"]).await;
    let files = Files::of(&scene);
    let operator = files.premises.operator().to_owned();
    files.in_configuration("李复核", OPERATOR_NAME);
    let second = format!("[[operator]]\nuser = \"{operator}\"\nname = \"王代班\"\n");
    files.premises.configure(&second).unwrap();
    let (codes, said) = files.codes("check-config").await;
    assert_eq!(codes, [""; 0], "{said}");
    for hint in ["（reviewer_is_cashier）", "（account_shared）"] {
        assert!(
            said.contains(&format!("{hint}\n处理办法：")),
            "{hint}: {said}"
        );
    }
    assert_eq!(said.contains("（operator_is_root）"), own() == 0, "{said}");
    scene.stage.start_agent(&[]).await.unwrap();
    let log = scene.agent().log();
    assert!(log.contains("reviewer_is_cashier"), "{log}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendors_library_is_loaded_by_check_config_as_the_daemon_loads_it() {
    let scene = Scene::without_agent(&["Counter"]).await;
    let files = Files::of(&scene);
    // The counter works without a vendor's library; that it is missing is an error all the same.
    let vendor = "[card]\nauthentication = [\"vendor\"]\nvendor_library = '/nowhere/libSSCardDriver.so'\n\n[local]";
    files.in_configuration("[local]", vendor);
    assert_eq!(
        files.codes("check-config").await.0,
        ["vendor_library_missing"]
    );
    files.restore();
    // It is loaded as the daemon does, in a card process.
    let (falls, torn) = (files.file("falls.so"), files.file("torn.so"));
    compiled(
        "__attribute__((constructor)) static void fall(void) { __builtin_trap(); }",
        &falls,
    );
    fs::write(&torn, &fs::read(&falls).unwrap()[..600]).unwrap();
    let right = files.file("right.so");
    compiled(
        "int iReadCardBas(int type, char *out) { return type || out; }",
        &right,
    );
    let unbound = files.file("unbound.so");
    compiled("extern int nowhere; int *kept = &nowhere;", &unbound);
    let another = files.file("another.so");
    compiled("int anything;", &another);
    for (library, code, words) in [
        (&falls, "vendor_library_not_tried", "意外结束"),
        (&torn, "vendor_library_not_tried", "意外结束"),
        (&unbound, "vendor_library_missing", "nowhere"),
        (&another, "vendor_library_missing", "iReadCardBas"),
    ] {
        files.in_configuration(
            "[local]",
            &vendor.replace("/nowhere/libSSCardDriver.so", text(library)),
        );
        let (codes, said) = files.codes("check-config").await;
        assert_eq!(codes, [code], "{said}");
        assert!(said.contains(words), "{said}");
        files.restore();
    }
    files.in_configuration(
        "[local]",
        &vendor.replace("/nowhere/libSSCardDriver.so", text(&right)),
    );
    assert_eq!(files.codes("check-config").await.0, [""; 0]);
    files.restore();
}
