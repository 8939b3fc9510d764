//! Cases over HTTP on the running engine, and as the table keeps them.

#![cfg(test)]

mod drafts;
mod duplicates;
mod earlier;
mod ends;
mod growth;
mod limits;
mod lists;
mod questionnaires;
mod record;
mod search;
