//! Where links lead, by what stands in them: whoever follows one out of the
//! repository learns that it leads out, and nothing there is looked at.

use super::RepoPath;

/// How many links are followed on one way; as many as Linux follows.
const MOST_LINKS: usize = 40;

/// What stands in a link.
pub(super) enum Target {
    /// A path that counts from the folder of the link.
    Beside(String),
    /// A path that counts from the root of the repository.
    Below(String),
    /// Somewhere else.
    Outside,
}

/// Follows every link on the way to `path`, where `link_at` tells what stands in the
/// link at a path, if there is one. `None` if the way leaves the repository, ends inside
/// `.git`, or goes round in circles.
pub(super) fn follow(
    path: &RepoPath,
    mut link_at: impl FnMut(&RepoPath) -> Option<Target>,
) -> Option<RepoPath> {
    let mut ahead = parts(path.as_str());
    let mut at = RepoPath::default();
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        let next = at.join(&part)?;
        match link_at(&next).filter(|_| part != "..") {
            None => at = next,
            Some(Target::Outside) => return None,
            Some(target) => {
                links += 1;
                if links > MOST_LINKS {
                    return None;
                }
                let text = match target {
                    Target::Beside(text) => text,
                    Target::Below(text) => {
                        at = RepoPath::default();
                        text
                    }
                    Target::Outside => return None,
                };
                ahead.extend(parts(&text));
            }
        }
    }
    (!at.is_git_internal()).then_some(at)
}

/// The parts of a path, the first one last.
fn parts(path: &str) -> Vec<String> {
    let named = |part: &&str| !part.is_empty() && *part != ".";
    path.rsplit('/')
        .filter(named)
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows `path` where these links are: `from → text`, a leading slash for the root.
    fn led(path: &str, links: &[(&str, &str)]) -> Option<String> {
        let end = follow(&RepoPath::new(path).unwrap(), |at| {
            let (_, text) = links.iter().find(|(from, _)| *from == at.as_str())?;
            Some(match text.strip_prefix('/') {
                _ if *text == "outside" => Target::Outside,
                Some(text) => Target::Below(text.to_owned()),
                None => Target::Beside((*text).to_owned()),
            })
        });
        end.map(|end| end.to_string())
    }

    #[test]
    fn links_lead_on_from_where_they_are() {
        let cases: &[(&str, &[(&str, &str)], Option<&str>)] = &[
            ("a/b.yaml", &[], Some("a/b.yaml")),
            ("a/b.yaml", &[("a", "c")], Some("c/b.yaml")),
            ("a/b.yaml", &[("a", "c"), ("c", "d/e")], Some("d/e/b.yaml")),
            ("a/b.yaml", &[("a/b.yaml", "../c.yaml")], Some("c.yaml")),
            (
                "a/b.yaml",
                &[("a/b.yaml", "./c//d.yaml")],
                Some("a/c/d.yaml"),
            ),
            ("a/b.yaml", &[("a/b.yaml", "/c.yaml")], Some("c.yaml")),
            ("a/b.yaml", &[("a/b.yaml", "../../c.yaml")], None),
            ("a/b.yaml", &[("a", "x"), ("x", "outside")], None),
            ("a/b.yaml", &[("a", "../../etc")], None),
            ("a/b.yaml", &[("a", ".git")], None),
            ("a", &[("a", "b"), ("b", "a")], None),
            ("a", &[("a", "a/a/a")], None),
            ("a/c", &[("a", "d/e"), ("d/e/c", "../x")], Some("d/x")),
        ];
        for (path, links, end) in cases {
            assert_eq!(led(path, links).as_deref(), *end, "{path} with {links:?}");
        }
    }
}
