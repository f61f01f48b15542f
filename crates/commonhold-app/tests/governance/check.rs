//! The framework on the sample service: what is not met names its evidence and its next step, and
//! following that step meets it, for all of version 1.

use super::support::{Team, date, fields};
use commonhold_app::commands::framework::{self, Vouch};
use commonhold_app::commands::{payments, records, site};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::framework::Status;
use commonhold_core::framework::conformance::{Conformance, RequirementView};
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::TempDir;

const BEN: usize = 1;

struct Sample {
    team: Team,
    page: TempDir,
}

impl Sample {
    fn check(&self) -> Conformance {
        let today = date("2026-07-01");
        framework::conformance(self.team.reader(0), &self.team.book, None, None, today).unwrap()
    }

    fn of(&self, id: &str) -> RequirementView {
        self.check().requirements.into_iter().find(|one| one.id == id).unwrap()
    }

    fn add(&mut self, kind: Kind, value: Value) -> RecordId {
        self.team.add(0, kind, value)
    }

    fn first(&self, kind: Kind, path: &str) -> RecordId {
        let found = self.team.reader(0).with(&self.team.book, kind, field(kind), path).unwrap();
        found[0].id
    }

    fn vouch(&mut self, id: &str, decision: Option<String>) {
        let vouch = Vouch {
            requirement: id.into(),
            statement: "It is so, and can be looked at.".into(),
            evidence: Some("https://harbor.example/rules".into()),
            decision,
            ..Vouch::default()
        };
        let book = self.team.book;
        framework::attest(self.team.app(0), &book, &vouch).unwrap();
    }

    /// The real page, and its publication written down.
    fn publish(&mut self) {
        let (book, path) = (self.team.book, self.page.path().to_owned());
        let folder = path.join("site");
        site::site_build(self.team.app(0), &book, &folder, None, true, &mut unheard).unwrap();
    }

    fn treasurer(&mut self) {
        let person = self.team.desks[0].person;
        self.team.say(0, &[super::support::grant(person, Role::Treasurer)]);
    }

    fn plan(&mut self) {
        let plan = json!({"grace_days": 30, "shutdown_days": 180, "notice": "By mail.",
            "export": "By a button.", "leftover": "To a foundation.", "handover": "The domain."});
        self.add(Kind::Plan, plan);
    }

    fn policy(&mut self) {
        let policy = json!({"one_up_to": "500.00 EUR", "payer": "treasurer",
            "decision_above": "5000.00 EUR", "beneficiary": "A foundation"});
        self.add(Kind::Policy, policy);
    }

    /// Completes the transactions a requirement names, until it names none.
    fn complete(&mut self, id: &str, more: &Value) {
        let book = self.team.book;
        for _ in 0..40 {
            let found = self.of(id);
            if found.status != Status::Unmet {
                return;
            }
            for one in found.evidence.iter().filter(|one| one.kind == Kind::Transaction) {
                let row = self.team.reader(0).record(&book, one.kind, &one.id).unwrap().unwrap();
                let mut line = row.fields;
                line.remove("v");
                line.extend(fields(more.clone()));
                records::correct(self.team.app(0), &book, &one.id, line).unwrap();
            }
        }
    }

    fn schedule(&mut self) {
        let payee = self.add(Kind::Payee, json!({"name": "Hetzner"}));
        let account = self.first(Kind::Account, "Expenses:Program:Hosting");
        let fund = self.first(Kind::Fund, "general");
        let bill = json!({"payee": payee, "narration": "Hosting", "amount": "412.35 EUR",
            "amount_is": "fixed", "account": account, "fund": fund, "rule": "monthly",
            "from": "2026-07-05", "cancel": "In writing, a month before."});
        let bill = self.add(Kind::Schedule, bill);
        self.team.share();
        let (book, ben) = (self.team.book, BEN);
        let app = self.team.app(ben);
        payments::expense_approve(app, &book, Kind::Schedule, &bill, "approve", "").unwrap();
        self.team.share();
    }

    fn secrets(&mut self) {
        let holders = json!([self.team.desks[0].person, self.team.desks[BEN].person]);
        let secret = json!({"label": "Root", "kind": "password", "system": "Host",
            "blast_radius": 5, "holders": holders, "rotated": "2026-06-01"});
        self.add(Kind::Secret, secret);
        let page = json!({"title": "Secrets", "kind": "secrets-guideline", "body": "Two each."});
        self.add(Kind::Page, page);
    }

