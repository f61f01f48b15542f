//! The traps of camt files.

use super::*;
use crate::import::tests::fixture;

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn entry(inner: &str) -> String {
    statement(&format!("<Ntry>{inner}<Sts>BOOK</Sts><BookgDt><Dt>2026-06-01</Dt></BookgDt></Ntry>"))
}

fn statement(inner: &str) -> String {
    document(&format!("<Stmt><Acct><Id><IBAN>X1</IBAN></Id></Acct>{inner}</Stmt>"))
}

fn document(inner: &str) -> String {
    format!("<Document><BkToCstmrStmt>{inner}</BkToCstmrStmt></Document>")
}

fn amounts(text: &str) -> Vec<String> {
    let reading = read(text.as_bytes()).unwrap();
    reading.drafts.iter().map(|draft| draft.amount.to_string()).collect()
}

fn refused(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn signs_and_decimals() {
    let amount = |amount: &str, way: &str| entry(&format!("{amount}<CdtDbtInd>{way}</CdtDbtInd>"));
    assert_eq!(amounts(&amount("<Amt Ccy='EUR'>1.5</Amt>", "DBIT")), ["-1.50 EUR"]);
    assert_eq!(amounts(&amount("<Amt Ccy='KWD'>1.005</Amt>", "CRDT")), ["1.005 KWD"]);
    for (inner, word) in [
        ("<Amt Ccy='EUR'>1.505</Amt>", "EUR"),
        ("<Amt Ccy='JPY'>1.5</Amt>", "JPY"),
        ("<Amt>1.5</Amt>", "currency"),
        ("<Amt Ccy='EUR'>-1.50</Amt>", "sign"),
        ("", "missing"),
    ] {
        let reading = read(amount(inner, "DBIT").as_bytes()).unwrap();
        assert_eq!((reading.rows, reading.drafts.len()), (1, 0), "{inner}");
        assert!(reading.not_understood[0].reason.contains(word), "{:?}", reading.not_understood);
    }
    let reading = read(amount("<Amt Ccy='EUR'>1</Amt>", "UP").as_bytes()).unwrap();
    assert!(reading.not_understood[0].reason.contains("CdtDbtInd"));
}

/// The balances decide whether a reversal is written with its own sign or that of its original.
#[test]
fn reversals_follow_the_balances() {
    let with = |closing: &str| {
        let balance = |code: &str, amount: &str| {
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>\
                 <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-06-01</Dt></Dt></Bal>"
            )
        };
        statement(&format!(
            "{}{}<Ntry><Amt Ccy='EUR'>5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>\
             <Sts>BOOK</Sts><BookgDt><Dt>2026-06-01</Dt></BookgDt></Ntry>",
            balance("OPBD", "10.00"),
            balance("CLBD", closing)
        ))
    };
    for (closing, amount, leg, warning) in [
        // A credit taken back: the income is less.
        ("5.00", "-5.00 EUR", "Income:Uncategorised", None),
        // A debit taken back, written as the debit it was: the expense is less.
        ("15.00", "5.00 EUR", "Expenses:Uncategorised", Some("other sign")),
        ("7.00", "-5.00 EUR", "Income:Uncategorised", Some("differ")),
    ] {
        let reading = read(with(closing).as_bytes()).unwrap();
        let draft = &reading.drafts[0];
        assert_eq!((draft.amount.to_string().as_str(), draft.legs[0].0.as_str()), (amount, leg));
        match warning {
            None => assert!(reading.warnings.is_empty(), "{:?}", reading.warnings),
            Some(word) => assert!(reading.warnings[0].contains(word), "{:?}", reading.warnings),
        }
    }
    let reading = read(&fixture("camt-054.xml")).unwrap();
    assert!(reading.warnings.iter().any(|warning| warning.contains("cannot tell")));
}

#[test]
fn batches_count_once() {
    let batch = |parts: &str| {
        entry(&format!(
            "<Amt Ccy='EUR'>30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls>{parts}</NtryDtls>"
        ))
    };
    let part = |amount: &str, way: &str| {
        format!("<TxDtls><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd></TxDtls>")
    };
    let sum = |text: &str| amounts(text).join(" ");
    let (ten, twenty, forty) = (part("10", "DBIT"), part("20", "DBIT"), part("40", "DBIT"));
    assert_eq!(sum(&batch(&format!("{ten}{twenty}"))), "-10.00 EUR -20.00 EUR");
    assert_eq!(sum(&batch(&format!("{forty}{}", part("10", "CRDT")))), "-40.00 EUR 10.00 EUR");
    assert_eq!(sum(&batch(&format!("{ten}{ten}"))), "-30.00 EUR");
    assert_eq!(sum(&batch(&format!("{ten}<TxDtls/>{twenty}"))), "-30.00 EUR");
    assert_eq!(sum(&batch(&ten)), "-30.00 EUR");
    let reading = read(batch(&format!("{ten}{ten}")).as_bytes()).unwrap();
    assert!(reading.warnings[0].contains("do not add up"), "{:?}", reading.warnings);
    assert_eq!(reading.drafts[0].narration, "Batch of 2 payments");
}

