//! People, by the names they want shown.

use super::super::Export;
use super::super::html::Page;
use super::{Group, Sort, field};
use commonhold_core::records::Kind;

pub(super) const PEOPLE: Sort = Sort {
    stem: "people",
    title: "People",
    intro: "Everybody who took part. Whoever does not want a name shown is named by a number, here \
            and on all pages. Their roles are in the list of roles.",
    kind: Kind::Person,
    rest: &[(Kind::Disclosure, "person"), (Kind::Interest, "person")],
    from: &[
        ("../governance/people.csv", "people.csv"),
        ("../governance/disclosures.csv", "disclosures.csv"),
        ("../governance/interests.csv", "interests.csv"),
    ],
    one: person,
};

fn person(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in group.own.iter().take(1) {
        page.heading(2, &format!("r-{}", record.id), &work.names.of(Some(record.id)));
    }
    for paid in group.each(Kind::Disclosure) {
        page.paragraph(&format!(
            "Paid by {}: {} {} from {} ({})",
            field(paid, "payer"),
            field(paid, "amount"),
            field(paid, "per"),
            field(paid, "from"),
            paid.state
        ));
    }
    for interest in group.each(Kind::Interest) {
        let (what, about) = (field(interest, "kind"), field(interest, "subject"));
        page.paragraph(&format!("Interest ({what}): {about} ({})", interest.state));
    }
}
