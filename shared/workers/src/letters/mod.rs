//! Letters.

mod fax_code;
pub mod write_letter;
