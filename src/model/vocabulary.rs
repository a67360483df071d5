//! Layer `model`: THE table of everything a model can say.
//!
//! Classes, their attributes, types, defaults and enums as pytm 1.4.0 spells
//! them (docs/semantics.md §1), plus what tmrs's own rules need. Attribute slots, type
//! checks, `tmrs describe`, the JSON Schema, did-you-mean and the reference
//! page are all derived from here; nothing else in the project lists attributes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A class of the vocabulary. The first thirteen are elements (docs/semantics.md §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// The root of all elements.
    Element,
    /// Something that takes part in flows.
    Asset,
    /// A person or role.
    Actor,
    /// A program that serves requests.
    Server,
    /// A running program.
    Process,
    /// Several programs drawn as one.
    SetOfProcesses,
    /// A system outside one's control.
    ExternalEntity,
    /// Anything that keeps data.
    Datastore,
    /// A function run by a platform.
    Lambda,
    /// A large language model.
    LLM,
    /// A program that lets an LLM choose tools.
    Agent,
    /// Data in motion from a source to a sink.
    Dataflow,
    /// A trust boundary.
    Boundary,
    /// A piece of data. Not an element.
    Data,
    /// The controls of an element. Not an element.
    Controls,
    /// An assumption that may exclude rules. Not an element.
    Assumption,
    /// An override of a finding. Not an element.
    Finding,
    /// The model itself. Not an element.
    TM,
}

/// What each class is, itself and what it inherits from: a bit for each. Asked of every element
/// by every rule.
const LINES: [u32; Class::ALL.len()] = {
    let mut lines = [0; Class::ALL.len()];
    let mut at = 0;
    while at < lines.len() {
        let mut class = Some(Class::ALL[at]);
        while let Some(current) = class {
            lines[at] |= 1 << current as u32;
            class = CLASSES[current as usize].parent;
        }
        at += 1;
    }
    lines
};

impl Class {
    /// Every class, in the order of the table.
    pub const ALL: [Self; 18] = [
        Self::Element,
        Self::Asset,
        Self::Actor,
        Self::Server,
        Self::Process,
        Self::SetOfProcesses,
        Self::ExternalEntity,
        Self::Datastore,
        Self::Lambda,
        Self::LLM,
        Self::Agent,
        Self::Dataflow,
        Self::Boundary,
        Self::Data,
        Self::Controls,
        Self::Assumption,
        Self::Finding,
        Self::TM,
    ];

    /// The class's name as pytm spells it.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The class of that exact name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The class it inherits from, as `isinstance` follows it.
    pub fn parent(self) -> Option<Self> {
        self.spec().parent
    }

    /// Whether the class is `other` or inherits from it.
    pub fn is_a(self, other: Self) -> bool {
        LINES[self as usize] & (1 << other as u32) != 0
    }

    /// Whether objects of this class are elements (docs/semantics.md §1).
    pub fn is_element(self) -> bool {
        self.is_a(Self::Element)
    }

    /// Whether a model may construct objects of this class (`Element` and
    /// `Asset` included, as in pytm).
    pub fn spec(self) -> &'static ClassSpec {
        &CLASSES[self as usize]
    }

    /// The attribute of that exact name, own or inherited.
    pub fn attribute(self, name: &str) -> Option<&'static Attribute> {
        let mut class = Some(self);
        while let Some(current) = class {
            let spec = current.spec();
            if let Some(found) = spec.attributes.iter().find(|a| a.name == name) {
                return Some(found);
            }
            class = spec.parent;
        }
        None
    }

    /// Own and inherited attributes, sorted by name; a redefinition hides the inherited one.
    pub fn attributes(self) -> Vec<&'static Attribute> {
        let mut by_name = BTreeMap::new();
        let mut class = Some(self);
        while let Some(current) = class {
            for attribute in current.spec().attributes {
                by_name.entry(attribute.name).or_insert(attribute);
            }
            class = current.parent();
        }
        by_name.into_values().collect()
    }
}

/// A row of the table: one class.
#[derive(Debug)]
pub struct ClassSpec {
    /// The name as pytm spells it.
    pub name: &'static str,
    /// The class it inherits from.
    pub parent: Option<Class>,
    /// One line that says what the class stands for.
    pub description: &'static str,
    /// The attributes that the class adds or redefines.
    pub attributes: &'static [Attribute],
}

/// One attribute of a class.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name as pytm spells it.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What holds when nobody says anything.
    pub default: Fallback,
    /// Whether a model must say it.
    pub required: bool,
    /// pytm 1.4.0, or the tmrs version that added it.
    pub since: Since,
    /// What its answers mean for security.
    pub meaning: Meaning,
    /// One line in plain words.
    pub description: &'static str,
}

impl Attribute {
    /// The answer that is on the safe side, where one is: the protection is in place, or
    /// what attracts threats is not there. To give it never makes a model worse.
    pub fn safe(&self) -> Option<Fallback> {
        match self.meaning {
            Meaning::Protection(safe) | Meaning::Risk(safe) => Some(safe),
            Meaning::Fact => None,
        }
    }
}

/// What the answers to an attribute mean for security. Questions and property tests go by
/// it: whoever is asked for a protection is offered the answer that protects, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Something that is put in place against threats; with the answer that says so. Where
    /// answers are ordered, the weakest that suffices.
    Protection(Fallback),
    /// Something that attracts threats; with the answer that says that it is not there.
    Risk(Fallback),
    /// What the thing is. No answer is safer than another, only true or false.
    Fact,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or False.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// A set of whole numbers.
    Ints,
    /// One member of an enum.
    Enum(&'static Enumeration),
    /// One boundary, or None.
    Boundary,
    /// One element.
    Element,
    /// Several elements.
    Elements,
    /// One flow, or None.
    Flow,
    /// Several flows.
    Flows,
    /// A set of Data.
    DataSet,
    /// The element's controls.
    Controls,
    /// A list of assumptions.
    Assumptions,
    /// A list of overrides.
    Findings,
    /// Set by pytm itself; a model does not say it and conditions cannot read it.
    Internal,
}

