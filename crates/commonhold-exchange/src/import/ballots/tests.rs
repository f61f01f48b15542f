use super::*;

const BLT: &str = "4 2   # candidates, seats
-2
3 1 3 4 0
4 1 3 2 0
(b17) 2 4 1=3 0
1 2 0
2 2=4=3 1
1 3 4 2 0
0
\"Ann\" \"Ben\"
\"Cleo # who else\"
Dora
\"Board 2026\"
";

#[test]
fn a_blt_file_is_read_and_counted_without_who_withdrew() {
    let found = read(BLT.as_bytes()).unwrap();
    assert_eq!((found.format, found.seats, found.count()), ("blt", Some(2), 13));
    assert_eq!(found.candidates, ["Ann", "Ben", "Cleo # who else", "Dora"]);
    assert_eq!((found.title.as_deref(), found.withdrawn.len()), (Some("Board 2026"), 1));
    assert_eq!(found.not_understood, [""; 0]);
    // Without Ben: Ann before Cleo 7 to 3 (2 equal), before Dora 7 to 5; Cleo before Dora 8 to 2.
    assert_eq!(found.order(), ["Ann", "Cleo # who else", "Dora"]);
    assert_eq!(found.sha256.len(), 64);
}

#[test]
fn schulzes_example_comes_out_the_same_from_every_format() {
    let lines = [
        (5, "ACBED"),
        (5, "ADECB"),
        (8, "BEDAC"),
        (3, "CABED"),
        (7, "CAEBD"),
        (2, "CBADE"),
        (7, "DCEBA"),
        (8, "EBADC"),
    ];
    let number = |c: char| c as u32 - 'A' as u32 + 1;
    let (mut blt, mut table) = ("5 1\n".to_owned(), "A,B,C,D,E\n".to_owned());
    let mut orders = "# order by order\n".to_owned();
    for (times, order) in lines {
        let numbers: Vec<String> = order.chars().map(|c| number(c).to_string()).collect();
        blt.push_str(&format!("{times} {} 0\n", numbers.join(" ")));
        let rank = |c: char| (order.find(c).unwrap() + 1).to_string();
        let ranks: Vec<String> = "ABCDE".chars().map(rank).collect();
        table.push_str(&format!("{times}X{}\n", ranks.join(",")));
        let names: Vec<String> = order.chars().map(|c| c.to_string()).collect();
        orders.push_str(&format!("{times} x {}\n", names.join(" > ")));
    }
    blt.push_str("0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n\"E\"\n\"Example\"\n");
    for text in [blt, table, orders] {
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found.count(), 45, "{text}");
        assert_eq!(found.order().concat(), "EACBD", "{text}");
        assert!(found.not_understood.is_empty());
    }
}

#[test]
fn no_opinion_takes_part_in_no_comparison_and_equals_stay_equal() {
    let found = read(b"Ann,\"Ben, B.\",Cleo\n1,-,2\n1,2,2\n\n-,1,No opinion\n").unwrap();
    assert_eq!((found.count(), found.candidates.len()), (3, 3));
    assert_eq!(found.order(), ["Ann", "Ben, B. = Cleo"]);
}

#[test]
fn wrong_lines_are_listed_and_other_files_refused() {
    let found = read(b"Ann,Ben\n1,2\n1\nx,2\n0,1\n2,1,3\n").unwrap();
    assert_eq!((found.count(), found.not_understood.len()), (1, 4));
    assert!(found.not_understood[0].starts_with("Line 3:"));
    let found = read(b"2 1\n1 1 3 0\n1 1 1 0\nx 1 0\n1 2 1 0\n0\nAnn\nBen\n").unwrap();
    assert_eq!((found.count(), found.not_understood.len()), (1, 3));
    assert_eq!(read(b" \n\n"), Err(Error::Empty));
    for other in
        ["1,2\n2,1\n", "Ann\n1\n", "2 1\n1 1 2 0\n", "2 1\n1 1 0\n0\nAnn\nAnn\n", "Ann,Ann\n"]
    {
        assert!(matches!(read(other.as_bytes()), Err(Error::NotBallots(_))), "{other}");
    }
    assert_eq!(read(b"100000 1\n0\n"), Err(Error::TooLarge));
    assert_eq!(read(&vec![b'a'; MAX_FILE_BYTES + 1]), Err(Error::TooLarge));
}

#[test]
fn damage_never_panics() {
    let whole = BLT.as_bytes();
    for end in 0..whole.len() {
        let _ = read(&whole[..end]);
        let mut odd = whole.to_vec();
        odd[end] = odd[end].wrapping_add(13);
        let _ = read(&odd).map(|found| found.order());
    }
}

#[test]
fn too_many_different_ballots_are_refused_before_they_are_counted() {
    let names: Vec<String> = (0..200).map(|n| format!("c{n}")).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..10_100 {
        let ranks: Vec<String> = (1..201).map(|n| (n + row).to_string()).collect();
        text.push_str(&ranks.join(","));
        text.push('\n');
    }
    assert_eq!(read(text.as_bytes()), Err(Error::TooLarge));
}
