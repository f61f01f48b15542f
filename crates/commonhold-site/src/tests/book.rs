//! A book that is made here: a service with money, people, votes and texts, and private records
//! that hold canaries.

use commonhold_core::date::Time;
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{BookId, RecordId, mint};
use commonhold_core::json::Fields;
use commonhold_core::keys::DeviceKeys;
use commonhold_core::records::Kind;
use commonhold_core::store::{Act, Identity, Store};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A word that lies in everything private, and must be in no file.
pub const CANARY: &str = "Zilpzalp";

pub struct Book {
    pub store: Store,
    pub clock: i64,
    pub id: BookId,
    pub me: RecordId,
    pub named: BTreeMap<String, RecordId>,

    _folder: tempfile::TempDir,
}

/// The moment the pages of the tests are of.
pub fn now() -> Time {
    "2026-07-03T09:00:00Z".parse().unwrap()
}

impl Book {
    /// A service with its accounts and funds.
    pub fn new(seed: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(DeviceKeys::from_seed([7; 32]), [seed; 16], [7; 32]);
        let mut store = Store::open(&folder.path().join("book.sqlite"), identity).unwrap();
        let (start, me): (Time, _) = ("2026-01-01T08:00:00Z".parse().unwrap(), mint(1, [7; 10]));
        let genesis = store.genesis_of("Harbor", start, [1; 16], me, "Laptop");
        store.begin(&genesis, start, &[]).unwrap();
        let mut book = Self {
            store,
            clock: start.0,
            id: genesis.book(),
            me,
            named: BTreeMap::new(),

            _folder: folder,
        };
        book.chart();
        book
    }

    fn chart(&mut self) {
        self.add("service", Kind::Service, json!({"name": "Harbor", "purpose": "A mirror of packages for everybody, run by those who use it.",
            "category": "package registry", "phase": "operating", "framework": "v1", "languages": ["en", "de"], "reporting_currency": "EUR",
            "homepage": "https://harbor.example", "repository": "https://code.example/harbor"}));
        let accounts = [
            ("bank", "Assets:Bank:EUR", "asset", json!({})),
            ("opening", "Equity:Opening", "equity", json!({})),
            ("monthly", "Income:Donations:Monthly", "income", json!({"recurrence": "monthly"})),
            ("once", "Income:Donations:OneTime", "income", json!({"recurrence": "one-time"})),
            ("hosting", "Expenses:Program:Hosting", "expense", json!({"function": "program"})),
            ("domain", "Expenses:Program:Domains", "expense", json!({"function": "program"})),
            ("fees", "Expenses:Admin:Bank", "expense", json!({"function": "admin"})),
            (
                "raising",
                "Expenses:Fundraising:Cards",
                "expense",
                json!({"function": "fundraising"}),
            ),
        ];
        for (name, path, kind, more) in accounts {
            let mut fields = json!({"path": path, "type": kind});
            for (key, value) in more.as_object().unwrap() {
                fields[key] = value.clone();
            }
            self.add(name, Kind::Account, fields);
        }
        for (name, restriction) in [
            ("general", "unrestricted"),
            ("reserve", "designated"),
            ("mirrors", "donor-restricted"),
        ] {
            self.add(
                name,
                Kind::Fund,
                json!({"name": name, "restriction": restriction, "purpose": "As it was agreed"}),
            );
        }
    }

    /// Adds a record, remembered by a name.
    pub fn add(&mut self, name: &str, kind: Kind, fields: Value) -> RecordId {
        let (id, act) = self.act(kind, fields);
        assert!(self.store.write(&self.id, Time(self.clock), &[act], &mut |_| true).unwrap());
        self.named.insert(name.to_owned(), id);
        id
    }