/// A default value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'static str),
    /// An enum member.
    Member(&'static str),
    /// None.
    Nothing,
    /// An empty collection.
    Empty,
    /// The set `{0}`.
    LevelZero,
}

/// Who introduced a class member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Part of pytm 1.4.0.
    Pytm,
    /// Added by tmrs in that version.
    Tmrs(&'static str),
}

/// An enum of the vocabulary.
#[derive(Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// The name as pytm spells it.
    pub name: &'static str,
    /// One line that says what it expresses.
    pub description: &'static str,
    /// Member names in ascending order, with what each means.
    pub members: &'static [(&'static str, &'static str)],
    /// Whether `<` and `>` compare members (pytm's `OrderedEnum`).
    pub ordered: bool,
    /// Who introduced it.
    pub since: Since,
}

impl Enumeration {
    /// The position of a member by its exact name.
    pub fn position(&self, member: &str) -> Option<u8> {
        self.members
            .iter()
            .position(|(name, _)| *name == member)
            .map(|at| at as u8)
    }

    /// The enum of that exact name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ENUMS.iter().copied().find(|e| e.name == name)
    }
}

/// Everything whose name could be meant where `name` stands: the same letters
/// but for case and underscores (docs/semantics.md §1: `is_admin`, `isSql`).
pub fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The attribute of `class` that `name` means although spelt otherwise: no class has two that
/// are [`folded`] alike. What pytm fills itself is nobody's to say, and meant by no spelling.
pub fn respelled(class: Class, name: &str) -> Option<&'static Attribute> {
    let wanted = folded(name);
    // The vocabulary's own names are ASCII.
    let letters = |name: &'static str| name.bytes().filter(|byte| *byte != b'_');
    let is_meant = |known: &&Attribute| {
        known.kind != Kind::Internal
            && letters(known.name)
                .map(|letter| letter.to_ascii_lowercase())
                .eq(wanted.bytes())
    };
    let mut class = Some(class);
    while let Some(current) = class {
        let found = current.spec().attributes.iter().find(is_meant);
        if found.is_some() {
            return found;
        }
        class = current.parent();
    }
    None
}

/// pytm's old flat spelling of a control on an element (docs/semantics.md §1): the
/// control that `name` means there, unless the class has that attribute itself.
pub fn flat_control(class: Class, name: &str) -> Option<&'static Attribute> {
    if !class.is_element() || class.attribute(name).is_some() {
        return None;
    }
    if folded(name) == "authenticatedwith" {
        return Class::Controls.attribute("authenticatesSource");
    }
    Class::Controls
        .attribute(name)
        .or_else(|| respelled(Class::Controls, name))
}

/// Every attribute name of the vocabulary, sorted, each once.
pub fn names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut names: Vec<_> = CLASSES
            .iter()
            .flat_map(|c| c.attributes.iter().map(|a| a.name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    });
    &NAMES
}

const fn attribute(
    name: &'static str,
    kind: Kind,
    default: Fallback,
    description: &'static str,
) -> Attribute {
    Attribute {
        name,
        kind,
        default,
        required: false,
        since: Since::Pytm,
        meaning: Meaning::Fact,
        description,
    }
}

/// Something that attracts threats, if it is so.
const fn flag(name: &'static str, description: &'static str) -> Attribute {
    risk(Fallback::Bool(false), fact(name, description))
}

/// Something that protects, if it is so.
const fn control(name: &'static str, description: &'static str) -> Attribute {
    protection(Fallback::Bool(true), fact(name, description))
}

/// What a thing is or is not.
const fn fact(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Kind::Bool, Fallback::Bool(false), description)
}

/// What a thing is unless somebody says otherwise.
const fn on(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Kind::Bool, Fallback::Bool(true), description)
}

const fn text(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Kind::Text, Fallback::Text(""), description)
}

const fn number(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Kind::Int, Fallback::Int(-1), description)
}

const fn required(attribute: Attribute) -> Attribute {
    Attribute {
        required: true,
        default: Fallback::Nothing,
        ..attribute
    }
}

/// Gives the answer that says that a protection is in place.
const fn protection(safe: Fallback, attribute: Attribute) -> Attribute {
    Attribute {
        meaning: Meaning::Protection(safe),
        ..attribute
    }
}

/// Gives the answer that says that nothing attracts threats.
const fn risk(safe: Fallback, attribute: Attribute) -> Attribute {
    Attribute {
        meaning: Meaning::Risk(safe),
        ..attribute
    }
}

/// Marks what tmrs adds to pytm's vocabulary.
const fn ours(attribute: Attribute) -> Attribute {
    Attribute {
        since: Since::Tmrs("0.1"),
        ..attribute
    }
}

