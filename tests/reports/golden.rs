//! The numbers of Harbor's half year, as a person reads them.

use crate::support::{Laptop, alice, fields, shared};
use commonhold_app::commands::records;
use commonhold_app::commands::reports::{
    balances, concentration, coverage, efficiency, forecast, left_over, overview, trial_balance,
    what_if,
};
use commonhold_app::commands::sample;
use commonhold_app::commands::service::{self, NewService};
use commonhold_core::id::from_purpose;
use commonhold_core::reports::finance::what_if::WhatIfQuestion;
use commonhold_core::{BookId, Currency, Date, Kind, Money};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TODAY: &str = "2026-11-21";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The ledger figures of `golden.json`, by its names, as our reports say them.
fn figures(laptop: &Laptop, book: &BookId, at: Option<Date>) -> BTreeMap<&'static str, String> {
    let (reader, today) = (laptop.reader(), day(TODAY));
    let view = overview(reader, book, at, today).unwrap();
    let ratios = efficiency(reader, book, at, today).unwrap();
    let ratio = |id: &str| ratios.rows.iter().find(|row| row.id == id).unwrap().clone();
    let part = |id: &str| ratio(id).amounts.split(" ÷ ").next().unwrap().to_owned();
    let value = |id: &str| ratio(id).value.split(' ').next().unwrap().to_owned();
    let fund = |name: &str| view.balances.iter().find(|f| f.name == name).unwrap().total.clone();
    let whole = |id: &str| ratio(id).amounts.split(" ÷ ").nth(1).unwrap().to_owned();
    let sum = |path: &str| -> String {
        let rows = balances(reader, book, at, today).unwrap().rows;
        let of = rows.iter().filter(|row| row.path.starts_with(path));
        let minor: i64 = of.map(|row| row.total.parse::<Money>().unwrap().minor).sum();
        Money::new(-minor, Currency::EUR).to_string()
    };
    BTreeMap::from([
        ("cash_total", view.total.clone()),
        ("general", fund("general")),
        ("closing-reserve", fund("closing-reserve")),
        ("grant-mirrors", fund("grant-mirrors")),
        ("expenses_total", whole("program-expense-ratio")),
        ("program", part("program-expense-ratio")),
        ("admin", part("admin-overhead")),
        ("fundraising", part("cost-to-raise")),
        ("donations", sum("Income:Donations")),
        ("grants", sum("Income:Grants")),
        ("program_expense_ratio_pct", value("program-expense-ratio")),
        ("admin_overhead_pct", value("admin-overhead")),
        ("cost_to_raise_one_eur_cents", value("cost-to-raise")),
        ("runway_no_income_months", view.runway.months.clone().unwrap()),
        ("coverage_t3m_pct", view.coverage.percent.clone().unwrap()),
        ("closing_reserve_months", view.runway.reserve_months.clone().unwrap()),
        ("avg_monthly_general_expense", view.runway.average_expense.clone()),
        ("covered", format!("{}", view.runway.covered)),
        ("recurring only", format!("{:?}", view.runway.recurring_only_months)),
        ("coverage by months", coverage(reader, book, at, today).unwrap().percent.unwrap()),
        ("trial balance", trial_balance(reader, book, at, today).unwrap().balanced.to_string()),
    ])
}

const GOLDEN: &[(&str, &str)] = &[
    ("cash_total", "8345.97 EUR"),
    ("general", "5645.97 EUR"),
    ("closing-reserve", "1200.00 EUR"),
    ("grant-mirrors", "1500.00 EUR"),
    ("expenses_total", "5189.23 EUR"),
    ("program", "4974.10 EUR"),
    ("admin", "83.00 EUR"),
    ("fundraising", "132.13 EUR"),
    ("donations", "4535.20 EUR"),
    ("grants", "3000.00 EUR"),
    ("program_expense_ratio_pct", "95.9"),
    ("admin_overhead_pct", "1.6"),
    ("cost_to_raise_one_eur_cents", "1.75"),
    ("runway_no_income_months", "9.2"),
    ("coverage_t3m_pct", "103.7"),
    ("closing_reserve_months", "2.0"),
    ("avg_monthly_general_expense", "614.87 EUR"),
    ("covered", "true"),
    ("recurring only", "None"),
    ("coverage by months", "103.7"),
    ("trial balance", "true"),
];

