//! The money runs out in good order: the stop scenario fires, the vote it opens is one on all
//! devices, closing takes its decision, its notice and its archive from it, and nothing is closed
//! before every item is proved and every fund is empty.

use super::support::{Team, date, dump, fields, named};
use commonhold_app::commands::framework::{self, PhaseEntered, PhaseMove, Vouch};
use commonhold_app::commands::{archive, needs, records};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::framework::closing::item_id;
use commonhold_core::reports::governance::tally::Stage;
use commonhold_core::{Currency, Kind, Money, RecordId};
use serde_json::json;
use std::path::Path;

const ANN: usize = 0;
const BEN: usize = 1;
const CLEO: usize = 2;
/// Recurring income as percent of expense, January to June.
const COVERAGE: [i64; 6] = [98, 79, 91, 78, 77, 76];

pub struct Purse {
    pub bank: RecordId,
    pub gifts: RecordId,
    pub hosting: RecordId,
    pub fund: RecordId,
}

impl Purse {
    pub fn of(team: &Team) -> Self {
        let find = |kind, title| named(team.reader(ANN), &team.book, kind, title);
        Self {
            bank: find(Kind::Account, "Assets:Bank"),
            gifts: find(Kind::Account, "Income:Donations:Recurring"),
            hosting: find(Kind::Account, "Expenses:Program:Hosting"),
            fund: find(Kind::Fund, "general"),
        }
    }
}

/// Money into the bank (negative: out of it), of a fund.
pub fn entry(team: &mut Team, day: &str, (other, fund): (RecordId, RecordId), cents: i64) {
    let bank = Purse::of(team).bank;
    let amount = |minor| Money::new(minor, Currency::EUR).to_string();
    let line = json!({"date": day, "narration": "A month", "postings": [
        {"account": bank, "amount": amount(cents), "fund": fund},
        {"account": other, "amount": amount(-cents), "fund": fund}]});
    team.add(ANN, Kind::Transaction, line);
}

/// Three people; what costs money and what the service hangs on is on record.
pub fn begin() -> Team {
    let mut team = Team::new("2026-01-02T09:00:00Z");
    assert_eq!((team.join(Role::Leadership), team.join(Role::Member)), (BEN, CLEO));
    team.share();
    let money = Purse::of(&team);
    let payee = team.add(ANN, Kind::Payee, json!({"name": "Hetzner"}));
    let bill = json!({"payee": payee, "narration": "Hosting", "amount": "100.00 EUR",
        "amount_is": "fixed", "account": money.hosting, "fund": money.fund, "rule": "monthly",
        "from": "2026-01-05", "cancel": "In writing."});
    team.add(ANN, Kind::Schedule, bill);
    team.add(ANN, Kind::Channel, json!({"name": "Liberapay", "recurring": true}));
    team.add(ANN, Kind::Continuity, json!({"name": "harbor.example", "type": "domain"}));
    let scenario = json!({"name": "Too little comes in", "type": "stop",
        "metric": "coverage-percent", "comparison": "below", "limit": "80", "months": 3,
        "then": "propose-phase", "phase": "closing", "rule": "phase-change"});
    team.add(ANN, Kind::Scenario, scenario);
    team
}

/// Half a year, month by month; nothing fires before the end of June.
pub fn half_a_year(team: &mut Team) {
    let money = Purse::of(team);
    for (month, percent) in (1..).zip(COVERAGE) {
        let day = format!("2026-{month:02}-10");
        team.set(&format!("{day}T09:00:00Z"));
        entry(team, &day, (money.hosting, money.fund), -10_000);
        entry(team, &day, (money.gifts, money.fund), 100 * percent);
        team.share();
        let last = date(&day).month().last_day();
        for eve in [last.days_earlier(1), last] {
            team.set(&format!("{eve}T09:00:00Z"));
            if eve == date("2026-06-30") {
                return;
            }
            for who in [ANN, BEN, CLEO] {
                let book = team.book;
                let fired = framework::scenario_watch(team.app(who), &book).unwrap();
                assert_eq!(fired, 0, "on {eve}");
            }
        }
    }
}

/// Both in leadership look while apart, Cleo a fortnight later: one firing, one vote.
fn fires_once(team: &mut Team) -> RecordId {
    let book = team.book;
    let own = |team: &Team, who: usize| named(team.reader(who), &book, Kind::Firing, "2026-06");
    for who in [ANN, BEN] {
        assert_eq!(framework::scenario_watch(team.app(who), &book).unwrap(), 1);
        assert_eq!(framework::scenario_watch(team.app(who), &book).unwrap(), 0, "once");
    }
    assert_eq!(own(team, ANN), own(team, BEN));
    let title = "Enter the phase closing: Too little comes in (2026-06)";
    let vote = named(team.reader(ANN), &book, Kind::Proposal, title);
    assert_eq!(named(team.reader(BEN), &book, Kind::Proposal, title), vote);
    // Each votes on what their own device opened.
    for who in [ANN, BEN] {
        team.cast(who, &vote, "yes");
    }
    team.desks[CLEO].set("2026-07-13T09:00:00Z");
    assert_eq!(framework::scenario_watch(team.app(CLEO), &book).unwrap(), 1);
    assert_eq!(own(team, CLEO), own(team, ANN));
    team.share();
    for who in [ANN, BEN, CLEO] {
        assert_eq!(team.reader(who).count(&book, Kind::Firing).unwrap(), 1);
        assert_eq!(team.reader(who).count(&book, Kind::Proposal).unwrap(), 1);
        let seen = team.see(who, &vote);
        assert_eq!((seen.row.stage, seen.row.cast, seen.row.roll), (Stage::Open, 2, 3));
        assert_eq!(
            (seen.row.rule.as_str(), seen.phase.as_deref()),
            ("phase-change", Some("closing"))
        );
        assert_eq!(framework::scenario_watch(team.app(who), &book).unwrap(), 0);
    }
    vote
}

