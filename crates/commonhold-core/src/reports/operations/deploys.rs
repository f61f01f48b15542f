//! How changes reach users (`infra.automatic`), by the four numbers of DORA's research: how often
//! is deployed, how long a change takes, how many deploys fail, how soon a failed one is put right.
//! Previews, which users do not see, are left out.

use super::{Minutes, count, minutes_between, share};
use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::records::operations::deploy::Deploy;
use crate::reports::Records;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The days looked at, up to and with the day asked for.
pub const WINDOW_DAYS: u16 = 90;

/// A deploy that failed, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FailedDeploy {
    /// The deploy.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Where it went, and what it was.
    pub title: String,
    /// When it began.
    #[cfg_attr(test, ts(type = "string"))]
    pub started: Time,
    /// The deploy that put it right: its rollback, or else the next that succeeded in the same
    /// place.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub fixed_by: Option<RecordId>,
    /// Whether that was a rollback.
    pub rolled_back: bool,
    /// Minutes from the end of the failed one to the end of the other.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub minutes: Option<i64>,
}

/// The deploys of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Deploys {
    /// The first day looked at.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// The last day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The environments there are, by name.
    pub environments: Vec<String>,
    /// Deploys that were not cancelled.
    pub total: u32,
    /// Those that succeeded, also where they were rolled back later.
    pub succeeded: u32,
    /// Those that failed or were rolled back.
    pub failed: u32,
    /// Those that were cancelled; they count nowhere else.
    pub cancelled: u32,
    /// Deployment frequency: deploys that succeeded a week, in tenths.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub per_week_tenths: Option<i64>,
    /// Deploys that a merged change began, of all but rollbacks, in tenths of a per cent.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub automatic_tenths: Option<i64>,
    /// Change failure rate: failed ÷ total, in tenths of a per cent.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub failure_tenths: Option<i64>,
    /// Lead time for changes: the median from the oldest change's commit to the end of the deploy
    /// that succeeded.
    pub lead_time: Minutes,
    /// Failed deployment recovery time: the median from the end of a failed deploy to the end of
    /// the one that put it right.
    pub recovery: Minutes,
    /// The deploys that failed, newest first.
    pub failures: Vec<FailedDeploy>,
    /// Deploys that no merged change began and that are no rollbacks, newest first.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub by_hand: Vec<RecordId>,
}

/// A deploy that counts, with its moments.
struct One<'a> {
    id: RecordId,
    deploy: &'a Deploy,
    started: Time,
    ended: Time,
}

/// Where deploys go one after the other.
type Place<'a> = (&'a str, &'a str);

impl<'a> One<'a> {
    fn place(&self) -> Place<'a> {
        (&self.deploy.repository, &self.deploy.environment)
    }

    fn is_rollback(&self) -> bool {
        self.deploy.trigger == "rollback" || self.deploy.rolls_back.is_some()
    }
}

/// Works them out for the days up to one; of one environment where it is named.
pub fn deploys(records: &Records<Deploy>, at: Date, environment: Option<&str>) -> Deploys {
    let from = at.days_earlier(WINDOW_DAYS.saturating_sub(1));
    let all = ordered(records, environment);
    let undone: BTreeSet<RecordId> = all
        .iter()
        .filter(|one| one.deploy.result == "succeeded")
        .filter_map(|one| one.deploy.rolls_back)
        .collect();
    let inside: Vec<&One<'_>> =
        all.iter().filter(|one| (from..=at).contains(&one.started.date())).collect();
    let (cancelled, counted): (Vec<&One<'_>>, Vec<&One<'_>>) =
        inside.into_iter().partition(|one| one.deploy.result == "cancelled");
    let succeeded: Vec<&One<'_>> =
        counted.iter().filter(|one| one.deploy.result == "succeeded").copied().collect();
    let failed = |one: &One<'_>| one.deploy.result == "failed" || undone.contains(&one.id);
    let mut failures = failures(&all, failed);
    failures.retain(|failure| (from..=at).contains(&failure.started.date()));
    let begun: Vec<&One<'_>> = counted.iter().filter(|one| !one.is_rollback()).copied().collect();
    let by_hand: Vec<RecordId> =
        begun.iter().rev().filter(|o| o.deploy.trigger != "commit").map(|o| o.id).collect();
    let whole = |number: usize| i64::from(count(number));
    let automatic = begun.len().saturating_sub(by_hand.len());
    let lead = succeeded
        .iter()
        .filter_map(|one| Some((one.id, minutes_between(one.deploy.committed?, one.ended)?)));
    let recovery = failures.iter().filter_map(|one| Some((one.id, one.minutes?)));
    let environments: BTreeSet<&str> =
        visible(records).map(|(_, deploy)| deploy.environment.as_str()).collect();
    Deploys {
        from,
        at,
        environments: environments.into_iter().map(str::to_owned).collect(),
        total: count(counted.len()),
        succeeded: count(succeeded.len()),
        failed: count(failures.len()),
        cancelled: count(cancelled.len()),
        per_week_tenths: share(whole(succeeded.len()), i64::from(WINDOW_DAYS), 70),
        automatic_tenths: share(whole(automatic), whole(begun.len()), 1000),
        failure_tenths: share(whole(failures.len()), whole(counted.len()), 1000),
        lead_time: Minutes::median(lead.collect()),
        recovery: Minutes::median(recovery.collect()),
        failures,
        by_hand,
    }
}

fn visible(records: &Records<Deploy>) -> impl Iterator<Item = &(RecordId, Deploy)> {
    records.iter().filter(|(_, deploy)| !deploy.preview)
}

/// What users see of the deploys, oldest first.
fn ordered<'a>(records: &'a Records<Deploy>, environment: Option<&str>) -> Vec<One<'a>> {
    let mut all: Vec<One<'a>> = visible(records)
        .filter(|(_, deploy)| environment.is_none_or(|name| deploy.environment == name))
        .filter_map(|(id, deploy)| {
            let started = deploy.started?;
            let ended = deploy.ended.unwrap_or(started);
            Some(One { id: *id, deploy, started, ended })
        })
        .collect();
    all.sort_by_key(|one| (one.started, one.id));
    all
}

/// The deploys that failed, newest first, each with what put it right.
fn failures(all: &[One<'_>], failed: impl Fn(&One<'_>) -> bool) -> Vec<FailedDeploy> {
    // From the newest to the oldest: the next deploy of each place that succeeded and held.
    let mut next: BTreeMap<Place<'_>, &One<'_>> = BTreeMap::new();
    let mut rollbacks: BTreeMap<RecordId, &One<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for one in all.iter().rev() {
        if one.deploy.result == "succeeded"
            && let Some(undone) = one.deploy.rolls_back
        {
            rollbacks.insert(undone, one);
        }
        if !failed(one) {
            if one.deploy.result == "succeeded" {
                next.insert(one.place(), one);
            }
            continue;
        }
        let fix = rollbacks.get(&one.id).or_else(|| next.get(&one.place())).copied();
        found.push(FailedDeploy {
            id: one.id,
            title: format!("{}: {}", one.deploy.environment, one.deploy.repository),
            started: one.started,
            fixed_by: fix.map(|fix| fix.id),
            rolled_back: fix.is_some_and(One::is_rollback),
            minutes: fix.and_then(|fix| minutes_between(one.ended, fix.ended)),
        });
    }
    found
}