fn assert_golden(laptop: &Laptop, book: &BookId, at: Option<Date>) {
    let found = figures(laptop, book, at);
    for (name, wanted) in GOLDEN {
        assert_eq!(found[name], *wanted, "{name}");
    }
    assert_eq!(found.len(), GOLDEN.len());
    assert_ne!(found["runway_no_income_months"], "13.6", "a grant pays no hosting bill");
}

#[test]
fn the_sample_gives_every_golden_number() {
    let mut laptop = alice();
    let book = sample::create(&mut laptop).unwrap();
    assert_golden(&laptop, &book, None);
    assert_golden(&laptop, &book, Some(day("2026-06-30")));
    let all = balances(laptop.reader(), &book, None, day(TODAY)).unwrap();
    assert!(all.balanced);
    let view = overview(laptop.reader(), &book, None, day(TODAY)).unwrap();
    assert_eq!((view.months.len(), view.missing.len()), (6, 0));
}

#[test]
fn a_report_of_a_day_inside_a_month_leaves_out_what_came_later() {
    let mut laptop = alice();
    let book = sample::create(&mut laptop).unwrap();
    let at = |text: &str| overview(laptop.reader(), &book, Some(day(text)), day(TODAY)).unwrap();
    // 6000.00, of which 1200.00 are set aside on the same day; +597.10 on the 3rd;
    // -412.35 on the 5th; +150.00 on the 15th; -7.50 on the 28th.
    assert_eq!(at("2026-01-02").total, "6000.00 EUR");
    assert_eq!(at("2026-01-04").total, "6597.10 EUR");
    assert_eq!(at("2026-01-14").total, "6184.75 EUR");
    assert_eq!(at("2026-01-15").total, "6334.75 EUR");
    let whole = at("2026-01-31");
    assert_eq!(whole.total, "6327.25 EUR");
    assert_eq!(whole.months.len(), 1);
    assert_eq!(whole.months[0].expense, "442.75 EUR");
    // An unfinished month is no month to take an average over.
    let middle = at("2026-02-04");
    assert_eq!(middle.runway.average_expense, "442.75 EUR");
    assert!(
        balances(laptop.reader(), &book, Some(day("2026-02-04")), day(TODAY)).unwrap().balanced
    );
}

#[test]
fn plans_start_from_the_golden_numbers() {
    let mut laptop = alice();
    let book = sample::create(&mut laptop).unwrap();
    let (reader, today) = (laptop.reader(), day(TODAY));
    let shares = concentration(reader, &book, None, today).unwrap();
    // 4535.20 of donations and 3000.00 of grants, and no donor is named.
    assert_eq!((shares.income.as_str(), shares.unnamed.as_str()), ("7535.20 EUR", "7535.20 EUR"));
    let dearer = WhatIfQuestion { price_change_percent: 10, ..WhatIfQuestion::default() };
    let dearer = what_if(reader, &book, None, today, &dearer).unwrap();
    // 5645.97 × 6 ÷ (3689.23 × 1.1) and 103.7 % ÷ 1.1.
    assert_eq!(dearer.before.runway.months.as_deref(), Some("9.2"));
    assert_eq!(dearer.after.runway.months.as_deref(), Some("8.3"));
    assert_eq!(dearer.after.coverage.percent.as_deref(), Some("94.3"));
    let ahead = forecast(reader, &book, None, today).unwrap();
    assert_eq!((ahead.cash.as_str(), ahead.months.len()), ("5645.97 EUR", 12));
    assert_eq!((ahead.total_cash.as_str(), ahead.first_below_zero), ("8345.97 EUR", None));
    let policy = json!({"one_up_to": "500.00 EUR", "reserve_months": 3, "developers_percent": 50,
        "beneficiary": "Sea Rescue"});
    records::add(&mut laptop, &book, Kind::Policy, fields(policy)).unwrap();
    let left = left_over(laptop.reader(), &book, None, today).unwrap();
    // Three months of 3689.23 ÷ 6 are 1844.615, half to even 1844.62; 3801.35 are left.
    assert_eq!(left.left_over.as_deref(), Some("3801.35 EUR"));
    let steps: Vec<&str> = left.steps.iter().map(|step| step.amount.as_str()).collect();
    assert_eq!(steps, ["1844.62 EUR", "1900.68 EUR", "1900.67 EUR"]);
}

