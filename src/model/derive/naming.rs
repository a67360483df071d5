//! What a name says in plain words.

/// Whether one of these phrases, in lower case, stands in a name as whole words,
/// however the name joins them: `LoadBalancer`, `load-balancer 2`, `Load balancers`. A capital
/// inside a word may also be part of it: `DynamoDB`.
pub(super) fn says(name: &str, phrases: &[&str]) -> bool {
    let mut text = String::with_capacity(name.len() + 8);
    let has_capitals_inside = write_words(&mut text, name, true);
    if says_words(&text, phrases) {
        return true;
    }
    text.clear();
    has_capitals_inside && {
        write_words(&mut text, name, false);
        says_words(&text, phrases)
    }
}

fn says_words(text: &str, phrases: &[&str]) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    (0..words.len()).any(|at| {
        let first = words[at].as_bytes().first();
        let may_begin = |phrase: &&&str| phrase.as_bytes().first() == first;
        let mut phrases = phrases.iter().filter(may_begin);
        phrases.any(|phrase| begin(&words[at..], phrase))
    })
}

/// Whether these words begin with those of a phrase.
fn begin(words: &[&str], phrase: &str) -> bool {
    let mut words = words.iter();
    let mut wanted = phrase.split(' ');
    wanted.all(|wanted| words.next().is_some_and(|word| is(word, wanted)))
}

/// The word itself, or its plural.
fn is(word: &str, wanted: &str) -> bool {
    word == wanted || word.strip_suffix('s') == Some(wanted)
}

/// Writes the words of a name in lower case, with spaces between them; a capital after a small
/// letter begins one, if capitals part. Gives whether there is such a capital.
fn write_words(text: &mut String, name: &str, capitals_part: bool) -> bool {
    let (mut after_small, mut has_capitals_inside) = (false, false);
    for c in name.chars() {
        let is_inside = after_small && c.is_uppercase();
        has_capitals_inside |= is_inside;
        after_small = c.is_lowercase();
        if !c.is_alphanumeric() || (capitals_part && is_inside) {
            text.push(' ');
        }
        if c.is_ascii_alphanumeric() {
            text.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            text.extend(c.to_lowercase());
        }
    }
    has_capitals_inside
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
