//! A book at rest: an exchange that finds nothing new loads no document, whatever lies in the book.

use super::doubt::three;
use super::growth::write;
use super::*;
use crate::shelf::Room;
use crate::transport::folder::Folder;

/// How many documents an exchange loads that finds nothing new, or what it finds.
fn loads(store: &mut Store, shelf: &mut dyn Shelf, visited: &mut Visit, book: &BookId) -> u64 {
    let before = store.documents_loaded();
    let on: OnBundles<'_> = &mut |_, _| true;
    exchange(store, shelf, visited, book, Options::full(NOW), on).unwrap();
    store.documents_loaded() - before
}

#[test]
fn an_exchange_with_nothing_new_loads_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, mut ben, _]) = three(folder.path());
    for page in 0..20 {
        write(&mut ann, &book, 50 + page, 0);
    }
    let shared = Folder::open(&tempfile::tempdir_in(folder.path()).unwrap().keep(), "t").unwrap();
    let room = Room::Book(book, None);
    let mut visits = [Visit::default(), Visit::default()];
    let mut first = 0;
    for _ in 0..2 {
        loads(&mut ann, &mut shared.shelf(&room), &mut visits[0], &book);
        first += loads(&mut ben, &mut shared.shelf(&room), &mut visits[1], &book);
    }
    assert_eq!(first, 20, "what came was put into its documents");
    assert_eq!(ann.log_heads(&book).unwrap(), ben.log_heads(&book).unwrap());
    for (n, store) in [&mut ann, &mut ben].into_iter().enumerate() {
        // By a program that was there before, and by one that was begun anew.
        assert_eq!(loads(store, &mut shared.shelf(&room), &mut visits[n], &book), 0);
        assert_eq!(loads(store, &mut shared.shelf(&room), &mut Visit::default(), &book), 0);
    }
}
