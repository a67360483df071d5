//! Byte offsets to lines and columns.

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column: Unicode scalar values.
    pub column: u32,
}

/// Where each line of a text starts. A line ends at `\n`, `\r\n` or a lone `\r`.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The index of a text.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let lone_or_last = bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
            if lone_or_last {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// How many lines there are; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The offset at which a line (from 1) starts; the end of the text's last line for any later one.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// The position of a byte offset; an offset inside a character counts as its start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self
            .starts
            .partition_point(|start| (*start as usize) <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0) as usize;
        let before = text.get(start..offset).unwrap_or("");
        let column = before.chars().count();
        Position {
            line: line as u32,
            column: column as u32 + 1,
        }
    }

    /// The byte offset of a position whose column counts Unicode scalar values;
    /// clamped to the line's end.
    pub fn offset(&self, text: &str, position: Position) -> u32 {
        let start = self.start(position.line).unwrap_or(text.len() as u32) as usize;
        let rest = text.get(start..).unwrap_or("");
        let line = rest.split(['\n', '\r']).next().unwrap_or("");
        let inside = line
            .char_indices()
            .nth(position.column.saturating_sub(1) as usize)
            .map_or(line.len(), |(at, _)| at);
        (start + inside) as u32
    }
}
