//! How a person is asked about an attribute, and told to change what it says.
//!
//! Questions are templates: `{}` stands for the names of the elements, `{is}`, `{does}` and
//! `{has}` for the verb in the number that goes with them, and `{its|their}` for what is said
//! of one thing and of several.

/// The template of the question about the attribute of that name; `None` for what people
/// are not asked about, and for attributes of their own rules.
pub fn template(attribute: &str) -> Option<&'static str> {
    let at = QUESTIONS.binary_search_by_key(&attribute, |(name, _)| name);
    at.ok().map(|at| QUESTIONS[at].1)
}

/// The template as it is about one element.
pub(super) fn of_one(attribute: &str) -> Option<String> {
    let (before, after) = template(attribute)?.split_once("{}")?;
    Some(format!("{before}{{}}{}", numbered(after, false)))
}

/// The question about an attribute of these elements.
pub fn question(attribute: &str, names: &[&str]) -> String {
    match template(attribute) {
        Some(template) => filled(template, names),
        None => format!("What is {attribute} of {}?", listed(names)),
    }
}

/// What to do so that the attribute of these elements can truthfully get the value.
pub fn instruction(attribute: &str, names: &[&str], value: &str) -> String {
    let asked = template(attribute).unwrap_or_default();
    let (stem, wanted) = (asked.trim_end_matches('?'), value == "yes");
    if let Some(rest) = stem.strip_prefix("{does} {} ")
        && (wanted || value == "no")
    {
        return if wanted {
            filled(&format!("Make {{}} {rest}"), names)
        } else {
            filled(&format!("Make sure that {{}} {{does}} not {rest}"), names)
        };
    }
    for verb in ["{is}", "{has}"] {
        if let Some(rest) = stem.strip_prefix(verb).and_then(|s| s.strip_prefix(" {} "))
            && (wanted || value == "no")
        {
            let not = if wanted { "" } else { "not " };
            return filled(&format!("Make sure that {{}} {verb} {not}{rest}"), names);
        }
    }
    format!("Change {attribute} of {} to {value}", listed(names))
}

/// Puts names and verbs into a template, and begins it with a capital.
fn filled(template: &str, names: &[&str]) -> String {
    let many = names.len() > 1;
    let verbs = [
        ("{is}", if many { "are" } else { "is" }),
        ("{does}", if many { "do" } else { "does" }),
        ("{has}", if many { "have" } else { "has" }),
    ];
    let mut text = template.to_owned();
    for (verb, word) in verbs {
        text = text.replace(verb, word);
    }
    // Names come last: they may hold anything.
    let (before, after) = text.split_once("{}").unwrap_or((&text, ""));
    let text = format!("{before}{}{}", listed(names), numbered(after, many));
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => text,
    }
}

/// Of each `{its|their}` the word for one thing, or for several.
fn numbered(template: &str, many: bool) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (words, after) = part.split_once('}').unwrap_or((part, ""));
        let (one, several) = words.split_once('|').unwrap_or((words, words));
        text.push_str(if many { several } else { one });
        text.push_str(after);
    }
    text
}

/// So many names stand in a sentence; of more, the rest are counted.
const MOST_NAMES: usize = 4;
/// A longer name is cut.
const LONGEST_NAME: usize = 80;

