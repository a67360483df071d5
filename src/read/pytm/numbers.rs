//! Methods of numbers and bytes.

use super::interpreter::{Interpreter, R};
use super::signature::{Signature, text, wanted};
use super::value::V;
use super::value::function::Args;

const NUMBERS: &[Signature] = &[
    ("bit_count", 0, &[]),
    ("bit_length", 0, &[]),
    ("conjugate", 0, &[]),
    ("is_integer", 0, &[]),
];
const DECODE: Signature = ("decode", 0, &["encoding", "errors"]);

impl<'a> Interpreter<'a> {
    pub(super) fn number_method(&mut self, of: &V<'a>, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(signature) = NUMBERS.iter().find(|(known, _, _)| *known == name) else {
            return Ok(V::not_read(at, format!("{name}() of a number")));
        };
        self.arguments_fit(signature, &args)?;
        Ok(match (name, of, of.as_int()) {
            ("bit_length", _, Some(i)) => V::Int(i64::from(64 - i.unsigned_abs().leading_zeros())),
            ("bit_count", _, Some(i)) => V::Int(i64::from(i.unsigned_abs().count_ones())),
            ("conjugate", _, Some(i)) => V::Int(i),
            ("is_integer", V::Float(f), _) => V::Bool(f.is_finite() && f.fract() == 0.0),
            _ => V::not_read(at, format!("{name}() of a number")),
        })
    }

    pub(super) fn bytes_method(&mut self, bytes: &[u8], name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return Ok(V::Unread(unread));
        }
        if name != "decode" {
            return Ok(V::not_read(at, format!("bytes.{name}()")));
        }
        let given = self.given(&DECODE, args)?;
        let encoding = wanted!(self, text(&given.or(0, V::str("utf-8"))), at, "decode()");
        match (&*encoding.to_lowercase(), std::str::from_utf8(bytes)) {
            ("utf-8" | "utf8", Ok(text)) => {
                self.allot(text.len(), at)?;
                Ok(V::str(text))
            }
            _ => Ok(V::not_read(at, "these bytes as text")),
        }
    }
}