/// The classes, in the order of [`Class`].
pub static CLASSES: [ClassSpec; 18] = [
    ClassSpec {
        name: "Element",
        parent: None,
        description: "Anything that can be part of a system",
        attributes: &[
            attribute(
                "assumptions",
                Kind::Assumptions,
                Fallback::Empty,
                "What is taken for granted about this element; an assumption may exclude rules",
            ),
            attribute(
                "controls",
                Kind::Controls,
                Fallback::Empty,
                "The protections that are in place",
            ),
            text("description", "What it is and does, in a sentence"),
            attribute(
                "findings",
                Kind::Internal,
                Fallback::Empty,
                "Filled by pytm with what it found",
            ),
            attribute(
                "inBoundary",
                Kind::Boundary,
                Fallback::Nothing,
                "The innermost trust boundary around it",
            ),
            on(
                "inScope",
                "Whether it is judged; an element out of scope yields no gating finding",
            ),
            attribute(
                "is_drawn",
                Kind::Internal,
                Fallback::Bool(false),
                "Used by pytm while it draws",
            ),
            attribute(
                "levels",
                Kind::Ints,
                Fallback::LevelZero,
                "The diagram levels on which it is drawn",
            ),
            attribute(
                "maxClassification",
                Kind::Enum(&CLASSIFICATION),
                Fallback::Member("UNKNOWN"),
                "The highest classification of data that may pass here",
            ),
            protection(
                Fallback::Member("TLSv12"),
                attribute(
                    "minTLSVersion",
                    Kind::Enum(&TLS_VERSION),
                    Fallback::Member("NONE"),
                    "The lowest TLS version that is acceptable here",
                ),
            ),
            required(text("name", "The name that people and findings use")),
            attribute(
                "overrides",
                Kind::Findings,
                Fallback::Empty,
                "Findings whose response, severity or CVSS the model states itself",
            ),
            attribute(
                "severity",
                Kind::Internal,
                Fallback::Int(0),
                "The highest severity found here, filled by pytm",
            ),
            attribute(
                "sourceFiles",
                Kind::Texts,
                Fallback::Empty,
                "The code that this element describes, relative to the model",
            ),
            attribute(
                "uuid",
                Kind::Internal,
                Fallback::Nothing,
                "Given by pytm; never part of an identity",
            ),
        ],
    },
    ClassSpec {
        name: "Asset",
        parent: Some(Class::Element),
        description: "A part of the system that sends, receives or keeps data",
        attributes: &[
            text("OS", "The operating system it runs on"),
            attribute(
                "data",
                Kind::DataSet,
                Fallback::Empty,
                "The data it sends along its outgoing flows",
            ),
            flag(
                "handlesResources",
                "Whether it manages resources on behalf of others",
            ),
            attribute(
                "inputs",
                Kind::Flows,
                Fallback::Empty,
                "The flows that end here",
            ),
            fact("onAWS", "Whether it runs on Amazon Web Services"),
            attribute(
                "outputs",
                Kind::Flows,
                Fallback::Empty,
                "The flows that start here",
            ),
            number("port", "The port it listens on"),
            text(
                "protocol",
                "The protocol it speaks unless a flow says otherwise",
            ),
            ours(attribute(
                "technologies",
                Kind::Texts,
                Fallback::Empty,
                "What it is built with or speaks to, such as PHP, LDAP, XML or Windows",
            )),
            flag(
                "usesEnvironmentVariables",
                "Whether it takes settings from environment variables",
            ),
            ours(flag(
                "acceptsFileUploads",
                "Whether it takes files from others",
            )),
            ours(flag(
                "allowsCrossOrigin",
                "Whether pages of other sites may call it from a browser",
            )),
            ours(flag(
                "buildsSoftware",
                "Whether it builds, tests or deploys software",
            )),
            ours(flag(
                "deserializesObjects",
                "Whether it turns received bytes into objects of the program",
            )),
            ours(flag(
                "evaluatesInput",
                "Whether it evaluates templates, expressions or scripts that others send",
            )),
            ours(flag(
                "fetchesURLs",
                "Whether it fetches addresses that come from requests",
            )),
            ours(flag(
                "holdsSecrets",
                "Whether it holds keys, passwords or tokens for other systems",
            )),
            ours(flag(
                "isAdminInterface",
                "Whether it is there to administer the system",
            )),
            ours(flag(
                "isBusinessCritical",
                "Whether serious harm follows when it stops",
            )),
            ours(fact(
                "isClient",
                "Whether it runs in the hands of the people who use it, as a browser or a mobile app does: it is then judged by what it sends, and keeps nobody out",
            )),
            ours(flag(
                "isFieldDevice",
                "Whether it stands where outsiders can lay hands on it",
            )),
            ours(fact(
                "isIdentityProvider",
                "Whether people log in there for other parts of the system, as at an OpenID provider",
            )),
            ours(flag(
                "isInternetFacing",
                "Whether anyone on the internet can reach it",
            )),
            ours(flag(
                "isMemoryUnsafe",
                "Whether its code manages memory itself, as C and C++ do; follows from codeType Unmanaged",
            )),
            ours(flag("isMultiTenant", "Whether several customers share it")),
            ours(fact(
                "isOffTheShelf",
                "Whether it is a product of others that is installed and set up, as Keycloak or Grafana: what is wrong in its own code is then a matter of updates",
            )),
            ours(attribute(
                "isProxy",
                Kind::Bool,
                Fallback::Nothing,
                "Whether it only passes requests on, as a load balancer, ingress, reverse proxy or CDN does: what requests carry is then judged where they are handled",
            )),
            ours(fact(
                "isPublic",
                "Whether all it serves or keeps is meant for everyone, as on a public website",
            )),
            ours(flag(
                "offersTools",
                "Whether it offers tools to language models, as an MCP server does",
            )),
            ours(fact(
                "receivesUpdates",
                "Whether its software is replaced from afar",
            )),
            ours(flag(
                "receivesWebhooks",
                "Whether other systems call it back when something happens",
            )),
            ours(flag(
                "runsCommands",
                "Whether it starts programs or shell commands with values that others send",
            )),
            ours(flag(
                "runsUserCode",
                "Whether running code of its users is what it is for, as in a notebook or build runner",
            )),
            ours(flag("runsInContainer", "Whether it runs in a container")),
            ours(flag(
                "sellsScarceGoods",
                "Whether it offers a flow that bots would profit from, such as booking or inviting",
            )),
            ours(flag(
                "takesPayments",
                "Whether people pay on its pages, also through fields of a payment provider",
            )),
            ours(flag(
                "usesCloudIdentity",
                "Whether it acts with a role or service account of a cloud",
            )),
            ours(flag("usesJWT", "Whether it accepts JSON Web Tokens")),
            ours(fact(
                "usesOIDC",
                "Whether people log in through OpenID Connect or OAuth",
            )),
            ours(flag(
                "usesPasswords",
                "Whether people log in with passwords",
            )),
            ours(fact("usesSAML", "Whether people log in through SAML")),
        ],
    },
    ClassSpec {
        name: "Actor",
        parent: Some(Class::Element),
        description: "A person or role that uses the system",
        attributes: &[
            attribute(
                "data",
                Kind::DataSet,
                Fallback::Empty,
                "The data this person or role sends",
            ),
            attribute(
                "inputs",
                Kind::Flows,
                Fallback::Empty,
                "The flows that end here",
            ),
            fact("isAdmin", "Whether this role administers the system"),
            attribute(
                "outputs",
                Kind::Flows,
                Fallback::Empty,
                "The flows that start here",
            ),
            number("port", "The port it listens on"),
            text(
                "protocol",
                "The protocol it speaks unless a flow says otherwise",
            ),
        ],
    },
    ClassSpec {
        name: "Server",
        parent: Some(Class::Asset),
        description: "A program that answers requests",
        attributes: &[
            ours(flag(
                "allowsClientSideScripting",
                "Whether it delivers pages that run scripts in a browser",
            )),
            fact("usesCache", "Whether it keeps answers in a cache"),
            flag(
                "usesSessionTokens",
                "Whether it recognises users by session tokens",
            ),
            control("usesVPN", "Whether it is reached through a VPN"),
            flag("usesXMLParser", "Whether it parses XML"),
            ours(flag("implementsAPI", "Whether it serves an API")),
            ours(text(
                "environment",
                "The stage it runs in, such as Production",
            )),
        ],
    },
    ClassSpec {
        name: "Process",
        parent: Some(Class::Asset),
        description: "A running program",
        attributes: &[
            flag(
                "allowsClientSideScripting",
                "Whether it delivers pages that run scripts in a browser",
            ),
            risk(
                Fallback::Text("Managed"),
                attribute(
                    "codeType",
                    Kind::Text,
                    Fallback::Text("Unmanaged"),
                    "Managed or Unmanaged code",
                ),
            ),
            text("environment", "The stage it runs in, such as Production"),
            flag("implementsAPI", "Whether it serves an API"),
            flag(
                "implementsCommunicationProtocol",
                "Whether it speaks a protocol of its own design",
            ),
            control(
                "tracksExecutionFlow",
                "Whether the process itself records what it executes",
            ),
            ours(flag("usesXMLParser", "Whether it parses XML")),
            ours(flag(
                "usesSessionTokens",
                "Whether it recognises users by session tokens",
            )),
            ours(fact("usesCache", "Whether it keeps answers in a cache")),
        ],
    },
    ClassSpec {
        name: "SetOfProcesses",
        parent: Some(Class::Process),
        description: "Several processes that are shown as one",
        attributes: &[],
    },
    ClassSpec {
        name: "ExternalEntity",
        parent: Some(Class::Asset),
        description: "A system that others run",
        attributes: &[flag(
            "hasPhysicalAccess",
            "Whether outsiders can lay hands on it",
        )],
    },
    ClassSpec {
        name: "Datastore",
        parent: Some(Class::Asset),
        description: "A place where data is kept",
        attributes: &[
            flag("hasWriteAccess", "Whether clients may write to it"),
            on("isSQL", "Whether it is queried in SQL"),
            ours(fact(
                "isEphemeral",
                "Whether it keeps data in memory only, never on a disk",
            )),
            flag("isShared", "Whether several parties work on the same store"),
            fact("onRDS", "Whether it runs on Amazon RDS"),
            fact("storesLogData", "Whether logs are kept here"),
            flag(
                "storesPII",
                "Whether data about identifiable people is kept here",
            ),
            flag(
                "storesSensitiveData",
                "Whether data that must stay confidential is kept here",
            ),
            attribute(
                "type",
                Kind::Enum(&DATASTORE_TYPE),
                Fallback::Member("UNKNOWN"),
                "The sort of store",
            ),
            ours(attribute(
                "kind",
                Kind::Enum(&STORE_KIND),
                Fallback::Member("UNKNOWN"),
                "What the store is used as",
            )),
        ],
    },
    ClassSpec {
        name: "Lambda",
        parent: Some(Class::Asset),
        description: "A function that a platform runs on demand",
        attributes: &[
            ours(risk(
                Fallback::Text("Managed"),
                attribute(
                    "codeType",
                    Kind::Text,
                    Fallback::Text("Managed"),
                    "Managed or Unmanaged code",
                ),
            )),
            text("environment", "The stage it runs in, such as Production"),
            flag("implementsAPI", "Whether it serves an API"),
            ours(flag("usesXMLParser", "Whether it parses XML")),
            ours(flag(
                "allowsClientSideScripting",
                "Whether it delivers pages that run scripts in a browser",
            )),
            ours(flag(
                "usesSessionTokens",
                "Whether it recognises users by session tokens",
            )),
            ours(fact("usesCache", "Whether it keeps answers in a cache")),
            on("onAWS", "Whether it runs on Amazon Web Services"),
        ],
    },
    ClassSpec {
        name: "LLM",
        parent: Some(Class::Asset),
        description: "A large language model, self-hosted or a service",
        attributes: &[
            flag("executesCode", "Whether code that the model writes is run"),
            flag(
                "hasAccessToSensitiveSystems",
                "Whether it can reach systems that must be protected",
            ),
            flag("hasAgentCapabilities", "Whether it chooses and calls tools"),
            control(
                "hasContentFiltering",
                "Whether prompts and answers are filtered",
            ),
            flag(
                "hasFineTuning",
                "Whether it was trained further on own data",
            ),
            flag("hasRAG", "Whether retrieved documents join the prompt"),
            on("hasSystemPrompt", "Whether a system prompt steers it"),
            fact("isSelfHosted", "Whether it runs on own infrastructure"),
            on("isThirdParty", "Whether another company runs it"),
            flag("processesPersonalData", "Whether personal data reaches it"),
            risk(
                Fallback::Bool(false),
                on(
                    "processesUntrustedInput",
                    "Whether text from strangers reaches it",
                ),
            ),
            flag("retainsUserData", "Whether it keeps what users send"),
            ours(flag(
                "outputDrivesActions",
                "Whether programs act on its answers or show them unread",
            )),
            ours(flag(
                "outputInformsDecisions",
                "Whether people decide by its answers",
            )),
        ],
    },
    ClassSpec {
        name: "Agent",
        parent: Some(Class::Asset),
        description: "A program that lets a language model choose and call tools",
        attributes: &[
            flag(
                "usesExternalTools",
                "Whether it uses tools or servers from elsewhere",
            ),
            control(
                "validatesToolLaunchConfig",
                "Whether the command that starts a tool is checked first",
            ),
            ours(flag(
                "executesCode",
                "Whether it runs code that the model writes",
            )),
            ours(flag(
                "hasMemory",
                "Whether it remembers from one conversation to the next",
            )),
            ours(flag(
                "processesUntrustedInput",
                "Whether text from strangers reaches it",
            )),
            ours(flag(
                "changesThings",
                "Whether its tools change data or make things happen",
            )),
            ours(flag(
                "runsUnattended",
                "Whether it works without a person watching",
            )),
            ours(flag(
                "talksToAgents",
                "Whether it takes messages from other agents",
            )),
        ],
    },
    ClassSpec {
        name: "Dataflow",
        parent: Some(Class::Element),
        description: "Data that moves from a source to a sink",
        attributes: &[
            attribute(
                "data",
                Kind::DataSet,
                Fallback::Empty,
                "What travels along the flow",
            ),
            number("dstPort", "The port at the destination"),
            flag(
                "implementsCommunicationProtocol",
                "Whether the flow follows a protocol of its own design",
            ),
            fact("isResponse", "Whether the flow answers another one"),
            text("note", "A remark for the sequence diagram"),
            number("order", "The position in the sequence of flows"),
            text("protocol", "The application protocol"),
            ours(control(
                "isEncryptedProtocol",
                "Whether the protocol keeps others from reading along; follows from its name where that is known",
            )),
            ours(attribute(
                "protocolKind",
                Kind::Enum(&PROTOCOL_KIND),
                Fallback::Member("UNKNOWN"),
                "What the protocol is for; follows from its name",
            )),
            attribute(
                "response",
                Kind::Flow,
                Fallback::Nothing,
                "The flow that answers this one",
            ),
            attribute(
                "responseTo",
                Kind::Flow,
                Fallback::Nothing,
                "The flow that this one answers",
            ),
            required(attribute(
                "sink",
                Kind::Element,
                Fallback::Nothing,
                "Where the flow ends",
            )),
            required(attribute(
                "source",
                Kind::Element,
                Fallback::Nothing,
                "Where the flow starts",
            )),
            number("srcPort", "The port at the source"),
            protection(
                Fallback::Member("TLSv12"),
                attribute(
                    "tlsVersion",
                    Kind::Enum(&TLS_VERSION),
                    Fallback::Member("NONE"),
                    "The TLS version in use",
                ),
            ),
            flag("usesSessionTokens", "Whether a session token travels along"),
            control("usesVPN", "Whether the flow runs inside a VPN"),
        ],
    },
    ClassSpec {
        name: "Boundary",
        parent: Some(Class::Element),
        description: "A border between zones of different trust",
        attributes: &[ours(attribute(
            "trust",
            Kind::Enum(&TRUST),
            Fallback::Member("UNKNOWN"),
            "How far what happens inside can be trusted; unless said, as far as the zone around it",
        ))],
    },
    ClassSpec {
        name: "Data",
        parent: None,
        description: "A piece of data that flows carry",
        attributes: &[
            attribute(
                "carriedBy",
                Kind::Flows,
                Fallback::Empty,
                "The flows that carry it",
            ),
            attribute(
                "classification",
                Kind::Enum(&CLASSIFICATION),
                Fallback::Member("UNKNOWN"),
                "How confidential it is",
            ),
            protection(
                Fallback::Member("SHORT"),
                attribute(
                    "credentialsLife",
                    Kind::Enum(&LIFETIME),
                    Fallback::Member("NONE"),
                    "How long credentials live and how they end",
                ),
            ),
            text("description", "What it is, in a sentence"),
            text("format", "The format, such as JSON or XML"),
            flag(
                "isCredentials",
                "Whether it lets someone log in: passwords, tokens, keys",
            ),
            control(
                "isDestEncryptedAtRest",
                "Whether the destination keeps it encrypted",
            ),
            flag("isPII", "Whether it is about identifiable people"),
            control(
                "isSourceEncryptedAtRest",
                "Whether the source keeps it encrypted",
            ),
            flag("isStored", "Whether the receiver keeps it"),
            required(text("name", "The name that people and findings use")),
            attribute(
                "processedBy",
                Kind::Elements,
                Fallback::Empty,
                "The elements that send or receive it",
            ),
            ours(flag(
                "isIntegrityCritical",
                "Whether harm follows if it is changed unnoticed",
            )),
            ours(control(
                "isAudienceBound",
                "Whether a token is accepted by one receiver only, so that no other can use it",
            )),
            ours(control(
                "isHashed",
                "Whether it is a password kept only as a slow, salted hash",
            )),
            ours(flag(
                "isPassword",
                "Whether it is a password that a person remembers",
            )),
            ours(control(
                "isPseudonymised",
                "Whether what names people directly was replaced",
            )),
            ours(flag(
                "isSpecialCategory",
                "Whether it tells about health, beliefs, biometrics or the like",
            )),
        ],
    },
    ClassSpec {
        name: "Controls",
        parent: None,
        description: "The protections of an element",
        attributes: &[
            control(
                "authenticatesDestination",
                "The other side proves who it is, for example with a certificate",
            ),
            control("authenticatesSource", "Callers prove who they are"),
            text(
                "authenticationScheme",
                "The name of the scheme, such as OIDC or mTLS",
            ),
            control(
                "authorizesSource",
                "Callers are checked for the right to do what they ask",
            ),
            control(
                "checksDestinationRevocation",
                "Revoked certificates of the destination are refused",
            ),
            control(
                "checksInputBounds",
                "Lengths and ranges of input are checked",
            ),
            control(
                "definesConnectionTimeout",
                "Idle connections and sessions end",
            ),
            control(
                "disablesDTD",
                "The XML parser ignores document type definitions",
            ),
            control("disablesiFrames", "Other sites cannot frame its pages"),
            control(
                "encodesHeaders",
                "Values are encoded before they enter a header",
            ),
            control(
                "encodesOutput",
                "Values are encoded for the place they are written to",
            ),
            control("encryptsCookies", "Cookies are encrypted"),
            control("encryptsSessionData", "Session data is encrypted"),
            control("handlesCrashes", "A crash is caught and recovered from"),
            control("handlesInterruptions", "An interruption loses nothing"),
            control(
                "handlesResourceConsumption",
                "Memory, time and space per request are limited",
            ),
            control("hasAccessControl", "Access is controlled"),
            control(
                "implementsAuthenticationScheme",
                "A recognised authentication scheme is in use",
            ),
            control(
                "implementsCSRFToken",
                "Requests from a browser carry an anti-forgery token",
            ),
            control(
                "implementsNonce",
                "Messages carry a number that is accepted once",
            ),
            control(
                "implementsPOLP",
                "It runs with the least privilege it needs",
            ),
            control(
                "implementsServerSideValidation",
                "What the client checked is checked again on the server",
            ),
            control(
                "implementsStrictHTTPValidation",
                "Ambiguous or malformed HTTP is refused",
            ),
            control("invokesScriptFilters", "Active content is filtered"),
            control("isEncrypted", "Traffic is encrypted"),
            control("isEncryptedAtRest", "Stored data is encrypted"),
            control("isHardened", "The platform is hardened"),
            control("isResilient", "It keeps working under load and failure"),
            control(
                "providesConfidentiality",
                "Content is kept from those who should not read it",
            ),
            control("providesIntegrity", "Changes to content are noticed"),
            control("sanitizesInput", "Dangerous parts are removed from input"),
            control("tracksExecutionFlow", "What is executed is recorded"),
            control(
                "usesCodeSigning",
                "Code is signed and signatures are checked",
            ),
            protection(
                Fallback::Text("AES-256-GCM"),
                text(
                    "usesEncryptionAlgorithm",
                    "The algorithm in use, such as AES-256-GCM",
                ),
            ),
            control("usesMFA", "People log in with more than one factor"),
            control(
                "usesParameterizedInput",
                "Commands and queries take values as parameters",
            ),
            control(
                "usesSecureFunctions",
                "Functions known to be unsafe are not used",
            ),
            control(
                "usesStrongSessionIdentifiers",
                "Session identifiers cannot be guessed",
            ),
            control("usesVPN", "Traffic runs inside a VPN"),
            control("validatesContentType", "The content type is checked"),
            control("validatesHeaders", "Headers are checked"),
            control(
                "validatesInput",
                "Input is checked against what is expected",
            ),
            control(
                "verifySessionIdentifiers",
                "Every request is checked against its session",
            ),
            ours(control(
                "actsAsUser",
                "It acts with the rights of the person it acts for, not its own",
            )),
            ours(control(
                "checksObjectOwnership",
                "For every object asked for, the caller's right to that object is checked",
            )),
            ours(control(
                "detectsAutomation",
                "Bots that pose as people are recognised",
            )),
            ours(control(
                "detectsTampering",
                "Opening or moving the device is noticed",
            )),
            ours(control(
                "disablesDebugFeatures",
                "Test interfaces, debug modes and hidden switches are off",
            )),
            ours(control(
                "disablesDebugPorts",
                "Debug and service ports are closed",
            )),
            ours(control(
                "filtersEgress",
                "It can only call the destinations it needs",
            )),
            ours(control(
                "filtersTraffic",
                "Only expected traffic gets through",
            )),
            ours(control(
                "givesPeopleAccess",
                "People can see, correct and delete what is held about them",
            )),
            ours(control(
                "controlsPageScripts",
                "Scripts on payment pages are on a list, and changes to them are noticed",
            )),
            ours(control("hasBackups", "Data is backed up")),
            ours(control(
                "hasRedundancy",
                "Another one takes over when it fails",
            )),
            ours(control(
                "hashesPasswords",
                "Passwords are kept only as slow, salted hashes",
            )),
            ours(control(
                "hidesAccountExistence",
                "Answers do not tell whether an account exists",
            )),
            ours(control(
                "informsPeople",
                "People are told what is done with their data, and why",
            )),
            ours(control(
                "hidesErrorDetails",
                "Error messages repeat neither internals nor what was sent",
            )),
            ours(control(
                "isInventoried",
                "It is on the list of what runs, with version and owner",
            )),
            ours(control(
                "isVetted",
                "The party behind it is under contract and was examined",
            )),
            ours(control(
                "isolatesTenants",
                "One customer cannot reach what belongs to another",
            )),
            ours(control(
                "keepsImmutableCopies",
                "What was written cannot be changed or deleted for a set time",
            )),
            ours(control(
                "limitsAcceptedFields",
                "Only the fields that a caller may set are taken over",
            )),
            ours(control(
                "limitsRetention",
                "Data is deleted when its time is over",
            )),
            ours(control(
                "limitsReturnedFields",
                "Only the fields that a caller may see are returned",
            )),
            ours(control(
                "logsSecurityEvents",
                "Who did what and when is logged",
            )),
            ours(control(
                "minimisesData",
                "Only data that the purpose needs is kept and passed on",
            )),
            ours(control(
                "monitorsActivity",
                "Somebody is alerted when something unusual happens",
            )),
            ours(control(
                "obtainsConsent",
                "Data is used only as people agreed or the law allows",
            )),
            ours(control(
                "pinsTools",
                "Tools are used in the reviewed version only",
            )),
            ours(control(
                "protectsRecovery",
                "Resetting a login proves the person as well as the login does",
            )),
            ours(control(
                "rateLimits",
                "How often somebody may call is limited",
            )),
            ours(control(
                "redactsLogs",
                "Secrets and personal data are kept out of logs",
            )),
            ours(control(
                "requiresApproval",
                "A person approves what matters before it happens",
            )),
            ours(control(
                "restrictsMetadataAccess",
                "The cloud's metadata service answers nobody but the platform",
            )),
            ours(control(
                "restrictsOrigins",
                "Only listed sites may call it from a browser",
            )),
            ours(control(
                "restrictsRedirects",
                "Redirects go to registered addresses only",
            )),
            ours(control(
                "revokesTokens",
                "Sessions and tokens can be ended before they expire",
            )),
            ours(control(
                "rotatesKeys",
                "Keys and passwords are replaced on schedule and on suspicion",
            )),
            ours(control(
                "sandboxesExecution",
                "What it runs is fenced off from everything else",
            )),
            ours(control(
                "scansDependencies",
                "Code of others is tracked and checked for known flaws",
            )),
            ours(control(
                "scansFiles",
                "Files of others are checked for type, size and malware",
            )),
            ours(control(
                "testsRestore",
                "Restoring from backups is practised",
            )),
            ours(control(
                "usesDeadLetterQueue",
                "Messages that cannot be processed are set aside",
            )),
            ours(control(
                "usesHardwareKeys",
                "Keys live in a chip that does not give them away",
            )),
            ours(control(
                "usesPKCE",
                "A login is bound to the client that began it: PKCE, state, nonce",
            )),
            ours(control(
                "usesSecretStore",
                "Secrets come from a store made for them",
            )),
            ours(control(
                "usesSecureBoot",
                "Only signed firmware and systems start",
            )),
            ours(control(
                "usesUniqueCredentials",
                "No two devices or clients share a credential",
            )),
            ours(control(
                "usesWorkloadIdentity",
                "The platform vouches for it; no long-lived keys are handed out",
            )),
            ours(control(
                "validatesModelOutput",
                "What a model answers is checked before anything relies on it",
            )),
            ours(control(
                "verifiesProvenance",
                "Packages, images and models are checked for where they come from",
            )),
            ours(control(
                "verifiesSignatures",
                "Signatures of messages are verified",
            )),
            ours(control(
                "verifiesTokens",
                "Signature, issuer, audience and expiry of tokens are checked",
            )),
        ],
    },
    ClassSpec {
        name: "Assumption",
        parent: None,
        description: "Something taken for granted, which may exclude rules",
        attributes: &[
            text("description", "Why it may be assumed"),
            attribute(
                "exclude",
                Kind::Texts,
                Fallback::Empty,
                "The rule ids that it rules out",
            ),
            required(text("name", "What is assumed")),
        ],
    },
    ClassSpec {
        name: "Finding",
        parent: None,
        description: "An override of one finding: its response, severity or CVSS",
        attributes: &[
            attribute(
                "assumption",
                Kind::Internal,
                Fallback::Nothing,
                "The assumption that excluded it",
            ),
            text("condition", "The condition of the rule"),
            text("cvss", "A CVSS score or vector"),
            text("description", "The title of the threat"),
            text("details", "The threat in full"),
            attribute(
                "element",
                Kind::Internal,
                Fallback::Nothing,
                "Where it was found",
            ),
            text("example", "An example attack"),
            text("id", "A running number, given by pytm"),
            text("likelihood", "How likely an attack is"),
            text("mitigations", "What helps"),
            text("references", "Where to read more"),
            text(
                "response",
                "mitigated, transferred, avoided, accepted or false-positive, with the reason",
            ),
            text("severity", "How bad it is"),
            text("target", "The name of the element"),
            required(text("threat_id", "The id of the rule")),
        ],
    },
    ClassSpec {
        name: "TM",
        parent: None,
        description: "The model as a whole",
        attributes: &[
            attribute(
                "assumptions",
                Kind::Assumptions,
                Fallback::Empty,
                "What is taken for granted for the whole model",
            ),
            fact("colormap", "Whether diagrams are coloured by severity"),
            text("description", "What the system does"),
            attribute(
                "excluded_findings",
                Kind::Internal,
                Fallback::Empty,
                "Filled by pytm with what assumptions excluded",
            ),
            attribute(
                "findings",
                Kind::Internal,
                Fallback::Empty,
                "Filled by pytm with what it found",
            ),
            fact(
                "ignoreUnused",
                "Whether elements without a flow are left out",
            ),
            fact("isOrdered", "Whether flows without an order are numbered"),
            fact(
                "mergeResponses",
                "Whether a response is drawn on the arrow of its request",
            ),
            required(text("name", "The name of the model")),
            attribute(
                "onDuplicates",
                Kind::Enum(&ACTION),
                Fallback::Member("NO_ACTION"),
                "What to do about flows that say the same",
            ),
            text(
                "threatsFile",
                "Rules that take the place of the built-in ones for this model",
            ),
        ],
    },
];