/// `“A”, “B” and “C”`.
pub fn listed(names: &[&str]) -> String {
    let quoted = |name: &&str| {
        let mut cut: String = name.chars().take(LONGEST_NAME).collect();
        if cut.len() < name.len() {
            cut.push('…');
        }
        format!("“{cut}”")
    };
    let mut shown: Vec<String> = names.iter().take(MOST_NAMES).map(quoted).collect();
    if names.len() > MOST_NAMES {
        shown.truncate(MOST_NAMES - 1);
        shown.push(format!("{} more", names.len() - shown.len()));
    }
    match shown.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// By the name of the attribute, in the order of the alphabet.
static QUESTIONS: &[(&str, &str)] = &[
    ("OS", "Which operating system {does} {} run on?"),
    ("acceptsFileUploads", "{does} {} take files from others?"),
    (
        "actsAsUser",
        "{does} {} act with the rights of the person {it acts|they act} for, and no others?",
    ),
    (
        "allowsClientSideScripting",
        "{does} {} deliver pages that run scripts in a browser?",
    ),
    (
        "allowsCrossOrigin",
        "{does} {} let pages of other sites call {it|them} from a browser?",
    ),
    (
        "authenticatesDestination",
        "{does} {} check that the other side is who it claims to be, for example by its certificate?",
    ),
    ("authenticatesSource", "{does} {} check who is calling?"),
    (
        "authenticationScheme",
        "By which scheme do the callers of {} prove who they are?",
    ),
    (
        "authorizesSource",
        "{does} {} check that callers may do what they ask for?",
    ),
    (
        "buildsSoftware",
        "{does} {} build, test or deploy software?",
    ),
    (
        "changesThings",
        "{does} {} have tools that change data or make things happen?",
    ),
    (
        "checksDestinationRevocation",
        "{does} {} refuse certificates that were revoked?",
    ),
    (
        "checksInputBounds",
        "{does} {} check the length and range of input?",
    ),
    (
        "checksObjectOwnership",
        "{does} {} check, for every object asked for, that the caller may have it?",
    ),
    ("classification", "How confidential {is} {}?"),
    ("codeType", "{is} {} written in a memory-safe language?"),
    (
        "controlsPageScripts",
        "{does} {} keep a list of the scripts on {its|their} payment pages and notice changes to them?",
    ),
    ("credentialsLife", "How long {is} {} valid?"),
    (
        "definesConnectionTimeout",
        "{does} {} end idle connections and sessions?",
    ),
    (
        "deserializesObjects",
        "{does} {} turn received bytes into objects of the program?",
    ),
    (
        "detectsAutomation",
        "{does} {} recognise bots that pose as people?",
    ),
    (
        "detectsTampering",
        "{does} {} notice that {it is|they are} opened or moved?",
    ),
    (
        "disablesDTD",
        "{does} {} ignore document type definitions in XML?",
    ),
    (
        "disablesDebugFeatures",
        "{does} {} run with test interfaces, debug modes and hidden switches off?",
    ),
    (
        "disablesDebugPorts",
        "{does} {} have {its|their} debug and service ports closed?",
    ),
    (
        "disablesiFrames",
        "{does} {} forbid other sites to frame {its|their} pages?",
    ),
    (
        "encodesHeaders",
        "{does} {} encode values before they enter a header?",
    ),
    (
        "encodesOutput",
        "{does} {} encode values for the place they are written to, such as HTML?",
    ),
    ("encryptsCookies", "{does} {} encrypt {its|their} cookies?"),
    ("encryptsSessionData", "{does} {} encrypt session data?"),
    (
        "environment",
        "In which stage, such as production, {does} {} run?",
    ),
    (
        "evaluatesInput",
        "{does} {} evaluate templates, expressions or scripts that others send?",
    ),
    (
        "executesCode",
        "{does} {} run code that a language model writes?",
    ),
    (
        "fetchesURLs",
        "{does} {} fetch addresses that come from requests?",
    ),
    (
        "filtersEgress",
        "{does} {} reach only the destinations {it needs|they need}?",
    ),
    (
        "filtersTraffic",
        "{does} {} let only expected traffic through?",
    ),
    (
        "format",
        "Which format, such as JSON or XML, {does} {} have?",
    ),
    (
        "givesPeopleAccess",
        "{does} {} let people see, correct and delete what is held about them?",
    ),
    ("handlesCrashes", "{does} {} recover from crashes?"),
    (
        "handlesInterruptions",
        "{does} {} survive interruptions without losing anything?",
    ),
    (
        "handlesResourceConsumption",
        "{does} {} limit the memory, time and space that a request may use?",
    ),
    (
        "handlesResources",
        "{does} {} manage resources on behalf of others?",
    ),
    (
        "hasAccessControl",
        "{does} {} let in only those who are allowed?",
    ),
    (
        "hasAccessToSensitiveSystems",
        "{does} {} have access to systems that must be protected?",
    ),
    ("hasAgentCapabilities", "{does} {} choose and call tools?"),
    ("hasBackups", "{does} {} have backups of {its|their} data?"),
    (
        "hasContentFiltering",
        "{does} {} filter prompts and answers?",
    ),
    (
        "hasFineTuning",
        "{is} {} trained further on data of your own?",
    ),
    (
        "hasMemory",
        "{does} {} remember from one conversation to the next?",
    ),
    (
        "hasPhysicalAccess",
        "{does} {} stand where outsiders can lay hands on {it|them}?",
    ),
    ("hasRAG", "{does} {} add retrieved documents to prompts?"),
    (
        "hasRedundancy",
        "{does} {} have a replacement that takes over when {it fails|one fails}?",
    ),
    ("hasSystemPrompt", "{does} {} work under a system prompt?"),
    (
        "hasWriteAccess",
        "{does} {} let clients write to {it|them}?",
    ),
    (
        "hashesPasswords",
        "{does} {} keep passwords only as slow, salted hashes?",
    ),
    (
        "hidesAccountExistence",
        "{does} {} answer in a way that does not tell whether an account exists?",
    ),
    (
        "hidesErrorDetails",
        "{does} {} keep internals, and what was sent, out of error messages?",
    ),
    (
        "holdsSecrets",
        "{does} {} hold keys, passwords or tokens for other systems?",
    ),
    ("implementsAPI", "{does} {} serve an API?"),
    (
        "implementsAuthenticationScheme",
        "{does} {} use a recognised authentication scheme, such as OIDC or mutual TLS?",
    ),
    (
        "implementsCSRFToken",
        "{does} {} ask browsers for an anti-forgery token?",
    ),
    (
        "implementsCommunicationProtocol",
        "{does} {} follow a protocol of your own design?",
    ),
    (
        "implementsNonce",
        "{does} {} use a nonce, so that nothing can be replayed?",
    ),
    (
        "implementsPOLP",
        "{does} {} run with the least privilege {it needs|they need}?",
    ),
    (
        "implementsServerSideValidation",
        "{does} {} check again on the server what the client has checked?",
    ),
    (
        "implementsStrictHTTPValidation",
        "{does} {} refuse ambiguous or malformed HTTP?",
    ),
    (
        "informsPeople",
        "{does} {} tell people what is done with their data, and why?",
    ),
    ("invokesScriptFilters", "{does} {} filter active content?"),
    ("isAdmin", "{does} {} administer the system?"),
    (
        "isAdminInterface",
        "{is} {} there to administer the system?",
    ),
    (
        "isAudienceBound",
        "{is} {} accepted by one receiver only, so that no other can use {it|them}?",
    ),
    (
        "isBusinessCritical",
        "{does} {} cause serious harm when {it stops|they stop}?",
    ),
    (
        "isClient",
        "{does} {} run in the hands of the people who use {it|them}, as a browser or a mobile app does?",
    ),
    (
        "isCredentials",
        "{does} {} let someone log in, as passwords, tokens and keys do?",
    ),
    (
        "isDestEncryptedAtRest",
        "{is} {} kept encrypted where {it arrives|they arrive}?",
    ),
    ("isEncrypted", "{is} {} encrypted?"),
    (
        "isEncryptedAtRest",
        "{does} {} encrypt what {it stores|they store}?",
    ),
    (
        "isEncryptedProtocol",
        "{does} {} use a protocol that keeps others from reading along?",
    ),
    (
        "isEphemeral",
        "{does} {} keep data in memory only, never on a disk?",
    ),
    (
        "isFieldDevice",
        "{does} {} stand where outsiders can lay hands on {it|them}?",
    ),
    (
        "isHardened",
        "{is} {} hardened: default accounts, unused services and weak settings gone?",
    ),
    ("isHashed", "{is} {} kept only as a slow, salted hash?"),
    (
        "isIdentityProvider",
        "{does} {} log people in for other parts of the system, as an OpenID provider does?",
    ),
    (
        "isIntegrityCritical",
        "{does} {} cause harm if {it is|they are} changed unnoticed?",
    ),
    (
        "isInternetFacing",
        "{is} {} reachable for anyone on the internet?",
    ),
    (
        "isInventoried",
        "{is} {} on the list of what runs, with version and owner?",
    ),
    (
        "isMemoryUnsafe",
        "{is} {} written in a language that leaves memory to the programmer, such as C or C++?",
    ),
    ("isMultiTenant", "{is} {} shared by several customers?"),
    (
        "isOffTheShelf",
        "{is} {} a product of others that is installed and set up, not written?",
    ),
    ("isPII", "{is} {} about identifiable people?"),
    ("isPassword", "{is} {} a password that a person remembers?"),
    (
        "isProxy",
        "{does} {} only pass requests on, as a load balancer, reverse proxy or CDN does?",
    ),
    (
        "isPseudonymised",
        "{is} {} stripped of what names people directly?",
    ),
    (
        "isPublic",
        "{does} {} serve or keep only what is meant for everyone?",
    ),
    (
        "isResilient",
        "{does} {} keep working under load and failure?",
    ),
    ("isSQL", "{is} {} queried in SQL?"),
    (
        "isSelfHosted",
        "{does} {} run on infrastructure of your own?",
    ),
    ("isShared", "{is} {} shared by several parties?"),
    (
        "isSourceEncryptedAtRest",
        "{is} {} kept encrypted where {it comes|they come} from?",
    ),
    (
        "isSpecialCategory",
        "{does} {} tell about health, beliefs, biometrics or the like?",
    ),
    ("isStored", "{is} {} kept by whoever receives {it|them}?"),
    ("isThirdParty", "{is} {} run by another company?"),
    (
        "isVetted",
        "{is} {} run by a party that is under contract and was examined?",
    ),
    (
        "isolatesTenants",
        "{does} {} keep each customer from what belongs to another?",
    ),
    (
        "keepsImmutableCopies",
        "{does} {} keep what was written from being changed or deleted for a set time?",
    ),
    (
        "kind",
        "What {is} {}: database, cache, queue, bucket or something else?",
    ),
    (
        "limitsAcceptedFields",
        "{does} {} take over only the fields that a caller may set?",
    ),
    (
        "limitsRetention",
        "{does} {} delete data when its time is over?",
    ),
    (
        "limitsReturnedFields",
        "{does} {} return only the fields that a caller may see?",
    ),
    (
        "logsSecurityEvents",
        "{does} {} log who did what, and when?",
    ),
    ("maxClassification", "How confidential may data in {} be?"),
    (
        "minTLSVersion",
        "What is the oldest TLS version that {} may use?",
    ),
    (
        "minimisesData",
        "{does} {} keep and pass on only the data that the purpose needs?",
    ),
    (
        "monitorsActivity",
        "{does} {} alert somebody when something unusual happens?",
    ),
    (
        "obtainsConsent",
        "{does} {} use data only as people agreed or the law allows?",
    ),
    (
        "offersTools",
        "{does} {} offer tools to language models, as an MCP server does?",
    ),
    ("onAWS", "{does} {} run on Amazon Web Services?"),
    ("onRDS", "{does} {} run on Amazon RDS?"),
    (
        "outputDrivesActions",
        "{does} {} give answers that programs act on or show unread?",
    ),
    (
        "outputInformsDecisions",
        "{does} {} give answers by which people decide?",
    ),
    (
        "pinsTools",
        "{does} {} use tools in the reviewed version only?",
    ),
    ("processesPersonalData", "{does} {} get personal data?"),
    (
        "processesUntrustedInput",
        "{does} {} read text from strangers?",
    ),
    (
        "protectsRecovery",
        "{does} {} prove the person as well when a login is reset as when it is used?",
    ),
    ("protocol", "Which protocol {does} {} use?"),
    (
        "providesConfidentiality",
        "{does} {} keep content from those who should not read it?",
    ),
    ("providesIntegrity", "{does} {} notice changes to content?"),
    ("rateLimits", "{does} {} limit how often somebody may call?"),
    ("receivesUpdates", "{does} {} get new software from afar?"),
    (
        "receivesWebhooks",
        "{does} {} receive webhooks from other systems?",
    ),
    (
        "redactsLogs",
        "{does} {} keep secrets and personal data out of logs?",
    ),
    (
        "requiresApproval",
        "{does} {} wait until a person approves what matters?",
    ),
    (
        "restrictsMetadataAccess",
        "{does} {} keep programs from the metadata service of the cloud?",
    ),
    (
        "restrictsOrigins",
        "{does} {} let only listed sites call {it|them} from a browser?",
    ),
    (
        "restrictsRedirects",
        "{does} {} redirect to registered addresses only?",
    ),
    ("retainsUserData", "{does} {} keep what users send?"),
    (
        "revokesTokens",
        "{does} {} end sessions and tokens on demand, before they expire?",
    ),
    (
        "rotatesKeys",
        "{does} {} replace keys and passwords on schedule and on suspicion?",
    ),
    (
        "runsCommands",
        "{does} {} start programs or shell commands with values that others send?",
    ),
    ("runsInContainer", "{does} {} run in a container?"),
    (
        "runsUnattended",
        "{does} {} work without a person watching?",
    ),
    (
        "runsUserCode",
        "{does} {} run code of {its|their} users on purpose, as a notebook or build runner does?",
    ),
    (
        "sandboxesExecution",
        "{does} {} fence off what {it runs|they run} from everything else?",
    ),
    (
        "sanitizesInput",
        "{does} {} remove dangerous parts from input?",
    ),
    (
        "scansDependencies",
        "{does} {} track code of others and check it for known flaws?",
    ),
    (
        "scansFiles",
        "{does} {} check files of others for type, size and malware?",
    ),
    (
        "sellsScarceGoods",
        "{does} {} offer something that bots would profit from, such as bookings or invitations?",
    ),
    ("storesLogData", "{does} {} keep logs?"),
    (
        "storesPII",
        "{does} {} keep data about identifiable people?",
    ),
    (
        "storesSensitiveData",
        "{does} {} keep data that must stay confidential?",
    ),
    (
        "takesPayments",
        "{does} {} take payments on {its|their} pages, also through fields of a payment provider?",
    ),
    (
        "talksToAgents",
        "{does} {} take messages from other agents?",
    ),
    (
        "technologies",
        "Which technologies, such as PHP, LDAP, SOAP or Windows, {does} {} use?",
    ),
    ("testsRestore", "{does} {} practise restoring from backups?"),
    ("tlsVersion", "Which TLS version {does} {} use?"),
    (
        "tracksExecutionFlow",
        "{does} {} record what {it executes|they execute}?",
    ),
    ("trust", "Who controls what is in {}?"),
    ("usesCache", "{does} {} keep answers in a cache?"),
    (
        "usesCloudIdentity",
        "{does} {} act with a role or service account of a cloud?",
    ),
    ("usesCodeSigning", "{does} {} run signed code only?"),
    (
        "usesDeadLetterQueue",
        "{does} {} set aside messages that cannot be processed?",
    ),
    ("usesEncryptionAlgorithm", "Which algorithm encrypts {}?"),
    (
        "usesEnvironmentVariables",
        "{does} {} take settings from environment variables?",
    ),
    (
        "usesExternalTools",
        "{does} {} use tools or servers from elsewhere?",
    ),
    (
        "usesHardwareKeys",
        "{does} {} keep {its|their} keys in a chip that does not give them away?",
    ),
    ("usesJWT", "{does} {} accept JSON Web Tokens?"),
    (
        "usesMFA",
        "{does} {} ask people for a second factor when they log in?",
    ),
    (
        "usesOIDC",
        "{does} {} let people log in through OpenID Connect or OAuth?",
    ),
    (
        "usesPKCE",
        "{does} {} bind a login to the client that began it, by PKCE, state and nonce?",
    ),
    (
        "usesParameterizedInput",
        "{does} {} pass values to queries and commands as parameters only?",
    ),
    (
        "usesPasswords",
        "{does} {} let people log in with passwords?",
    ),
    ("usesSAML", "{does} {} let people log in through SAML?"),
    (
        "usesSecretStore",
        "{does} {} get {its|their} secrets from a store made for them?",
    ),
    (
        "usesSecureBoot",
        "{does} {} start only signed firmware and systems?",
    ),
    (
        "usesSecureFunctions",
        "{does} {} avoid functions that are known to be unsafe?",
    ),
    (
        "usesSessionTokens",
        "{does} {} use session tokens to recognise users?",
    ),
    (
        "usesStrongSessionIdentifiers",
        "{does} {} use session identifiers that cannot be guessed?",
    ),
    (
        "usesUniqueCredentials",
        "{does} {} give each device or client a credential of its own?",
    ),
    ("usesVPN", "{does} {} run inside a VPN?"),
    (
        "usesWorkloadIdentity",
        "{does} {} get {its|their} identity from the platform, without long-lived keys?",
    ),
    ("usesXMLParser", "{does} {} parse XML?"),
    (
        "validatesContentType",
        "{does} {} check the content type of what it receives?",
    ),
    ("validatesHeaders", "{does} {} check headers?"),
    (
        "validatesInput",
        "{does} {} check input against what is expected?",
    ),
    (
        "validatesModelOutput",
        "{does} {} check what a language model answers before anything relies on it?",
    ),
    (
        "validatesToolLaunchConfig",
        "{does} {} check the command that starts a tool?",
    ),
    (
        "verifiesProvenance",
        "{does} {} check where packages, images and models come from?",
    ),
    (
        "verifiesSignatures",
        "{does} {} verify the signatures of messages?",
    ),
    (
        "verifiesTokens",
        "{does} {} check signature, issuer, audience and expiry of tokens?",
    ),
    (
        "verifySessionIdentifiers",
        "{does} {} check every request against its session?",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::{Class, Kind};

    #[test]
    fn the_table_is_sorted_and_asks_for_what_the_vocabulary_has() {
        assert!(QUESTIONS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, template) in QUESTIONS {
            let known = Class::ALL
                .iter()
                .any(|class| class.attribute(name).is_some());
            assert!(known, "{name} is no attribute");
            assert!(template.ends_with('?'), "{name}: {template}");
            assert_eq!(template.matches("{}").count(), 1, "{name}: {template}");
        }
    }

    #[test]
    fn everything_that_people_answer_by_yes_or_no_has_a_question() {
        let untold = ["inScope", "isResponse", "isDefault"];
        let elements = Class::ALL.into_iter().filter(|class| class.is_element());
        for class in elements.chain([Class::Data, Class::Controls]) {
            for attribute in class.attributes() {
                let flag = attribute.kind == Kind::Bool && !untold.contains(&attribute.name);
                assert!(
                    !flag || template(attribute.name).is_some(),
                    "{}.{} has no question",
                    class.name(),
                    attribute.name
                );
            }
        }
    }

    #[test]
    fn a_question_is_one_sentence_about_all_elements() {
        let cases: [(&str, &[&str], &str); 7] = [
            (
                "disablesiFrames",
                &["Web"],
                "Does “Web” forbid other sites to frame its pages?",
            ),
            (
                "disablesiFrames",
                &["Shop", "Back office"],
                "Do “Shop” and “Back office” forbid other sites to frame their pages?",
            ),
            (
                "usesParameterizedInput",
                &["Back office", "Order worker"],
                "Do “Back office” and “Order worker” pass values to queries and commands as parameters only?",
            ),
            ("isEncrypted", &["Query"], "Is “Query” encrypted?"),
            (
                "minTLSVersion",
                &["Web"],
                "What is the oldest TLS version that “Web” may use?",
            ),
            (
                "isHardened",
                &["a", "b", "c", "d", "e", "f"],
                "Are “a”, “b”, “c” and 3 more hardened: default accounts, unused services and weak settings gone?",
            ),
            (
                "aWordOfTheirOwn",
                &["{is}"],
                "What is aWordOfTheirOwn of “{is}”?",
            ),
        ];
        for (attribute, names, expected) in cases {
            assert_eq!(question(attribute, names), expected);
        }
    }

    #[test]
    fn an_instruction_says_what_to_change() {
        let cases = [
            (
                "usesMFA",
                "yes",
                "Make “Web” ask people for a second factor when they log in",
            ),
            ("isEncrypted", "yes", "Make sure that “Web” is encrypted"),
            (
                "usesPasswords",
                "no",
                "Make sure that “Web” does not let people log in with passwords",
            ),
            (
                "isShared",
                "no",
                "Make sure that “Web” is not shared by several parties",
            ),
            (
                "minTLSVersion",
                "TLSv12",
                "Change minTLSVersion of “Web” to TLSv12",
            ),
        ];
        for (attribute, value, expected) in cases {
            assert_eq!(instruction(attribute, &["Web"], value), expected);
        }
    }
}
