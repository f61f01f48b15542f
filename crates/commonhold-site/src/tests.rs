//! Tests of the whole page, over books that are made here.

mod book;
mod long;
mod months;
mod pages;
mod twins;