/// Every enum of the vocabulary.
pub static ENUMS: [&Enumeration; 8] = [
    &ACTION,
    &CLASSIFICATION,
    &LIFETIME,
    &DATASTORE_TYPE,
    &TLS_VERSION,
    &TRUST,
    &STORE_KIND,
    &PROTOCOL_KIND,
];

static ACTION: Enumeration = Enumeration {
    name: "Action",
    description: "What to do about duplicate flows",
    members: &[
        ("NO_ACTION", "Nothing"),
        ("RESTRICT", "Refuse the model"),
        ("IGNORE", "Leave the later one out of diagrams"),
    ],
    ordered: false,
    since: Since::Pytm,
};

static CLASSIFICATION: Enumeration = Enumeration {
    name: "Classification",
    description: "How confidential data is",
    members: &[
        ("UNKNOWN", "Nobody said"),
        ("PUBLIC", "Anyone may read it"),
        ("RESTRICTED", "For those who work with it"),
        ("SENSITIVE", "Harm follows if it leaks"),
        ("SECRET", "Serious harm follows if it leaks"),
        ("TOP_SECRET", "Grave harm follows if it leaks"),
    ],
    ordered: true,
    since: Since::Pytm,
};

static LIFETIME: Enumeration = Enumeration {
    name: "Lifetime",
    description: "How long credentials live and how they end",
    members: &[
        ("NONE", "Does not apply"),
        ("UNKNOWN", "Nobody said"),
        ("SHORT", "They expire soon"),
        ("LONG", "They expire late or never"),
        ("AUTO", "They are revoked automatically when need be"),
        ("MANUAL", "Somebody has to revoke them"),
        ("HARDCODED", "They cannot be revoked"),
    ],
    ordered: false,
    since: Since::Pytm,
};

