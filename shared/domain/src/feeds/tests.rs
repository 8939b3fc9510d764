//! What a row must be, by examples and for all inputs.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{
    layout::Header,
    rows::{MAX_ROW_BYTES, RowError, Rows, Unclosed, all},
    *,
};
use crate::{
    field::FieldErrors,
    id::ContractId,
    npi::Npi,
    person::{Coverage, Gender, Member},
};

const TODAY: Date = date(2026, 5, 7);
const MEMBERS: &str = "contract,member_number,first,last,birth_date,gender,address1,address2,city,state,zip\n";
const ADA: &str = "arkansas,0900000001,Ada,Quill,2022-05-14,female,45 Pecan Lane,,Little Rock,AR,72204\n";
const CLINIC: &str =
    "arkansas,1234567893,ar-1,Day treatment,001,River Day Clinic,facility,12 Elm Street,,Little Rock,AR,72201";

fn ids() -> IdKey {
    IdKey::new("a key")
}

fn arkansas() -> ContractId {
    "arkansas".parse().unwrap()
}

fn fields(line: &str) -> Vec<String> {
    all(line.as_bytes()).remove(0).fields.unwrap()
}

fn member(line: &str) -> Result<Member, Vec<String>> {
    let header = member::LAYOUT.header(&fields(MEMBERS)).unwrap();
    let fields = fields(line);
    let read = header.row(&fields).and_then(|row| member::parse(&ids(), &arkansas(), TODAY, row));
    read.map(|(_, member)| member).map_err(|errors| columns(&errors))
}

fn provider(line: &str) -> Result<(uuid::Uuid, provider::ProviderRow), Vec<String>> {
    let header = provider_header();
    let fields = fields(line);
    header.row(&fields).and_then(|row| provider::parse(&ids(), &arkansas(), row)).map_err(|errors| columns(&errors))
}

fn provider_header() -> Header {
    let names: Vec<String> = provider::LAYOUT.columns.iter().map(|name| (*name).to_owned()).collect();
    provider::LAYOUT.header(&names).unwrap()
}

fn columns(errors: &FieldErrors) -> Vec<String> {
    errors.as_slice().iter().map(|error| error.pointer.clone()).collect()
}

#[test]
fn a_row_whose_letter_could_not_be_printed_is_refused_at_its_column() {
    for odd in ["😀", "\u{202E}", "\u{FFFD}", "\u{F8FF}", "\0"] {
        assert_eq!(member(&ADA.replace("Ada", &format!("A{odd}a"))).unwrap_err(), ["/first"], "{odd:?}");
        assert_eq!(member(&ADA.replace("Pecan", odd)).unwrap_err(), ["/address1"], "{odd:?}");
        assert_eq!(member(&ADA.replace("Little Rock", odd)).unwrap_err(), ["/city"], "{odd:?}");
        assert_eq!(provider(&CLINIC.replace("River", odd)).unwrap_err(), ["/name"], "{odd:?}");
    }
    for (typed, name) in [
        ("명", "명"),
        ("ᏣᎳᎩ", "ᏣᎳᎩ"),
        ("สมชาย", "สมชาย"),
        ("A\u{2028}da", "A da"),
        ("\u{F0B7}Ada", "•Ada"),
        ("Ａｄａ\u{200B}", "Ada"),
    ] {
        assert_eq!(member(&ADA.replace("Ada", typed)).unwrap().first_name.as_str(), name);
    }
    assert!(provider(&CLINIC.replace("River", "明")).is_ok());
}

