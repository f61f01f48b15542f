//! Tests of the whole page, over books that are made here.

mod book;
mod long;
mod months;
mod outside;
mod pages;
mod twins;
