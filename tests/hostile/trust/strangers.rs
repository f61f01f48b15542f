//! Devices nobody admitted.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, grant};
use crate::support::mallory::{Mallory, entry};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::Edit;
use commonhold_core::object::ObjectKind;
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};
use std::path::Path;

fn bill(crew: &Crew, n: u64, what: &str) -> Edit {
    entry("transaction", fresh(n), &crew.harbor.bill(n as i64, what))
}

/// Bytes of the book's files.
fn size(home: &Path) -> u64 {
    let length = |name: &str| std::fs::metadata(home.join(name)).map_or(0, |meta| meta.len());
    length("book.sqlite") + length("book.sqlite-wal")
}

#[test]
fn nothing_of_a_stranger_is_kept() {
    let mut crew = crew(Role::Treasurer);
    let mut stranger = Mallory::new(&crew.harbor.book, 1);
    stranger.catch_up(&crew.laptops[ANN]);
    let mut objects = Vec::new();
    let noise: String = (0..40_000_u32).map(|n| char::from(b'a' + (n * n % 23) as u8)).collect();
    for n in 0..40 {
        let edit = bill(&crew, n, &format!("{n}{noise}"));
        objects.push(crew.forge(&mut stranger, "ledger/2026", edit));
    }
    let me = stranger.admission(fresh(5));
    for statement in [me, grant(fresh(5), Role::Leadership), grant(crew.people[DORA], Role::Teller)]
    {
        let mut object = stranger.object("", vec![statement.bytes()]);
        object.kind = ObjectKind::Statements;
        objects.push(stranger.sign(&object));
    }
    let before: Vec<_> = [ANN, BEN, CLEO]
        .map(|who| {
            let logs = crew.laptops[who].reader().logs(&crew.harbor.book).unwrap().len();
            (size(crew.laptops[who].home()), logs, crew.dump(who))
        })
        .into();
    for _ in 0..3 {
        for who in [ANN, BEN, CLEO] {
            let said = crew.receive(who, &objects);
            assert!(said.iter().all(|outcome| *outcome == Outcome::Stranger), "{said:?}");
        }
    }
    for (who, (bytes, logs, dumped)) in [ANN, BEN, CLEO].into_iter().zip(before) {
        assert_eq!(size(crew.laptops[who].home()), bytes, "not a byte");
        assert_eq!(crew.laptops[who].reader().logs(&crew.harbor.book).unwrap().len(), logs);
        assert_eq!(crew.dump(who), dumped);
        assert!(crew.refused(who).is_empty());
    }
    crew.goes_on(BEN);
}

#[test]
fn what_a_stranger_wrote_before_he_was_let_in_has_no_effect_and_what_he_writes_after_has() {
    let mut crew = crew(Role::Member);
    let mut stranger = Mallory::new(&crew.harbor.book, 1);
    stranger.catch_up(&crew.laptops[ANN]);
    let sums = crew.sums(ANN);
    let (early, later) = (bill(&crew, 1, "Too early"), bill(&crew, 2, "In time"));
    let early = crew.forge(&mut stranger, "ledger/2025", early);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(crew.receive(who, std::slice::from_ref(&early)), [Outcome::Stranger]);
    }
    let id = fresh(4000);
    crew.say(ANN, &[stranger.admission(id), grant(id, Role::Treasurer)]);
    crew.share();
    let (Some(seq), previous) = (stranger.seq.checked_sub(1), stranger.previous) else { panic!() };
    assert_eq!(seq, 0);
    stranger.catch_up(&crew.laptops[ANN]);
    let later = crew.forge(&mut stranger, "ledger/2026", later);
    crew.spread(&[early, later]);
    for who in [ANN, BEN, CLEO] {
        let early = crew.harbor.state(&crew.laptops[who], &fresh(1));
        assert!(matches!(early, None | Some(State::Rejected)), "{early:?}");
        assert_eq!(crew.harbor.state(&crew.laptops[who], &fresh(2)), Some(State::Ok));
        assert_ne!(crew.sums(who), sums);
        let (state, reason) = crew.why(who, stranger.device());
        assert_eq!(state, RefusedState::NotAllowed);
        assert!(reason.contains("did not belong to the service"), "{reason}");
    }
    assert_ne!(previous, stranger.previous);
    crew.goes_on(BEN);
}

#[test]
fn members_who_are_not_leadership_let_nobody_in_and_give_no_roles() {
    let mut crew = crew(Role::Member);
    let people = crew.people.clone();
    let mut objects = Vec::new();
    let friend = Mallory::new(&crew.harbor.book, 99);
    let removal = |who: usize| Statement::Remove {
        person: people[who],
        device: None,
        reason: "In my way".into(),
        cuts: Vec::new(),
        decision: None,
    };
    let said = [
        friend.admission(fresh(4000)),
        friend.admission(people[ANN]),
        grant(people[DORA], Role::Leadership),
        grant(people[DORA], Role::Treasurer),
        removal(ANN),
        removal(BEN),
        Statement::Policy { removal: Some(1), leadership: Some(1) },
        Statement::End { person: people[CLEO], role: Role::Leadership, reason: "No".into() },
        Statement::Erase { document: "private/x".into(), reason: "No".into() },
    ];
    for (n, statement) in said.iter().enumerate() {
        let mut mallory = crew.mallory(10 + n as u64, DORA);
        let mut object = mallory.object("", vec![statement.bytes()]);
        object.kind = ObjectKind::Statements;
        objects.push(mallory.sign(&object));
    }
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(crew.belong(who), [true; 4]);
        let day = crew.laptops[who].today();
        let authority = crew.laptops[who].reader().authority(&crew.harbor.book).unwrap();
        let state = authority.state();
        assert!(state.admitted(&friend.device()).is_none() && state.erased().is_empty());
        assert_eq!(state.deciders(day), people[..3].iter().copied().collect());
        assert_eq!(state.roles(people[DORA], day), [Role::Member].into());
        assert_eq!(state.needed_to_remove(people[ANN], day), 2);
        assert_eq!(authority.without_effect().count(), said.len(), "each is named");
    }
    crew.goes_on(BEN);
}
