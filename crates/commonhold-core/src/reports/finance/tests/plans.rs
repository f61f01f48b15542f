//! Budget, forecast, coverage, donors, what if, what is left over.

use super::*;
use crate::reports::finance::budget::budget;
use crate::reports::finance::concentration::concentration;
use crate::reports::finance::coverage::coverage;
use crate::reports::finance::forecast::{Forecast, forecast};
use crate::reports::finance::left_over::left_over;
use crate::reports::finance::runway;
use crate::reports::finance::self_funded::self_funded;
use crate::reports::finance::what_if::{WhatIfQuestion, what_if};

#[test]
fn a_yearly_gift_pays_for_twelve_months() {
    let (book, [_, city]) = Book::quarter();
    let found = coverage(&book.store, &book.id, &book.ledger(END)).unwrap();
    // 3 × 60.00 and 3 × 10.00 of 3 × 100.00; as received 180.00 and 120.00.
    assert_eq!(found.percent.as_deref(), Some("70.0"));
    assert_eq!(found.received_percent.as_deref(), Some("100.0"));
    assert!(found.formula.contains("210.00 EUR ÷ their expense 300.00 EUR"), "{}", found.formula);
    let months: Vec<[&str; 3]> = found
        .months
        .iter()
        .map(|m| [m.received.as_str(), m.spread.as_str(), m.expense.as_str()])
        .collect();
    let later = ["60.00 EUR", "70.00 EUR", "100.00 EUR"];
    assert_eq!(months, [["180.00 EUR", "70.00 EUR", "100.00 EUR"], later, later]);
    let gift = &found.gifts[0];
    assert_eq!((gift.months, gift.counted.as_str()), (12, "30.00 EUR"));
    assert_eq!(found.missing, [""; 0]);
    let donor = book.store.record(&book.id, Kind::Transaction, &gift.transaction).unwrap().unwrap();
    assert_eq!(donor.fields["donor"], json!(city));
    // Accounts alone say less: the gift's account is not one of recurring income.
    assert_eq!(runway::coverage(&book.ledger(END)).percent.as_deref(), Some("60.0"));
}

#[test]
fn a_gift_received_long_before_still_pays_and_one_without_months_is_named() {
    let mut book = Book::new();
    let (bank, monthly, once, hosting) = (book.bank, book.monthly, book.once, book.hosting);
    let half =
        json!({"interval": "yearly", "period_from": "2026-01-15", "period_to": "2026-07-14"});
    book.pay("2026-01-10", once, bank, "100.00", half);
    // The account says monthly, the gift says otherwise.
    book.pay("2026-05-02", monthly, bank, "40.00", json!({"interval": "one-time"}));
    book.pay("2026-05-03", monthly, bank, "25.00", json!({"interval": "yearly"}));
    book.pay("2026-06-05", bank, hosting, "50.00", json!({}));
    let found = coverage(&book.store, &book.id, &book.ledger(END)).unwrap();
    // 100.00 in six is 16.67 four times and 16.66 twice: April, May and June get 16.67, 16.66, 16.66.
    let spread: Vec<&str> = found.months.iter().map(|m| m.spread.as_str()).collect();
    assert_eq!(spread, ["16.67 EUR", "41.66 EUR", "16.66 EUR"]);
    let received: Vec<&str> = found.months.iter().map(|m| m.received.as_str()).collect();
    assert_eq!(received, ["0.00 EUR", "25.00 EUR", "0.00 EUR"]);
    assert!(found.missing[0].starts_with("25.00 EUR of yearly gifts name no months"));
}

#[test]
fn shares_of_donors_and_kinds_of_sources() {
    let (mut book, [otter, _]) = Book::quarter();
    let found = concentration(&book.store, &book.id, &book.ledger(END)).unwrap();
    assert_eq!((found.income.as_str(), found.unnamed.as_str()), ("330.00 EUR", "30.00 EUR"));
    assert_eq!((found.from.to_string().as_str(), found.count), ("2025-07-01", 2));
    let rows: Vec<&str> = found.rows.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(rows, ["54.5 %", "90.9 %", "90.9 %"]);
    assert_eq!(found.rows[0].amounts, "180.00 EUR ÷ 330.00 EUR");
    assert_eq!((found.donors[0].donor, found.donors[1].share.as_str()), (otter, "36.4 %"));
    assert_eq!(found.missing.len(), 1);

    let sources = self_funded(&book.store, &book.id, &book.ledger(END)).unwrap();
    let all: Vec<(&str, &str, u32)> = sources
        .sources
        .iter()
        .map(|s| (s.donor_type.as_str(), s.amount.as_str(), s.donors))
        .collect();
    let wanted = [
        ("individual", "180.00 EUR", 1),
        ("public-entity", "120.00 EUR", 1),
        ("unknown", "30.00 EUR", 0),
    ];
    assert_eq!(all, wanted);
    assert_eq!(sources.met, None);
    let owner = book.add(Kind::Donor, json!({"name": "Owner", "type": "for-profit-owner"}));
    let (once, bank) = (book.once, book.bank);
    book.pay("2026-06-20", once, bank, "5.00", json!({"donor": owner}));
    let sources = self_funded(&book.store, &book.id, &book.ledger(END)).unwrap();
    assert_eq!(sources.met, Some(false));
    assert!(sources.sentence.starts_with("5.00 EUR of 335.00 EUR came from for-profit owners"));
}

