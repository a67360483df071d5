//! Rows of CSV as Python's `csv` reads them in its default dialect, `excel`: quotes are
//! doubled, and what stands behind a closing quote belongs to the field.

/// What separates fields, and what quotes them.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// `delimiter`.
    pub delimiter: char,
    /// `quotechar`.
    pub quote: char,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    InField,
    InQuotes,
    QuoteInQuotes,
    EndOfLine,
}

/// One row that may go over several lines.
pub struct Row {
    dialect: Dialect,
    state: State,
    field: String,
    fields: Vec<String>,
}

impl Row {
    /// A row of which nothing was read.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            state: State::StartRecord,
            field: String::new(),
            fields: Vec::new(),
        }
    }

    /// Reads one more line; true when the row is complete. `None` where Python raises
    /// `csv.Error`: a line that goes on behind its end.
    pub fn line(&mut self, line: &str) -> Option<bool> {
        for c in line.chars() {
            self.character(c)?;
        }
        self.end_of_line();
        Some(self.state == State::StartRecord)
    }

    /// The fields; what is open at the end of the file is closed.
    pub fn fields(mut self) -> Vec<String> {
        if self.state == State::InQuotes || !self.field.is_empty() {
            self.save();
        }
        self.fields
    }

    /// Whether the end of the file would leave something of the row.
    pub fn is_open(&self) -> bool {
        self.state == State::InQuotes || !self.field.is_empty()
    }

    fn save(&mut self) {
        self.fields.push(std::mem::take(&mut self.field));
    }

    fn character(&mut self, c: char) -> Option<()> {
        let Dialect { delimiter, quote } = self.dialect;
        let ends = matches!(c, '\n' | '\r');
        self.state = match self.state {
            State::StartRecord if ends => State::EndOfLine,
            State::StartRecord | State::StartField if ends => {
                self.save();
                State::EndOfLine
            }
            State::StartRecord | State::StartField if c == quote => State::InQuotes,
            State::StartRecord | State::StartField | State::InField if c == delimiter => {
                self.save();
                State::StartField
            }
            State::InField | State::QuoteInQuotes if ends => {
                self.save();
                State::EndOfLine
            }
            State::InQuotes if c == quote => State::QuoteInQuotes,
            State::InQuotes => {
                self.field.push(c);
                State::InQuotes
            }
            State::QuoteInQuotes if c == quote => {
                self.field.push(c);
                State::InQuotes
            }
            State::QuoteInQuotes if c == delimiter => {
                self.save();
                State::StartField
            }
            State::EndOfLine if ends => State::EndOfLine,
            State::EndOfLine => return None,
            State::StartRecord | State::StartField | State::InField | State::QuoteInQuotes => {
                self.field.push(c);
                State::InField
            }
        };
        Some(())
    }

    fn end_of_line(&mut self) {
        match self.state {
            State::StartField | State::InField | State::QuoteInQuotes => {
                self.save();
                self.state = State::StartRecord;
            }
            State::EndOfLine => self.state = State::StartRecord,
            State::StartRecord | State::InQuotes => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Row};

    fn rows(text: &str) -> Vec<Vec<String>> {
        let dialect = Dialect {
            delimiter: ',',
            quote: '"',
        };
        let mut rows = Vec::new();
        let mut row = Row::new(dialect);
        for line in text.split_inclusive('\n') {
            if row.line(line) == Some(true) {
                rows.push(std::mem::replace(&mut row, Row::new(dialect)).fields());
            }
        }
        if row.is_open() {
            rows.push(row.fields());
        }
        rows
    }

    #[test]
    fn rows_are_what_python_reads() {
        for (text, wanted) in [
            ("a,b\n1,2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a,\"b,c\"\n", vec![vec!["a", "b,c"]]),
            ("\"a\"\"b\",c", vec![vec!["a\"b", "c"]]),
            ("\"a\nb\",c\n", vec![vec!["a\nb", "c"]]),
            ("a,\n,b\n", vec![vec!["a", ""], vec!["", "b"]]),
            ("\n a , b\r\n", vec![vec![], vec![" a ", " b"]]),
            ("\"a\"b,\"c", vec![vec!["ab", "c"]]),
            ("a\"b\"\n", vec![vec!["a\"b\""]]),
        ] {
            assert_eq!(rows(text), wanted, "{text:?}");
        }
    }
}
