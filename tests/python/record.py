#!/usr/bin/env python3
"""Records what Python computes: one case a line, [what, arguments…, result].

record.py > values.jsonl

Run it with Python 3.11 to 3.13 and compare: a case in which they differ does not
belong here. Numbers are text that begins with `i` or `f`; an exception is
{"raises": class}. `src/python/tests.rs` compares with it.
"""
import itertools
import json
import math
import operator
import random
import sys

random.seed(20261128)


def number(value):
    if isinstance(value, bool):
        return "b" + str(value)
    return ("i" if isinstance(value, int) else "f") + repr(value)


def shown(value):
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, bytes):
        return repr(value)
    return [shown(item) for item in value]


def record(what, arguments, compute):
    try:
        result = shown(compute())
    except Exception as error:
        result = {"raises": type(error).__name__}
    print(json.dumps([what, *arguments, result]))


ints = [0, 1, -1, 2, 3, 7, -7, 10, 62, 63, 255, 1000, -1000, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 1, -(2**63)]
floats = [0.0, -0.0, 0.5, -0.5, 1.0, 1.5, 2.5, -2.5, 0.1, 0.3, 7.0, 1e17, 1e-7, 123456.789, 1e16, 9999999999999998.0,
          2.675, 1e308, -1e308, 5e-324, float("inf"), float("-inf"), float("nan"), 2.0**63, 1e22, 0.0001, 0.00001]
numbers = ints + floats
operators = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
             "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_,
             "|": operator.or_, "^": operator.xor}
comparisons = {"<": operator.lt, "==": operator.eq, ">": operator.gt}
pairs = list(itertools.product(numbers, numbers))
for sign, function in operators.items():
    for a, b in random.sample(pairs, 320):
        if sign == "**" and isinstance(a, int) and isinstance(b, int) and abs(a) > 1 and b > 70:
            continue
        if sign == "<<" and isinstance(b, int) and b > 70:
            continue
        def compute(a=a, b=b):
            value = function(a, b)
            if isinstance(value, complex):
                raise NotImplementedError
            return value
        record("calculate", [sign, number(a), number(b)], compute)
for sign, function in comparisons.items():
    for a, b in random.sample(pairs, 320):
        record("compare", [sign, number(a), number(b)], lambda: function(a, b))
for a in numbers + [1234, 1250, 1350, -1250, 25, 35, -25, 1234.5, 1250.0, 1250.5, 0.25, 0.35, 2.665, -1350.0, 55.0, 45.0, 5e15, 14999.999]:
    record("round", [number(a), None], lambda: round(a))
    for digits in range(-6, 7):
        record("round", [number(a), digits], lambda: round(a, digits))
    record("repr", [number(a)], lambda: repr(a))
for _ in range(300):
    a = random.choice([random.random(), random.uniform(-1e6, 1e6), random.uniform(-1e20, 1e20), random.random() * 10 ** random.randint(-20, 20)])
    record("repr", [number(a)], lambda: repr(a))
    digits = random.randint(-3, 8)
    record("round", [number(a), digits], lambda: round(a, digits))

texts = ["", "0", "10", "-10", "+7", " 12 ", "1_000", "1__0", "_1", "1_", "0x1F", "0X_1f", "0b101", "0o17", "010", "00", "-0x10", "- 1",
         "1.0", "1e3", "z", "12a", "\t5\n", "9223372036854775807", "-9223372036854775808", "0_0", "0x", "+", "ff", "1_f", "\x1c5", "\xa05"]
for text in texts:
    for base in [None, 0, 2, 8, 10, 16, 36, 37, 1]:
        record("int", [text, base], lambda: int(text) if base is None else int(text, base))
for text in texts + ["1.5", ".5", "5.", ".", "1e", "1e+5", "1_0.0_1", "1_.0", "inf", "-Infinity", "nan", "+nan", "iNf", "infin", "1e400", "0x1p3",
                     "1 2", "1.5.5", "--1", "1e5e5", "e5", "1E-3", "-.5e-1", "1_e5", "1e_5", "1e1_0"]:
    record("float", [text], lambda: float(text))

specs = ["", "d", "5", "<5", ">5", "^5", "=5", "05", "+", " ", "+d", "x", "#x", "#X", "#b", "#o", "08b", "#010x", ",", "_", ",d", "_x", "_b", ",x",
         "010,", "012,d", "=+8", "*^9", "*=9", "x<4", "s", "10s", "c", "n", "e", "E", ".3e", "f", ".0f", ".1f", ".2f", "8.2f", "08.2f", "+.1f", "g", ".3g",
         ".10g", "G", "%", ".1%", ".3", ".1", ".0", "10.3", "_f", ",.2f", "015,.2f", "z.1f", "z.0f", "#f", "q", "5q", ".", "5.", ".2d", ".2x", ".2s", "<",
         "<<", "<<5", "00", "<05", "=05", "^08.1f", "-", "-5", "--", "5,5", ",_", "_,", "zd", "zs", "#s", "+s", " s", "=s", ",s", "{}", "1000", "+,", "_o",
         "é>5", "🎈^6", "0=5", "0<5", ".5s", "3.2s", "0", "0s", "05s", "+08", " 08", "+08.2f", ",e", ",g", "_%", "e5", "F", "_G"]
