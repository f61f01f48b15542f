//! Everything that has ever been odd, in one book.

use super::{Memory, id, write_history};
use commonhold_core::records::Kind;
use serde_json::{Value, json};

fn add_chart(book: &mut Memory) {
    use Kind::{Account, Fund, Service};
    book.add(
        Service,
        900,
        "ok",
        json!({
        "name": "Beispiel „Register“ & Söhne\n<b>",
        "purpose": "Keeps \"names\" & <things>; forever",
        "phase": "operating", "reporting_currency": "EUR", "languages": ["en", "de"],
        "homepage": "https://example.org/", "future_field": { "b": 1, "a": [true, null] } }),
    );
    book.add(
        Fund,
        1,
        "ok",
        json!({ "name": "General", "restriction": "unrestricted", "purpose": "" }),
    );
    book.add(
        Fund,
        2,
        "ok",
        json!({
        "name": "Grant [2026/13/45], date: soon; \"x\" \\",
        "restriction": "donor-restricted", "purpose": "p" }),
    );
    book.add(
        Fund,
        3,
        "ok",
        json!({ "name": "General", "restriction": "designated", "purpose": "" }),
    );
    let accounts = [
        (10, "Assets:Bank:Checking", "asset", Some("EUR"), Some("2026-01-01")),
        (11, "Assets:bank:ß & (Über) 日本 | x; y  z", "asset", None, None),
        (12, "Assets:Bank", "asset", None, Some("2026-06-01")),
        (13, "Income:Donations", "income", None, None),
        (14, "Expenses:हिन्दी 🎉", "expense", None, None),
        (15, "Equity:Conversions", "equity", None, None),
        (16, "Expenses:---", "expense", None, None),
        (17, "Expenses:...", "expense", None, None),
        (18, "Liabilities:Karte²", "liability", Some("EUR"), None),
    ];
    for (n, path, holds, currency, opened) in accounts {
        let mut fields = json!({ "path": path, "type": holds });
        fields["currency"] = currency.into();
        fields["opened"] = opened.into();
        if n == 16 {
            fields["closed"] = "2026-12-31".into();
        }
        book.add(Account, n, "ok", fields);
    }
    book.add(
        Account,
        20,
        "rejected",
        json!({ "path": "Bank", "type": "asset", "currency": "euro" }),
    );
    book.add(Account, 21, "withdrawn", json!({ "path": "Assets:Gone", "type": "asset" }));
    book.add(
        Account,
        22,
        "ok",
        json!({ "path": "Assets:Unused", "type": "asset",
        "closed": "2026-03-01", "opened": "2026-01-01" }),
    );
}

fn line(account: u32, amount: &str, fund: u32) -> Value {
    json!({ "account": id(account), "amount": amount, "fund": id(fund) })
}

fn entry(date: &str, payee: Option<&str>, narration: &str, postings: Value) -> Value {
    let mut fields = json!({ "date": date, "narration": narration, "postings": postings });
    if let Some(payee) = payee {
        fields["payee"] = payee.into();
    }
    fields
}

fn two(a: u32, b: u32, amount: &str, fund: u32) -> Value {
    json!([line(a, amount, fund), line(b, &format!("-{amount}"), fund)])
}

fn add_odd_texts(book: &mut Memory) {
    use Kind::Transaction;
    let texts = [
        (Some("Zoë \"Q\" \\ Müller"), "thanks;  a | b\nnew line\ttab 🎉"),
        (Some("(code) like"), "!important * = @ x"),
        (None, "; comment only"),
        (Some("* starred"), ""),
        (None, "date: 2026-13-45 [2026/99/99] :tag: x  y"),
        (Some("=cmd|' /C calc'!A0"), "\u{feff}bom \u{202e}rtl\u{0} nul"),
        (Some("\"\""), "'quoted', \"both\""),
        (Some("   "), "only narration"),
        (Some("a:b date:x date2:y"), "~ monthly\r\ncr"),
    ];
    for (n, (payee, narration)) in (100..).zip(texts) {
        let day = format!("2026-02-{:02}", 28 - (n - 100));
        book.add(Transaction, n, "ok", entry(&day, payee, narration, two(10, 13, "10.00 EUR", 1)));
    }
}

