//! Two and three laptops that write while apart hold the same afterwards, byte for byte, in
//! whatever order, grouping and repetition the objects arrive.

mod apart;
mod delivery;
mod orders;
mod owed;
mod payers;
mod payments;
mod spending;
