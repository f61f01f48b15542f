//! Who may do what: a grow-only set of signed statements, and a pure function of it. The same set
//! gives the same answer on every device, whatever order the statements arrived in.
//!
//! Statements travel as objects of kind `Statements`. Each object cites the statements its author
//! had seen, so the set is a graph without circles, and everything a device writes can be judged
//! at the point it was written ([`Authority::judge`]).
//!
//! - `statement.rs`: what can be said; `role.rs`: the roles of the framework.
//! - `graph.rs`: what a statement had seen. `state.rs`: who is who at one point of the graph;
//!   `tally.rs`: who signed what; `effect.rs`: what it takes to change that.
//! - `evaluate.rs`: removals, also mutual ones, over the whole set. `forks.rs`: devices that said
//!   several things at one place of their log.
//! - `standing.rs`: what that means for an object.
//!
//! It knows no record kind by name and no SQL; kinds tell which roles may write them.

mod effect;
mod evaluate;
mod forks;
mod graph;
mod role;
mod standing;
mod state;
mod statement;
mod tally;

pub use evaluate::{Authority, Cut, Removed};
pub use forks::{Forks, Witness};
pub use graph::{Node, Origin};
pub use role::Role;
pub use standing::{Stance, Writer};
pub use state::{Action, Admitted, Granted, State};
pub use statement::{Basis, Founder, Genesis, LogCut, Statement};
pub use tally::Tally;

#[cfg(test)]
mod tests;
