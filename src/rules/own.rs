//! The threat files that models name: each is read once, however many models name it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::layers::{OWN_ID, duplicate, read_drafts};
use super::{CompiledRule, Layer, Text};
use crate::condition::Names;
use crate::notice::{self, Notice};
use crate::source::{RepoPath, Source};

/// Its rules by id with warnings, or every error.
type Loaded = Result<(Vec<CompiledRule>, Vec<Notice>), Vec<Notice>>;

/// What was read, by path. Two trees may each have a text of their own there.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnFiles(Arc<Mutex<BTreeMap<RepoPath, Vec<Known>>>>);

#[derive(Clone, Debug)]
struct Known {
    source: Arc<Source>,
    loaded: Arc<OnceLock<Loaded>>,
}

impl OwnFiles {
    /// The rules of a threat file. `names` must always be the same ones.
    pub(super) fn load(&self, source: &Arc<Source>, names: &Names) -> Loaded {
        let loaded = {
            let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let known = files.entry(source.path().clone()).or_default();
            let there = known.iter().find(|it| it.source.is_same_text(source));
            match there {
                Some(known) => Arc::clone(&known.loaded),
                None => {
                    let new = Known {
                        source: Arc::clone(source),
                        loaded: Arc::default(),
                    };
                    known.push(new.clone());
                    new.loaded
                }
            }
        };
        loaded.get_or_init(|| load(source, names)).clone()
    }
}

fn load(source: &Arc<Source>, names: &Names) -> Loaded {
    let mut notices = Vec::new();
    let (form, drafts) = read_drafts(source, &mut notices);
    let mut rules: BTreeMap<Text, CompiledRule> = BTreeMap::new();
    for mut draft in drafts {
        draft.rule.layer = Layer::ThreatsFile;
        let id_place = draft.id_place.clone();
        let Some(rule) = draft.compile(form, names, &mut notices) else {
            continue;
        };
        if let Some(other) = rules.get(&rule.rule.id) {
            notices.push(duplicate(&rule, id_place, other).with_help(OWN_ID));
            continue;
        }
        rules.insert(rule.rule.id.clone(), rule);
    }
    let is_error = |notice: &Notice| notice.severity == notice::Severity::Error;
    if notices.iter().any(is_error) {
        return Err(notices);
    }
    Ok((rules.into_values().collect(), notices))
}
