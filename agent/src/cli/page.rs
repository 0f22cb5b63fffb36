//! `page`: a one-time link to the counter's page for the account that asks; or the page itself, in a browser profile that is
//! thrown away with whatever the browser has kept of patients.

use std::fs::{self, DirBuilder};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;

use super::ground::{self, Configured};
use crate::doors::console::client::Client;
use crate::doors::page::session::SessionSecret;
use crate::wording::commands;
use crate::wording::notice::Notice;
use crate::wording::system::system;

/// Browsers that take Chromium's options, by the names of Debian and of Google's package.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// How often the profile is deleted until it stays away.
const TRIES: u32 = 100;

/// So long a browser's helper may be silent before it writes again.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// The options.
#[derive(Debug, Args)]
pub(super) struct Page {
    /// Open the page in a browser profile of its own, which is thrown away when the browser is closed, instead of printing
    /// the link.
    #[arg(long)]
    open: bool,
    /// A Chromium of another name, for --open.
    #[arg(long, requires = "open")]
    browser: Option<PathBuf>,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(page: &Page) -> Result<(), Notice> {
    if !page.open {
        ground::say(std::io::stdout(), &link(&page.configured.config)?);
        return Ok(());
    }
    let profile = Profile::new().map_err(|error| unopened(&error))?;
    match link(&page.configured.config) {
        Ok(link) => profile.show(&link, page.browser.as_deref()),
        // Whoever clicked has no terminal: the browser says it.
        Err(notice) => {
            let said = profile.0.join("notice.html");
            fs::write(&said, told(&notice)).map_err(|error| unopened(&error))?;
            let address = format!("file://{}", said.display());
            profile.show(&address, page.browser.as_deref())?;
            Err(notice)
        }
    }
}

fn link(config: &Path) -> Result<String, Notice> {
    let settings = ground::settings(config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let link = client.link().await.map_err(|error| Notice::from(&error))?;
        Ok(link.url)
    })
}

/// A folder of this account's own for one run of the browser; it goes when the value does.
struct Profile(PathBuf);

impl Profile {
    /// In the folder that lies in memory and ends with the login, where the system has one.
    fn new() -> std::io::Result<Self> {
        let parent =
            std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        let name = SessionSecret::random().map_err(Error::other)?;
        let folder = parent.join(format!("settlement-agent-page-{}", &name.reveal()[..16]));
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }

    /// Runs the browser on this profile to its end.
    fn show(&self, address: &str, browser: Option<&Path>) -> Result<(), Notice> {
        let names: Vec<&Path> = match browser {
            Some(browser) => vec![browser],
            None => BROWSERS.iter().map(Path::new).collect(),
        };
        for name in names {
            let ended = Command::new(name)
                .arg(format!("--user-data-dir={}", self.0.display()))
                .args([
                    "--no-first-run",
                    "--no-default-browser-check",
                    "--disable-sync",
                    "--disable-extensions",
                    "--incognito",
                ])
                .arg(address)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            match ended {
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(unopened(&error)),
            }
        }
        Err(commands::no_browser())
    }
}

impl Drop for Profile {
    /// The browser's helpers end a moment after it, and write until then: the folder is gone when it stays so.
    fn drop(&mut self) {
        let mut last = Ok(());
        for _try in 0..TRIES {
            last = fs::remove_dir_all(&self.0);
            std::thread::sleep(BETWEEN_TRIES);
            if !self.0.exists() {
                return;
            }
        }
        let (folder, why) = (self.0.display(), last.err());
        let why = why.map_or_else(String::new, |error| format!("（{}）", system(&error)));
        ground::say(
            std::io::stderr(),
            &format!("浏览器的临时资料 {folder} 没有删掉{why}，请手工删除。"),
        );
    }
}

fn unopened(error: &Error) -> Notice {
    commands::page_not_opened(error)
}

/// The notice as a page of its own.
fn told(notice: &Notice) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>工伤异地就医直接结算</title>\
         <h1>{}</h1><p>{}</p><p>代码 {}</p></html>",
        escaped(&notice.say),
        escaped(&notice.next),
        escaped(&notice.code)
    )
}