values = [0, 1, -1, 42, -42, 255, 1234567, -1234567, 0.0, -0.0, 0.05, -0.04, 1.0, 3.14159, -2.5, 1234567.891, 1e10, 1e16, 1e-5, 100.0, 1e100,
          float("inf"), float("-inf"), float("nan"), "", "a", "héllo", "text that is long", True]
for spec in specs:
    for value in values:
        given = "s" + value if isinstance(value, str) else number(value)
        record("format", [given, spec], lambda: format(value, spec))

words = ["", "a", "A", "abc", "Hello World", "it's", "they're bill's", "ß", "ÀÉÎ", "straße", "ΑΒΓ", "ΟΔΟΣ", "abc DEF 123", "x1y", "  lead", "trail  ", "1a", "a1",
         "ŉ", "µ", "ǰ", "日本", "naïve café", "ПРИВЕТ мир", "a\tb", "a\x1cb", "_x", "x_1", "3.5", "\n", " ", "\x1f", "\xa0", "Ab", "aB", "A b", "—", "🎈", "éa",
         "hello-world", "HELLO", "don`t", "\x00", "\x7f", "\xad", "'", '"', "'\"", "a\\b", "\u2028", "\u200b"]
for word in words:
    for method in ["lower", "upper", "title", "capitalize", "swapcase", "casefold"]:
        record("cased", [word, method], lambda: getattr(word, method)())
    for method in ["isalpha", "isalnum", "isdigit", "isdecimal", "isnumeric", "isspace", "islower", "isupper", "istitle", "isascii", "isidentifier", "isprintable"]:
        record("question", [word, method], lambda: getattr(word, method)())
    record("quoted", [word], lambda: repr(word))
    record("ascii", [word], lambda: ascii(word))
    for method in ["ljust", "rjust", "center", "zfill"]:
        for width in [0, 3, 4, 9, 10]:
            record("padded", [word, method, width], lambda: getattr(word, method)(width) if method == "zfill" else getattr(word, method)(width, "*"))
for word in ["-5", "+5", "5", "--5", "", "-"]:
    record("padded", [word, "zfill", 5], lambda: word.zfill(5))

split_texts = ["", " ", "a", " a b  c ", "a,b,,c", ",a,", "a  b", "\ta\nb\x1cc\xa0d", "aXXbXXXc", "one two three four", "   ", "a\u2003b"]
for text in split_texts:
    for separator in [None, ",", "XX", " ", "X", ""]:
        for most in [-1, 0, 1, 2, 9]:
            record("split", [text, separator, most, False], lambda: text.split(separator, most))
            record("split", [text, separator, most, True], lambda: text.rsplit(separator, most))
    for method in ["strip", "lstrip", "rstrip"]:
        for chars in [None, "", " ", "a,", "abc"]:
            record("stripped", [text, method, chars], lambda: getattr(text, method)(chars))
for text in ["", "a", "a\n", "a\nb", "\n", "a\r\nb\rc", "a\n\nb", "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i", "a\x1fb", "\r\r\n\n"]:
    for keep in [False, True]:
        record("lines", [text, keep], lambda: text.splitlines(keep))
bounds = [None, 0, 1, 3, 9, -1, -3, -9]
for text in ["", "abcabc", "héhé", "aaaa"]:
    for part in ["", "a", "bc", "aa", "é", "z"]:
        for start, end in [(None, None), *random.sample(list(itertools.product(bounds, bounds)), 14)]:
            record("find", [text, part, start, end, False], lambda: text.find(part, start, end))
            record("find", [text, part, start, end, True], lambda: text.rfind(part, start, end))
            record("count", [text, part, start, end], lambda: text.count(part, start, end))
            record("starts", [text, part, start, end], lambda: text.startswith(part, start, end))
            record("ends", [text, part, start, end], lambda: text.endswith(part, start, end))
    for old, new, times in itertools.product(["", "a", "aa", "z"], ["", "-", "aa"], [-1, 0, 1, 2]):
        record("replaced", [text, old, new, times], lambda: text.replace(old, new, times))
for text in ["a\tb", "\t", "ab\tc\nde\tf", "a\t\tb", "é\tx", "a\rb\tc"]:
    for size in [-1, 0, 1, 4, 8]:
        record("tabs", [text, size], lambda: text.expandtabs(size))
for length in [0, 1, 4, 5]:
    for start, end, step in random.sample(list(itertools.product([None, 0, 2, 9, -1, -9], [None, 0, 2, 9, -1, -9], [None, 1, 2, -1, -2, 0])), 90):
        record("slice", [length, start, end, step], lambda: list(range(length))[start:end:step])
for raw in [b"", b"abc", b"\x00\xff\n\t\r\\", b"'", b'"', b"'\""]:
    record("bytes", [list(raw)], lambda: repr(raw))
for a, b, m in itertools.product([0, 2, -3, 7, 10**9], [0, 1, 5, 100], [1, 7, 10**9 + 7, 0]):
    record("pow", [a, b, m], lambda: pow(a, b, m))