/// Takes the shared ledger into a service through the app's own commands.
fn shared_ledger(laptop: &mut Laptop, ledger: &Value) -> BookId {
    let new = NewService {
        name: "Harbor".into(),
        category: "package registry".into(),
        phase: "operating".into(),
        reporting_currency: ledger["reporting_currency"].as_str().unwrap().into(),
        ..NewService::default()
    };
    let book = service::create(laptop, &new).unwrap();
    let id = |kind: Kind, purpose: &str| from_purpose(&book, &format!("{kind}/{purpose}"));
    for (name, restriction) in
        [("closing-reserve", "designated"), ("grant-mirrors", "donor-restricted")]
    {
        let fund = json!({"name": name, "restriction": restriction, "purpose": "As agreed"});
        records::add(laptop, &book, Kind::Fund, fields(fund)).unwrap();
    }
    for price in ledger["prices"].as_array().unwrap() {
        records::add(laptop, &book, Kind::Price, fields(price.clone())).unwrap();
    }
    for transaction in ledger["transactions"].as_array().unwrap() {
        let mut postings = Vec::new();
        for line in transaction["postings"].as_array().unwrap() {
            let text = |place: usize| line[place].as_str().unwrap();
            let currency: Currency = text(2).parse().unwrap();
            ensure_account(laptop, &book, text(0));
            postings.push(json!({"account": id(Kind::Account, text(0)),
                "amount": Money::new(line[1].as_i64().unwrap(), currency),
                "fund": id(Kind::Fund, text(3))}));
        }
        let new = json!({"date": transaction["date"], "narration": transaction["desc"],
            "postings": postings});
        records::add(laptop, &book, Kind::Transaction, fields(new)).unwrap();
    }
    book
}

fn ensure_account(laptop: &mut Laptop, book: &BookId, path: &str) {
    let id = from_purpose(book, &format!("account/{path}"));
    if laptop.reader().record(book, Kind::Account, &id).unwrap().is_some() {
        return;
    }
    let root = path.split(':').next().unwrap();
    let kind = match root {
        "Assets" => "asset",
        "Liabilities" => "liability",
        "Equity" => "equity",
        "Income" => "income",
        _ => "expense",
    };
    let mut account = json!({"path": path, "type": kind});
    if kind == "expense" {
        let function = path.split(':').nth(1).unwrap().to_lowercase();
        account["function"] = json!(function);
    }
    if path.ends_with("Recurring") {
        account["recurrence"] = json!("monthly");
    }
    assert_eq!(records::add(laptop, book, Kind::Account, fields(account)).unwrap(), id);
}

#[test]
fn the_shared_ledger_gives_every_ledger_figure_of_the_shared_golden_file() {
    let (Some(ledger), Some(golden)) = (shared("harbor-ledger.json"), shared("golden.json")) else {
        return;
    };
    let read = |path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let golden = &read(golden)["golden"];
    let mut laptop = alice();
    let book = shared_ledger(&mut laptop, &read(ledger));
    let found = figures(&laptop, &book, None);
    let euros = |value: &Value| Money::new(value.as_i64().unwrap(), Currency::EUR).to_string();
    for name in
        ["cash_total", "expenses_total", "program", "admin", "fundraising", "donations", "grants"]
    {
        assert_eq!(found[name], euros(&golden[name]), "{name}");
    }
    for (fund, amount) in golden["cash_by_fund"].as_object().unwrap() {
        assert_eq!(found[fund.as_str()], euros(amount), "{fund}");
    }
    for name in [
        "program_expense_ratio_pct",
        "admin_overhead_pct",
        "cost_to_raise_one_eur_cents",
        "runway_no_income_months",
        "coverage_t3m_pct",
        "closing_reserve_months",
    ] {
        assert_eq!(found[name], golden[name].as_str().unwrap(), "{name}");
    }
    assert_eq!(golden["runway_t3m_recurring_months"], "inf");
    assert_eq!(found["covered"], "true");
    let wrong = golden["WRONG_runway_if_all_cash_counted"].as_str().unwrap();
    assert_ne!(found["runway_no_income_months"], wrong);
    let average: i64 = golden["avg_monthly_general_expense"].as_str().unwrap().parse().unwrap();
    assert_eq!(found["avg_monthly_general_expense"], euros(&json!(average)));
    let general = format!("{} over 6 months", euros(&golden["expenses_general"]));
    let view = overview(laptop.reader(), &book, None, day(TODAY)).unwrap();
    assert!(view.runway.formula.contains(&general), "{}", view.runway.formula);
}
