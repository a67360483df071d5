//! What a name says in plain words.

/// Whether one of these phrases, in lower case, stands in a name as whole words,
/// however the name joins them: `LoadBalancer`, `load-balancer 2`, `Load balancers`. A capital
/// inside a word may also be part of it: `DynamoDB`.
pub(super) fn says(name: &str, phrases: &[&str]) -> bool {
    let parted = words(name, true);
    let whole = words(name, false);
    says_words(&parted, phrases) || (whole != parted && says_words(&whole, phrases))
}

fn says_words(words: &[String], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        words.windows(wanted.len()).any(|here| {
            here.iter()
                .zip(&wanted)
                .all(|(word, wanted)| is(word, wanted))
        })
    })
}

/// The word itself, or its plural.
fn is(word: &str, wanted: &str) -> bool {
    word == wanted || word.strip_suffix('s') == Some(wanted)
}

/// The words of a name in lower case; a capital after a small letter begins one, if capitals part.
fn words(name: &str, capitals_part: bool) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (capitals_part && after_small && c.is_uppercase()) {
            words.push(String::new());
        }
        after_small = c.is_lowercase();
        if let Some(word) = words.last_mut()
            && c.is_alphanumeric()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_name_says_whole_words_only() {
        for (name, phrase, said) in [
            ("Load balancer", "load balancer", true),
            ("LoadBalancer", "load balancer", true),
            ("public-load_balancers", "load balancer", true),
            ("Payload balancer", "load balancer", false),
            ("balancer of load", "load balancer", false),
            ("Internet", "internet", true),
            ("Intranet", "internet", false),
            ("CDN", "cdn", true),
            ("Orders (DynamoDB)", "dynamodb", true),
            ("RabbitMQ", "rabbitmq", true),
            ("JupyterHub", "hub", true),
            ("", "cdn", false),
        ] {
            assert_eq!(says(name, &[phrase]), said, "{name}: {phrase}");
        }
    }
}
