//! Who belongs, as far as they agreed to be shown.

use crate::Error;
use crate::public::Public;
use commonhold_core::date::Date;
use commonhold_core::framework::facts::Facts;
use commonhold_core::id::RecordId;
use commonhold_core::records::governance::disclosure::Disclosure;
use commonhold_core::records::governance::interest::Interest;
use commonhold_core::records::governance::person::Person;
use std::collections::BTreeMap;

/// Somebody who belongs.
pub struct PersonView {
    /// Their record.
    pub id: RecordId,
    /// Their name, by consent.
    pub name: Option<String>,
    /// Their roles, by consent.
    pub roles: Vec<&'static str>,
    /// The day their oldest role began, where their roles are shown.
    pub since: Option<Date>,
    /// What they are paid for, now.
    pub paid: Vec<Disclosure>,
    /// What ties them to others, now.
    pub interests: Vec<Interest>,
}

/// Who belongs.
pub struct People {
    /// Those whose roles are shown, leadership first, and those who are paid.
    pub shown: Vec<PersonView>,
    /// How many more belong.
    pub hidden: usize,
    /// Paid work of earlier times, and of people who are not members.
    pub past: Vec<(RecordId, Disclosure)>,
}

/// A name that only tells people apart: the end of the record's id.
pub fn mark(id: &RecordId) -> String {
    let text = id.to_string();
    text.chars().skip(text.len().saturating_sub(4)).collect()
}

fn in_force(from: Option<Date>, until: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

/// Reads them.
pub fn read(public: &Public<'_>, facts: &Facts) -> Result<People, Error> {
    let day = public.day();
    let persons: BTreeMap<RecordId, Person> = public.read("person")?.into_iter().collect();
    let mut paid: BTreeMap<RecordId, Vec<Disclosure>> = BTreeMap::new();
    let mut past = Vec::new();
    for (_, work) in public.read::<Disclosure>("disclosure")? {
        let belongs = facts.team.iter().any(|member| member.person == work.person);
        if belongs && in_force(work.from, work.until, day) {
            paid.entry(work.person).or_default().push(work);
        } else {
            past.push((work.person, work));
        }
    }
    past.sort_by_key(|(person, work)| (std::cmp::Reverse(work.from), *person));
    let mut interests: BTreeMap<RecordId, Vec<Interest>> = BTreeMap::new();
    for (_, interest) in public.read::<Interest>("interest")? {
        if in_force(interest.from, interest.until, day) {
            interests.entry(interest.person).or_default().push(interest);
        }
    }
    let mut people = People { shown: Vec::new(), hidden: 0, past };
    for member in &facts.team {
        let roles_shown = persons.get(&member.person).is_some_and(|person| person.show_roles);
        let paid = paid.remove(&member.person).unwrap_or_default();
        if !roles_shown && paid.is_empty() {
            people.hidden = people.hidden.saturating_add(1);
            continue;
        }
        let roles = member.roles.iter().filter(|_| roles_shown).map(|role| role.name()).collect();
        people.shown.push(PersonView {
            id: member.person,
            name: public.name(&member.person).map(str::to_owned),
            roles,
            since: member.since.filter(|_| roles_shown),
            paid,
            interests: interests.remove(&member.person).unwrap_or_default(),
        });
    }
    let rank = |person: &PersonView| {
        let order = ["leadership", "treasurer", "member", "teller", "contributor"];
        let place = |role: &&str| order.iter().position(|known| known == role);
        person.roles.iter().filter_map(place).min().unwrap_or(order.len())
    };
    people.shown.sort_by(|a, b| {
        (rank(a), a.name.is_none(), &a.name, a.id).cmp(&(rank(b), b.name.is_none(), &b.name, b.id))
    });
    Ok(people)
}