/// Members of `Lifetime` whose values in pytm are not their names.
pub const LIFETIMES: [(&str, &str); 4] = [
    ("SHORT", "SHORT_LIVED"),
    ("LONG", "LONG_LIVED"),
    ("AUTO", "AUTO_REVOKABLE"),
    ("MANUAL", "MANUALLY_REVOKABLE"),
];

static DATASTORE_TYPE: Enumeration = Enumeration {
    name: "DatastoreType",
    description: "The sort of store, as pytm names it",
    members: &[
        ("UNKNOWN", "Nobody said"),
        ("FILE_SYSTEM", "Files"),
        ("SQL", "A relational database"),
        ("LDAP", "A directory"),
        ("AWS_S3", "Objects on Amazon S3"),
    ],
    ordered: false,
    since: Since::Pytm,
};

static TLS_VERSION: Enumeration = Enumeration {
    name: "TLSVersion",
    description: "TLS and SSL versions",
    members: &[
        ("NONE", "No TLS"),
        ("SSLv1", "SSL 1, broken"),
        ("SSLv2", "SSL 2, broken"),
        ("SSLv3", "SSL 3, broken"),
        ("TLSv10", "TLS 1.0, deprecated"),
        ("TLSv11", "TLS 1.1, deprecated"),
        ("TLSv12", "TLS 1.2"),
        ("TLSv13", "TLS 1.3"),
    ],
    ordered: true,
    since: Since::Pytm,
};

