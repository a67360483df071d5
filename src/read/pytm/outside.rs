//! What is known of modules that tmrs does not read: which of them know no model.
//!
//! A module that stands in none of these tables may build elements, so it is refused.

/// Packages that know neither pytm nor models: they draw, print, compute, store.
const INERT: &[&str] = &[
    "IPython",
    "PIL",
    "annotated_types",
    "anyio",
    "boto3",
    "botocore",
    "certifi",
    "click",
    "colorama",
    "coloredlogs",
    "dateutil",
    "docx",
    "dotenv",
    "fpdf",
    "git",
    "google",
    "graphviz",
    "httpx",
    "jinja2",
    "jsonschema",
    "loguru",
    "markdown",
    "matplotlib",
    "mdutils",
    "networkx",
    "numpy",
    "openai",
    "openpyxl",
    "pandas",
    "plotly",
    "pptx",
    "prettytable",
    "psutil",
    "pydal",
    "pydantic",
    "pydantic_core",
    "pydot",
    "pygments",
    "pygraphviz",
    "pytest",
    "pytz",
    "reportlab",
    "requests",
    "rich",
    "ruamel",
    "scipy",
    "seaborn",
    "setuptools",
    "six",
    "structlog",
    "svgwrite",
    "tabulate",
    "termcolor",
    "toml",
    "tomli",
    "tomli_w",
    "tqdm",
    "typer",
    "ujson",
    "urllib3",
    "weasyprint",
    "xlsxwriter",
    "xmltodict",
];

/// Packages that pytm itself needs, so they are always there.
const OF_PYTM: &[&str] = &["pydantic", "pydantic_core", "pydal", "annotated_types"];

/// Modules that are compiled into Python, or imported before any script runs: no file of a
/// repository stands for them.
pub(super) fn is_built_in(name: &str) -> bool {
    matches!(
        name,
        "__future__"
            | "abc"
            | "atexit"
            | "builtins"
            | "codecs"
            | "encodings"
            | "errno"
            | "faulthandler"
            | "gc"
            | "io"
            | "itertools"
            | "marshal"
            | "os"
            | "posix"
            | "posixpath"
            | "pwd"
            | "signal"
            | "site"
            | "stat"
            | "sys"
            | "time"
            | "zipimport"
    )
}

/// Modules that pytm imports for itself.
pub(super) fn is_imported_by_pytm(name: &str) -> bool {
    matches!(
        name,
        "argparse"
            | "ast"
            | "collections"
            | "copy"
            | "dataclasses"
            | "datetime"
            | "enum"
            | "functools"
            | "hashlib"
            | "html"
            | "inspect"
            | "json"
            | "logging"
            | "pydantic"
            | "random"
            | "re"
            | "string"
            | "textwrap"
            | "typing"
            | "uuid"
    )
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn is_in(name: &str, modules: &[&str]) -> bool {
    modules.iter().any(|module| {
        name.strip_prefix(module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '(']))
    })
}

/// A package outside the repository that is known to know no model.
pub(super) fn is_inert(name: &str) -> bool {
    INERT.contains(&top(name))
}

/// Whether such a package is there wherever pytm is.
pub(super) fn is_certain(name: &str) -> bool {
    OF_PYTM.contains(&top(name))
}

/// Functions that only look at what they are given: they print, log, draw or write it.
pub(super) fn only_looks(name: &str) -> bool {
    is_in(
        name,
        &[
            "builtins.print",
            "csv.writer",
            "datetime",
            "json.dump",
            "json.dumps",
            "locale",
            "logging",
            "matplotlib",
            "os.makedirs",
            "os.mkdir",
            "pprint",
            "rich",
            "seaborn",
            "sys.stdout",
            "sys.stderr",
            "tabulate",
            "time",
            "traceback",
            "warnings",
            "webbrowser",
            "yaml.dump",
            "yaml.safe_dump",
        ],
    )
}

/// Modules whose functions never change what they are handed.
pub(super) fn is_pure(name: &str) -> bool {
    only_looks(name)
        || is_in(
            name,
            &[
                "base64",
                "calendar",
                "collections",
                "colorsys",
                "copy",
                "csv",
                "datetime",
                "decimal",
                "difflib",
                "fnmatch",
                "fractions",
                "glob",
                "hashlib",
                "html",
                "io",
                "ipaddress",
                "itertools",
                "json",
                "math",
                "networkx",
                "os",
                "pathlib",
                "platform",
                "random.choice",
                "random.choices",
                "random.sample",
                "re",
                "shlex",
                "shutil",
                "statistics",
                "string",
                "subprocess",
                "sys.getsizeof",
                "textwrap",
                "typing",
                "unicodedata",
                "urllib",
                "uuid",
                "xml",
                "yaml",
                "zlib",
            ],
        )
}

/// Functions that run code which they find somewhere else.
pub(super) fn runs_code(name: &str) -> bool {
    is_in(
        name,
        &[
            "builtins.__import__",
            "builtins.eval",
            "builtins.exec",
            "code",
            "codeop",
            "ctypes",
            "doctest",
            "imp",
            "importlib",
            "marshal.loads",
            "pickle.load",
            "pickle.loads",
            "runpy",
            "shelve",
            "site",
            "sys.meta_path",
            "timeit",
            "unittest",
            "zipimport",
        ],
    )
}

/// Functions and objects that give out the program's own functions, classes and objects.
pub(super) fn shows_the_program(name: &str) -> bool {
    is_in(
        name,
        &[
            "atexit",
            "builtins",
            "functools",
            "gc",
            "inspect",
            "operator",
            "pkgutil",
            "pydoc",
            "sys._getframe",
            "sys.modules",
            "types",
            "typing.get_type_hints",
            "weakref",
        ],
    )
}
