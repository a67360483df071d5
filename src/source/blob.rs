//! The id that git gives a file's content, so that what is the same on both sides
//! need not be read from git.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Whether these bytes are the blob of that id (hexadecimal; SHA-1 or SHA-256).
pub fn is_blob(bytes: &[u8], id: &str) -> bool {
    let head = format!("blob {}\0", bytes.len());
    let parts = [head.as_bytes(), bytes];
    match id.len() {
        40 => hexadecimal(&sha1(&parts)) == id,
        64 => {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update(part);
            }
            hexadecimal(&hash.finalize()) == id
        }
        _ => false,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-1 (RFC 3174) of what these parts make together. It names content here, as
/// git does; nothing is trusted because of it.
fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut state = [
        0x6745_2301_u32,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    let mut block = [0_u8; 64];
    let mut filled = 0;
    let mut length = 0_u64;
    for part in parts {
        length += part.len() as u64;
        let mut rest = *part;
        while !rest.is_empty() {
            let (taken, left) = rest.split_at(rest.len().min(64 - filled));
            block[filled..filled + taken.len()].copy_from_slice(taken);
            filled += taken.len();
            rest = left;
            if filled == 64 {
                compress(&mut state, &block);
                filled = 0;
            }
        }
    }
    block[filled] = 0x80;
    block[filled + 1..].fill(0);
    if filled >= 56 {
        compress(&mut state, &block);
        block.fill(0);
    }
    block[56..].copy_from_slice(&(length * 8).to_be_bytes());
    compress(&mut state, &block);
    let mut digest = [0; 20];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

#[expect(
    clippy::many_single_char_names,
    reason = "the names of the specification"
)]
fn compress(state: &mut [u32; 5], block: &[u8; 64]) {
    let mut w = [0_u32; 80];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes
            .iter()
            .fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for at in 16..80 {
        w[at] = (w[at - 3] ^ w[at - 8] ^ w[at - 14] ^ w[at - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (at, word) in w.iter().enumerate() {
        let (f, k) = match at / 20 {
            0 => ((b & c) | (!b & d), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let next = a
            .rotate_left(5)
            .wrapping_add(f)
            .wrapping_add(e)
            .wrapping_add(k)
            .wrapping_add(*word);
        (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
    }
    for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
        *sum = sum.wrapping_add(value);
    }
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

    #[test]
    fn every_length_around_a_block_is_padded_as_specified() {
        let known = [
            (0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (3, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ];
        assert_eq!(hexadecimal(&sha1(&[b""])), known[0].1);
        assert_eq!(hexadecimal(&sha1(&[b"a", b"bc"])), known[1].1);
        for length in 50..140 {
            let bytes: Vec<u8> = (0..length).collect();
            let (first, second) = bytes.split_at(usize::from(length) / 3);
            assert_eq!(sha1(&[&bytes]), sha1(&[first, second]), "{length}");
        }
        let million = vec![b'a'; 1_000_000];
        assert_eq!(
            hexadecimal(&sha1(&[&million])),
            "34aa973cd4c4daa4f61eeb2bdbad27316534016f"
        );
    }
}
