//! Reads a CSV file with simd-csv and looks at every cell, quotes undone.
//!
//!     simd-csv-scan-cells (bytes|text|views) FILE
//!
//! `bytes`: into one record with its quotes undone. `text`: the same, checked to be UTF-8.
//! `views`: without copying, quotes undone field by field.

use std::{env, fs::File, process::exit};

use simd_csv::{ByteRecord, ReaderBuilder, StringRecord, ZeroCopyReaderBuilder};

const BUFFER_BYTES: usize = 256 * 1024;

#[derive(Default)]
struct Totals {
    rows: u64,
    cells: u64,
    bytes: u64,
}

fn scan_bytes(file: File) -> simd_csv::Result<Totals> {
    let mut reader =
        ReaderBuilder::with_capacity(BUFFER_BYTES).flexible(true).from_reader(file);
    let mut record = ByteRecord::new();
    let mut totals = Totals::default();
    while reader.read_byte_record(&mut record)? {
        totals.rows += 1;
        for cell in record.iter() {
            totals.cells += 1;
            totals.bytes += cell.len() as u64;
        }
    }
    Ok(totals)
}

fn scan_text(file: File) -> simd_csv::Result<Totals> {
    let mut reader =
        ReaderBuilder::with_capacity(BUFFER_BYTES).flexible(true).from_reader(file);
    let mut record = StringRecord::new();
    let mut totals = Totals::default();
    while reader.read_record(&mut record)? {
        totals.rows += 1;
        for cell in record.iter() {
            totals.cells += 1;
            totals.bytes += cell.len() as u64;
        }
    }
    Ok(totals)
}

fn scan_views(file: File) -> simd_csv::Result<Totals> {
    let mut reader =
        ZeroCopyReaderBuilder::with_capacity(BUFFER_BYTES).flexible(true).from_reader(file);
    let mut totals = Totals::default();
    while let Some(record) = reader.read_byte_record()? {
        totals.rows += 1;
        for cell in record.unescaped_iter() {
            totals.cells += 1;
            totals.bytes += cell.len() as u64;
        }
    }
    Ok(totals)
}

fn main() {
    let words: Vec<String> = env::args().collect();
    let scan = match words.get(1).map(String::as_str) {
        Some("bytes") => scan_bytes,
        Some("text") => scan_text,
        Some("views") => scan_views,
        _ => {
            eprintln!("usage: simd-csv-scan-cells (bytes|text|views) FILE");
            exit(64);
        }
    };
    let path = words.get(2).map_or("", String::as_str);
    match File::open(path).map_err(simd_csv::Error::from).and_then(scan) {
        Ok(totals) => println!("{} {} {}", totals.rows, totals.cells, totals.bytes),
        Err(error) => {
            eprintln!("{error}");
            exit(1);
        }
    }
}