fn hosting(book: &mut Book) -> RecordId {
    let payee = book.add(Kind::Payee, json!({"name": "Host"}));
    let schedule = json!({"payee": payee, "narration": "Hosting", "amount": "100.00 EUR",
        "amount_is": "fixed", "account": book.hosting, "fund": book.fund, "rule": "monthly",
        "from": "2026-01-05"});
    book.add(Kind::Schedule, schedule)
}

#[test]
fn what_if_the_largest_donor_leaves_prices_rise_or_a_bill_ends() {
    let (mut book, _) = Book::quarter();
    let schedule = hosting(&mut book);
    let ask = |question: WhatIfQuestion| {
        what_if(&book.store, &book.id, &book.ledger(END), &question).unwrap()
    };
    let asked = ask(WhatIfQuestion { lose_top_donor: true, ..WhatIfQuestion::default() });
    // 1030.00 ÷ (300.00 ÷ 3); 1030.00 × 3 ÷ (300.00 − 210.00); without otter 30.00 are earned.
    assert_eq!(asked.before.runway.months.as_deref(), Some("10.3"));
    assert_eq!(asked.before.runway.recurring_only_months.as_deref(), Some("34.3"));
    assert_eq!(asked.before.coverage.percent.as_deref(), Some("70.0"));
    assert_eq!(asked.after.runway.months.as_deref(), Some("10.3"));
    assert_eq!(asked.after.runway.recurring_only_months.as_deref(), Some("11.4"));
    assert_eq!(asked.after.coverage.percent.as_deref(), Some("10.0"));
    assert!(asked.supposed[0].contains("180.00 EUR in twelve months"), "{:?}", asked.supposed);
    let dearer = ask(WhatIfQuestion { price_change_percent: 10, ..WhatIfQuestion::default() });
    assert_eq!(dearer.after.runway.months.as_deref(), Some("9.4"));
    assert_eq!(dearer.after.coverage.percent.as_deref(), Some("63.6"));
    let drop_schedules = vec![schedule, schedule];
    let ended = ask(WhatIfQuestion { drop_schedules, ..WhatIfQuestion::default() });
    assert_eq!((ended.after.runway.months, ended.after.coverage.percent), (None, None));
    let wild = ask(WhatIfQuestion { price_change_percent: 5000, ..WhatIfQuestion::default() });
    assert_eq!((wild.supposed.len(), wild.missing.len()), (0, 1));
}

fn cash(forecast: &Forecast) -> Vec<&str> {
    forecast.months.iter().map(|m| m.cash.split('.').next().unwrap()).collect()
}

#[test]
fn a_forecast_goes_below_zero_in_the_month_it_must() {
    let (mut book, [otter, _]) = Book::quarter();
    let schedule = hosting(&mut book);
    let (fund, once, hosting) = (book.fund, book.once, book.hosting);
    book.add(
        Kind::Pledge,
        json!({"donor": otter, "amount": "60.00 EUR", "interval": "monthly",
        "from": "2026-05-10", "until": "2026-09-30", "fund": fund}),
    );
    book.add(
        Kind::Budget,
        json!({"narration": "Fair", "account": once, "fund": fund, "per": "quarter",
        "amount": "50.00 EUR", "from": "2026-08-01", "until": "2027-01-31", "basis": "expected"}),
    );
    let payee = book.add(Kind::Payee, json!({"name": "Registrar"}));
    book.add(
        Kind::Schedule,
        json!({"payee": payee, "narration": "Domain", "amount": "500.00 EUR",
        "amount_is": "max", "account": hosting, "fund": fund, "rule": "yearly",
        "from": "2027-02-10"}),
    );
    let ask = |book: &Book| forecast(&book.store, &book.id, &book.ledger(END)).unwrap();
    let found = ask(&book);
    let wanted =
        ["990", "1000", "960", "860", "810", "710", "610", "10", "-90", "-190", "-290", "-390"];
    assert_eq!(cash(&found), wanted);
    assert_eq!(found.first_below_zero.as_deref(), Some("2027-03"));
    assert_eq!(found.months[0].month, "2026-07");
    assert_eq!(found.short, ["The fund general is below zero at the end of 2027-03: -90.00 EUR."]);
    assert!(found.formula.starts_with("unrestricted money 1030.00 EUR on 2026-06-30 + 280.00 EUR"));
    assert!(found.formula.ends_with("= -390.00 EUR"), "{}", found.formula);
    assert_eq!(found.missing.len(), 1, "{:?}", found.missing);

    // July's bill is known by now, a bill of June is half paid, August's is struck out.
    let bill = |title: &str, amount: &str, due: &str| {
        json!({"payee": payee, "narration": title, "type": "bill",
            "amount": amount, "account": hosting, "fund": fund, "due": due})
    };
    let mut july = bill("Hosting", "80.00 EUR", "2026-07-05");
    july["schedule"] = json!(schedule);
    july["occurrence"] = json!("2026-07-05");
    book.add(Kind::Expense, july.clone());
    july["occurrence"] = json!("2026-08-05");
    let august = book.add(Kind::Expense, july);
    book.withdraw(Kind::Expense, august);
    let june = book.add(Kind::Expense, bill("Repair", "25.00 EUR", "2026-06-20"));
    let bank = book.bank;
    book.pay("2026-06-25", bank, hosting, "10.00", json!({"expense": june}));
    let found = ask(&book);
    // 1020.00 − 80.00 − 15.00 + 60.00, then + 110.00.
    assert_eq!(cash(&found)[..3], ["985", "1095", "1055"]);
    let first = &found.months[0].items[0];
    assert_eq!((first.title.as_str(), first.amount.as_str()), ("Repair", "-15.00 EUR"));
    assert_eq!(first.day, day("2026-07-01"));
}