    fn act(&mut self, kind: Kind, fields: Value) -> (RecordId, Act) {
        self.clock += 1000;
        let fields: Fields = fields.as_object().cloned().unwrap();
        let info = kind.info();
        let judged = (info.judge)(&fields);
        assert_eq!(judged.problems, [], "{kind}");
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.clock.to_be_bytes());
        let id = info.id(&self.id, &judged, mint(u64::try_from(self.clock).unwrap(), random));
        let id = if kind == Kind::Person && fields.contains_key("me") { self.me } else { id };
        self.write(kind, id, fields)
    }

    fn write(&mut self, kind: Kind, id: RecordId, mut fields: Fields) -> (RecordId, Act) {
        fields.remove("me");
        let home = (kind.info().judge)(&fields).home.unwrap();
        let document =
            self.store.document_for(&self.id, kind, &id, &home, &mut Default::default()).unwrap();
        let key = Key { kind: kind.name().into(), id };
        let edit = match kind.info().form {
            commonhold_core::record::Form::Entry => Edit::Entry(key, fields),
            commonhold_core::record::Form::Living => Edit::Fields(key, fields),
        };
        (id, Act { document, edit })
    }

    /// Changes fields of a living record.
    pub fn change(&mut self, name: &str, kind: Kind, fields: Value) {
        self.clock += 1000;
        let key = Key { kind: kind.name().into(), id: self.id(name) };
        let row = self.store.record(&self.id, kind, &key.id).unwrap().unwrap();
        let edit = Edit::Fields(key, fields.as_object().cloned().unwrap());
        let act = Act { document: row.document, edit };
        assert!(self.store.write(&self.id, Time(self.clock), &[act], &mut |_| true).unwrap());
    }

    pub fn id(&self, name: &str) -> RecordId {
        self.named[name]
    }

    /// Fields of an entry that moves an amount between two accounts of the general fund.
    pub fn entry(&self, date: &str, from: &str, to: &str, amount: &str, more: Value) -> Value {
        let fund = self.id("general");
        let mut fields = json!({"date": date, "narration": "", "postings": [
            {"account": self.id(from), "amount": format!("-{amount} EUR"), "fund": fund},
            {"account": self.id(to), "amount": format!("{amount} EUR"), "fund": fund}]});
        for (name, value) in more.as_object().unwrap() {
            fields[name] = value.clone();
        }
        fields
    }

    pub fn pay(&mut self, date: &str, from: &str, to: &str, amount: &str, more: Value) -> RecordId {
        let fields = self.entry(date, from, to, amount, more);
        self.add("last", Kind::Transaction, fields)
    }

    /// Adds many entries at once.
    pub fn many(&mut self, entries: Vec<Value>) {
        for part in entries.chunks(2_000) {
            let acts: Vec<Act> =
                part.iter().map(|fields| self.act(Kind::Transaction, fields.clone()).1).collect();
            assert!(self.store.write(&self.id, Time(self.clock), &acts, &mut |_| true).unwrap());
        }
    }

    /// A half year with everything the pages show.
    pub fn rich() -> Self {
        let mut book = Self::new(7);
        book.people();
        book.half_year();
        book.texts();
        book.change(
            "service",
            Kind::Service,
            json!({"license": "AGPL-3.0-or-later", "security": "https://harbor.example/security",
            "need": "Small languages have no mirror of their own, and their packages vanish with the hosts that held them.", "audience": "Makers of software in small languages."}),
        );
        book.operations();
        book.private();
        book
    }

    fn people(&mut self) {
        self.add("ada", Kind::Person, json!({"me": true, "public_name": "Ada Example", "show_name": true, "show_roles": true}));
        self.add("hidden", Kind::Person, json!({"public_name": format!("{CANARY} Person"), "show_name": false, "show_roles": true, "note": CANARY}));
        let hidden = self.id("hidden");
        self.add("hidden-work", Kind::Disclosure, json!({"person": hidden, "payer": "Harbor", "amount": "80.00 EUR", "per": "once", "from": "2026-02-01", "until": "2026-02-28", "work": format!("A logo by {CANARY} Person")}));
        let me = self.me;
        self.add("work", Kind::Disclosure, json!({"person": me, "payer": "Harbor", "amount": "150.00 EUR", "per": "month", "from": "2026-02-01", "work": "Upkeep of the mirrors"}));
        self.add("interest", Kind::Interest, json!({"person": me, "subject": "Mirror Hosts Ltd", "kind": "employment", "from": "2024-01-01"}));
    }

    fn half_year(&mut self) {
        self.add(
            "otter",
            Kind::Donor,
            json!({"name": format!("{CANARY} Otter"), "type": "individual", "consent": false}),
        );
        self.add(
            "city",
            Kind::Donor,
            json!({"name": "City of Example", "type": "public-entity", "consent": true}),
        );
        let (otter, city) = (self.id("otter"), self.id("city"));
        self.pay(
            "2026-01-01",
            "opening",
            "bank",
            "6000.00",
            json!({"narration": "Opening balance"}),
        );
        for month in 1..=6 {
            let day = |day: u8| format!("2026-{month:02}-{day:02}");
            self.pay(
                &day(5),
                "bank",
                "hosting",
                "412.35",
                json!({"payee": "Example Host", "narration": format!("Hosting <{month}> & more"),
                "period_from": day(1), "period_to": day(28)}),
            );
            self.pay(&day(7), "bank", "fees", "7.50", json!({"narration": "Account fee"}));
            self.pay(&day(10), "monthly", "bank", "410.00", json!({"payee": format!("{CANARY} Giver"), "narration": format!("Thanks from {CANARY}"), "donor": otter, "interval": "monthly"}));
        }
        self.pay(
            "2026-03-12",
            "once",
            "bank",
            "1000.00",
            json!({"narration": "A gift of the city", "donor": city, "interval": "one-time"}),
        );
        self.pay("2026-06-30", "bank", "domain", "12.00", json!({"payee": "Registrar", "narration": format!("Domain, ask {CANARY} Contact or {CANARY} Otter")}));
        self.pay("2026-07-09", "bank", "domain", "99.00", json!({"narration": "Of a later day"}));
        self.add("channel", Kind::Channel, json!({"name": "Bank transfer", "url": "https://harbor.example/give", "one_time": true, "recurring": true, "amount_open": true}));
        let (hosting, fund) = (self.id("hosting"), self.id("general"));
        self.add("budget", Kind::Budget, json!({"narration": "Hosting", "account": hosting, "fund": fund, "amount": "420.00 EUR", "per": "month", "from": "2026-01-01", "until": "2026-12-31", "basis": "planned"}));
    }

    fn texts(&mut self) {
        self.add("bylaws", Kind::Page, json!({"title": "Bylaws of Harbor", "kind": "bylaws", "body": "# Bylaws\n\n## Who belongs\n\nWhoever helps. <script>alert(1)</script> ![x](https://evil.example/x.png)\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n[bad](javascript:alert(1))\n"}));
        self.add("draft", Kind::Page, json!({"title": "Draft", "kind": "page", "body": CANARY}));
        self.add("plan", Kind::Plan, json!({"grace_days": 30, "shutdown_days": 180, "leftover": "It goes to the **Mirror Foundation**.", "notice": "By the front page.", "export": "Everything, as files.", "handover": "The domain is parked."}));
        self.add("item", Kind::Item, json!({"name": "A third mirror", "why": "Two are few", "status": "planned", "cost": "300.00 EUR", "due": "2026-10-01"}));
        let me = self.me;
        let terms = json!({"name": "binding", "electorate": ["leadership"], "method": "simple-majority", "open_days_min": 7, "tie": "fails"});
        let mut rule: commonhold_core::records::governance::rule::Rule =
            serde_json::from_value(terms).unwrap();
        for (name, secret) in [("vote", false), ("secret-vote", true)] {
            rule.secret = secret;
            let proposal = self.add(name, Kind::Proposal, json!({"title": format!("Shall we buy a third mirror? ({name})"), "text": "It costs *300.00 EUR*.", "rule": "binding",
                "terms": rule.terms(), "options": ["yes", "no"], "opened": "2026-05-01T10:00:00Z", "closes": "2026-05-15T10:00:00Z", "roll": [me], "person": me}));
            let reason = if secret { CANARY } else { "Two are few" };
            self.add("ballot", Kind::Ballot, json!({"proposal": proposal, "voter": me, "seq": 1, "choice": "yes", "ranking": [], "reason": reason}));
        }
        let vote = self.id("vote");
        self.add("decision", Kind::Decision, json!({"proposal": vote, "title": "A third mirror", "text": "We buy it.", "date": "2026-05-16", "effective_from": "2026-06-16"}));
    }

    fn operations(&mut self) {
        let public = self.add("outage", Kind::Incident, json!({"title": "The mirror was away", "severity": "sev2", "components": ["mirror"], "started": "2026-06-11T10:00:00Z",
            "detected": "2026-06-11T10:24:00Z", "resolved": "2026-06-11T11:55:00Z", "impact": "Nobody could fetch. Mail ops@harbor.example or 203.0.113.7.", "visibility": "public"}));
        let hidden = self.add("embargo", Kind::Incident, json!({"title": CANARY, "severity": "sev1", "components": [], "started": "2026-06-20T10:00:00Z",
            "impact": CANARY, "visibility": "embargoed", "embargo_until": "2026-08-01"}));
        for (incident, text, public) in
            [(public, "We are looking.", true), (public, CANARY, false), (hidden, CANARY, true)]
        {
            let status = if public { json!("investigating") } else { json!(null) };
            self.add("line", Kind::IncidentLine, json!({"incident": incident, "at": "2026-06-11T10:30:00Z", "type": "communication", "text": text, "public": public, "status": status}));
        }
        let review = self.add("review", Kind::Review, json!({"incident": public, "contributing_factors": ["A full disk", "No alert"], "summary": "The disk was **full**.", "published": "2026-06-20"}));
        self.add("late-review", Kind::Review, json!({"incident": public, "contributing_factors": ["x"], "summary": CANARY, "published": "2026-08-20"}));
        self.add("action", Kind::Action, json!({"text": "Watch the disk", "about": review, "type": "detect", "due": "2026-07-20"}));
        self.add(
            "action",
            Kind::Action,
            json!({"text": CANARY, "about": hidden, "type": "detect"}),
        );
        self.add("deploy", Kind::Deploy, json!({"environment": "production", "repository": "harbor", "commit": "3db9baa0c0ffee", "trigger": "commit", "started": "2026-06-30T10:00:00Z",
            "ended": "2026-06-30T10:03:00Z", "result": "succeeded", "changelog": "Faster mirrors"}));
        for (text, version, category) in
            [("Faster mirrors", json!("1.1.0"), "changed"), ("A new index", json!(null), "added")]
        {
            self.add("change", Kind::Change, json!({"category": category, "text": text, "version": version, "date": "2026-06-30", "breaking": false}));
        }
        for (title, public) in [("Disk is full", true), (CANARY, false)] {
            self.add("runbook", Kind::Runbook, json!({"title": title, "body": "1. Look\n\n   expect: some space\n2. Delete\n", "public": public, "components": ["mirror"], "alerts": ["DiskFull"], "reviewed": "2026-05-01", "expires": "2026-06-01"}));
            self.add("process", Kind::Process, json!({"title": format!("{title}: how we work"), "body": "# First\n\nTalk.", "public": public}));
        }
        let venue = self.add("venue", Kind::Venue, json!({"name": "Operators’ table", "mode": "synchronous", "address": "https://meet.example/ops"}));
        self.add("session", Kind::Session, json!({"title": "Summer session", "venue": venue, "starts": "2026-07-20T16:00:00Z", "ends": "2026-07-20T17:00:00Z", "held": false}));
        self.add(
            "continuity",
            Kind::Continuity,
            json!({"name": CANARY, "type": "domain", "holders": [], "handover": CANARY}),
        );
    }

    fn private(&mut self) {
        self.add("contact", Kind::Contact, json!({"name": format!("{CANARY} Contact"), "email": format!("{CANARY}@example.org"), "iban": "DE89370400440532013000", "note": CANARY}));
        self.add("secret", Kind::Secret, json!({"label": CANARY, "kind": "password", "system": CANARY, "blast_radius": 3, "holders": [], "pointer": CANARY}));
        self.add("import", Kind::Import, json!({"format": "csv", "file_name": format!("{CANARY}.csv"), "file_sha256": "ab".repeat(32), "count": 0, "attempt": 1}));
        let (otter, fund) = (self.id("otter"), self.id("general"));
        self.add("pledge", Kind::Pledge, json!({"donor": otter, "fund": fund, "amount": "5.00 EUR", "interval": "monthly", "from": "2026-08-01"}));
        self.add("payee", Kind::Payee, json!({"name": "Example Host", "note": CANARY}));
    }
}
