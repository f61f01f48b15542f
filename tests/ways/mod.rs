//! Real processes of the command line exchange over every way there is: a folder, a file, storage
//! space, a relay, a direct connection; asked for, and by themselves.

mod alone;
mod direct;
mod everywhere;
mod rotation;
mod servers;
mod spaces;
mod town;