/// REQ: ORG-10
#[test]
fn a_file_is_known_by_its_place() {
    let file = FeedFile::at("incoming/providers/arkansas/2026-05-07.csv").unwrap();
    assert_eq!((file.kind, file.contract.clone(), file.name.as_str()), (Kind::Providers, arkansas(), "2026-05-07"));
    assert_eq!(FeedFile::at(&file.key()), Some(file.clone()));
    assert_eq!(file.rejects(), "reports/providers/arkansas/2026-05-07-rejects.csv");
    for key in [
        "incoming/letters/arkansas/a.csv",
        "incoming/members/arkansas/a.txt",
        "incoming/members/arkansas/a/b.csv",
        "incoming/members/arkansas/a b.csv",
        "incoming/members/.csv",
        "reports/members/arkansas/a.csv",
        "",
    ] {
        assert_eq!(FeedFile::at(key), None, "{key}");
    }
}

/// REQ: ORG-10
#[test]
fn a_header_is_found_by_names_and_what_is_wrong_with_it_is_said_at_once() {
    let names = |text: &str| fields(text);
    let shuffled =
        names("\u{feff}ZIP, first,contract,member_number,last,birth_date,gender,address1,address2,city,state");
    let header = member::LAYOUT.header(&shuffled).unwrap();
    let row = names("72204,Ada,arkansas,0900000001,Quill,2022-05-14,F,45 Pecan Lane,,Little Rock,AR");
    let (_, read) = member::parse(&ids(), &arkansas(), TODAY, header.row(&row).unwrap()).unwrap();
    assert_eq!(Ok(read), member(ADA));
    let error = member::LAYOUT.header(&names("contract,first,first,Quill")).unwrap_err().to_string();
    assert!(
        error.contains("it lacks member_number, last,") && error.contains("columns 4; twice stands first"),
        "{error}"
    );
    assert!(!error.contains("Quill"), "a file without header begins with a person: {error}");
}

/// REQ: ORG-10, OPS-06
#[test]
fn every_bad_field_of_a_row_has_its_reason_without_the_value() {
    let bad = "colorado,,Ada,,2026-05-08,q,,,Little Rock,Arkansas,7220";
    let expected = ["contract", "member_number", "last", "birth_date", "gender", "address1", "state", "zip"];
    assert_eq!(member(bad).unwrap_err(), expected.map(|name| format!("/{name}")));
    for (birth, said) in [("14.5.2022", "year, month"), ("1899-12-31", "before 1900"), ("", "required")] {
        let mut errors = FieldErrors::none();
        assert_eq!(member::birth(&mut errors, "/birth_date", birth, TODAY), None);
        assert!(errors.as_slice()[0].objection.sentence.contains(said), "{birth}");
    }
    assert_eq!(member("arkansas,1").unwrap_err(), ["/row"]);
    let bad = provider(&CLINIC.replace("1234567893", "1234567890").replace("facility", "house"));
    assert_eq!(bad.unwrap_err(), ["/npi", "/kind"]);
}

#[test]
fn a_file_that_is_not_read_is_told_under_a_name_that_may_be_shown() {
    let told = |key: &str| match Placed::at(key) {
        Some(Placed::Misnamed(file, why)) => Some((file.name, why)),
        _ => None,
    };
    for (name, safe) in [
        ("Eligibility 2026-11-26.csv", "Eligibility_2026-11-26.csv"),
        ("elig(1).csv", "elig_1_.csv"),
        ("elig.txt", "elig.txt"),
        ("elig", "elig"),
        ("June/elig.csv", "June_elig.csv"),
        ("élig.csv", "_lig.csv"),
        (".csv", ".csv"),
    ] {
        let (name, why) = told(&format!("incoming/members/arkansas/{name}")).unwrap();
        assert_eq!(name, safe);
        assert!(why.contains("under another name"), "{why}");
    }
    assert!(told(&format!("incoming/members/arkansas/{}.csv", "x".repeat(101))).is_some());
    assert!(told("incoming/members/Arkansas/elig.csv").is_some());
    for read in ["elig.CSV", "elig.Csv"] {
        assert_eq!(FeedFile::at(&format!("incoming/members/arkansas/{read}")).unwrap().name, "elig");
    }
    assert_eq!(Placed::at("incoming/members/arkansas/"), Some(Placed::Folder));
}