#[test]
fn what_is_no_statement_is_refused() {
    for (text, word) in [
        (document("<GrpHdr><MsgId>1</MsgId></GrpHdr>"), "without any statement"),
        ("<Document><CstmrCdtTrfInitn/></Document>".into(), "CstmrCdtTrfInitn"),
        ("<rss/>".into(), "no bank statement"),
        ("hello".into(), "no XML"),
        (document("<Stmt>"), "damaged"),
        (document("<Stmt></Stmt>").replace("</Document>", ""), "damaged"),
        ("<!DOCTYPE Document [<!ENTITY a 'b'>]><Document/>".into(), "web page"),
        ("<?xml version='1.0'?><!DOCTYPE x><Document/>".into(), "document type"),
    ] {
        let sentence = refused(&text);
        assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
    }
}

/// The same day as a report, as a statement, with other white space and case, in another file.
#[test]
fn a_row_is_the_same_in_every_export() {
    let identities = |text: &str| -> Vec<String> {
        let reading = read(text.as_bytes()).unwrap();
        reading.drafts.into_iter().map(|draft| draft.identity).collect()
    };
    let statement = text("camt-053-08.xml");
    let report = statement
        .replace("BkToCstmrStmt>", "BkToCstmrAcctRpt>")
        .replace("Stmt>", "Rpt>")
        .replace("BkToCstmrRpt>", "BkToCstmrAcctRpt>")
        .replace("camt.053.001.08", "camt.052.001.04")
        .replace("S-2026-06", "R-2026-06");
    assert_eq!(identities(&statement), identities(&report));
    let edited = statement
        .replace("Donation for the", "DONATION  for  the")
        .replace("Batch transfer", " batch\n transfer")
        .replace("DE02120300000000202051", "DE02 1203 0000 0000 2020 51");
    assert_eq!(identities(&statement), identities(&edited));
    // Without the bank's references the texts tell rows apart, and equal rows are counted.
    let bare = statement.replace("AcctSvcrRef>", "Other>");
    let all = identities(&bare);
    assert_ne!(all, identities(&statement));
    assert_eq!(all, identities(&bare.replace("Donation for the", "donation FOR the ")));
    assert_ne!(all, identities(&bare.replace("Donation for the", "Donation to the")));
}

#[test]
fn a_statement_twice_in_a_file_counts_once() {
    let one = "<Stmt><Id>7</Id><Ntry><Amt Ccy='EUR'>1</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
        <BookgDt><Dt>2026-06-01</Dt></BookgDt></Ntry><Ntry><Amt Ccy='EUR'>1</Amt>\
        <CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-06-01</Dt></BookgDt></Ntry></Stmt>";
    let reading = read(document(&format!("{one}{one}")).as_bytes()).unwrap();
    assert_eq!((reading.rows, reading.drafts.len()), (4, 2));
    assert!(reading.not_understood[0].reason.contains("twice"));
    // Another number is another statement: two equal rows in each are four payments.
    let other = one.replace("<Id>7", "<Id>8");
    assert_eq!(read(document(&format!("{one}{other}")).as_bytes()).unwrap().drafts.len(), 4);
    // But the bank's own reference counts once wherever it stands.
    let referred = |text: &str| text.replace("<BookgDt>", "<AcctSvcrRef>R1</AcctSvcrRef><BookgDt>");
    let both = document(&format!("{}{}", referred(one), referred(&other)));
    let reading = read(both.as_bytes()).unwrap();
    assert_eq!((reading.rows, reading.drafts.len()), (4, 2));
    assert!(reading.not_understood[0].reason.contains("reference"));
}

#[test]
fn gaps_and_overlaps_are_named() {
    let reading = read(&fixture("camt-053-08.xml")).unwrap();
    let gap = reading.warnings.iter().find(|warning| warning.contains("follow")).unwrap();
    assert!(gap.contains("61") && gap.contains("63") && gap.contains("1140.25"), "{gap}");
    let days = |number: u8, from: u8, to: u8| {
        format!(
            "<Stmt><Id>{number}</Id><FrToDt><FrDtTm>2026-06-{from:02}T00:00:00</FrDtTm>\
             <ToDtTm>2026-06-{to:02}T00:00:00</ToDtTm></FrToDt></Stmt>"
        )
    };
    let warnings = |text: String| read(document(&text).as_bytes()).unwrap().warnings;
    let overlap = warnings(format!("{}{}", days(2, 9, 12), days(1, 1, 10)));
    assert!(
        overlap[0]
            .starts_with("Statement 1 from 2026-06-01 and statement 2 from 2026-06-09 overlap"),
        "{overlap:?}"
    );
    assert!(warnings(format!("{}{}", days(1, 1, 10), days(2, 10, 12))).is_empty());
}

#[test]
fn several_accounts_are_told_apart() {
    let one = |account: &str| {
        format!(
            "<Stmt><Acct><Id><IBAN>{account}</IBAN></Id></Acct><Ntry><Amt Ccy='EUR'>1</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-06-01</Dt></BookgDt></Ntry></Stmt>"
        )
    };
    let reading = read(document(&format!("{}{}", one("A"), one("B"))).as_bytes()).unwrap();
    assert_eq!(reading.accounts(), ["A", "B"]);
    let places: Vec<_> = reading.drafts.iter().map(|draft| draft.statement).collect();
    assert_eq!(places, [Some(0), Some(1)]);
    let alone = read(document(&one("B")).as_bytes()).unwrap();
    assert_eq!(alone.drafts[0].identity, reading.drafts[1].identity);
}
