//! Chromium with a keyboard: keys go to whatever has the focus, and what is read is what the screen shows.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use end_to_end::{Process, eventually};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::scene::Scene;

/// The screens that counters have; the same at 200 %, and the narrowest that a page has to fit.
const SIZES: [(u32, u32); 4] = [(1280, 720), (1024, 768), (640, 360), (320, 640)];

/// What is asked for accessibility, by Deque's axe.
const AXE: &str = concat!(
    include_str!("axe/axe.min.js"),
    "; return axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations
        .map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html.slice(0, 200)).join(' | ')));"
);

/// A browser at the counter. Fields drop in order: the browser before its profile.
pub(super) struct Browser {
    client: Client,
    _driver: Process,
    _profile: TempDir,
}

/// The driver with its port. It takes a port that is free on one of the two loopback addresses, and ends where another program has
/// the same one on the other: it is started again then.
async fn driver(environment: &[(&str, &str)]) -> (Process, u16) {
    loop {
        let mut command = tokio::process::Command::new("chromedriver");
        command.envs(environment.iter().copied());
        command.arg("--port=0");
        let driver = Process::start("chromedriver", command).unwrap();
        let port = driver.hear(0, |line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        match port.await {
            Ok(port) => return (driver, port),
            Err(error) => assert!(
                format!("{error:?}").contains("Address already in use"),
                "{error:?}"
            ),
        }
    }
}

/// The driver's way of giving a page leave (W3C Permissions, 6.1), which the client has no call for.
#[derive(Debug)]
struct SetPermission(Value);

impl WebDriverCompatibleCommand for SetPermission {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/permissions",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _endpoint: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

impl Browser {
    /// Opens the page with a link that the agent's own command hands out.
    pub(super) async fn at(scene: &Scene) -> Self {
        let browser = Self::start().await;
        browser.enter(scene).await;
        browser
    }

    /// A browser without a page.
    pub(super) async fn start() -> Self {
        let browser = Self::start_in(&[], &["--headless", "--hide-scrollbars"]).await;
        browser.resize(SIZES[0]).await;
        browser
    }

    /// The same with this environment, shown as these arguments say.
    pub(super) async fn start_in(environment: &[(&str, &str)], shown: &[&str]) -> Self {
        let (driver, port) = driver(environment).await;
        let profile = TempDir::new().unwrap();
        let profile_argument = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            &profile_argument,
        ];
        let arguments = [&arguments, shown].concat();
        let Value::Object(capabilities) = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
        }) else {
            unreachable!("an object was written");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self {
            client,
            _driver: driver,
            _profile: profile,
        }
    }

    /// Signs in with a link of `settlement-agent page`.
    pub(super) async fn enter(&self, scene: &Scene) {
        let printed = scene
            .stage
            .premises
            .run_configured("page", [])
            .await
            .unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        let link = printed
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        self.goto(link.unwrap()).await;
    }

    /// Opens an address, and waits until something is seen there: a key pressed earlier is pressed for nobody.
    pub(super) async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
        self.see("").await;
    }

    /// The address of what is shown.
    pub(super) async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// The person allows the page at `origin` to notify.
    pub(super) async fn allow_notifications(&self, origin: &str) {
        let asked = json!({
            "descriptor": { "name": "notifications" }, "state": "granted", "origin": origin,
        });
        let allowed = self.client.issue_cmd(SetPermission(asked)).await;
        allowed.unwrap();
    }

    /// What the page has notified of so far, where the test listens.
    pub(super) async fn told(&self) -> Vec<String> {
        let told = self
            .client
            .execute("return window.told;", Vec::new())
            .await
            .unwrap();
        serde_json::from_value(told).unwrap()
    }

    /// Waits until that is what it has notified of.
    pub(super) async fn is_told(&self, expected: &[&str]) {
        let told = eventually("a notification", async || {
            Ok((self.told().await == expected).then_some(()))
        })
        .await;
        assert!(told.is_ok(), "{:?}", self.told().await);
    }

    /// What stands on the window.
    pub(super) async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// Presses one key.
    pub(super) async fn press(&self, key: Key) {
        self.strike(&char::from(key).to_string()).await;
    }

    /// Presses one key as a person does, a moment after whatever was struck before.
    pub(super) async fn press_alone(&self, key: Key) {
        let value = char::from(key);
        let keys = KeyActions::new("keyboard".into())
            .then(KeyAction::Pause {
                duration: Duration::from_millis(400),
            })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Runs a script of somebody else's in the page.
    pub(super) async fn meddle(&self, script: &str) {
        self.client.execute(script, Vec::new()).await.unwrap();
    }

    /// Waits until the page keeps what brings its cookie back; what it keeps.
    pub(super) async fn keeps_its_session(&self) -> String {
        eventually("the session is kept", async || {
            let script = "return sessionStorage.getItem('session');";
            let kept = self.client.execute(script, Vec::new()).await?;
            Ok(kept.as_str().map(str::to_owned))
        })
        .await
        .unwrap()
    }

    /// Types into what has the focus as a person does: unevenly.
    pub(super) async fn strike(&self, text: &str) {
        self.keys(text, &[30, 110]).await;
    }

    /// Types as a scanner does: evenly, and faster than anybody.
    pub(super) async fn scan(&self, text: &str) {
        self.keys(text, &[]).await;
    }

    /// Presses keys in turn, each after the next of these pauses.
    pub(super) async fn keys(&self, text: &str, pauses_ms: &[u64]) {
        let mut pauses = pauses_ms.iter().cycle();
        let mut keys = KeyActions::new("keyboard".into());
        for value in text.chars() {
            if let Some(pause) = pauses.next() {
                let duration = Duration::from_millis(*pause);
                keys = keys.then(KeyAction::Pause { duration });
            }
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Types each character by its number on the number pad, with Alt held down.
    pub(super) async fn by_number(&self, text: &str) {
        let alt = char::from(Key::Alt);
        let mut keys = KeyActions::new("keyboard".into());
        for character in text.chars() {
            keys = keys.then(KeyAction::Down { value: alt });
            for digit in format!("{:04}", u32::from(character)).bytes() {
                // The number pad's keys lie in a row from NUMPAD0 on.
                let value = char::from_u32(0xE01A + u32::from(digit - b'0')).unwrap();
                keys = keys
                    .then(KeyAction::Down { value })
                    .then(KeyAction::Up { value });
            }
            keys = keys.then(KeyAction::Up { value: alt });
        }
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Whether the keys go to the page, as far as the page can tell.
    pub(super) async fn has_keys(&self) -> bool {
        let script = "return document.hasFocus();";
        let has = self.client.execute(script, Vec::new()).await.unwrap();
        has == Value::Bool(true)
    }

    /// What the page makes of the keys that came last.
    pub(super) async fn heard(&self) -> String {
        let script = "return JSON.stringify({ burst, composed, until: after.until, now: performance.now() });";
        let heard = self.client.execute(script, Vec::new()).await.unwrap();
        heard.as_str().unwrap().to_owned()
    }

    /// Ticks what has to be confirmed before settling, and settles.
    pub(super) async fn settle(&self) {
        self.focus_on("collect").await;
        self.press_alone(Key::Space).await;
        self.press_alone(Key::F12).await;
    }

    /// Chooses a file where the focus is, as the system's own dialog would.
    pub(super) async fn choose(&self, file: &Path) {
        let input = self.client.active_element().await.unwrap();
        assert_eq!(input.prop("type").await.unwrap().as_deref(), Some("file"));
        input.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// What the focus is on: a field's name, or what is written on it.
    pub(super) async fn focus(&self) -> String {
        let script =
            "const at = document.activeElement; return at.name || at.innerText || at.tagName;";
        let at = self.client.execute(script, Vec::new()).await.unwrap();
        at.as_str().unwrap().trim().to_owned()
    }

    /// All that the screen says; nothing before it is painted, since nobody reads or presses earlier.
    pub(super) async fn text(&self) -> String {
        let script = "const shown = document.readyState === 'complete'
                && performance.getEntriesByName('first-contentful-paint').length;
            return shown && document.body ? document.body.innerText : '';";
        let said = self.client.execute(script, Vec::new()).await.unwrap();
        said.as_str().unwrap().to_owned()
    }

    /// Waits until the screen says this.
    pub(super) async fn see(&self, words: &str) {
        let seen = eventually(words, async || {
            let text = self.text().await;
            Ok((!text.is_empty() && text.contains(words)).then_some(()))
        })
        .await;
        if let Err(error) = seen {
            panic!("{error}; the screen says:\n{}", self.text().await);
        }
    }

    /// Waits until the focus is there.
    pub(super) async fn focus_on(&self, what: &str) {
        let focused = eventually(what, async || {
            Ok(self.focus().await.contains(what).then_some(()))
        })
        .await;
        if let Err(error) = focused {
            panic!("{error}; the focus is on {:?}", self.focus().await);
        }
    }

    /// The text of the elements a selector finds.
    pub(super) async fn all(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// What a field holds.
    pub(super) async fn filled_in(&self, name: &str) -> String {
        let script = "return document.getElementsByName(arguments[0])[0].value;";
        let held = self
            .client
            .execute(script, vec![json!(name)])
            .await
            .unwrap();
        held.as_str().unwrap().to_owned()
    }

    /// Keeps a picture of the screen in each size; nothing may reach beyond its right edge, and axe may find nothing.
    pub(super) async fn picture(&self, name: &str) {
        for size in SIZES.into_iter().rev() {
            self.resize(size).await;
            let (width, _) = size;
            let overhang = "return document.documentElement.scrollWidth - innerWidth;";
            let overhang = self.client.execute(overhang, Vec::new()).await.unwrap();
            assert_eq!(overhang, json!(0), "{name} at {width}");
            let faults = self.client.execute(AXE, Vec::new()).await.unwrap();
            assert_eq!(faults, json!([]), "{name} at {width}");
            let picture = self.client.screenshot().await.unwrap();
            std::fs::write(screenshots().join(format!("{name}-{width}.png")), picture).unwrap();
        }
    }

    /// Opens another window and turns to it.
    pub(super) async fn another_window(&self) {
        let opened = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(opened.handle).await.unwrap();
    }

    /// Turns to a window, counted from 0 as they were opened.
    pub(super) async fn turn_to(&self, number: usize) {
        let windows = self.client.windows().await.unwrap();
        self.client
            .switch_to_window(windows[number].clone())
            .await
            .unwrap();
    }

    /// How many windows are open.
    pub(super) async fn windows(&self) -> usize {
        self.client.windows().await.unwrap().len()
    }

    /// Type of the document that the window shows.
    pub(super) async fn shown_type(&self) -> String {
        let script = "return document.contentType;";
        let shown = self.client.execute(script, Vec::new()).await.unwrap();
        shown.as_str().unwrap().to_owned()
    }

    /// Ends the browser; the driver ends with the value.
    pub(super) async fn close(self) {
        self.client.close().await.unwrap();
    }

    /// The page's own area, without the browser's edge.
    pub(super) async fn resize(&self, (width, height): (u32, u32)) {
        self.client.set_window_size(width, height).await.unwrap();
        let script = "return [outerWidth - innerWidth, outerHeight - innerHeight];";
        let edge = self.client.execute(script, Vec::new()).await.unwrap();
        let edge = |side: usize| u32::try_from(edge[side].as_u64().unwrap()).unwrap();
        self.client
            .set_window_size(width + edge(0), height + edge(1))
            .await
            .unwrap();
    }
}

fn screenshots() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
