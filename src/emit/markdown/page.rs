//! Text up to a limit: what doesn't fit is left out whole and counted.

/// What the end of a page may need: closing tags, and the line about what was cut.
const RESERVE: usize = 2_000;

/// A growing text with a limit in bytes.
pub(in crate::emit) struct Page {
    text: String,
    limit: usize,
    cut: Vec<(usize, String)>,
    /// Where [`Page::last`] puts its section.
    slot: Option<usize>,
}

impl Page {
    /// An empty page.
    pub(in crate::emit) fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            limit,
            cut: Vec::new(),
            slot: None,
        }
    }

    /// How long it is, in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What must stand there; short, so that the reserve holds it.
    pub(in crate::emit) fn always(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A section whose items stand whole or not at all. `noun` names them where
    /// some had to be left out. Nothing is written for no items.
    pub(in crate::emit) fn section(
        &mut self,
        open: &str,
        items: &[String],
        close: &str,
        noun: &str,
    ) {
        if items.is_empty() {
            return;
        }
        let frame = open.len() + close.len();
        let room = self.limit.saturating_sub(RESERVE + self.text.len() + frame);
        let mut used = 0;
        let fitting = items
            .iter()
            .take_while(|item| {
                used += item.len();
                used <= room
            })
            .count();
        if fitting > 0 {
            self.text.push_str(open);
            self.text
                .extend(items[..fitting].iter().map(String::as_str));
            self.text.push_str(close);
        }
        if fitting < items.len() {
            self.cut.push((items.len() - fitting, noun.to_owned()));
        }
    }

    /// Keeps this place for a section that gets only the room that all others leave.
    pub(super) fn keep_place(&mut self) {
        self.slot = Some(self.text.len());
    }

    /// Fills the kept place with what fits, as [`Page::section`] does.
    pub(super) fn last(&mut self, open: &str, items: &[String], close: &str, noun: &str) {
        let Some(slot) = self.slot.take() else { return };
        let behind = self.text.split_off(slot);
        let limit = self.limit;
        self.limit = limit.saturating_sub(behind.len());
        self.section(open, items, close, noun);
        self.limit = limit;
        self.text.push_str(&behind);
    }

    /// A section of as many items as stand below `room` bytes, for a text that should be
    /// short: nobody misses the others.
    pub(super) fn within(&mut self, room: usize, open: &str, items: &[String], close: &str) {
        let (limit, cut) = (self.limit, self.cut.len());
        self.limit = limit.min(room + RESERVE);
        self.section(open, items, close, "");
        self.limit = limit;
        self.cut.truncate(cut);
    }

    /// Tells of what can't stand on any page.
    pub(super) fn leave_out(&mut self, count: usize, noun: &str) {
        if count > 0 {
            self.cut.push((count, noun.to_owned()));
        }
    }

    /// The page, with a line about what was cut.
    pub(in crate::emit) fn finish(mut self) -> String {
        if !self.cut.is_empty() {
            let cut: Vec<String> = self
                .cut
                .iter()
                .map(|(count, noun)| format!("{count} × {noun}"))
                .collect();
            self.text.push_str("\n> **Cut to fit:** ");
            self.text.push_str(&cut.join(", "));
            self.text
                .push_str(". The JSON, SARIF and HTML reports hold everything.\n");
        }
        self.text
    }
}