    /// Does what the next step of a requirement says.
    fn follow(&mut self, id: &str) {
        let me = self.team.desks[0].person;
        let period = json!({"period_from": "2026-06-01", "period_to": "2026-06-30",
            "payee": "Somebody"});
        match id {
            "finance.self-funded.channels" => {
                let open = json!({"name": "Liberapay", "one_time": true, "recurring": true,
                    "amount_open": true});
                self.add(Kind::Channel, open);
            }
            "finance.expensing.automatic" => {
                self.schedule();
                self.treasurer();
            }
            "finance.history.expenses" => self.complete(id, &period),
            "finance.history.donations" => self.complete(id, &json!({"interval": "one-time"})),
            "finance.efficiency" => self.policy(),
            "finance.shutdown.plan" | "product.shutdown" => self.plan(),
            "infra.secrets" => self.secrets(),
            "governance.bylaws" => {
                self.add(Kind::Page, json!({"title": "Bylaws", "kind": "bylaws", "body": "1."}));
                self.vouch(id, Some("Vote of 2026-05-03".into()));
            }
            "finance.history.timely"
            | "governance.members"
            | "governance.votes"
            | "product.phases" => self.publish(),
            "governance.paid-work" => {
                let work = json!({"person": me, "payer": "The service", "amount": "100.00 EUR",
                    "per": "month", "from": "2026-01-01", "work": "Triage"});
                self.add(Kind::Disclosure, work);
            }
            "governance.reaffirmation" => {
                for who in [0, BEN] {
                    let person = self.team.desks[who].person;
                    let answer = json!({"person": person, "year": 2026, "answer": "yes",
                        "date": "2026-07-01"});
                    self.team.add(who, Kind::Reaffirmation, answer);
                }
                self.team.share();
            }
            "product.compatibility" => {
                let index = json!({"name": "The index", "promise": "Stays readable."});
                self.add(Kind::Interface, index);
            }
            "product.export" => {
                let drill = json!({"date": "2026-06-20", "type": "user-export",
                    "result": "worked", "person": me});
                self.add(Kind::Drill, drill);
            }
            other => self.vouch(other, None),
        }
    }
}

fn field(kind: Kind) -> &'static str {
    if kind == Kind::Account { "path" } else { "name" }
}

#[test]
fn every_requirement_of_version_1_is_met_on_the_sample_by_following_its_next_step() {
    let mut team = Team::sample("2026-07-01T09:00:00Z");
    assert_eq!(team.join(Role::Leadership), BEN);
    team.share();
    let me = [team.desks[0].person, team.desks[BEN].person];
    for person in me {
        team.edit(0, Kind::Person, &person, json!({"show_name": true, "show_roles": true}));
    }
    let mut sample = Sample { team, page: tempfile::tempdir().unwrap() };
    let begin = sample.check();
    assert_eq!(begin.requirements.len(), 26);
    let unmet: Vec<RequirementView> =
        begin.requirements.into_iter().filter(|one| one.status == Status::Unmet).collect();
    let ids: BTreeSet<&str> = unmet.iter().map(|one| one.id.as_str()).collect();
    assert!(ids.len() >= 18, "{ids:?}");
    let names = |one: &RequirementView| {
        let there = |kind, id| {
            let row = sample.team.reader(0).record(&sample.team.book, kind, id);
            row.unwrap().is_some()
        };
        !one.evidence.is_empty() && one.evidence.iter().all(|e| there(e.kind, &e.id))
    };
    for one in &unmet {
        assert!(names(one), "{} names a record that is there: {:?}", one.id, one.evidence);
        assert!(one.next.ends_with('.') && one.sentence.ends_with('.'), "{}", one.id);
    }
    let mut followed = 0;
    for one in &unmet {
        // An earlier step may have met it already.
        if sample.of(&one.id).status != Status::Unmet {
            continue;
        }
        followed += 1;
        sample.follow(&one.id);
        let now = sample.of(&one.id);
        assert!(now.status.holds(), "{}: {}", one.id, now.sentence);
        assert_eq!(now.next, "", "{}", one.id);
    }
    assert!(followed >= 14, "{followed}");
    // A step may undo another's, as a new transaction is to be published; then that step is due.
    for one in sample.check().requirements.iter().filter(|one| !one.status.holds()) {
        sample.follow(&one.id);
    }
    let end = sample.check();
    let open: Vec<_> = end.requirements.iter().filter(|one| !one.status.holds()).collect();
    assert_eq!(open, Vec::<&RequirementView>::new());
    assert!(end.requirements.iter().all(|one| !one.evidence.is_empty()));
}
