//! The simulated province: sessions, people, synchronisation, and the books of what was uploaded.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::accepted::{Accepted, Receipt, Upload};
use crate::bodies::{
    self, ByMessage, CardAuthentication, CardVerification, CodeVerification, Page, Person, SignIn,
};
use crate::books::{Books, Known};
use crate::cards::{self, Codes};
use crate::catalogue::{self, Entry};
use crate::clock::written;
use crate::envelope::{Refusal, Request};
use crate::population::{self, DIVISIONS};
use crate::records::{Institution, Worker};
use crate::sessions::Sessions;
use crate::store::Store;

/// Small pages, so that everyone who synchronises turns them.
const WORKERS_PER_PAGE: usize = 8;
const ENTRIES_PER_PAGE: usize = 200;

/// What the province is and knows.
pub(crate) struct Province {
    secret: Vec<u8>,
    institution: Institution,
    /// Each worker with the number of the change that made them so; 0 from the beginning.
    workers: BTreeMap<String, (u64, Worker)>,
    catalogue: Vec<Entry>,
    sessions: Sessions,
    codes: Codes,
    books: Books,
    accepted: Store,
    changes: Store,
    change: u64,
    /// Persons whom it refuses when asked about them, each with its words.
    frozen: BTreeMap<String, String>,
}

impl Province {
    /// Reads back what was accepted and changed before.
    pub(crate) fn open(dir: &Path, secret: Vec<u8>, today: jiff::civil::Date) -> Result<Self> {
        let (accepted, before) = Store::open::<Accepted>(&dir.join("accepted.jsonl"))?;
        let mut books = Books::default();
        for message in before {
            books
                .enter(message)
                .map_err(|refusal| anyhow!("accepted.jsonl: {}", refusal.message))?;
        }
        let workers = population::workers(today)?;
        let (changes, replaced) = Store::open::<Worker>(&dir.join("changes.jsonl"))?;
        let mut province = Self {
            secret,
            institution: population::institution(),
            workers: workers
                .into_iter()
                .map(|worker| (worker.social_security_number.clone(), (0, worker)))
                .collect(),
            catalogue: catalogue::entries()?,
            sessions: Sessions::default(),
            codes: Codes::default(),
            books,
            accepted,
            changes,
            change: 0,
            frozen: BTreeMap::new(),
        };
        for worker in replaced {
            province.enter_change(worker);
        }
        Ok(province)
    }

    /// Checks and answers one message.
    pub(crate) fn answer(&mut self, request: &Request, now: Timestamp) -> Result<Value, Refusal> {
        request.check(&self.institution.code, &self.secret)?;
        if request.infno == "9001" {
            let body: SignIn = bodies::read(&request.input)?;
            return self.sessions.open(&body.terminal, &request.dev_no, now);
        }
        self.sessions
            .check(&request.sign_no, &request.dev_no, now)?;
        if let Some(upload) = Upload::by_code(&request.infno) {
            let receipt = self.take(upload, request, now)?;
            return Ok(json!(receipt));
        }
        match request.infno.as_str() {
            "9002" => {
                self.sessions.close(&request.sign_no);
                Ok(json!({}))
            }
            "9103" => {
                let body: ByMessage = bodies::read(&request.input)?;
                Ok(json!({ "receipt": self.books.receipt(&body.msgid) }))
            }
            "9104" => Ok(json!({ "last": self.books.last_head(&request.dev_no) })),
            "1101" => {
                let body: Person = bodies::read(&request.input)?;
                if let Some(words) = self.frozen.get(&body.social_security_number) {
                    return Err(Refusal::new("-1", words));
                }
                Ok(
                    json!({ "as_of": written(now), "worker": self.worker(&body.social_security_number) }),
                )
            }
            "1102" => self.registry_page(&bodies::read(&request.input)?, now),
            "1301" => self.catalogue_page(&bodies::read(&request.input)?, now),
            "1401" => {
                let body: CardAuthentication = bodies::read(&request.input)?;
                Ok(json!({ "answer": cards::authenticate(&body.question)? }))
            }
            "1402" => {
                let body: CodeVerification = bodies::read(&request.input)?;
                let holder = self.codes.redeem(&body.code, now)?;
                self.identity(&holder)
            }
            "1403" => {
                let body: CardVerification = bodies::read(&request.input)?;
                let holder = cards::verify(&body)?;
                self.identity(holder)
            }
            _ => Err(Refusal::new("transaction_unknown", "交易代码不支持")),
        }
    }

    /// On disk first, then in the books, then answered.
    fn take(
        &mut self,
        upload: Upload,
        request: &Request,
        now: Timestamp,
    ) -> Result<Receipt, Refusal> {
        if let Some(receipt) = self.books.repeat(upload, request)? {
            return Ok(receipt);
        }
        let worker = |number: &str| self.worker(number).cloned();
        let known = Known {
            worker: &worker,
            institution: &self.institution,
            now,
        };
        let message = self.books.examine(upload, request, &known)?;
        self.accepted.append(&message).map_err(|error| {
            tracing::error!(%error, "cannot keep an accepted message");
            Refusal::new("out_of_order", "平台暂时不能受理")
        })?;
        let receipt = message.receipt.clone();
        self.books.enter(message)?;
        Ok(receipt)
    }

    fn worker(&self, number: &str) -> Option<&Worker> {
        self.workers.get(number).map(|(_, worker)| worker)
    }

    fn identity(&self, holder: &str) -> Result<Value, Refusal> {
        let worker = self
            .worker(holder)
            .ok_or_else(|| Refusal::new("worker_unknown", "查无此职工"))?;
        Ok(json!({ "social_security_number": worker.social_security_number, "name": worker.name }))
    }

