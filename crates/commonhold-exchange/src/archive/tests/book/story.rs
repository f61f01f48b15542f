//! A book in which a bill was approved and paid, a vote held, a period closed, and something broke.

use super::{Memory, id, rich};
use commonhold_core::records::Kind;
use commonhold_core::records::governance::rule::Rule;
use serde_json::json;

const ADA: u32 = 600;
const BO: u32 = 601;
const CY: u32 = 602;
/// The file of the receipt.
pub const RECEIPT: &[u8] = b"%PDF-1.7 a receipt";

fn add_people(book: &mut Memory) {
    book.add(Kind::Person, BO, "ok", json!({ "public_name": "Bo Hidden", "show_name": false }));
    book.add(Kind::Person, CY, "ok", json!({ "public_name": "Cy", "show_name": true }));
    let paid = json!({ "person": id(ADA), "payer": "The Grant", "amount": "100.00 EUR",
        "per": "month", "from": "2026-01-01", "work": "hosting", "expectation": "none" });
    book.add(Kind::Disclosure, 610, "ok", paid);
}

fn add_vote(book: &mut Memory) {
    let rule = Rule {
        name: "binding".into(),
        electorate: vec!["member".into()],
        method: "simple-majority".into(),
        tie: "fails".into(),
        quorum_percent: Some(50),
        quorum_counts_abstentions: true,
        ..Rule::default()
    };
    let terms = commonhold_core::json::canonical(&rule);
    let proposal = json!({ "title": "Buy a <new> server", "rule": "binding", "terms": terms,
        "options": ["yes", "no"], "opened": "2026-04-01T00:00:00Z", "closes": "2026-04-08T00:00:00Z",
        "roll": [id(ADA), id(BO), id(CY)], "person": id(ADA), "text": "Because it is slow.\n" });
    book.add(Kind::Proposal, 800, "ok", proposal);
    for (n, voter, choice) in [(801, ADA, "yes"), (802, BO, "no"), (803, CY, "yes")] {
        let ballot = json!({ "proposal": id(800), "voter": id(voter), "seq": 1, "choice": choice });
        book.add(Kind::Ballot, n, "ok", ballot);
    }
    let word = json!({ "proposal": id(800), "person": id(BO), "kind": "objection", "seq": 1,
        "reason": "The old one is fine" });
    book.add(Kind::Intervention, 805, "ok", word);
    let tally = json!({ "proposal": id(800), "person": id(ADA), "at": "2026-04-12T00:00:00Z",
        "counted": [id(801), id(802), id(803)], "contents": ["a", "b", "c"],
        "interventions": [id(805)], "counts": r#"{"no":1,"yes":2}"#, "result": "passed",
        "winner": "yes", "statement": "Passed: 2 yes > 1 no.", "sha256": "ab".repeat(32) });
    book.add(Kind::Tally, 806, "ok", tally);
    let decision = json!({ "proposal": id(800), "title": "A new server", "date": "2026-04-12",
        "text": "We buy one.\n", "effective_from": "2026-05-12",
        "executed_by": [format!("expense/{}", id(821))] });
    book.add(Kind::Decision, 807, "ok", decision);
}

fn add_payment(book: &mut Memory) {
    let hash = commonhold_core::id::Sha256::of(RECEIPT);
    let sum = hash.to_string();
    let attachment = super::Attachment {
        sha256: hash,
        media_type: "application/pdf".into(),
        sealed: false,
        here: true,
    };
    book.attachments.push((attachment, RECEIPT.to_vec()));
    book.add(Kind::Payee, 820, "ok", json!({ "name": "Hosting & Co" }));
    let expense = json!({ "payee": id(820), "narration": "Server", "type": "bill",
        "amount": "412.35 EUR", "account": id(14), "fund": id(1), "due": "2026-05-20",
        "documents": [sum], "submitter": id(BO) });
    book.add(Kind::Expense, 821, "ok", expense);
    for (n, who, verdict) in [(822, ADA, "approve"), (823, CY, "approve")] {
        let approval = json!({ "kind": "expense", "target": id(821), "person": id(who),
            "verdict": verdict, "content": "00" });
        book.add(Kind::Approval, n, "ok", approval);
    }
    let batch = json!({ "person": id(ADA), "device": "00ff", "account": id(10),
        "expenses": [id(821)], "amounts": ["412.35 EUR"], "total": "412.35 EUR",
        "channel": "bank", "written": "2026-05-18T10:00:00Z" });
    book.add(Kind::Batch, 824, "ok", batch);
    let outcome = json!({ "expense": id(821), "batch": id(824), "result": "sent",
        "person": id(ADA), "at": "2026-05-18T11:00:00Z" });
    book.add(Kind::Outcome, 825, "ok", outcome);
    let paid = json!({ "date": "2026-05-20", "payee": "Hosting & Co", "narration": "Server",
        "postings": [{ "account": id(14), "amount": "412.35 EUR", "fund": id(1) },
            { "account": id(10), "amount": "-412.35 EUR", "fund": id(1) }],
        "source": "bank:7", "expense": id(821), "documents": [sum] });
    book.add(Kind::Transaction, 826, "ok", paid);
}

fn add_books(book: &mut Memory) {
    for (n, from, to, opening, closing) in [
        (830, "2026-05-01", "2026-05-15", "0.00 EUR", "90.00 EUR"),
        (831, "2026-05-20", "2026-05-31", "100.00 EUR", "80.00 EUR"),
    ] {
        let statement = json!({ "account": id(10), "from": from, "to": to, "opening": opening,
            "closing": closing, "lines": 1, "file_sha256": "cd".repeat(32) });
        book.add(Kind::Statement, n, "ok", statement);
    }
    let close = json!({ "from": "2026-01-01", "to": "2026-03-31", "sha256": "ef".repeat(32),
        "person": id(ADA), "at": "2026-04-02T00:00:00Z" });
    book.add(Kind::Close, 840, "ok", close);
    let signed = json!({ "kind": "close", "target": id(840), "person": id(CY),
        "verdict": "approve", "content": "ef" });
    book.add(Kind::Approval, 841, "ok", signed);
}

fn add_operations(book: &mut Memory) {
    let incident = json!({ "title": "Disk full", "severity": "sev2", "visibility": "public",
        "started": "2026-06-01T10:00:00Z", "detected": "2026-06-01T10:15:00Z",
        "resolved": "2026-06-01T12:00:00Z", "impact": "Nobody could write.\n" });
    book.add(Kind::Incident, 850, "ok", incident);
    for (n, at, said) in [
        (851, "2026-06-01T10:20:00Z", "Looked at the disk"),
        (852, "2026-06-01T10:10:00Z", "First mail"),
    ] {
        let line = json!({ "incident": id(850), "at": at, "type": "observation", "text": said });
        book.add(Kind::IncidentLine, n, "ok", line);
    }
    let deploy = json!({ "environment": "production", "repository": "example", "commit": "abc123",
        "trigger": "commit", "started": "2026-06-02T10:00:00Z", "result": "succeeded" });
    book.add(Kind::Deploy, 860, "ok", deploy);
}

/// Everything odd, and a whole story.
pub fn story() -> Memory {
    let mut book = rich();
    add_people(&mut book);
    add_vote(&mut book);
    add_payment(&mut book);
    add_books(&mut book);
    add_operations(&mut book);
    book
}
