//! A hospital system that speaks the agent's local interface.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use reqwest::{Body, Method, RequestBuilder, Url};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::moment::{Stay, written};
use crate::process::eventually;

/// Why the agent did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum HisError {
    /// It said no.
    #[error("the agent says {status}: {body}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its words: `notice` and `reasons`.
        body: Value,
    },
    /// No answer came.
    #[error("no answer from the agent")]
    NoAnswer(#[from] reqwest::Error),
    /// What came is no JSON.
    #[error("the agent's answer cannot be read")]
    Malformed(#[from] serde_json::Error),
    /// The address cannot be written.
    #[error("not an address")]
    Address(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl HisError {
    /// The notice's code, where the agent said no.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { body, .. } => body["notice"]["code"].as_str(),
            Self::NoAnswer(_) | Self::Malformed(_) | Self::Address(_) => None,
        }
    }

    /// The notice's sentence and next step, where the agent said no.
    pub fn words(&self) -> Option<(&str, &str)> {
        match self {
            Self::Refused { body, .. } => {
                let notice = &body["notice"];
                notice["say"].as_str().zip(notice["next"].as_str())
            }
            Self::NoAnswer(_) | Self::Malformed(_) | Self::Address(_) => None,
        }
    }
}

/// The hospital's system at this counter. Cheap to clone.
#[derive(Debug, Clone)]
pub struct His {
    http: reqwest::Client,
    base: String,
    token: String,
    operator: String,
}

impl His {
    /// Speaks to the agent at `origin` with `token`, in the name of the account `operator`.
    pub fn new(origin: &str, token: &str, operator: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: format!("{origin}/his/v1"),
            token: token.to_owned(),
            operator: operator.to_owned(),
        }
    }

    /// Where the counter stands with the province.
    ///
    /// # Errors
    ///
    /// As all of these: the agent says no, or does not answer.
    pub async fn standing(&self) -> Result<Value, HisError> {
        self.get("standing").await
    }

    /// What lies on the counter.
    pub async fn desk(&self) -> Result<Value, HisError> {
        self.get("desk").await
    }

    /// Waits until the card in the reader has been read and tells who was read.
    ///
    /// # Errors
    ///
    /// No card is read within the patience, or the reader is in trouble.
    pub async fn read(&self) -> Result<Value> {
        eventually("a card that is read", async || {
            let mut desk = self.desk().await?;
            ensure!(
                desk["reader"] != "trouble",
                "the card was not read: {}",
                desk["trouble"]
            );
            Ok((desk["reader"] == "read").then(|| desk["presented"].take()))
        })
        .await
    }

    /// Waits until a card of this worker has been read and tells who was read.
    ///
    /// # Errors
    ///
    /// None is read within the patience.
    pub async fn read_of(&self, number: &str) -> Result<Value> {
        eventually(number, async || {
            let mut desk = self.desk().await?;
            let theirs = desk["presented"]["social_security_number"] == number;
            Ok(theirs.then(|| desk["presented"].take()))
        })
        .await
    }

    /// Waits until the card that was read is seen to be gone.
    ///
    /// # Errors
    ///
    /// It is not within the patience.
    pub async fn drawn(&self) -> Result<()> {
        eventually("a card that is drawn out", async || {
            let desk = self.desk().await?;
            Ok((desk["reader"] == "empty").then_some(()))
        })
        .await
    }

    /// Waits until the reader is in trouble and tells the notice.
    ///
    /// # Errors
    ///
    /// It is not within the patience.
    pub async fn reader_trouble(&self) -> Result<Value> {
        eventually("trouble with the reader", async || {
            let mut desk = self.desk().await?;
            Ok((desk["reader"] == "trouble").then(|| desk["trouble"].take()))
        })
        .await
    }

    /// Waits until the reader is in this trouble.
    ///
    /// # Errors
    ///
    /// It is not within the patience.
    pub async fn reader_trouble_of(&self, code: &str) -> Result<()> {
        eventually(code, async || {
            let desk = self.desk().await?;
            Ok((desk["trouble"]["code"] == code).then_some(()))
        })
        .await
    }

    /// Waits until registry and catalogue have been fetched; when the registry was current.
    ///
    /// # Errors
    ///
    /// It is not within the patience.
    pub async fn synchronised(&self) -> Result<Value> {
        eventually("a synchronised registry", async || {
            let mut standing = self.standing().await?;
            let fetched = |part: &str| !standing[part].is_null();
            let both = fetched("registry_as_of") && fetched("catalogue_as_of");
            Ok(both.then(|| standing["registry_as_of"].take()))
        })
        .await
    }

    /// Admits whoever's card is on the desk for a stay that began with `stay`; `key` names the press.
    pub async fn admit(&self, key: &str, stay: &Stay) -> Result<Value, HisError> {
        self.admit_as("ZY0811042", key, stay).await
    }

    /// The same under another 住院号.
    pub async fn admit_as(
        &self,
        inpatient_number: &str,
        key: &str,
        stay: &Stay,
    ) -> Result<Value, HisError> {
        let desk = self.desk().await?;
        let body = json!({
            "key": key,
            "operator": self.operator,
            "reading": desk["presented"]["reading"].as_str().unwrap_or_default(),
            "kind": "inpatient_medical",
            "department": "骨科",
            "inpatient_number": inpatient_number,
            "diagnosis": "左胫腓骨开放性骨折",
            "diagnosis_code": "S82.201",
            "third_party_liability": "none",
            "registered_at": written(stay.admitted),
        });
        self.post("admissions", &body).await
    }

    /// One visit.
    pub async fn visit(&self, number: &str) -> Result<Value, HisError> {
        self.get(&format!("visits/{number}")).await
    }

    /// Takes a mistaken admission back, for a reason.
    pub async fn cancel(&self, visit: &str, reason: &str) -> Result<Value, HisError> {
        let word = json!({ "operator": self.operator, "reason": reason });
        self.post(&format!("visits/{visit}/cancel"), &word).await
    }

    /// Waits for the visit's 就医登记号, which the province gives.
    ///
    /// # Errors
    ///
    /// It does not come within the patience.
    pub async fn registration_number(&self, visit: &str) -> Result<String> {
        eventually("the province's number of the visit", async || {
            let visit = self.visit(visit).await?;
            Ok(visit["registration_number"].as_str().map(str::to_owned))
        })
        .await
    }

    /// Quotes a bill at discharge.
    pub async fn quote(&self, visit: &str, stay: &Stay, bill: &[u8]) -> Result<Value, HisError> {
        self.quote_file(visit, stay, bill.to_vec()).await
    }

    /// The same, and how long it took until the whole answer was here, not yet read.
    pub async fn quote_timed(
        &self,
        visit: &str,
        stay: &Stay,
        bill: &[u8],
    ) -> Result<(Value, Duration), HisError> {
        let began = Instant::now();
        let request = self.quote_request(visit, stay, bill.to_vec())?;
        let (answer, answered) = self.answer(request).await?;
        Ok((answer, answered.duration_since(began)))
    }

    /// The same with a file that nobody needs any more, or that lives as long as the program.
    pub async fn quote_file(
        &self,
        visit: &str,
        stay: &Stay,
        bill: impl Into<Body>,
    ) -> Result<Value, HisError> {
        self.send(self.quote_request(visit, stay, bill)?).await
    }

    fn quote_request(
        &self,
        visit: &str,
        stay: &Stay,
        bill: impl Into<Body>,
    ) -> Result<RequestBuilder, HisError> {
        let discharge = [
            ("discharged_at", written(stay.discharged)),
            ("diagnosis", "左胫腓骨开放性骨折术后".to_owned()),
            ("diagnosis_code", "S82.201".to_owned()),
        ];
        let address = format!("{}/visits/{visit}/quote", self.base);
        let address = Url::parse_with_params(&address, &discharge)
            .map_err(|error| HisError::Address(Box::new(error)))?;
        Ok(self
            .http
            .post(address)
            .header("Content-Type", "text/csv")
            .body(bill))
    }

    /// Looks at a bill so far, before discharge.
    pub async fn check(&self, visit: &str, bill: &[u8]) -> Result<Value, HisError> {
        let address = format!("{}/visits/{visit}/check", self.base);
        let address = Url::parse_with_params(&address, &[("operator", &self.operator)])
            .map_err(|error| HisError::Address(Box::new(error)))?;
        let request = self
            .http
            .post(address)
            .header("Content-Type", "text/csv")
            .body(bill.to_vec());
        self.send(request).await
    }

    /// Says in the operator's name why the codes of a quote's bill are right.
    pub async fn vouch(&self, quote: &str, reason: &str) -> Result<Value, HisError> {
        let word = json!({ "operator": self.operator, "reason": reason });
        self.post(&format!("quotes/{quote}/vouch"), &word).await
    }

    /// Presses the settle button.
    pub async fn settle(&self, quote: &str) -> Result<Value, HisError> {
        let path = format!("quotes/{quote}/settle");
        self.post(&path, &json!({ "operator": self.operator }))
            .await
    }

    /// One settlement.
    pub async fn settlement(&self, number: &str) -> Result<Value, HisError> {
        self.get(&format!("settlements/{number}")).await
    }

    /// Waits until everything of a settlement has been delivered and tells the settlement.
    ///
    /// # Errors
    ///
    /// It is not within the patience.
    pub async fn delivered(&self, settlement: &str) -> Result<Value> {
        eventually("a settlement that is delivered", async || {
            let settlement = self.settlement(settlement).await?;
            let uploads = settlement["uploads"].as_array().context("uploads")?;
            let all = uploads.iter().all(|upload| upload["state"] == "delivered");
            Ok(all.then_some(settlement))
        })
        .await
    }

    /// Everything that is still to go up.
    pub async fn uploads(&self) -> Result<Value, HisError> {
        self.get("uploads").await
    }

    async fn get(&self, path: &str) -> Result<Value, HisError> {
        self.send(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, HisError> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.base))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value, HisError> {
        self.answer(request).await.map(|(body, _answered)| body)
    }

    /// The answer, and when all of it was here.
    async fn answer(&self, request: RequestBuilder) -> Result<(Value, Instant), HisError> {
        let answer = request.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let answered = Instant::now();
        let body = serde_json::from_slice(&body)?;
        if status.is_success() {
            Ok((body, answered))
        } else {
            Err(HisError::Refused {
                status: status.as_u16(),
                body,
            })
        }
    }
}
