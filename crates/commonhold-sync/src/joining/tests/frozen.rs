//! The messages of joining and tickets, frozen: what an earlier version wrote is read by this one,
//! and what is under way when somebody updates comes to its end. Written anew with
//! `COMMONHOLD_FREEZE=1`, and only when the format changes before the first release.

use super::*;
use commonhold_core::id::{hex, unhex};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn refused() -> Welcome {
    Welcome::Refused { reason: "I do not know you.".into() }
}

/// One meeting, as both sides wrote it.
fn meeting(invitation: &Invitation, ticket: Option<&Ticket>) -> Value {
    let offer = invitation.offer();
    let (joining, request) = match ticket {
        Some(ticket) => begin_with(&offer, ticket).unwrap(),
        None => begin(&offer, &invitation.secret).unwrap(),
    };
    let opened = invitation.open_request(&request).unwrap();
    let answer = |welcome: Welcome| hex(&invitation.welcome(&opened, &welcome).unwrap());
    json!({
        "invitation": invitation,
        "offer": hex(&offer),
        "ticket": ticket.map(Ticket::text),
        "request": hex(&request),
        "kept_by_the_joiner": joining,
        "words_to_compare": opened.compare_words,
        "accepted": answer(accepted()),
        "refused": answer(refused()),
    })
}

fn meetings() -> Value {
    let (words, digits) = (invitation(), for_ticket());
    let ticket = |invitation: &Invitation| invitation.ticket("Free kitchen").unwrap();
    json!([
        meeting(&words, None),
        meeting(&words, Some(&ticket(&words))),
        meeting(&digits, Some(&ticket(&digits))),
    ])
}

#[test]
fn messages_of_an_earlier_version_are_read() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = here.join("../../tests/fixtures/wire/joining.json");
    if std::env::var_os("COMMONHOLD_FREEZE").is_some() {
        fs::write(&file, format!("{:#}\n", meetings())).unwrap();
    }
    let frozen: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let all = frozen.as_array().unwrap();
    assert_eq!(all.len(), 3);
    for meeting in all {
        let bytes = |name: &str| unhex(meeting[name].as_str().unwrap()).unwrap();
        let invitation: Invitation = serde_json::from_value(meeting["invitation"].clone()).unwrap();
        let offer = Offer::read(&bytes("offer")).unwrap();
        assert_eq!((offer.id, offer.expires), (invitation.id, invitation.expires));
        assert_eq!(invitation.offer(), bytes("offer"), "else nobody could answer it any more");
        if let Some(text) = meeting["ticket"].as_str() {
            let ticket = Ticket::parse(text).unwrap();
            assert_eq!(ticket, invitation.ticket("Free kitchen").unwrap());
        }
        let opened = invitation.open_request(&bytes("request")).unwrap();
        assert_eq!(opened.request, request());
        assert_eq!(meeting["words_to_compare"], opened.compare_words);
        let joining = meeting["kept_by_the_joiner"].clone();
        let joining: Joining = serde_json::from_value(joining).unwrap();
        assert_eq!(joining.message(), bytes("request"));
        assert_eq!(joining.compare_words(), opened.compare_words);
        assert_eq!(joining.welcome(&bytes("accepted")).unwrap(), accepted());
        assert_eq!(joining.welcome(&bytes("refused")).unwrap(), refused());
    }
}
