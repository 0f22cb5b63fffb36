//! One counter with a reader, a card and a bill, as a test finds it.

use std::ffi::OsString;

use end_to_end::{Agent, His, Stage, Stay, bill_ending_on, require_test_switches};
use sandbox::{Accepted, Upload};
use serde_json::Value;
use virtual_card::{Card, Holder, InsertedCard, Rig, Trouble, Variant};

/// Fields drop in order: the card is drawn out before the agent ends, pcscd ends last.
pub(crate) struct Scene {
    pub(crate) card: Option<InsertedCard>,
    pub(crate) stage: Stage,
    pub(crate) stay: Stay,
    pub(crate) bill: String,
    rig: Rig,
}

impl Scene {
    /// An empty reader, a synchronised agent.
    pub(crate) async fn open() -> Self {
        Self::open_with(&["Virtual PCD"]).await
    }

    /// The same with these readers.
    pub(crate) async fn open_with(names: &[&str]) -> Self {
        let scene = Self::with_readers(names).await;
        scene.his().synchronised().await.unwrap();
        scene
    }

    /// These readers and an agent that has just become ready.
    pub(crate) async fn with_readers(names: &[&str]) -> Self {
        let mut scene = Self::without_agent(names).await;
        scene.stage.start_agent(&[]).await.unwrap();
        scene
    }

    /// These readers, and nobody at the counter yet.
    pub(crate) async fn without_agent(names: &[&str]) -> Self {
        require_test_switches().await.unwrap();
        let rig = Rig::start(names).unwrap();
        let stage = Stage::without_agent(rig.environment()).await.unwrap();
        let stay = Stay::ending_now().unwrap();
        Self {
            card: None,
            stage,
            stay,
            bill: bill_ending_on(stay.last_day).unwrap(),
            rig,
        }
    }

    pub(crate) fn agent(&self) -> &Agent {
        self.stage.agent().unwrap()
    }

    pub(crate) fn his(&self) -> His {
        self.agent().his().clone()
    }

    /// Adds a person at the terminal, as root does; the password that is handed out.
    pub(crate) async fn add_person(&self, number: &str, name: &str, roles: &str) -> String {
        let arguments = ["add", number, "--name", name, "--roles", roles];
        let premises = &self.stage.premises;
        let added = premises.run_configured("staff", arguments).await.unwrap();
        let said = String::from_utf8(added.stdout).unwrap();
        let wrong = String::from_utf8(added.stderr).unwrap();
        assert!(added.status.success(), "{wrong}");
        let password = said
            .lines()
            .find_map(|line| line.strip_prefix("一次性密码："));
        password.unwrap().to_owned()
    }

    /// Puts another card in, without waiting for anything.
    pub(crate) fn insert(&mut self, variant: Variant) {
        let card = Card::new(variant, &Holder::default()).unwrap();
        self.card = None;
        self.card = Some(self.rig.insert(0, card).unwrap());
    }

    /// Puts a card into the reader's other slot.
    pub(crate) fn insert_beside(&self, card: Card) -> InsertedCard {
        self.rig.insert(1, card).unwrap()
    }

    /// Draws out what is in the reader, and puts this card in.
    pub(crate) async fn change_to(&mut self, card: Card) {
        if let Some(before) = self.card.take() {
            before.draw_out();
            self.his().drawn().await.unwrap();
        }
        self.card = Some(self.rig.insert(0, card).unwrap());
    }

    /// The same with a card that misbehaves.
    pub(crate) fn insert_troubled(&mut self, variant: Variant, trouble: Trouble) {
        let card = Card::new(variant, &Holder::default()).unwrap();
        self.card = None;
        self.card = Some(self.rig.insert_troubled(0, card, trouble).unwrap());
    }

    /// Variables by which a program finds the readers.
    pub(crate) fn readers(&self) -> Vec<(OsString, OsString)> {
        self.rig.environment()
    }

    /// Puts the worker's 3.0 card in and waits until it is read.
    pub(crate) async fn present(&mut self) -> Value {
        if let Some(before) = self.card.take() {
            before.draw_out();
            self.his().drawn().await.unwrap();
        }
        self.insert(Variant::V30);
        self.his().read().await.unwrap()
    }

    /// Admits the worker, ten days ago; the visit's number.
    pub(crate) async fn admitted(&mut self) -> String {
        self.present().await;
        let visit = self.his().admit("press-1", &self.stay).await.unwrap();
        let number = visit["number"].as_str().unwrap().to_owned();
        self.his().registration_number(&number).await.unwrap();
        number
    }

    /// Quotes the shipped bill; the quote's id.
    pub(crate) async fn quoted(&self, visit: &str) -> String {
        let quote = self
            .his()
            .quote(visit, &self.stay, self.bill.as_bytes())
            .await
            .unwrap();
        assert_eq!(quote["may_be_settled"], true, "{}", quote["reasons"]);
        quote["id"].as_str().unwrap().to_owned()
    }

    /// Everything of one kind that the province has taken.
    pub(crate) async fn taken(&self, upload: Upload) -> Vec<Accepted> {
        let mut accepted = self.stage.province.accepted().await.unwrap();
        accepted.retain(|message| message.upload == upload);
        accepted
    }

    /// The province has this one settlement, once, with its one part of fee details; the record's body.
    pub(crate) async fn settled_once(&self) -> (Accepted, Value) {
        assert_eq!(self.taken(Upload::VisitRegistration).await.len(), 1);
        assert_eq!(self.taken(Upload::FeeDetail).await.len(), 1);
        let mut settlements = self.taken(Upload::Settlement).await;
        assert_eq!(settlements.len(), 1);
        let settlement = settlements.remove(0);
        let body = serde_json::from_str(settlement.body.get()).unwrap();
        (settlement, body)
    }
}