#[test]
fn a_number_of_a_spreadsheet_is_refused_and_another_spelling_is_the_same_number() {
    for bad in ["9.31043E+07", "\"=\"\"0900000001\"\"\"", "'0900000001", "0900000001…", "-", "ABC", "0900\u{fffd}01"]
    {
        assert_eq!(member(&ADA.replace("0900000001", bad)).unwrap_err(), ["/member_number"], "{bad}");
    }
    let id = |number: &str| member(&ADA.replace("0900000001", number)).unwrap().id;
    assert_eq!(id("A-309919"), id("a309919"));
    assert_ne!(id("A-309919"), id("A-309918"));
    assert!(member::is_same_number("a-309919", "A-309919") && !member::is_same_number("A-309919", "A309919"));
    assert_eq!(member(&ADA.replace("Ada", "Jos\u{fffd}")).unwrap_err(), ["/first"]);
    let code = CLINIC.replace("ar-1", "9.31043E+07").replace(",001,", ",'001,");
    assert_eq!(provider(&code).unwrap_err(), ["/registration_code", "/location"]);
}

#[test]
fn another_gender_is_taken_as_unknown_and_told() {
    let header = member::LAYOUT.header(&fields(MEMBERS)).unwrap();
    for (gender, told) in [("X", 1), ("n", 1), ("O", 1), ("", 1), ("Non-binary", 1), ("U", 0), ("unknown", 0)] {
        let line = ADA.replace("female", gender);
        assert_eq!(member(&line).unwrap().gender, Gender::Unknown, "{gender}");
        assert_eq!(member::remarks(header.row(&fields(&line)).unwrap()).len(), told, "{gender}");
    }
}

#[test]
fn coverage_is_read_where_the_file_has_it() {
    let header = member::LAYOUT.header(&fields(&MEMBERS.replace("zip\n", "zip,coverage_to,Coverage_From\n"))).unwrap();
    let read = |to: &str, from: &str| {
        let row = fields(&ADA.replace("72204\n", &format!("72204,{to},{from}\n")));
        let read = member::parse(&ids(), &arkansas(), TODAY, header.row(&row).unwrap());
        read.map(|(_, member)| member.coverage).map_err(|errors| columns(&errors))
    };
    let (from, to) = (date(2026, 1, 1), date(2026, 6, 30));
    assert_eq!(read("2026-06-30", "2026-01-01"), Ok(Coverage { from: Some(from), to: Some(to) }));
    assert_eq!(read("", ""), Ok(Coverage::default()));
    assert_eq!(read("2026-06-30", "2026-07-01").unwrap_err(), ["/coverage_to"]);
    assert_eq!(read("6/30/2026", "x").unwrap_err(), ["/coverage_from", "/coverage_to"]);
    assert!(member(ADA).unwrap().coverage.is_unknown());
}

/// REQ: ACC-01, ACC-03, ORG-10
#[test]
fn a_location_is_the_same_whatever_its_code_name_and_address() {
    let (id, row) = provider(CLINIC).unwrap();
    assert_eq!(row.credentials.code, "AR-1");
    let moved = CLINIC.replace("12 Elm Street", "1 New Road").replace("ar-1", "ar-2").replace("Day Clinic", "Clinic");
    assert_eq!(provider(&moved).unwrap().0, id);
    for other in [CLINIC.replace(",001,", ",002,"), CLINIC.replace("Day treatment", "Hospital")] {
        assert_ne!(provider(&other).unwrap().0, id);
    }
    let atypical = provider(&CLINIC.replace("1234567893", "")).unwrap();
    assert_eq!(atypical.1.provider.npi, None);
    assert_ne!(atypical.0, id);
    let npi: Npi = "1234567893".parse().unwrap();
    assert_eq!(provider::identity(&ids(), &arkansas(), Some(npi), "any", "day  TREATMENT", " 001"), id);
}

