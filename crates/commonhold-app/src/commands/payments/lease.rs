//! Taking and giving back the lease: one device at a time writes payment files.

use super::types::LeaseView;
use super::{Seen, change, checked, new_act, view, withdrawal};
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::records::finance::lease::Lease;
use commonhold_core::{Kind, Time};

/// Longest lease, in days.
const MAX_DAYS: u32 = 366;
const DAY: i64 = 86_400_000;

/// Lets this device write payment files for some days (1 to 366). A lease of another device is
/// taken over, with the reason; leases that rival it are ended.
pub fn lease_take(
    app: &mut App,
    book: &BookId,
    days: u32,
    reason: &str,
) -> Result<LeaseView, Failure> {
    let seen = Seen::of(app, book)?;
    let (person, device) = seen.payer()?;
    if days == 0 || days > MAX_DAYS {
        return Err(Failure::new(Code::Invalid, "A lease is for 1 to 366 days."));
    }
    let (reason, mine) = (reason.trim(), seen.holds_lease().is_some());
    let holder = seen.desk.leases.holder.as_ref();
    if let Some((_, lease)) = holder.filter(|_| !mine && reason.is_empty()) {
        let name = seen.desk.facts.name(&lease.person);
        let until = lease.until.map(|until| until.date().to_string()).unwrap_or_default();
        return Err(Failure::new(
            Code::NotAllowed,
            format!("{name} writes payment files until {until}."),
        )
        .hint("Ask them to end the lease, or take it over with a reason."));
    }
    let now = seen.desk.facts.now;
    let takes_over = holder.map(|(id, _)| *id);
    let said = match (takes_over, reason) {
        (None, "") => None,
        (Some(_), "") => Some("Extended".to_owned()),
        (_, reason) => Some(reason.to_owned()),
    };
    let lease = Lease {
        person,
        device: device.to_string(),
        from: Some(now),
        until: Some(Time(now.0.saturating_add(i64::from(days).saturating_mul(DAY)))),
        takes_over,
        reason: said,
    };
    let fields = checked(Kind::Lease, &lease)?;
    let mut acts = Vec::new();
    for (rival, _) in &seen.desk.leases.rivals {
        let why = "Several leases at once; another one is followed.";
        acts.push(withdrawal(app, book, (Kind::Lease, rival), why)?);
    }
    let id = app.fresh_id()?;
    acts.push(new_act(Kind::Lease, id, "payments", fields));
    app.write(book, &acts, change(book, Kind::Lease, Some(id)), &mut |_| true)?;
    Ok(view::lease(&Seen::of(app, book)?))
}

/// Gives every lease of this device back, also one that rivals the one that is followed, with a
/// reason that may be empty.
pub fn lease_end(app: &mut App, book: &BookId, reason: &str) -> Result<LeaseView, Failure> {
    let seen = Seen::of(app, book)?;
    let reason = if reason.trim().is_empty() { "Given back" } else { reason.trim() };
    let own = seen.me.device.map(|device| device.to_string()).unwrap_or_default();
    let now = seen.desk.facts.now;
    let mut acts = Vec::new();
    // One that this device had taken over from itself would hold again.
    for (id, lease) in &seen.desk.facts.leases {
        if lease.device == own && lease.until.is_some_and(|until| until > now) {
            acts.push(withdrawal(app, book, (Kind::Lease, id), reason)?);
        }
    }
    if acts.is_empty() {
        return Err(Failure::new(Code::NotFound, "This device does not hold the lease."));
    }
    app.write(book, &acts, change(book, Kind::Lease, None), &mut |_| true)?;
    Ok(view::lease(&Seen::of(app, book)?))
}
