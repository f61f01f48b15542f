//! Infrastructure: deploys, what can be seen, secrets.

use super::super::Finding;
use super::super::facts::{Facts, operations};
use super::{names, some};
use crate::authority::Role;
use crate::records::Kind;
use crate::records::operations::deploy::Deploy;

/// How many deploys a merged change must begin, in tenths of a per cent.
const AUTOMATIC_TENTHS: i64 = 900;

/// `infra.automatic`: of the deploys of 90 days that are no rollbacks nine in ten were begun by a
/// merged change, and every one that failed was rolled back or put right.
pub fn automatic(facts: &Facts) -> Finding {
    let found = &facts.operations.deploys;
    let Some(tenths) = found.automatic_tenths else {
        return Finding::unmet("No deploy is recorded in the last 90 days.");
    };
    let open: Vec<_> = found.failures.iter().filter(|one| one.fixed_by.is_none()).collect();
    let sentence = format!(
        "{} in 90 days; merged changes began {}.{} % of them (at least 90.0 % are asked for), {} of {} not put right.",
        some(found.total as usize, "deploy", "deploys"),
        tenths.div_euclid(10),
        tenths.rem_euclid(10),
        open.len(),
        some(found.failed as usize, "failed one", "failed ones"),
    );
    let hand = found.by_hand.iter().filter(|_| tenths < AUTOMATIC_TENTHS);
    let newest = facts.operations.newest.iter();
    let fixes = found.failures.iter().filter_map(|one| Some((one.fixed_by?, &one.title)));
    Finding::when(tenths >= AUTOMATIC_TENTHS && open.is_empty(), sentence)
        .with(open.iter().map(|one| names(Kind::Deploy, one.id, &one.title)))
        .with(hand.map(|id| names(Kind::Deploy, *id, "Begun by hand")))
        .with(fixes.map(|(id, title)| names(Kind::Deploy, id, title)))
        .with(newest.map(|(id, one)| names(Kind::Deploy, *id, &title(one))))
}

fn title(deploy: &Deploy) -> String {
    format!("{}: {}", deploy.environment, deploy.repository)
}

/// `infra.introspection`: logs of deploys and the changelog are public; every log was masked.
pub fn introspection(facts: &Facts) -> Finding {
    let found = &facts.operations;
    if found.logs.is_empty() && found.unseen.is_empty() && found.changes.is_empty() {
        return Finding::unmet("No log and no changelog is in the record.");
    }
    let published = !facts.publications.is_empty();
    let mut lacking = Vec::new();
    for (there, what) in [
        (!found.logs.is_empty(), "the masked log of a deploy of the last 90 days"),
        (!found.changes.is_empty(), "a line of the changelog"),
        (published, "a publication of the page"),
    ] {
        if !there {
            lacking.push(what);
        }
    }
    let hidden = some(found.unseen.len(), "log is", "logs are");
    let measured =
        some(usize::try_from(found.measurements).unwrap_or(usize::MAX), "number", "numbers");
    let missing = if lacking.is_empty() {
        "Logs and changelog are public".to_owned()
    } else {
        format!("Missing: {}", lacking.join(", "))
    };
    Finding::when(
        lacking.is_empty() && found.unseen.is_empty(),
        format!("{missing}; {hidden} not public or not masked; {measured} measured."),
    )
    .with(found.unseen.iter().map(|(id, one)| names(Kind::Deploy, *id, &title(one))))
    .with(found.logs.iter().take(4).map(|(id, one)| names(Kind::Deploy, *id, &title(one))))
    .with(found.changes.iter().take(4).map(|(id, one)| names(Kind::Change, *id, &one.text)))
}

/// `infra.secrets`: two holders in leadership each, none left to be changed after somebody left, a
/// page that says how they are handled. What a secret is called is never said here, since findings
/// are published.
pub fn secrets(facts: &Facts) -> Finding {
    let found = &facts.secrets;
    let leaders = facts.with_role(Role::Leadership).count();
    if found.total == 0 {
        return Finding::unmet("No secret is in the register.");
    }
    let few = operations::held_by_too_few(found, &facts.team);
    let page = facts.pages.iter().find(|(_, page)| page.kind == "secrets-guideline");
    let met = few == 0 && found.items.is_empty() && leaders >= 2 && page.is_some();
    let total = some(found.total, "secret", "secrets");
    Finding::when(
        met,
        format!(
            "{total}; {few} held by fewer than two people in leadership, {} to be changed since somebody left; {} in leadership; {} guideline on secrets.",
            found.items.len(),
            some(leaders, "person", "people"),
            if page.is_some() { "there is a" } else { "there is no" },
        ),
    )
    .with(page.iter().map(|(id, page)| names(Kind::Page, *id, &page.title)))
}
