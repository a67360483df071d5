//! Layer `draw`: the colours of a picture in a file of its own. Librsvg, Inkscape, Word and
//! GitLab know no variables of CSS and draw black where one is used: a file holds the
//! colours themselves, light ones, and dark ones for who asks for them.

/// Each variable that styles use, with its light and its dark colour.
const COLOURS: [(&str, &str, &str); 14] = [
    ("card", "#ffffff", "#171e27"),
    ("ink", "#1b2430", "#e7ecf3"),
    ("soft", "#566173", "#9eabbc"),
    ("accent", "#0b62c4", "#6db3ff"),
    ("good", "#146c3a", "#6fdb9c"),
    ("good-bg", "#e6f5ec", "#12301f"),
    ("critical", "#8f0f2f", "#ff9dbb"),
    ("critical-bg", "#fbe3ea", "#43142a"),
    ("high", "#b3341b", "#ffa48f"),
    ("high-bg", "#fdeae5", "#3f1d15"),
    ("medium", "#855800", "#f2c063"),
    ("medium-bg", "#fdf1d7", "#352909"),
    ("low", "#1d5fa8", "#8cc2ff"),
    ("low-bg", "#e5f0fc", "#14294a"),
];

/// The style of a file: `style` with its variables replaced, where `root` is the class of
/// the whole picture.
pub(in crate::draw) fn of_file(root: &str, style: &str) -> String {
    let light = |(name, light, _): (&'static str, &'static str, &'static str)| (name, light);
    let dark = |(name, _, dark): (&'static str, &'static str, &'static str)| (name, dark);
    let ground = format!(".{root} {{ background: var(--card); }}\n");
    let all = format!("{ground}{style}");
    let coloured: String = all
        .lines()
        .filter(|line| line.contains("var(") && !line.starts_with('@'))
        .map(|line| format!("{line}\n"))
        .collect();
    format!(
        "<style>{}@media (prefers-color-scheme: dark) {{\n{}}}\n</style>",
        filled(&all, &COLOURS.map(light)),
        filled(&coloured, &COLOURS.map(dark))
    )
}

fn filled(style: &str, colours: &[(&str, &str)]) -> String {
    let mut style = style.to_owned();
    for (name, colour) in colours {
        style = style.replace(&format!("var(--{name})"), colour);
    }
    style
}
