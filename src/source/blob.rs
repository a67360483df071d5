//! The id that git gives a file's content, so that what is the same on both sides
//! need not be read from git.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Whether these bytes are the blob of that id (hexadecimal; SHA-1 or SHA-256). SHA-1 names
/// content here, as git does; nothing is trusted because of it.
pub fn is_blob(bytes: &[u8], id: &str) -> bool {
    match id.len() {
        40 => has_id::<Sha1>(bytes, id),
        64 => has_id::<Sha256>(bytes, id),
        _ => false,
    }
}

fn has_id<D: Digest>(bytes: &[u8], id: &str) -> bool {
    let mut hash = D::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    base16ct::lower::encode_string(&hash.finalize()) == id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_git() {
        // `git hash-object --stdin`, with both object formats.
        let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        assert!(is_blob(b"", empty));
        assert!(is_blob(
            b"hello\n",
            "ce013625030ba8dba906f756967f9e9ca394464a"
        ));
        assert!(is_blob(
            b"hello\n",
            "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4"
        ));
        assert!(!is_blob(b"hello", empty));
        assert!(!is_blob(b"", "e69de29"));
    }
}