    fn registry_page(&self, page: &Page, now: Timestamp) -> Result<Value, Refusal> {
        let cursor = Cursor::read(page.cursor.as_deref(), self.change)?;
        let mut workers: Vec<&Worker> = Vec::new();
        let mut withdrawn: Vec<&str> = Vec::new();
        for (changed, worker) in self.workers.values() {
            if cursor.since.is_some_and(|since| *changed <= since) {
                continue;
            }
            match (population::is_filed_here(worker), cursor.since) {
                (true, _) => workers.push(worker),
                (false, Some(_)) => withdrawn.push(&worker.social_security_number),
                (false, None) => {}
            }
        }
        let (shown, more) = cursor.cut(&workers, WORKERS_PER_PAGE);
        let first = cursor.offset == 0 && cursor.since.is_none();
        let divisions: Vec<Value> = DIVISIONS
            .iter()
            .filter(|_| first)
            .map(|(code, name)| json!({ "code": code, "name": name }))
            .collect();
        Ok(json!({
            "as_of": written(now),
            "cursor": cursor.next(more, WORKERS_PER_PAGE),
            "page": cursor.offset / WORKERS_PER_PAGE + 1,
            "full": cursor.since.is_none(),
            "more": more,
            "workers": shown,
            "withdrawn": if cursor.offset == 0 { withdrawn } else { Vec::new() },
            "institution": first.then_some(&self.institution),
            "divisions": divisions,
        }))
    }

    fn catalogue_page(&self, page: &Page, now: Timestamp) -> Result<Value, Refusal> {
        let cursor = Cursor::read(page.cursor.as_deref(), 0)?;
        let entries: &[Entry] = if cursor.since.is_none() {
            &self.catalogue
        } else {
            &[]
        };
        let (shown, more) = cursor.cut(entries, ENTRIES_PER_PAGE);
        Ok(json!({
            "as_of": written(now),
            "cursor": cursor.next(more, ENTRIES_PER_PAGE),
            "page": cursor.offset / ENTRIES_PER_PAGE + 1,
            "full": cursor.since.is_none(),
            "more": more,
            "entries": shown,
        }))
    }

    /// Lays `change` over a worker's record, keeps it, and lets the next synchronisation carry it.
    pub(crate) fn change_worker(
        &mut self,
        number: &str,
        change: serde_json::Map<String, Value>,
    ) -> Result<()> {
        let worker = self.worker(number).context("no such worker")?;
        let Value::Object(mut record) = serde_json::to_value(worker)? else {
            return Err(anyhow!("a worker is an object"));
        };
        record.extend(change);
        let worker: Worker =
            serde_json::from_value(Value::Object(record)).context("not a worker any more")?;
        anyhow::ensure!(
            worker.social_security_number == number,
            "the number itself does not change"
        );
        self.changes.append(&worker)?;
        self.enter_change(worker);
        Ok(())
    }

    /// Refuses, from now on, whoever asks about this person; without words it answers again.
    pub(crate) fn freeze(&mut self, number: &str, words: Option<String>) -> Result<()> {
        self.worker(number).context("no such worker")?;
        match words {
            Some(words) => self.frozen.insert(number.to_owned(), words),
            None => self.frozen.remove(number),
        };
        Ok(())
    }

    fn enter_change(&mut self, worker: Worker) {
        self.change += 1;
        self.workers
            .insert(worker.social_security_number.clone(), (self.change, worker));
    }

    pub(crate) fn accepted(&self) -> &[Accepted] {
        self.books.accepted()
    }

    pub(crate) fn expire_sessions(&mut self) {
        self.sessions = Sessions::default();
    }

    pub(crate) fn issue_code(&mut self, number: &str, now: Timestamp) -> Result<String> {
        self.worker(number).context("no such worker")?;
        self.codes.issue(number, now)
    }
}

/// Where a synchronisation stands: `full:CHANGE:OFFSET` or `since:CHANGE:UNTIL:OFFSET`. Opaque to the agent.
struct Cursor {
    /// The change after which it reports; none: everything.
    since: Option<u64>,
    /// The last change when the run began: the next run reports what comes after it.
    until: u64,
    offset: usize,
}

impl Cursor {
    fn read(text: Option<&str>, change: u64) -> Result<Self, Refusal> {
        let Some(text) = text else {
            return Ok(Self {
                since: None,
                until: change,
                offset: 0,
            });
        };
        let unknown = || Refusal::new("cursor_unknown", "同步位置不存在，请从头同步");
        let parts: Vec<&str> = text.split(':').collect();
        let number = |text: &str| text.parse::<u64>().map_err(|_not_ours| unknown());
        let cursor = match parts.as_slice() {
            ["full", until, offset] => Self {
                since: None,
                until: number(until)?,
                offset: place(number(offset)?),
            },
            ["since", since] => Self {
                since: Some(number(since)?),
                until: change,
                offset: 0,
            },
            ["since", since, until, offset] => Self {
                since: Some(number(since)?),
                until: number(until)?,
                offset: place(number(offset)?),
            },
            _ => return Err(unknown()),
        };
        if cursor.until > change || cursor.since.is_some_and(|since| since > change) {
            return Err(unknown());
        }
        Ok(cursor)
    }

    fn cut<'a, T>(&self, all: &'a [T], per_page: usize) -> (&'a [T], bool) {
        let rest = all.get(self.offset..).unwrap_or_default();
        match rest.get(..per_page) {
            Some(page) => (page, rest.len() > per_page),
            None => (rest, false),
        }
    }

    fn next(&self, more: bool, per_page: usize) -> String {
        let offset = self.offset + per_page;
        match (more, self.since) {
            (true, None) => format!("full:{}:{offset}", self.until),
            (true, Some(since)) => format!("since:{since}:{}:{offset}", self.until),
            (false, _) => format!("since:{}", self.until),
        }
    }
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
