//! Rewrites the embedded files of a code system from the files CMS publishes; `data/README.md` says where they come from.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, bail};
use portico_codes::{
    System,
    import::{Imported, Row, import_hcpcs, import_icd10cm, import_icd10cm_addenda, pack},
};

const USAGE: &str = "\
usage: import icd10cm FILE...   icd10cm_order_YYYY.txt and icd10cm_order_addenda_YYYY.txt, oldest first;
                                addenda apply to the file before them
       import hcpcs FILE        CSV: code,short_description,long_description,listed";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let paths = arguments.get(1..).unwrap_or_default();
    let (system, name, rows) = match arguments.first().map(String::as_str) {
        Some("icd10cm") if !paths.is_empty() => (System::Icd10Cm, "icd10cm", icd10cm(paths)?),
        Some("hcpcs") if paths.len() == 1 => (System::Hcpcs, "hcpcs", hcpcs(paths)?),
        _ => bail!(USAGE),
    };
    let files = pack(system, &rows)?;
    for (name, file) in [(format!("{name}.bin"), files.codes), (format!("{name}-words.bin"), files.words)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        fs::write(&path, &file)?;
        writeln!(io::stdout(), "{}: {} rows, {} bytes", path.display(), rows.len(), file.len())?;
    }
    Ok(())
}

fn hcpcs(paths: &[String]) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for path in paths {
        rows.extend(accepted(path, import_hcpcs(open(path)?))?);
    }
    Ok(rows)
}

fn icd10cm(paths: &[String]) -> anyhow::Result<Vec<Row>> {
    let mut all = Vec::new();
    let mut before: Vec<Row> = Vec::new();
    for path in paths {
        let listed = format!("FY{}", year(path)?);
        let imported = if path.contains("addenda") {
            import_icd10cm_addenda(&before, open(path)?, &listed)
        } else {
            import_icd10cm(open(path)?, &listed)
        };
        before = accepted(path, imported)?;
        all.extend(before.iter().cloned());
    }
    Ok(all)
}

/// The year in a file name like `icd10cm_order_2027.txt`.
fn year(path: &str) -> anyhow::Result<&str> {
    let name = Path::new(path).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    name.get(name.len().saturating_sub(4)..)
        .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
        .with_context(|| format!("{path}: the name must end in the fiscal year"))
}

fn open(path: &str) -> anyhow::Result<File> {
    File::open(path).with_context(|| path.to_owned())
}

fn accepted(path: &str, imported: Imported) -> anyhow::Result<Vec<Row>> {
    for reject in &imported.rejects {
        writeln!(io::stderr(), "{path}:{}: {}", reject.line, reject.reason)?;
    }
    writeln!(io::stdout(), "{path}: {} codes, {} rejected", imported.codes.len(), imported.rejects.len())?;
    Ok(imported.codes)
}
