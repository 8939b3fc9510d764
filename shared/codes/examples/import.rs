//! Rewrites the embedded files of a code system from the files CMS publishes; `data/README.md` says where they come from.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, bail};
use portico_codes::{
    System,
    import::{
        Imported, Row, common_terms, import_hcpcs, import_icd10cm, import_icd10cm_addenda, inclusion, inclusion_terms,
        pack, pack_words,
    },
};

const USAGE: &str = "\
usage: import icd10cm FILE...   icd10cm_order_YYYY.txt and icd10cm_order_addenda_YYYY.txt, oldest first;
                                addenda apply to the file before them
       import hcpcs FILE        CSV: code,short_description,long_description,listed
       import inclusion FILE    the tabular list of ICD-10-CM as XML, for its inclusion terms
       import words             after each of the others, and after a change of data/*-terms.csv";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let paths = arguments.get(1..).unwrap_or_default();
    match (arguments.first().map(String::as_str), paths) {
        (Some("icd10cm"), [_, ..]) => write("icd10cm.bin", &pack(System::Icd10Cm, &icd10cm(paths)?)?),
        (Some("hcpcs"), [_]) => write("hcpcs.bin", &pack(System::Hcpcs, &hcpcs(paths)?)?),
        (Some("inclusion"), [path]) => {
            let mut file = csv::Writer::from_writer(Vec::new());
            file.write_record(["code", "term"])?;
            for (code, term) in inclusion_terms(&fs::read_to_string(path)?)? {
                file.write_record([code, term])?;
            }
            write("icd10cm-inclusion.csv", &file.into_inner()?)
        }
        (Some("words"), []) => {
            let icd10cm = portico_codes::icd10cm();
            let mut terms = common_terms(open(&data("icd10cm-terms.csv"))?, icd10cm)?;
            terms.extend(inclusion(open(&data("icd10cm-inclusion.csv"))?, icd10cm)?);
            write("icd10cm-words.bin", &pack_words(icd10cm, &terms)?)?;
            let hcpcs = portico_codes::hcpcs();
            write("hcpcs-words.bin", &pack_words(hcpcs, &common_terms(open(&data("hcpcs-terms.csv"))?, hcpcs)?)?)
        }
        _ => bail!(USAGE),
    }
}

fn data(name: &str) -> String {
    format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn write(name: &str, file: &[u8]) -> anyhow::Result<()> {
    fs::write(data(name), file)?;
    Ok(writeln!(io::stdout(), "{name}: {} bytes", file.len())?)
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