#[test]
fn without_the_key_no_id_can_be_made_from_a_number_or_a_code() {
    let other = IdKey::new("another key");
    let number = |ids: &IdKey| member::identity(ids, &arkansas(), "0900000001");
    let code = |ids: &IdKey| provider::identity(ids, &arkansas(), None, "ATY-977", "Day treatment", "001");
    assert_eq!((number(&ids()), code(&ids())), (number(&ids()), code(&ids())));
    assert_ne!(number(&ids()), number(&other));
    assert_ne!(code(&ids()), code(&other));
    assert_eq!(format!("{other:?}"), "IdKey(…)");
}

/// REQ: ORG-10
#[test]
fn the_later_of_two_equal_rows_is_rejected_and_names_the_earlier() {
    let mut seen = Seen::default();
    let (id, row) = provider(CLINIC).unwrap();
    assert_eq!(seen.note(2, &row.keys(&ids(), id)), Ok(()));
    let twice = seen.note(5, &row.keys(&ids(), id)).unwrap_err();
    assert_eq!((twice.line, twice.column.as_str()), (5, "location"));
    assert!(twice.reason.contains("line 2"));
    let (other, row) = provider(&CLINIC.replace(",001,", ",002,")).unwrap();
    assert_eq!(seen.note(6, &row.keys(&ids(), other)).unwrap_err().column, "registration_code");
    let report = rejects_csv(&[twice]);
    assert!(report.starts_with("line,column,reason\r\n5,location,\"The same stands"), "{report}");
}

/// REQ: ORG-10
#[test]
fn quotes_line_ends_and_marks_are_read_as_the_format_has_them() {
    let file = "\u{feff}a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\r\n\r\n\"two\nlines\",z\nlast,row";
    let rows = all(file.as_bytes());
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2, 4, 6]);
    let fields: Vec<_> = rows.into_iter().map(|row| row.fields.unwrap()).collect();
    assert_eq!(fields[0], ["a", "b"]);
    assert_eq!(fields[1], ["x, y", "say \"hi\""]);
    assert_eq!(fields[2], ["two\nlines", "z"]);
    assert_eq!(fields[3], ["last", "row"]);
}

/// REQ: ORG-10
#[test]
fn a_row_without_end_or_text_is_one_reject_and_the_rest_is_read() {
    let rows = all(format!("a,b\n{}\nc,d\n", "y".repeat(MAX_ROW_BYTES + 1)).as_bytes());
    assert_eq!((rows[1].line, rows[1].fields.clone()), (2, Err(RowError::TooLong)));
    assert_eq!((rows[2].line, rows[2].fields.clone()), (3, Ok(vec!["c".to_owned(), "d".to_owned()])));
    let rows = all(b"a,b\n\xff,x\nc,d");
    assert_eq!(rows[1].fields, Err(RowError::Utf8));
    assert_eq!(rows[2].fields, Ok(vec!["c".to_owned(), "d".to_owned()]));
    assert_eq!(all(b"a\n\"open")[1].fields, Err(RowError::Unclosed(Unclosed::End)));
    assert_eq!(all(&b",".repeat(100))[0].fields, Err(RowError::TooLong));
}

