//! Letters: how long a page takes, and what memory a thousand of them leave.

#[path = "../../shared/letters/samples/mod.rs"]
#[allow(dead_code, reason = "one letter of many is enough here")]
mod samples;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use portico_domain::letters::Letter;
use portico_letters::Document;

use crate::{memory::CALLS, report::Row, runtime_api::resident, startup::median};

const ROUNDS: usize = 30;
const PDF: Duration = Duration::from_millis(30);
const FAX: Duration = Duration::from_millis(100);

/// The same for another person, as a day's letters are.
fn another(letter: &Letter, round: usize) -> Letter {
    let mut letter = letter.clone();
    letter.id = format!("{}-{round}", letter.id);
    letter.footer = format!("{} {round}", letter.footer);
    for line in &mut letter.addressee {
        *line = format!("{line} {round}");
    }
    for pair in &mut letter.about {
        pair.value = format!("{} {round}", pair.value);
    }
    letter
}

/// Time of a letter of one page as PDF, and of a page of fax.
///
/// # Errors
/// When a letter cannot be rendered.
pub fn rows() -> Result<Vec<Row>> {
    let mut one_page = None;
    let letters = samples::all();
    for (_, letter) in &letters {
        if Document::new(letter)?.page_count() == 1 {
            one_page = Some(letter);
        }
    }
    let letter = one_page.context("no sample has one page")?;
    let (mut pdf, mut fax) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let letter = another(letter, round);
        let begin = Instant::now();
        let document = Document::new(&letter)?;
        document.pdf()?;
        pdf.push(begin.elapsed());
        let begin = Instant::now();
        document.fax()?;
        fax.push(begin.elapsed());
    }
    let (pdf, fax) = (median(pdf), median(fax));
    Ok(vec![
        Row::new("letter of one page as PDF, warm", format!("{pdf:.1?}"), format!("{PDF:?}"), pdf <= PDF),
        Row::new("fax TIFF, a page, warm", format!("{fax:.1?}"), format!("{FAX:?}"), fax <= FAX),
    ])
}

/// Renders a thousand letters, every tenth as fax too; the answer is what this process then holds.
///
/// # Errors
/// When a letter cannot be rendered.
pub fn memory() -> Result<u64> {
    let letters = samples::all();
    for (round, (_, letter)) in letters.iter().cycle().take(CALLS).enumerate() {
        let document = Document::new(&another(letter, round))?;
        document.pdf()?;
        if round % 10 == 0 {
            document.fax()?;
        }
    }
    resident("self")
}