fn add_odd_money(book: &mut Memory) {
    use Kind::Transaction;
    book.add(Transaction, 120, "ok", entry("2026-03-01", None, "yen", two(11, 13, "1200 JPY", 2)));
    book.add(
        Transaction,
        121,
        "ok",
        entry("2026-03-01", None, "dinar", two(11, 14, "1.005 KWD", 2)),
    );
    let mut exchange = entry(
        "2026-03-02",
        Some("Wise"),
        "exchange",
        json!([
            line(12, "-100.00 USD", 1),
            line(15, "100.00 USD", 1),
            line(12, "91.80 EUR", 1),
            line(15, "-91.80 EUR", 1),
        ]),
    );
    exchange["postings"][0]["price"] = "91.80 EUR".into();
    exchange["postings"][0]["memo"] = "see [1/2], date: now; \"m\" \\ : x\nline".into();
    exchange["decision"] = "P-1; [x]".into();
    exchange["period_from"] = "2026-01-01".into();
    exchange["period_to"] = "2026-03-31".into();
    exchange["documents"] = json!(["aa", "bb,\"c\""]);
    exchange["brand_new"] = json!({ "big": 9_007_199_254_740_991_i64 });
    book.add(Transaction, 122, "ok", exchange);
    book.add(
        Transaction,
        123,
        "ok",
        entry(
            "2026-03-03",
            None,
            "split",
            json!([line(16, "1.00 EUR", 1), line(17, "2.00 EUR", 1), line(18, "-3.00 EUR", 1)]),
        ),
    );
    book.add(
        Transaction,
        124,
        "ok",
        entry("0026-03-03", None, "year typed wrongly", two(17, 18, "5.00 EUR", 3)),
    );
    book.add(
        Transaction,
        125,
        "ok",
        entry("2026-03-04", None, "accounts not here", two(20, 77, "6.00 EUR", 55)),
    );
    book.add(
        Transaction,
        126,
        "ok",
        entry("2026-03-05", None, "to withdrawn", two(21, 10, "7.00 EUR", 1)),
    );
    book.add(
        Transaction,
        127,
        "ok",
        entry("2026-03-05", None, "huge", two(14, 15, "92233720368547758.00 EUR", 3)),
    );
    book.add(
        Transaction,
        128,
        "ok",
        entry("2026-03-05", None, "huge", two(14, 15, "92233720368547758.00 EUR", 3)),
    );
}

fn add_out_of_effect(book: &mut Memory) {
    use Kind::Transaction;
    book.add(
        Transaction,
        130,
        "withdrawn",
        entry("2026-03-06", None, "gone", two(10, 13, "1.00 EUR", 1)),
    );
    book.add(
        Transaction,
        131,
        "superseded",
        entry("2026-03-06", None, "old", two(10, 13, "1.00 EUR", 1)),
    );
    book.add(
        Transaction,
        132,
        "rejected",
        json!({ "date": "2026-02-30", "narration": 5, "postings": "none" }),
    );
    book.add(
        Transaction,
        133,
        "rejected",
        entry("2026-03-06", None, "off", json!([line(10, "1.00 EUR", 1)])),
    );
    book.add(Transaction, 134, "rejected", json!({ "narration": "x".repeat(150_000) }));
    book.add(
        Transaction,
        135,
        "rival",
        entry("2026-03-07", None, "one", two(10, 13, "1.00 EUR", 1)),
    );
    book.add(
        Transaction,
        135,
        "rival",
        entry("2026-03-07", None, "other", two(10, 13, "2.00 EUR", 1)),
    );
}

/// Everything that has ever been odd, in one book.
pub fn rich() -> Memory {
    let mut book =
        Memory { name: "Beispiel „Register“ & Söhne\n<b>".into(), ..Memory::default() };
    add_chart(&mut book);
    add_odd_texts(&mut book);
    add_odd_money(&mut book);
    add_out_of_effect(&mut book);
    book.add(
        Kind::Price,
        300,
        "ok",
        json!({ "date": "2026-03-01", "base": "USD", "quote": "EUR", "rate": "0.9183" }),
    );
    book.add(
        Kind::Price,
        301,
        "ok",
        json!({
        "date": "0999-03-01", "base": "JPY", "quote": "EUR", "rate": "0.0061" }),
    );
    book.add(
        Kind::Price,
        302,
        "ok",
        json!({ "date": "2026-03-02", "base": "CHF", "quote": "EUR", "rate": "1." }),
    );
    book.add(
        Kind::Import,
        400,
        "ok",
        json!({
        "format": "csv", "file_name": "=a,\"b\".csv", "file_sha256": "ab", "count": 5,
        "attempt": 1 }),
    );
    book.add(
        Kind::Page,
        500,
        "ok",
        json!({
        "title": "Bylaws: \"v1\"", "kind": "bylaws",
        "body": "# Title\n\n- a\n- ü 🎉\n\n---\n<script>x</script>\n" }),
    );
    book.add(
        Kind::Page,
        501,
        "withdrawn",
        json!({ "title": "Old", "kind": "page", "body": "y".repeat(300_000) }),
    );
    book.add(
        Kind::Person,
        600,
        "ok",
        json!({ "public_name": "Ada", "show_name": true, "devices": ["00ff"] }),
    );
    book.add(
        Kind::Withdrawal,
        700,
        "ok",
        json!({ "kind": "transaction", "target": id(130), "reason": "typed twice" }),
    );
    write_history(&mut book);
    book
}
