//! Writes sample letters as PDF and fax TIFF: `cargo run -p portico-letters --example sample -- target/letters`.

#[path = "../samples/mod.rs"]
mod samples;

use std::path::PathBuf;
use std::time::Instant;

use portico_letters::Document;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/letters"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, letter) in samples::all().into_iter().chain(samples::readings()) {
        let begun = Instant::now();
        let document = Document::new(&letter)?;
        let pdf = document.pdf()?;
        let (set, begun) = (begun.elapsed(), Instant::now());
        let fax = document.fax()?;
        let (drawn, pages) = (begun.elapsed(), document.page_count());
        eprintln!(
            "{name}: {pages} pages, PDF {} bytes in {set:.1?}, TIFF {} bytes in {drawn:.1?}",
            pdf.len(),
            fax.len()
        );
        std::fs::write(folder.join(format!("{name}.pdf")), pdf)?;
        std::fs::write(folder.join(format!("{name}.tiff")), fax)?;
    }
    Ok(())
}