fn enter(team: &mut Team, who: usize, to: &str) -> Result<PhaseEntered, String> {
    let entered = PhaseMove { to: to.into(), statement: "We end.".into(), ..PhaseMove::default() };
    let book = team.book;
    framework::phase_enter(team.app(who), &book, &entered).map_err(|failure| failure.message)
}

/// The vote is counted; closing follows from it.
fn closes(team: &mut Team, vote: &RecordId, folder: &Path) {
    let book = team.book;
    let plan = json!({"grace_days": 30, "shutdown_days": 90, "notice": "By mail.",
        "export": "By a button.", "leftover": "To a foundation.", "handover": "The domain."});
    team.add(ANN, Kind::Plan, plan);
    framework::choose_archive_folder(team.app(ANN), &book, folder).unwrap();
    let named = PhaseMove {
        to: "closing".into(),
        statement: "We end.".into(),
        decision: Some(vote.to_string()),
        ..PhaseMove::default()
    };
    let early = framework::phase_enter(team.app(ANN), &book, &named).unwrap_err();
    assert!(early.message.ends_with("has not passed."), "{}", early.message);
    team.set("2026-07-20T09:00:00Z");
    team.share();
    assert!(team.sign(ANN, vote, false).starts_with("Passed: 2 yes > 0 no"));
    enter(team, ANN, "closing").unwrap();
    let seen = team.see(ANN, vote);
    let phase = team.reader(ANN).with(&book, Kind::Phase, "to", "closing").unwrap().remove(0);
    // Six months' notice, and the decision that rests on the vote.
    assert_eq!(phase.fields["ends"], json!("2027-01-20"));
    assert_eq!(phase.fields["decision"], json!(seen.decisions[0].id));
    assert_eq!(archives(folder), 1);
    let asked = needs::needs_you(team.app(ANN), &book).unwrap();
    let asked: Vec<_> = asked.items.iter().filter(|one| one.what == "closing").collect();
    assert_eq!((asked.len(), &asked[0].args["n"]), (1, &json!(5)));
}

/// How many archives lie in a folder; each is whole.
fn archives(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| archive::verify(file, &mut unheard).unwrap().ok).count()
}

/// The checklist, the same for everybody; each item is done by its own proof.
fn prove_all(team: &mut Team) {
    let (book, today) = (team.book, date("2026-07-20"));
    team.share();
    let items = framework::closing_checklist(team.reader(ANN), &book, today).unwrap();
    assert_eq!(framework::closing_checklist(team.reader(CLEO), &book, today).unwrap(), items);
    let kinds: Vec<Kind> = items.iter().map(|item| item.about.kind).collect();
    let wanted = [Kind::Schedule, Kind::Channel, Kind::Plan, Kind::Plan, Kind::Continuity];
    assert_eq!(kinds, wanted);
    assert!(items.iter().all(|item| !item.holds));
    let channel = items.iter().find(|item| item.about.kind == Kind::Channel).unwrap();
    assert_eq!(channel.what, "Gifts through “Liberapay” are cancelled");
    for (n, item) in items.iter().enumerate() {
        let mut vouch = Vouch {
            requirement: item.id.clone(),
            statement: "Confirmed in writing.".into(),
            ..Vouch::default()
        };
        let word = framework::attest(team.app(ANN), &book, &vouch).unwrap_err();
        assert!(word.message.starts_with("Say where the proof is"), "{}", word.message);
        vouch.evidence = Some(format!("https://harbor.example/end/{n}"));
        vouch.ended = Some(date("2026-12-31"));
        framework::closing_prove(team.app(ANN), &book, &vouch).unwrap();
        let now = framework::closing_checklist(team.reader(ANN), &book, today).unwrap();
        let now = now.iter().find(|one| one.id == item.id).unwrap();
        assert_eq!(now.holds, !item.ends, "what ends is done on its last day: {}", now.sentence);
        assert!(now.sentence.contains("harbor.example/end"), "{}", now.sentence);
    }
    let later = framework::closing_checklist(team.reader(ANN), &book, date("2027-01-20")).unwrap();
    assert_eq!(later.len(), 5);
    assert!(later.iter().all(|item| item.holds));
}

