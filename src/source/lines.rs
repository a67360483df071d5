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
    /// How many characters begin before each block of a text that is not all ASCII: lines may
    /// be as long as a file.
    before: Vec<u32>,
}

/// Bytes of a block.
const BLOCK: usize = 4096;

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
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut counted = 0;
            for block in bytes.chunks(BLOCK) {
                before.push(counted);
                counted += characters(block);
            }
        }
        Self { starts, before }
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
        let column = self.count_to(text, offset) - self.count_to(text, start);
        Position {
            line: line as u32,
            column: column + 1,
        }
    }

    /// How many characters begin before a byte offset.
    fn count_to(&self, text: &str, offset: usize) -> u32 {
        if self.before.is_empty() {
            return offset as u32;
        }
        let block = (offset / BLOCK).min(self.before.len() - 1);
        self.before[block] + characters(&text.as_bytes()[block * BLOCK..offset])
    }

    /// The byte offset of a position whose column counts Unicode scalar values;
    /// clamped to the line's end.
    pub fn offset(&self, text: &str, position: Position) -> u32 {
        let start = self.start(position.line).unwrap_or(text.len() as u32) as usize;
        let next = self.starts.get(position.line as usize);
        let next = next.map_or(text.len(), |next| *next as usize);
        let line = text.get(start..next).unwrap_or("");
        let line = line.strip_suffix('\n').unwrap_or(line);
        let end = start + line.strip_suffix('\r').unwrap_or(line).len();
        let column = position.column.saturating_sub(1);
        let wanted = self.count_to(text, start).saturating_add(column);
        self.after(text, wanted).clamp(start, end) as u32
    }

    /// The byte offset that so many characters begin before.
    fn after(&self, text: &str, wanted: u32) -> usize {
        let next = self.before.partition_point(|before| *before <= wanted);
        let Some(block) = next.checked_sub(1) else {
            return wanted as usize;
        };
        let from = block * BLOCK;
        let bytes = text.as_bytes()[from..].iter().enumerate();
        let mut begin = bytes.filter(|(_, byte)| begins(**byte));
        let inside = begin.nth((wanted - self.before[block]) as usize);
        inside.map_or(text.len(), |(at, _)| from + at)
    }
}

/// How many characters begin in these bytes of a text.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| begins(**byte)).count() as u32
}

/// Whether a character begins with this byte.
fn begins(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_the_end_of_a_line_is_its_end() {
        for text in ["ab\ncd", "ab\r\ncd", "ab\rcd", "éb\ncd", "ab", ""] {
            let index = LineIndex::new(text);
            let end = text.find(['\n', '\r']).unwrap_or(text.len());
            for (line, ends) in [(1, end), (9, text.len())] {
                for column in [1000, u32::MAX] {
                    let position = Position { line, column };
                    assert_eq!(index.offset(text, position) as usize, ends, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn columns_of_long_lines_count_characters() {
        for line in ["aé".repeat(5000), "a".repeat(9000), "é".repeat(BLOCK / 2)] {
            let text = format!("{line}\nß{line}");
            let index = LineIndex::new(&text);
            for offset in (0..=text.len()).step_by(997).chain([text.len()]) {
                let before = (0..=offset).rev().find_map(|end| text.get(..end));
                let column = before.unwrap().rsplit('\n').next().unwrap().chars().count();
                let position = index.position(&text, offset as u32);
                assert_eq!(position.column as usize, column + 1, "{offset}");
                let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at));
                assert_eq!(index.offset(&text, position) as usize, start.unwrap());
            }
        }
    }
}
