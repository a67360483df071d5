//! Which attributes the values of Python's own types have: the words of `dir()` in Python
//! 3.11 to 3.13. A word that is not here is an `AttributeError`, one that is here and
//! that tmrs does not read is not read.

/// Attributes of every object.
const OBJECT: &str = "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ \
    __getattribute__ __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ \
    __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ \
    __subclasshook__";

/// The type, what its values have in every version, and what in some of them.
const TYPES: &[(&str, &str, &str)] = &[
    (
        "str",
        "__add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ \
         __rmod__ __rmul__ capitalize casefold center count encode endswith expandtabs find \
         format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier \
         islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip \
         maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition \
         rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill",
        "",
    ),
    (
        "bytes",
        "__add__ __bytes__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ \
         __mul__ __rmod__ __rmul__ capitalize center count decode endswith expandtabs find \
         fromhex hex index isalnum isalpha isascii isdigit islower isspace istitle isupper \
         join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind \
         rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase \
         title translate upper zfill",
        "__buffer__",
    ),
    (
        "list",
        "__add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ \
         __iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append clear copy count \
         extend index insert pop remove reverse sort",
        "",
    ),
    (
        "tuple",
        "__add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ \
         __mul__ __rmul__ count index",
        "",
    ),
    (
        "dict",
        "__class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ \
         __or__ __reversed__ __ror__ __setitem__ clear copy fromkeys get items keys pop \
         popitem setdefault update values",
        "",
    ),
    (
        "set",
        "__and__ __class_getitem__ __contains__ __iand__ __ior__ __isub__ __iter__ __ixor__ \
         __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy \
         difference difference_update discard intersection intersection_update isdisjoint \
         issubset issuperset pop remove symmetric_difference symmetric_difference_update \
         union update",
        "",
    ),
    (
        "frozenset",
        "__and__ __class_getitem__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ \
         __rsub__ __rxor__ __sub__ __xor__ copy difference intersection isdisjoint issubset \
         issuperset symmetric_difference union",
        "",
    ),
    (
        "int",
        "__abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ \
         __floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ \
         __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ \
         __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ \
         __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ \
         as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag \
         numerator real to_bytes",
        "is_integer",
    ),
    (
        "float",
        "__abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ \
         __getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ __pow__ \
         __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ \
         __rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio conjugate fromhex hex \
         imag is_integer real",
        "",
    ),
    (
        "range",
        "__bool__ __contains__ __getitem__ __iter__ __len__ __reversed__ count index start \
         step stop",
        "",
    ),
    (
        "dict_keys",
        "__and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ \
         __rxor__ __sub__ __xor__ isdisjoint mapping",
        "",
    ),
    ("dict_values", "__iter__ __len__ __reversed__ mapping", ""),
    (
        "dict_items",
        "__and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ \
         __rxor__ __sub__ __xor__ isdisjoint mapping",
        "",
    ),
    ("NoneType", "__bool__", ""),
    ("slice", "indices start step stop", ""),
    (
        "complex",
        "__abs__ __add__ __bool__ __complex__ __getnewargs__ __mul__ __neg__ __pos__ __pow__ \
         __radd__ __rmul__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ conjugate imag \
         real",
        "",
    ),
];

/// Whether a value of a type has an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Has {
    Yes,
    No,
    /// The versions of Python differ, or the type is not one of these.
    Unknown,
}

pub(super) fn has(of: &str, name: &str) -> Has {
    let Some((_, always, sometimes)) = TYPES.iter().find(|(known, _, _)| *known == of) else {
        return Has::Unknown;
    };
    let holds = |words: &str| words.split_whitespace().any(|word| word == name);
    if holds(always) || holds(OBJECT) {
        Has::Yes
    } else if holds(sometimes) {
        Has::Unknown
    } else {
        Has::No
    }
}

/// The modules of the standard library, in every version of Python from 3.11 on.
const MODULES: &str = "\
    __future__ _abc _ast _asyncio _bisect _blake2 _bz2 _codecs _codecs_cn _codecs_hk \
    _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc \
    _compat_pickle _compression _contextvars _csv _ctypes _datetime _decimal _elementtree \
    _frozen_importlib _frozen_importlib_external _functools _hashlib _heapq _imp _io _json \
    _locale _lsprof _lzma _markupbase _md5 _multibytecodec _multiprocessing _opcode \
    _operator _pickle _py_abc _pydecimal _pyio _queue _random _sha1 _sha3 _signal \
    _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct \
    _symtable _thread _threading_local _tokenize _tracemalloc _typing _uuid _warnings \
    _weakref _weakrefset _zoneinfo abc argparse array ast asyncio atexit base64 bdb binascii \
    bisect builtins bz2 cProfile calendar cmath cmd code codecs codeop collections colorsys \
    compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes \
    dataclasses datetime decimal difflib dis doctest email encodings ensurepip enum errno \
    faulthandler filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt \
    getpass gettext glob graphlib gzip hashlib heapq hmac html http imaplib importlib \
    inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox \
    marshal math mimetypes mmap modulefinder multiprocessing netrc nt ntpath nturl2path \
    numbers opcode operator optparse os pathlib pdb pickle pickletools pkgutil platform \
    plistlib poplib posixpath pprint profile pstats py_compile pyclbr pydoc pydoc_data \
    pyexpat queue quopri random re reprlib rlcompleter runpy sched secrets select selectors \
    shelve shlex shutil signal site smtplib socket socketserver sqlite3 sre_compile \
    sre_constants sre_parse ssl stat statistics string stringprep struct subprocess symtable \
    sys sysconfig tabnanny tarfile tempfile textwrap threading time timeit token tokenize \
    tomllib trace traceback tracemalloc types typing unicodedata unittest urllib uuid venv \
    warnings wave weakref webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zlib \
    zoneinfo";

/// Modules that some versions or systems lack.
const SOMETIMES: &str = "\
    _aix_support _android_support _bootsubprocess _colorize _crypt _curses _curses_panel \
    _dbm _gdbm _interpchannels _interpqueues _interpreters _ios_support _msi \
    _opcode_metadata _osx_support _overlapped _posixshmem _posixsubprocess _pydatetime \
    _pylong _pyrepl _scproxy _sha2 _sha256 _sha512 _suggestions _sysconfig _tkinter _winapi \
    _wmi aifc antigravity asynchat asyncore audioop cgi cgitb chunk crypt curses dbm \
    distutils fcntl grp idlelib imghdr imp lib2to3 mailcap msilib msvcrt nis nntplib \
    ossaudiodev pipes posix pty pwd readline resource smtpd sndhdr spwd sunau syslog \
    telnetlib termios this tkinter tty turtle turtledemo uu winreg winsound xdrlib";

/// Whether the standard library has a module, by the first part of its name.
pub(super) fn has_module(name: &str) -> Has {
    let top = name.split('.').next().unwrap_or(name);
    let holds = |words: &str| words.split_whitespace().any(|word| word == top);
    if holds(MODULES) {
        Has::Yes
    } else if holds(SOMETIMES) {
        Has::Unknown
    } else {
        Has::No
    }
}

/// A name that Python gives a meaning of its own.
pub(super) fn is_dunder(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}