#[test]
fn a_quotation_mark_that_is_never_closed_takes_no_other_row_with_it() {
    let others: Vec<String> = (0..900).map(|n| format!("arkansas,{n},Ada,\"Quill, {n}\"")).collect();
    for rest in [
        others.join("\n"),
        others.join("\r\n"),
        others.join("\r"),
        others.join("\n").replace('"', "").replace(", ", " "),
    ] {
        let file = format!("contract,number,first,last\narkansas,1,\"Robert,Lee\n{rest}\n");
        let rows = all(file.as_bytes());
        let bad: Vec<_> = rows.iter().filter(|row| row.fields.is_err()).map(|row| row.line).collect();
        assert_eq!((bad, rows.len()), (vec![2], 902));
        assert!(matches!(rows[1].fields, Err(RowError::Unclosed(_))));
        assert_eq!(rows.last().map(|row| row.line), Some(902));
    }
    for (row, error) in [
        ("\"Robert \"Bob\" Lee\"", RowError::Stray),
        ("Robert \"Bob\" Lee", RowError::Stray),
        ("a, \"b\"", RowError::Stray),
        ("\"a\";\"b\"", RowError::Separator),
    ] {
        let rows = all(format!("{row}\nc,d").as_bytes());
        assert_eq!((rows[0].fields.clone(), rows.len()), (Err(error), 2), "{row}");
    }
    let two = all(b"a,\"b\nc\"\nd,e");
    assert_eq!((two[0].line, two[0].last_line, two[1].line), (1, 2, 3));
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let rows = all(["a,b", "c,d", "", "e,\"f", "g\"", "h,i"].join(end).as_bytes());
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 4, 6], "{end:?}");
    }
}

