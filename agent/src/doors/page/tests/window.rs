//! A cashier's window for tests: province, counter and page in one process, and a client that keeps its cookie.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use nix::unistd::Uid;
use reqwest::{Method, RequestBuilder, StatusCode, header};
use rules::{CredentialKind, PersonName, SocialSecurityNumber};
use sandbox::{Options, Sandbox};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::counter::uploads::UploadView;
use crate::counter::{Counter, FolderView};
use crate::daemon;
use crate::desk::{ConfirmedBy, Presented};
use crate::doors::access::callers;
use crate::doors::access::operators::Operator;
use crate::doors::page::guard::Cookie;
use crate::doors::page::session::Sessions;
use crate::doors::page::{fields, handle, router};
use crate::province::outbox::Outbox;
use crate::settings::Settings;

pub(crate) const FIRST_WORKER: (&str, &str) = ("650102199003070013", "测试一");
pub(super) const SECOND_WORKER: (&str, &str) = ("510104199208170052", "李四明");
pub(super) const UNFILED_WORKER: (&str, &str) = ("650102198805140023", "阿依古丽·买买提");

pub(super) struct Window {
    pub(super) counter: Counter,
    pub(super) outbox: Outbox,
    pub(super) sessions: Arc<Sessions>,
    pub(super) address: SocketAddr,
    client: reqwest::Client,
    pub(super) cookie: String,
    pub(super) province: Sandbox,
    folder: TempDir,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: header::HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    /// Where a redirect leads.
    pub(super) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(header::LOCATION)
    }

    /// The keys that the screen names; each must mean one thing.
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self
            .text
            .split("data-key=\"")
            .skip(1)
            .map(|after| after.split_once('"').unwrap().0)
            .collect();
        keys.sort_unstable();
        keys
    }

    /// The value of a field of the form that came back.
    pub(super) fn field(&self, name: &str) -> &str {
        let field = format!("name=\"{name}\"");
        let after = self.text.split_once(&field).unwrap().1;
        let value = after.split_once("value=\"").unwrap().1;
        value.split_once('"').unwrap().0
    }
}

impl Window {
    /// With a registry in the cache and an operator signed in.
    pub(super) async fn open() -> Self {
        Self::configured("").await
    }

    /// The same with more in its configuration; `FOLDER` in it is the folder of the window's files.
    pub(super) async fn configured(more: &str) -> Self {
        Self::by_clock(Clock::system().unwrap(), more).await
    }