#[test]
fn a_budget_beside_what_was_posted() {
    let (mut book, _) = Book::quarter();
    let (fund, hosting, monthly, fees) = (book.fund, book.hosting, book.monthly, book.fees);
    let mut line = |narration: &str, account: RecordId, amount: &str, per: &str, from: &str| {
        book.add(
            Kind::Budget,
            json!({"narration": narration, "account": account, "fund": fund,
            "amount": amount, "per": per, "from": from, "basis": "planned"}),
        );
    };
    line("Hosting", hosting, "1200.00 EUR", "year", "2026-04-01");
    line("Gifts", monthly, "50.00 EUR", "month", "2026-01-01");
    line("Fees", fees, "100.00 EUR", "quarter", "2026-04-15");
    line("Next year", fees, "9.00 EUR", "once", "2027-01-01");
    let found = budget(&book.store, &book.id, &book.ledger(END)).unwrap();
    let lines: Vec<[&str; 4]> = found
        .lines
        .iter()
        .map(|l| [l.path.as_str(), l.planned.as_str(), l.actual.as_str(), l.sentence.as_str()])
        .collect();
    let wanted = [
        ["Income:Gifts:Monthly", "300.00 EUR", "180.00 EUR", "120.00 EUR less than planned."],
        ["Income:Gifts:Once", "0.00 EUR", "150.00 EUR", "Nothing was planned."],
        [
            "Expenses:Admin:Bank",
            "100.00 EUR",
            "0.00 EUR",
            "Nothing was posted of the 100.00 EUR planned.",
        ],
        ["Expenses:Program:Hosting", "300.00 EUR", "300.00 EUR", "As planned."],
    ];
    assert_eq!(lines, wanted);
    let fees: Vec<&str> = found.lines[2].months.iter().map(|m| m.planned.as_str()).collect();
    assert_eq!(fees[3..], ["33.34 EUR", "33.33 EUR", "33.33 EUR"]);
    assert_eq!(
        (found.planned_result.as_str(), found.actual_result.as_str()),
        ("-100.00 EUR", "30.00 EUR")
    );
    assert_eq!(found.missing, [""; 0]);
    let middle = budget(&book.store, &book.id, &book.ledger("2026-06-07")).unwrap();
    assert_eq!((middle.actual_income.as_str(), middle.missing.len()), ("270.00 EUR", 1));
}

#[test]
fn what_is_left_over_goes_in_three_steps() {
    let (mut book, _) = Book::quarter();
    let ask = |book: &Book| left_over(&book.store, &book.id, &book.ledger(END)).unwrap();
    let silent = ask(&book);
    assert_eq!((silent.left_over, silent.steps.len(), silent.missing.len()), (None, 0, 3));
    let policy = |months: i64| {
        json!({"one_up_to": "500.00 EUR", "reserve_months": months,
        "developers_percent": 33, "beneficiary": "Sea Rescue"})
    };
    let id = book.add(Kind::Policy, policy(3));
    let found = ask(&book);
    assert_eq!(found.left_over.as_deref(), Some("730.00 EUR"));
    let steps: Vec<&str> = found.steps.iter().map(|step| step.amount.as_str()).collect();
    assert_eq!(steps, ["300.00 EUR", "240.90 EUR", "489.10 EUR"]);
    assert!(found.proposal.contains("489.10 EUR go to Sea Rescue"), "{}", found.proposal);
    let Value::Object(fields) = policy(11) else { unreachable!() };
    book.write(Kind::Policy, id, fields);
    let none = ask(&book);
    assert_eq!((none.left_over.as_deref(), none.proposal.as_str()), (Some("0.00 EUR"), ""));
    assert_eq!(none.steps[0].amount, "1030.00 EUR");
}
