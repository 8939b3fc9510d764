//! Somebody who is called over HTTP, for tests.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

/// A carrier that answers one request; gives what it was asked, head and body.
pub(crate) fn carrier(status: u16, answer: &'static str) -> (String, JoinHandle<(String, serde_json::Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let (mut reader, mut head, mut length) = (BufReader::new(&stream), String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let from = head.len();
            reader.read_line(&mut head).unwrap();
            if let Some(value) = head[from..].to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        // A file is fetched without one.
        let body = if body.is_empty() { b"null".to_vec() } else { body };
        let size = answer.len();
        write!(&stream, "HTTP/1.1 {status} .\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{answer}").unwrap();
        (head.to_ascii_lowercase(), serde_json::from_slice(&body).unwrap())
    });
    (url, served)
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