    /// The same by this clock.
    pub(super) async fn by_clock(clock: Clock, more: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = TempDir::new().unwrap();
        let province = Sandbox::start(Options::in_folder(&folder.path().join("province")))
            .await
            .unwrap();
        let settings = settings(folder.path(), province.ready(), more);
        let opened = daemon::open(settings, clock).unwrap();
        let counter = opened.counter;
        let mut changes = counter.changes();
        let synchronising = tokio::spawn(opened.synchronisation.run());
        changes.changed().await.unwrap();
        synchronising.abort();
        let sessions = Arc::new(Sessions::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hosts = callers::Hosts::new(&[address], address);
        let app = router(counter.clone(), Arc::clone(&sessions), hosts);
        tokio::spawn(callers::serve(listener, app, keeping()));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut window = Self {
            counter,
            outbox: opened.outbox,
            sessions,
            address,
            client,
            cookie: String::new(),
            province,
            folder,
        };
        window.cookie = window.entered().await;
        window
    }

    /// The cookie of another window of the same account.
    pub(super) async fn entered(&self) -> String {
        let entered = sent(self.bare(Method::GET, &self.link())).await;
        let cookie = entered.header(header::SET_COOKIE);
        cookie.split_once(';').unwrap().0.to_owned()
    }

    /// With a folder into which the hospital's system puts its bills.
    pub(super) async fn with_folder() -> Self {
        Self::configured("[bill]\nfolder = \"FOLDER/bills\"\n").await
    }

    /// That folder; it is watched once [`Self::watch_bills`] was called.
    pub(super) fn bills(&self) -> std::path::PathBuf {
        self.folder.path().join("bills")
    }

    /// Watches that folder, as the daemon does.
    pub(super) fn watch_bills(&self) {
        let folder = self.counter.settings().bill.folder.clone().unwrap();
        tokio::spawn(self.counter.clone().run_bill_folder(folder));
    }

    /// Waits until the folder is seen like this.
    pub(super) async fn bills_are(&self, seen: impl Fn(&FolderView) -> bool) -> FolderView {
        let mut changes = self.counter.changes();
        loop {
            let view = self.counter.bill_folder().await.unwrap();
            if seen(&view) {
                return view;
            }
            changes.changed().await.unwrap();
        }
    }

    /// A fresh one-time link for the account that runs this, its path.
    pub(super) fn link(&self) -> String {
        self.link_for(Uid::effective().as_raw())
    }

    /// One for the account with this number.
    pub(super) fn link_for(&self, uid: u32) -> String {
        let operator = Operator::for_tests("cashier", "张收款").with_account(uid);
        let now = self.counter.clock().now();
        let token = self.sessions.grant_link(operator, now).unwrap();
        format!("/enter?link={}", token.reveal())
    }

    /// The address of a message in this session.
    pub(super) fn upload(&self, message_id: &str) -> String {
        let (name, text) = self.cookie.split_once('=').unwrap();
        let cookie = Cookie {
            name: name.to_owned(),
            text: text.to_owned(),
            user: Uid::effective().as_raw(),
        };
        format!("/uploads/{}", handle::of(&cookie, message_id))
    }

    /// A worker's card is read.
    pub(super) fn present(&self, worker: (&str, &str)) {
        self.counter.lay_on_desk(self.reading(worker));
    }

    /// What the reader makes of a worker's card now.
    pub(super) fn reading(&self, (number, name): (&str, &str)) -> Presented {
        Presented {
            kind: CredentialKind::SocialSecurityCard,
            social_security_number: SocialSecurityNumber::parse(number).unwrap(),
            name: PersonName::new(name),
            confirmed_by: ConfirmedBy::Cryptogram,
            card: None,
            at: self.counter.clock().now(),
            took: Duration::from_millis(140),
            drawn: false,
            remarks: Vec::new(),
        }
    }

    /// The electronic card on a worker's telephone.
    pub(super) fn code_of(&self, (number, _name): (&str, &str)) -> String {
        self.province.issue_code(number).unwrap()
    }

    /// A request as no browser of ours makes it: bare, but for the host.
    pub(super) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    /// A request of the signed-in browser, from the page itself.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ORIGIN, format!("http://{}", self.address))
            .header("sec-fetch-site", "same-origin")
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        sent(self.request(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", percent(value)))
            .collect();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.join("&"));
        sent(request).await
    }

    /// Bodies of the journal's entries of a kind, oldest first.
    pub(super) async fn journal(&self, kind: &'static str) -> Vec<String> {
        let bodies = self.counter.ledger().read(move |conn| {
            let mut found =
                conn.prepare("SELECT body FROM journal WHERE kind = ?1 ORDER BY sequence")?;
            let bodies = found
                .query_map([kind], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok::<_, crate::ledger::LedgerError>(bodies)
        });
        bodies.await.unwrap()
    }

    /// Sends the discharge form with a bill.
    pub(super) async fn quote(&self, visit: &str, discharged_at: &str, bill: &str) -> Answer {
        let field = |(name, value)| {
            format!(
                "--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
        };
        let fields = [
            ("discharged_at", discharged_at),
            ("diagnosis", "左胫骨骨折愈合"),
            ("diagnosis_code", "S82.1"),
        ]
        .map(field)
        .concat();
        let body = format!(
            "{fields}--frontier\r\nContent-Disposition: form-data; name=\"bill\"; \
             filename=\"bill.csv\"\r\nContent-Type: text/csv\r\n\r\n{bill}\r\n--frontier--\r\n"
        );
        let request = self
            .request(Method::POST, &format!("/visits/{visit}/quote"))
            .header(
                header::CONTENT_TYPE,
                "multipart/form-data; boundary=frontier",
            )
            .body(body);
        sent(request).await
    }

    /// Admits the first worker, ten days ago; the visit's number.
    pub(super) async fn admit_first_worker(&self) -> String {
        self.admit_first_worker_as("ZY0001").await
    }

    /// The same under this hospital number.
    pub(super) async fn admit_first_worker_as(&self, inpatient_number: &str) -> String {
        self.admit_worker(FIRST_WORKER, inpatient_number).await
    }

    /// Admits the second worker, ten days ago; the visit's number.
    pub(super) async fn admit_second_worker(&self) -> String {
        self.admit_worker(SECOND_WORKER, "ZY0002").await
    }

    async fn admit_worker(&self, worker: (&str, &str), inpatient_number: &str) -> String {
        self.present(worker);
        let form = self.get("/admission").await;
        let registered_at = fields::write_minute(days_ago(10));
        let admitted = self.admit(&form, inpatient_number, &registered_at).await;
        visit_of(&admitted).to_owned()
    }

    /// Presses the admission button of this form.
    pub(super) async fn admit(
        &self,
        form: &Answer,
        inpatient_number: &str,
        registered_at: &str,
    ) -> Answer {
        self.post(
            "/admission",
            &[
                ("act", "admit"),
                ("key", form.field("key")),
                ("presented", form.field("presented")),
                ("who", form.field("who")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("department", "骨科"),
                ("inpatient_number", inpatient_number),
                ("diagnosis", "左胫骨骨折"),
                ("registered_at", registered_at),
            ],
        )
        .await
    }

    /// Presses the settle button of the quote at this address, the amount to collect confirmed.
    pub(super) async fn press(&self, quote: &str) -> Answer {
        let collect = self.to_collect(quote);
        let confirmed = [("collect", collect.as_str())];
        self.post(&format!("{quote}/settle"), &confirmed).await
    }

    /// What the worker pays by the quote at this address.
    pub(super) fn to_collect(&self, quote: &str) -> String {
        let quote = self.counter.quoted(quote.strip_prefix("/quotes/").unwrap());
        let split = quote.as_ref().and_then(|quote| quote.judgement.split());
        split.map_or_else(String::new, |split| split.personal().to_string())
    }

    /// Quotes the usual bill for a visit of the first worker that ends now, and settles it; the settlement's number.
    pub(super) async fn settle(&self, visit: &str) -> String {
        let quoted = self.quote(visit, &now(), &bill()).await;
        let settled = self.press(quoted.leads_to()).await;
        let path = settled.leads_to();
        path.strip_prefix("/settlements/").unwrap().to_owned()
    }
}

/// The visit that was admitted.
pub(super) fn visit_of(admitted: &Answer) -> &str {
    let path = admitted.leads_to();
    let number = path.strip_prefix("/visits/").unwrap();
    number.strip_suffix("/admitted").unwrap()
}

const HEAD: &str = "序号,日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤,限制条件,冲销序号";

/// A drug in full for the fund, ten nights in a bed at 60.00 of which 40.00 are in the standard, a line for another illness.
pub(super) fn bill() -> String {
    let day = fields::write_minute(days_ago(8));
    let day = day.split_once(' ').unwrap().0;
    [
        HEAD,
        &format!("1,{day},药品,XN02BEA123A001010100001,<script>alert('x')</script>头孢,72.0000,100,7200.00,是,,"),
        &format!("2,{day},住院服务标准,001109000010000,三人间床位费,60,10,600.00,是,,"),
        &format!("3,{day},药品,XC08CAB001A001010100001,\"氨氯地平\"\"片\"\"\",5.00,2,10.00,否,,"),
        "合计,,,,,,,7810.00,,,",
    ]
    .join("\r\n")
}

pub(super) fn now() -> String {
    fields::write_minute(days_ago(0))
}

pub(super) fn days_ago(days: i64) -> Timestamp {
    Clock::system().unwrap().now() - (days * 24).hours()
}

/// A door's keeping for one account.
pub(super) fn keeping() -> callers::Keeping {
    callers::Keeping {
        places: callers::ConnectionSlots::new(callers::Reserved::default()),
        patience: callers::Patience::AT_THE_COUNTER,
    }
}

pub(super) async fn sent(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

/// Looks at what is open whenever something changes, until it is as wanted.
pub(super) async fn until<T>(window: &Window, wanted: impl Fn(&[UploadView]) -> Option<T>) -> T {
    let mut changes = window.counter.changes();
    loop {
        changes.borrow_and_update();
        if let Some(found) = wanted(&window.counter.uploads().await.unwrap()) {
            return found;
        }
        changes.changed().await.unwrap();
    }
}

/// Every byte percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        encoded.push('%');
        encoded.push_str(&hex::encode_upper([byte]));
        encoded
    })
}

/// The configuration of a counter whose files lie in `folder`.
pub(crate) fn settings(folder: &Path, province: &sandbox::Ready, more: &str) -> Settings {
    let more = more.replace("FOLDER", &folder.display().to_string());
    let key_file = folder.join("ledger.key");
    std::fs::write(&key_file, "07".repeat(32)).unwrap();
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (state, witness) = (folder.join("state"), folder.join("witness"));
    for own in [&state, &witness] {
        std::fs::create_dir(own).unwrap();
    }
    let text = format!(
        r#"
        [institution]
        code = "{}"
        name = "长沙市示例医院"
        division = "430103"
        profile = "hunan"
        [terminal]
        number = 1
        [storage]
        directory = "{}"
        witness_directory = "{}"
        key_file = "{}"
        [platform]
        url = "{}"
        ca_file = "{}"
        certificate_file = "{}"
        key_file = "{}"
        secret_file = "{}"
        [card]
        enabled = false
        [[operator]]
        user = "cashier"
        name = "张收款"
        {more}
        "#,
        province.institution,
        state.display(),
        witness.display(),
        key_file.display(),
        province.url,
        province.authority_file.display(),
        province.certificate_file.display(),
        province.key_file.display(),
        province.secret_file.display(),
    );
    Settings::parse(&text, Path::new("test.toml")).unwrap()
}
