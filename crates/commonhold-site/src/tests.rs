//! Tests of the whole page, over books that are made here.

mod book;
mod long;
mod pages;
mod twins;
