//! Columns, categories, fees, ids.

use super::*;
use crate::import::tests::fixture;

fn csv(rows: &[&str]) -> Reading {
    let header = "datetime,id,kind,netAmount,currency,description,orderFrequency,expenseType";
    let text = format!("{header}\n{}\n", rows.join("\n"));
    read(text.as_bytes()).unwrap()
}

fn category_of(row: &str) -> String {
    let reading = csv(&[row]);
    reading.drafts[0].legs[0].0.clone()
}

#[test]
fn kinds_have_accounts() {
    for (row, account) in [
        ("2026-01-01,a,CONTRIBUTION,5,EUR,,MONTHLY,", "Income:Donations:Recurring"),
        ("2026-01-01,a,CONTRIBUTION,5,EUR,,ONETIME,", "Income:Donations:OneTime"),
        ("2026-01-01,a,CONTRIBUTION,5,EUR,Monthly gift,,", "Income:Donations:Recurring"),
        ("2026-01-01,a,CONTRIBUTION,5,EUR,A gift,,", "Income:Donations:OneTime"),
        ("2026-01-01,a,ADDED_FUNDS,5,EUR,,,", "Income:Added-Funds"),
        ("2026-01-01,a,EXPENSE,-5,EUR,,,RECEIPT", "Expenses:Program:Reimbursements"),
        ("2026-01-01,a,EXPENSE,-5,EUR,,,", "Expenses:Program:Other"),
        ("2026-01-01,a,HOST_FEE,-5,EUR,,,", "Expenses:Admin:HostFees"),
        ("2026-01-01,a,PAYMENT_PROCESSOR_FEE,-5,EUR,,,", "Expenses:Fundraising:ProcessorFees"),
        ("2026-01-01,a,PLATFORM_FEE,-5,EUR,,,", "Expenses:Fundraising:PlatformFees"),
        ("2026-01-01,a,BALANCE_TRANSFER,5,EUR,,,", "Equity:Transfers"),
        ("2026-01-01,a,,5,EUR,,,", "Income:Uncategorised"),
    ] {
        assert_eq!(category_of(row), account, "{row}");
    }
}

/// Every account a row can go to begins with a root that has a type.
#[test]
fn refunds_go_where_their_original_is() {
    let text = "datetime,id,kind,netAmount,currency,isRefund\n\
        2026-01-01,a,CONTRIBUTION,-5,EUR,REFUND\n\
        2026-01-01,b,EXPENSE,5,EUR,REFUND\n\
        2026-01-01,c,HOST_FEE,1,EUR,REFUND\n\
        2026-01-01,d,EXPENSE,5,EUR,maybe\n";
    let reading = read(text.as_bytes()).unwrap();
    let accounts: Vec<_> = reading.drafts.iter().map(|d| d.legs[0].0.as_str()).collect();
    assert_eq!(
        accounts,
        ["Income:Donations:OneTime", "Expenses:Program:Other", "Expenses:Admin:HostFees"]
    );
    assert_eq!(reading.not_understood[0].line, 5);
}

#[test]
fn missing_columns_are_named_in_one_sentence() {
    let sentence = read(b"datetime,amount,balance\n2026-01-01,1,1\n").unwrap_err().to_string();
    assert_eq!(
        sentence,
        "The header in line 1 has no column “netAmount”, “currency”, “id”; it has these columns: \
         “datetime”, “amount”, “balance”."
    );
}

#[test]
fn balance_is_never_read() {
    let with = |balance: &str| {
        let text =
            format!("datetime,id,netAmount,currency,balance\n2026-01-01,a,5,EUR,{balance}\n");
        read(text.as_bytes()).unwrap().drafts
    };
    assert_eq!(with(""), with("-99.999"));
    assert_eq!(with("").len(), 1);
}

#[test]
fn numbers_are_exact_or_not_understood() {
    let amounts = ["10", "-0.5", "1000.25", "10.005", "1e3", "", "1.000.25", "12.340000000000002"];
    let rows: Vec<_> = amounts
        .iter()
        .enumerate()
        .map(|(at, amount)| format!("2026-01-01,{at},CONTRIBUTION,{amount},EUR,,,"))
        .collect();
    let reading = csv(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let minor: Vec<_> = reading.drafts.iter().map(|d| d.amount.minor).collect();
    assert_eq!(minor, [1000, -50, 100_025]);
    let lines: Vec<_> = reading.not_understood.iter().map(|row| row.line).collect();
    assert_eq!(lines, [5, 6, 7, 8, 9]);
}

#[test]
fn a_row_limit_is_warned_about() {
    for (rows, warned) in [(999, false), (1_000, true), (1_001, false), (10_000, true)] {
        let rows: Vec<_> =
            (0..rows).map(|at| format!("2026-01-01,{at},CONTRIBUTION,1,EUR,,,")).collect();
        let reading = csv(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let said = reading.warnings.iter().any(|warning| warning.contains("row limit"));
        assert_eq!(said, warned, "{}", rows.len());
    }
}

#[test]
fn drafts_are_oldest_first_and_ids_prefer_the_long_one() {
    let reading = read(&fixture("oc-default")).unwrap();
    assert!(reading.drafts.is_sorted_by_key(|draft| draft.date));
    assert!(reading.warnings.iter().any(|warning| warning.contains("short ids")));
    let text = b"shortId,legacyId,id,datetime,netAmount,currency\nabc,7,abcdef,2026-01-01,1,EUR\n";
    assert_eq!(read(text).unwrap().drafts[0].identity, "open-collective:abcdef");
}

#[test]
fn a_file_saved_by_a_spreadsheet_still_reads() {
    let text = "\u{feff}datetime;id;netAmount;currency\r\n2026-01-01;a;5;EUR\r\n";
    assert_eq!(read(text.as_bytes()).unwrap().drafts.len(), 1);
}

#[test]
fn several_accounts_are_warned_about() {
    let text =
        b"datetime,id,netAmount,currency,accountSlug\n2026-01-01,a,5,EUR,x\n2026-01-01,b,5,EUR,y\n";
    assert!(read(text).unwrap().warnings.iter().any(|w| w.contains("2 accounts (x, y)")));
}