pub(crate) static TRUST: Enumeration = Enumeration {
    name: "Trust",
    description: "How far a zone can be trusted",
    members: &[
        ("UNKNOWN", "Nobody said"),
        (
            "UNTRUSTED",
            "Anyone can act here: the internet, a public space",
        ),
        ("PARTNER", "Known others act here"),
        ("INTERNAL", "Only own staff and systems act here"),
        ("RESTRICTED", "Only a few, checked, may act here"),
    ],
    ordered: true,
    since: Since::Tmrs("0.1"),
};

static STORE_KIND: Enumeration = Enumeration {
    name: "StoreKind",
    description: "What a store is used as",
    members: &[
        ("UNKNOWN", "Nobody said"),
        ("RELATIONAL", "A relational database"),
        ("DOCUMENT", "A document or key-value database"),
        ("CACHE", "A cache"),
        ("QUEUE", "A queue, topic or broker"),
        ("OBJECTS", "Object storage"),
        ("FILES", "Files"),
        ("SEARCH", "A search index"),
        ("VECTORS", "A vector index for retrieval"),
        ("SECRETS", "A store for secrets and keys"),
        ("LOGS", "Logs and audit trails"),
        ("BACKUP", "Backups"),
        ("DIRECTORY", "A directory of people and rights"),
        ("ARTIFACTS", "Packages, images and other build results"),
    ],
    ordered: false,
    since: Since::Tmrs("0.1"),
};

static PROTOCOL_KIND: Enumeration = Enumeration {
    name: "ProtocolKind",
    description: "What a protocol is for",
    members: &[
        ("UNKNOWN", "Nobody said"),
        ("HTTP", "The web: HTTP, REST, gRPC, WebSocket"),
        ("SOAP", "Calls in XML envelopes"),
        ("MAIL", "SMTP, IMAP, POP3"),
        ("DIRECTORY", "LDAP"),
        ("MESSAGES", "Queues and topics: AMQP, MQTT, Kafka"),
        ("DATABASE", "Queries: SQL, Redis, MongoDB"),
        ("FILES", "Transfer of files"),
        ("SHELL", "Remote terminals and desktops"),
        ("LOCAL", "Inside one machine"),
        ("OTHER", "Something else"),
    ],
    ordered: false,
    since: Since::Tmrs("0.1"),
};
