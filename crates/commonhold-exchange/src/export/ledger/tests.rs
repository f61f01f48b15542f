use super::*;
use crate::archive::tests::book::{Memory, id, rich};
use crate::outside::{run, venv};
use commonhold_core::records::Kind;
use serde_json::json;

fn sheet(book: &Memory, numbers: Numbers) -> String {
    let mut out = Vec::new();
    spreadsheet(book, &mut out, numbers, &mut |_, _, _| true).unwrap();
    String::from_utf8(out).unwrap()
}

fn rows(text: &str, separator: u8) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Two accounts, two funds, and a few days.
fn small() -> Memory {
    let mut book = Memory { name: "Harbor".into(), ..Memory::default() };
    book.add(Kind::Fund, 1, "ok", json!({ "name": "General", "restriction": "unrestricted" }));
    book.add(Kind::Account, 10, "ok", json!({ "path": "Assets:Bank", "type": "asset" }));
    book.add(Kind::Account, 11, "ok", json!({ "path": "Expenses:Hosting", "type": "expense" }));
    for (n, day, state, amount) in [
        (100, "2026-07-05", "ok", "412.35 EUR"),
        (101, "2026-07-01", "ok", "1.00 EUR"),
        (102, "2026-07-03", "withdrawn", "5.00 EUR"),
        (103, "2026-07-03", "ok", "7.00 USD"),
    ] {
        let postings = json!([
            { "account": id(11), "amount": amount, "fund": id(1) },
            { "account": id(10), "amount": format!("-{amount}"), "fund": id(1) },
        ]);
        let fields =
            json!({ "date": day, "payee": "Hetzner", "narration": "Bill", "postings": postings });
        book.add(Kind::Transaction, n, state, fields);
    }
    book
}

#[test]
fn a_row_for_each_posting_by_day_with_a_running_balance() {
    let text = sheet(&small(), Numbers::Point);
    assert!(text.starts_with("\u{feff}date,payee,narration,account,fund,amount,currency,balance,"));
    assert!(text.lines().all(|line| !line.contains('\r')) && text.contains("id\r\n"));
    let rows = rows(&text, b',');
    let short: Vec<String> =
        rows.iter().map(|row| [0, 3, 5, 7, 8].map(|n| &*row[n]).join(" ")).collect();
    assert_eq!(
        short,
        [
            "2026-07-01 Expenses:Hosting 1.00 1.00 ok",
            "2026-07-01 Assets:Bank -1.00 -1.00 ok",
            "2026-07-03 Expenses:Hosting 5.00  withdrawn",
            "2026-07-03 Assets:Bank -5.00  withdrawn",
            "2026-07-03 Expenses:Hosting 7.00 7.00 ok",
            "2026-07-03 Assets:Bank -7.00 -7.00 ok",
            "2026-07-05 Expenses:Hosting 412.35 413.35 ok",
            "2026-07-05 Assets:Bank -412.35 -413.35 ok",
        ]
    );
    assert_eq!(rows[0][9], id(101).to_string());
    assert_eq!(rows[0][4], "General");
    let comma = sheet(&small(), Numbers::Comma);
    assert!(comma.contains(";-412,35;EUR;-413,35;ok;"), "{comma}");
    assert_eq!(sheet(&small(), Numbers::Comma), comma);
}

#[test]
fn no_text_runs_as_a_formula() {
    for (from, to) in [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-2 EUR", "'-2 EUR"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\nx", "'\nx"),
        (" =1", " '=1"),
        ("\u{feff}=1", "\u{feff}'=1"),
        ("\u{a0}@x", "\u{a0}'@x"),
        ("＝1+1", "'＝1+1"),
        ("a;=HYPERLINK(\"x\")", "a;'=HYPERLINK(\"x\")"),
        ("a\t-1", "a\t'-1"),
        ("a\n@x", "a\n'@x"),
        ("\"=x\"", "\"'=x\""),
        ("a = b - c, d", "a = b - c, d"),
        ("AT&T - x@y.org", "AT&T - x@y.org"),
        ("", ""),
        ("\0=1", "\u{fffd}=1"),
    ] {
        assert_eq!(safe(from), to, "{from:?}");
    }
    for long in ["ü".repeat(MAX_CELL + 5), ",=".repeat(MAX_CELL)] {
        let cut = safe(&long);
        assert!(cut.ends_with('…') && cut.chars().count() <= MAX_CELL + 1, "{}", cut.len());
    }
    assert!(!safe(&"x".repeat(1000)).contains('…'));
}

/// Reads the sheet with Python and adds it up with its decimals: texts that would run, numbers
/// that are none, balances that are not the sum of what stands above. Prints the last balances.
const READER: &str = r#"
import csv, decimal, sys
D = decimal.Decimal
decimal.getcontext().prec = 50
held = {}
csv.field_size_limit(40000)
rows = list(csv.DictReader(open("sheet.csv", encoding="utf-8-sig", newline=""), delimiter=sys.argv[1]))
number = lambda text: D(text.replace(",", ".")) if sys.argv[1] == ";" else D(text)
for row in rows:
    for name, text in row.items():
        if name in ("amount", "balance"):
            if text: number(text)
        else:
            assert not text.strip().startswith(("=", "+", "-", "@")), (name, text[:40])
            assert not text.startswith(("\t", "\r", "\n")), (name, text[:40])
    if row["state"] != "ok":
        assert row["balance"] == "", row
        continue
    key = (row["account"], row["currency"])
    held[key] = held.get(key, 0) + number(row["amount"])
    if row["balance"]:
        assert number(row["balance"]) == held[key], (row, held[key])
    else:
        assert abs(held[key]) > 10**16, row
print(len(rows))
"#;

#[test]
fn python_reads_the_same_sheet_and_adds_it_up() {
    for numbers in [Numbers::Point, Numbers::Comma] {
        let mut book = rich();
        book.generated = 500;
        let hostile = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "a;=1,=1"];
        for (n, text) in (800..).zip(hostile) {
            book.add(Kind::Account, n, "rejected", json!({ "path": text, "type": "asset" }));
            book.add(Kind::Fund, n, "ok", json!({ "name": text, "restriction": "unrestricted" }));
            let postings = json!([
                { "account": id(n), "amount": "-1.00 EUR", "fund": id(n) },
                { "account": id(13), "amount": "1.00 EUR", "fund": id(n) },
            ]);
            let fields = json!({ "date": "2026-04-01", "payee": text, "narration": text, "postings": postings });
            book.add(Kind::Transaction, 10_000 + n, "ok", fields);
        }
        let folder = tempfile::tempdir().unwrap();
        let text = sheet(&book, numbers);
        std::fs::write(folder.path().join("sheet.csv"), &text).unwrap();
        let separator = if numbers == Numbers::Point { "," } else { ";" };
        let arguments = ["-c", READER, separator];
        let count = rows(&text, separator.as_bytes()[0]).len();
        if let Some(said) = run("python", &venv().join("bin/python"), &arguments, folder.path()) {
            assert_eq!(said.trim(), count.to_string());
        }
        // Every transaction is there, whatever its state and whether it makes sense.
        for record in &book.records[&Kind::Transaction] {
            assert!(text.contains(&record.id.to_string()), "{record:?}");
        }
    }
}
