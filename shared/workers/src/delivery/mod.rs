//! Everything that leaves the house: faxes, mail, e-mail notices and spoken PINs; and the faxes that come in.

pub mod carrier;
mod case_news;
mod fax_code;
mod news;
mod notice;
pub mod receive_fax;
pub mod send_fax;
pub mod send_mail;
pub mod send_notice;
pub mod send_pin;
pub mod sweep_silent_faxes;
mod systems;