/// No fund may be left with money, nor make up for another's debt.
fn empty_the_funds(team: &mut Team) {
    let money = Purse::of(team);
    let project = json!({"name": "project", "restriction": "designated", "purpose": "Docs"});
    let project = team.add(ANN, Kind::Fund, project);
    let refused = |team: &mut Team| {
        let what = enter(team, ANN, "closed").unwrap_err();
        assert!(what.contains("Missing: No money is left, in no currency and no fund."), "{what}");
    };
    // 101.00 euros were spent beyond what came in.
    refused(team);
    entry(team, "2027-01-20", (money.gifts, money.fund), 15_100);
    entry(team, "2027-01-20", (money.hosting, project), -5_000);
    refused(team);
    entry(team, "2027-01-20", (money.gifts, project), 5_000);
    entry(team, "2027-01-20", (money.hosting, money.fund), -5_000);
}

#[test]
fn the_money_runs_out_in_good_order() {
    let mut team = begin();
    let book = team.book;
    half_a_year(&mut team);
    let vote = fires_once(&mut team);
    let folder = tempfile::tempdir().unwrap();
    closes(&mut team, &vote, folder.path());
    let what = enter(&mut team, ANN, "closed").unwrap_err();
    for lacking in ["“Hosting” is cancelled", "No money is left", "Gifts through", "The last day"]
    {
        assert!(what.contains(lacking), "{what}");
    }
    prove_all(&mut team);
    team.set("2027-01-21T09:00:00Z");
    let drill = json!({"date": "2027-01-20", "type": "user-export", "result": "worked",
        "person": team.desks[ANN].person});
    team.add(ANN, Kind::Drill, drill);
    empty_the_funds(&mut team);
    // One proof taken back, and the gate is shut again, also for who writes the move by hand.
    let item = named(team.reader(ANN), &book, Kind::Continuity, "harbor.example");
    let proof = item_id(Kind::Continuity, &item);
    let proof = named(team.reader(ANN), &book, Kind::Attestation, &format!("{proof}: attested"));
    let lifted = records::withdraw(team.app(ANN), &book, Kind::Attestation, &proof, "Not yet");
    lifted.unwrap();
    assert!(enter(&mut team, ANN, "closed").unwrap_err().contains("“harbor.example”"));
    let forced = json!({"from": "closing", "to": "closed", "date": "2027-01-21",
        "statement": "Done", "person": team.desks[ANN].person});
    assert!(records::add(team.app(ANN), &book, Kind::Phase, fields(forced)).is_err());
    let again = Vouch {
        requirement: item_id(Kind::Continuity, &item),
        statement: "Given back to the registrar.".into(),
        evidence: Some("https://harbor.example/end/9".into()),
        ..Vouch::default()
    };
    framework::attest(team.app(ANN), &book, &again).unwrap();
    enter(&mut team, ANN, "closed").unwrap();
    assert_eq!(archives(folder.path()), 2, "the whole record once more at the very end");
    team.share();
    assert_eq!(dump(team.reader(ANN), &book), dump(team.reader(CLEO), &book));
    let found = framework::conformance(team.reader(BEN), &book, None, None, date("2027-01-21"));
    assert_eq!(found.unwrap().phase, "closed");
}

#[test]
fn a_run_fires_once_however_long_it_lasts_and_whoever_looks_late_finds_the_same() {
    let mut team = Team::new("2026-01-02T09:00:00Z");
    let (id, purse) = (team.book, Purse::of(&team));
    let scenario = |name: &str| {
        json!({"name": name, "type": "stop", "metric": "coverage-percent", "comparison": "below",
            "limit": "80", "months": 3, "then": "notify"})
    };
    team.add(ANN, Kind::Scenario, scenario("Watched"));
    let mut fired = Vec::new();
    for month in 1..=9 {
        let day = format!("2026-{month:02}-10");
        entry(&mut team, &day, (purse.hosting, purse.fund), -10_000);
        // One good month ends the first run.
        let percent = if month == 6 { 95 } else { 50 };
        entry(&mut team, &day, (purse.gifts, purse.fund), 100 * percent);
        team.set(&format!("{}T09:00:00Z", date(&day).month().last_day()));
        if framework::scenario_watch(team.app(ANN), &id).unwrap() > 0 {
            fired.push(month);
        }
    }
    assert_eq!(fired, [3, 9]);
    // Who looks for the first time long after writes what would have been written then.
    team.add(ANN, Kind::Scenario, scenario("Looked at late"));
    entry(&mut team, "2026-10-10", (purse.hosting, purse.fund), -10_000);
    team.set("2026-10-31T09:00:00Z");
    assert_eq!(framework::scenario_watch(team.app(ANN), &id).unwrap(), 1);
    let mut values = Vec::new();
    let gather = &mut |row: commonhold_core::projection::Row| {
        values.push((row.fields["month"].clone(), row.fields["values"].clone()));
        true
    };
    team.reader(ANN).each(&id, Kind::Firing, gather).unwrap();
    let last: Vec<_> = values.iter().filter(|(month, _)| *month == json!("2026-09")).collect();
    assert_eq!((values.len(), last.len()), (3, 2));
    assert_eq!(last[0].1, last[1].1, "the months of the run, not those before the look");
}
