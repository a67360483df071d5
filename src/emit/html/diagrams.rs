//! The data-flow diagram of every model, drawn here: no program is started for a page.

use std::fmt::Write as _;

use super::Page;
use crate::draw::{Diagram, Options, severities, svg};
use crate::emit::words;
use crate::escape::{html as e, shorten};
use crate::report::ModelInfo;

/// So many models' diagrams stand on a page.
const MOST: usize = 40;
/// Beside so many others a diagram is unfolded.
const UNFOLDED: usize = 3;

/// Writes them, coloured by the worst finding of each element, before the findings.
pub(super) fn write(page: &Page<'_>, out: &mut String) {
    let drawn: Vec<(&ModelInfo, String)> = page
        .report
        .models
        .iter()
        .filter(|model| !model.graph.elements.is_empty())
        .take(MOST)
        .filter_map(|model| Some((model, draw(page, model)?)))
        .collect();
    if drawn.is_empty() {
        return;
    }
    let open = if drawn.len() <= UNFOLDED { " open" } else { "" };
    out.push_str("<h2 id=\"diagrams\">Data flows</h2>\n<section class=\"card\" aria-labelledby=\"diagrams\">\n");
    for (model, svg) in &drawn {
        let name = e(&shorten(&model.name, words::LONGEST_NAME));
        let _ = writeln!(
            out,
            "<details class=\"fold\"{open}><summary>{name} <span class=\"soft\">{}</span></summary>\
             <div class=\"diagram\" role=\"region\" tabindex=\"0\" aria-label=\"Diagram of {name}\">{svg}</div></details>",
            e(&words::plural(model.graph.flows.len(), "flow"))
        );
    }
    let left = page.report.models.len() - drawn.len();
    if left > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft left\">{} not drawn here: <code>tmrs dfd MODEL --format svg</code> draws one.</p>",
            e(&words::plural(left, "other model"))
        );
    }
    out.push_str("</section>\n");
}

fn draw(page: &Page<'_>, model: &ModelInfo) -> Option<String> {
    let options = Options {
        severities: Some(severities(page.report, model)),
        ..Options::default()
    };
    svg::element(&Diagram::new(&model.name, &model.graph, &options))
}