#[test]
fn another_separator_is_called_by_its_name() {
    for separator in [";", "\t", "|"] {
        let names = fields(&MEMBERS.trim().replace(',', separator));
        assert!(member::LAYOUT.header(&names).unwrap_err().to_string().contains("comma"));
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

proptest! {
    /// REQ: ORG-10
    #[test]
    fn rows_are_the_same_however_the_file_is_cut(
        table in prop::collection::vec(prop::collection::vec("[a-c\", \n]{0,6}", 2..5), 1..6),
        cut in 1usize..7,
    ) {
        let file: String = table.iter().map(|row| row.iter().map(|f| quoted(f)).collect::<Vec<_>>().join(",") + "\r\n").collect();
        let whole = all(file.as_bytes());
        let mut rows = Rows::default();
        let mut pieces = Vec::new();
        for mut piece in file.as_bytes().chunks(cut) {
            pieces.extend(std::iter::from_fn(|| rows.next(&mut piece)));
        }
        pieces.extend(std::iter::from_fn(|| rows.finish()));
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(whole.into_iter().map(|row| row.fields.unwrap()).collect::<Vec<_>>(), table);
    }

    /// REQ: ORG-10
    #[test]
    fn a_member_comes_back_from_the_row_that_was_made_of_it(
        number in "[A-Z][0-9]{9}", first in "[A-Z][a-z' ,\"]{1,20}[a-z]", last in "[A-Z][a-zéü-]{1,20}",
        days in 0i32..40_000, gender in prop::sample::select(vec![Gender::Female, Gender::Male, Gender::Unknown]),
        zip in "[1-9][0-9]{4}", line2 in prop::option::of("Apt [0-9]{1,3}"),
    ) {
        let born = TODAY.checked_sub(jiff::Span::new().days(days)).unwrap();
        let word = match gender { Gender::Female => "female", Gender::Male => "M", Gender::Unknown => "U" };
        let born_text = born.to_string();
        let line2 = line2.unwrap_or_default();
        let row = ["arkansas", &number, &first, &last, &born_text, word, "1 Main Street", &line2, "Conway", "ar", &zip];
        let row = row.map(quoted).join(",");
        let read = member(&row).unwrap();
        prop_assert_eq!(read.number().unwrap().as_str(), number.as_str());
        prop_assert_eq!((read.first_name.as_str(), read.last_name.as_str()), (first.as_str(), last.as_str()));
        prop_assert_eq!((read.birth_date, read.gender), (born, gender));
        prop_assert_eq!(read.address.zip.as_str(), zip.as_str());
        prop_assert_eq!(read.address.line2.map(|line| line.to_string()).unwrap_or_default(), line2);
    }

    /// REQ: ORG-10
    #[test]
    fn no_row_is_lost_without_a_reason(row in prop::collection::vec("\\PC{0,12}", 11)) {
        let line = row.iter().map(|f| quoted(f)).collect::<Vec<_>>().join(",");
        if let Err(columns) = member(&line) {
            prop_assert!(!columns.is_empty());
            for column in columns {
                let known = member::LAYOUT.columns.iter().any(|name| column == format!("/{name}"));
                prop_assert!(known, "{column}");
            }
        }
    }
}

fn claim(line: &str) -> Result<crate::cases::billing::ClaimLine, Vec<String>> {
    let names: Vec<String> = claim::LAYOUT.columns.iter().map(|name| (*name).to_owned()).collect();
    let (header, fields) = (claim::LAYOUT.header(&names).unwrap(), fields(line));
    let read = header.row(&fields).and_then(|row| claim::parse(&ids(), &arkansas(), TODAY, row));
    read.map_err(|errors| columns(&errors))
}

#[test]
fn a_line_of_a_claim_is_read_and_what_is_wrong_is_told_at_its_column() {
    let read = claim("arkansas,CL-0001,1,a26127000101,t1015,U6  ub,2026-05-06,3").unwrap();
    assert_eq!((read.authorization.to_string().as_str(), read.code.as_str()), ("A26127000101", "T1015"));
    assert_eq!(read.authorization.case().map(|case| case.to_string()).as_deref(), Some("261270001"));
    assert_eq!(read.modifiers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["U6", "UB"]);
    assert_eq!((read.on, read.units.map(u32::from)), (date(2026, 5, 6), Some(3)));
    let same = claim("arkansas,cl 0001,1,A26127000101,T1015,,2026-05-07,0").unwrap();
    assert_eq!((same.id, same.units), (read.id, None), "the same line of the same claim, taken back");
    assert_ne!(claim("arkansas,CL-0001,2,A26127000101,T1015,,2026-05-07,1").unwrap().id, read.id);
    for (line, column) in [
        ("colorado,CL-1,1,A26127000101,T1015,,2026-05-06,3", "/contract"),
        ("arkansas,,1,A26127000101,T1015,,2026-05-06,3", "/claim_number"),
        ("arkansas,9.3E+07,1,A26127000101,T1015,,2026-05-06,3", "/claim_number"),
        ("arkansas,CL-1,,A26127000101,T1015,,2026-05-06,3", "/claim_line"),
        ("arkansas,CL-1,1,26127000101,T1015,,2026-05-06,3", "/authorization_number"),
        ("arkansas,CL-1,1,A261270001,T1015,,2026-05-06,3", "/authorization_number"),
        ("arkansas,CL-1,1,A99999000101,T1015,,2026-05-06,3", "/authorization_number"),
        ("arkansas,CL-1,1,A261270001é,T1015,,2026-05-06,3", "/authorization_number"),
        ("arkansas,CL-1,1,A26127000101,T10,,2026-05-06,3", "/code"),
        ("arkansas,CL-1,1,A26127000101,T1015,U6UB,2026-05-06,3", "/modifiers"),
        ("arkansas,CL-1,1,A26127000101,T1015,U1 U2 U3 U4 U5,2026-05-06,3", "/modifiers"),
        ("arkansas,CL-1,1,A26127000101,T1015,,2026-05-08,3", "/service_date"),
        ("arkansas,CL-1,1,A26127000101,T1015,,05/06/2026,3", "/service_date"),
        ("arkansas,CL-1,1,A26127000101,T1015,,,3", "/service_date"),
        ("arkansas,CL-1,1,A26127000101,T1015,,2026-05-06,", "/units"),
        ("arkansas,CL-1,1,A26127000101,T1015,,2026-05-06,-3", "/units"),
        ("arkansas,CL-1,1,A26127000101,T1015,,2026-05-06,1.5", "/units"),
        ("arkansas,CL-1,1,A26127000101,T1015,,2026-05-06,100000", "/units"),
    ] {
        assert_eq!(claim(line), Err(vec![column.to_owned()]), "{line}");
    }
}
