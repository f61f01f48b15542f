//! Members and former members, and strangers, against the service they belong to: every attack is
//! handed to three people in three orders, who all see the same afterwards, see why it failed, and
//! go on.

mod erased;
mod forks;
mod forks_of_members;
mod keys;
mod logs;
mod numbers;
mod removal;
mod roles;
mod sealed;
mod strangers;
