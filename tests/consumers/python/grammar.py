"""Statements, expressions and definitions: every kind of the grammar, and the protocols behind them."""
import model

# kind, places ("any", "top" or a name in model.PLACES), fragment.
TEMPLATES = []


def kinds(text):
    """Fragments as a text: `## kind [place]`, then the fragment."""
    for block in text.split("\n## ")[1:]:
        title, _, body = block.partition("\n")
        name, _, place = title.partition(" ")
        TEMPLATES.append((name, place.strip("[] ") or "any", body.strip("\n")))


kinds('''
## for-else
for n in [«1, 2, 3|2|»]:
    if n == «2|9»:
        break
    out.append(n)
else:
    out.append("else")
## while-else
n = «0|3|5»
while n < 4:
    n += 1
    if n == «2|7»:
        continue
    if n == «3|8»:
        break
    out.append(n)
else:
    out.append("done")
## for-target-tuple
for a, (b, *c) in [(1, "xyz"), (2, [«3|»])]:
    out.append((a, b, c))
## for-target-attribute
for web.controls.isHardened in [False, «True|False»]:
    pass
out.append(web.controls.isHardened)
## for-target-item
slots = {}
for slots["«a|b»"] in range(«2|0»):
    out.append(len(slots))
out.append(slots.get("a"))
## for-leaks-variable
for n in range(«3|0»):
    pass
try:
    out.append(n)
except NameError:
    out.append("unbound")
## for-changes-list
xs = [1, 2, 3]
for x in xs:
    if x == «1|3» and len(xs) < 6:
        xs.«append(9)|remove(2)|pop()»
    out.append(x)
## for-changes-dict
d = {1: 1, 2: 2}
try:
    for k in d:
        d[«k|k + 2»] = 0
    out.append("fine")
except RuntimeError:
    out.append("changed")
## for-over-string
for c in "«ab|é€|»":
    out.append(c)
## for-over-bytes
for c in b"«ab|»":
    out.append(c)
## for-over-dict
for k in {"b": 1, "a": «2|0»}:
    out.append(k)
## for-over-items
for k, v in {"b": 1, "a": «2|0»}.items():
    out.append(k if v else v)
## enumerate
for i, x in enumerate(["a", "b"]«|, 5|, start=-1»):
    out.append(f"{i}{x}")
## zip
for pair in zip([1, 2, 3], "ab"«|, [True]|, strict=False»):
    out.append(pair)
## zip-strict
try:
    for pair in zip([1, 2], "ab«c|»", strict=True):
        out.append(pair)
except ValueError:
    out.append("uneven")
## reversed
for x in reversed(«[1, 2]|"ab"|(3, 4)|range(3)|{"a": 1, "b": 2}»):
    out.append(x)
## range
out.append(list(range(«5|1, 4|4, 0, -1|0|-2, 3, 2»)))
## range-attributes
r = range(«2, 9, 3|0|5»)
out.append((len(r), r.start, r.stop, r.step, «5|8» in r))
## try-else-finally
def step(n):
    try:
        if n == 1:
            raise «ValueError("bad")|KeyError("k")|TypeError»
        out.append("body")
    except «ValueError|LookupError|(TypeError, KeyError)» as e:
        out.append(type(e).__name__)
    else:
        out.append("else")
    finally:
        out.append("finally")
try:
    step(«0|1»)
except Exception as e:
    out.append("out " + type(e).__name__)
## finally-return
def f():
    try:
        return "try"
    finally:
        «out.append("f")|return "finally"»
out.append(f())
## finally-swallows
def f():
    try:
        raise ValueError
    finally:
        «return "swallowed"|out.append("seen")»
try:
    out.append(f())
except ValueError:
    out.append("escaped")
## finally-break
for n in range(3):
    try:
        «continue|raise KeyError|out.append(n)»
    finally:
        if n == 1:
            break
out.append(n)
## finally-changes-nothing
def f():
    n = 1
    try:
        return n
    finally:
        n = 2
out.append(f())
## except-order
try:
    raise «KeyError|IndexError|ZeroDivisionError|OSError|RecursionError|NotImplementedError»("x")
except ArithmeticError:
    out.append("arithmetic")
except «LookupError|KeyError»:
    out.append("lookup")
except RuntimeError:
    out.append("runtime")
except Exception:
    out.append("other")
## except-name-deleted
e = "kept"
try:
    raise ValueError
except ValueError as e:
    pass
try:
    out.append(e)
except NameError:
    out.append("deleted")
## exception-value
try:
    raise «ValueError("a", 1)|KeyError("a")|ValueError()|OSError(2, "no")|StopIteration(3)|RuntimeError("x")»
except Exception as e:
    out.append(«str(e)|repr(e)|e.args|len(e.args)»)
## exception-attributes
class Failure(Exception):
    def __init__(self, code, «text|message»="t"):
        super().__init__(«code|»)
        self.code = code
try:
    raise Failure(«3|4»)
except Failure as e:
    out.append((e.code, e.args, str(e)))
## exception-hierarchy
class A(«Exception|ValueError|LookupError|BaseException»):
    pass
class B(A):
    pass
try:
    raise B
except «ValueError|Exception|LookupError»:
    out.append("caught")
except BaseException:
    out.append("base")
## raise-from
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") «from e|from None|»
except ValueError as e:
    out.append((type(e.__cause__).__name__, type(e.__context__).__name__, e.__suppress_context__))
## re-raise
try:
    try:
        raise «KeyError|ValueError»
    except LookupError:
        raise
except ValueError:
    out.append("value")
except Exception as e:
    out.append(type(e).__name__)
## bare-raise
try:
    raise
except RuntimeError:
    out.append("nothing to raise")
## raise-not-exception
try:
    raise «3|"text"|None|int»
except TypeError:
    out.append("type")
## except-not-exception
try:
    try:
        raise ValueError
    except «3|"ValueError"|[ValueError]|(ValueError,)»:
        out.append("caught")
except TypeError:
    out.append("type")
except ValueError:
    out.append("value")
## except-star
try:
    raise ExceptionGroup("g", [«ValueError(1)|KeyError(2)», TypeError(3)])
except* ValueError as g:
    out.append(("value", len(g.exceptions)))
except* «TypeError|LookupError» as g:
    out.append(("second", len(g.exceptions)))
except* Exception:
    out.append("rest")
## exception-notes
try:
    e = ValueError("x")
    e.add_note("n")
    raise e
except ValueError as e:
    out.append(e.__notes__)
## assert
try:
    assert «1|0|[]|"x"|(0, "m")», "message"
    out.append("held")
except AssertionError as e:
    out.append(str(e))
## assert-message-lazy
try:
    assert «True|False», out.append("built")
except AssertionError:
    pass
## assert-as-error
try:
    assert «False|True»
except Exception as e:
    out.append(type(e).__name__)
else:
    out.append("fine")
## system-exit-caught
try:
    raise SystemExit(«0|1|"x"|»)
except «Exception|SystemExit|BaseException» as e:
    out.append("caught")
except BaseException as e:
    out.append(type(e).__name__)
## sys-exit-late
import sys
out.append(1)
if len(out) > «0|5»:
    try:
        sys.exit(«0|2»)
    except SystemExit as e:
        out.append(e.code)
## sys-exit-ends [top]
import sys
Server("Before")
if «True|False»:
    tm.process()
    sys.exit(0)
Server("After")
## unbound-local
n = 1
def f():
    try:
        return n
    except UnboundLocalError:
        return "unbound"
    «n = 2|del n|for n in []: pass|import os as n|pass»
out.append(f())
## unbound-branch
def f(flag):
    if flag:
        value = 1
    try:
        return value
    except NameError as e:
        return type(e).__name__
out.append(f(«0|1»))
## global
count = 1
def f():
    global count
    count += «2|-1»
f()
f()
out.append(count)
## global-new-name
def f():
    global made
    made = «7|"x"»
try:
    made
except NameError:
    out.append("not yet")
f()
out.append(made)
## nonlocal
def outer():
    n = 1
    def inner():
        «nonlocal n|pass»
        n = 5
    inner()
    return n
out.append(outer())
## closure-late
fs = [«lambda: n|lambda n=n: n|lambda: n * 2» for n in range(3)]
out.append([f() for f in fs])
## closure-loop-variable
fs = []
for n in range(3):
    fs.append(lambda«| m=n»: n)
n = 9
out.append([f() for f in fs])
## closure-cell-shared
def make():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    return up, lambda: n
up, read = make()
up(), up()
out.append(read() «+ 1|»)
## default-evaluated-once
def f(x, xs=[]):
    xs.append(x)
    return xs
f(1)
out.append(f(2«|, []|, xs=[5]»))
## default-of-then
n = 1
def f(a=n):
    return a
n = 2
out.append(f(«|3»))
## comprehension-scope
n = "outer"
xs = [n for n in range(«2|0»)]
out.append(n)
out.append(xs)
## comprehension-class-scope
x = "global"
class A:
    x = "class"
    y = [x for _ in «range(1)|[x]»]
    z = [i for i in [x]]
out.append((A.y, A.z))
## comprehension-nested
out.append([(a, b) for a in range(3) if a «!= 1|== 1» for b in "xy" if «a|b»])
## comprehension-kinds
out.append(«[n * 2 for n in range(3)]|{n: n * n for n in range(3)}|sorted({n % 2 for n in range(5)})|list(n for n in [1, 2] if n > 1)»)
## comprehension-walrus
xs = [y := n * 2 for n in range(«3|0»)]
try:
    out.append(y)
except NameError:
    out.append("none")
## generator-lazy
names = []
g = (out.append(n) for n in names)
names.append(«1|2»)
«list(g)|pass|next(g)|next(g, None)»
## generator-first-iterable-now
try:
    g = (x for x in «None|[1]|missing_name»)
    out.append("made")
except (TypeError, NameError) as e:
    out.append(type(e).__name__)
## generator-function-lazy
def g():
    out.append("started")
    yield 1
    out.append("resumed")
    yield 2
it = g()
«next(it)|list(it)|pass|for x in it: break|1 in it|3 in it|a, b = it|a, *b = it|max(it)|any(x > 1 for x in it)»
## generator-send
def g():
    got = yield 1
    out.append(got)
    yield 2
it = g()
next(it)
out.append(it.send(«"hello"|None»))
## generator-throw-close
def g():
    try:
        yield 1
        out.append("on")
    except ValueError:
        out.append("thrown")
        yield 2
    finally:
        out.append("finally")
it = g()
next(it)
«it.close()|it.throw(ValueError)|next(it, None)»
## generator-return-value
def g():
    yield 1
    return «5|None»
def h():
    got = yield from g()
    out.append(got)
list(h())
## generator-exhausted
it = iter([1, 2])
out.append(list(it))
out.append(list(it))
out.append(next(it, «"empty"|0»))
## generator-stop-iteration
def g():
    yield 1
    «raise StopIteration|return|next(iter([]))»
try:
    out.append(list(g()))
except RuntimeError:
    out.append("runtime")
## yield-from
def g():
    yield from «[1, 2]|"ab"|range(2)|(x for x in (3,))»
    yield "end"
out.append(list(g()))
## lambda
f = lambda a, b=«2|0», *c, **d: (a, b, c, d)
out.append(f(1«|, 5|, 5, 6|, b=7|, e=8»))
## arguments-kinds
def f(a, /, b, *, c=3):
    return (a, b, c)
try:
    out.append(f(«1, 2|1, b=2|a=1, b=2|1, 2, 3|1, 2, c=4|1»))
except TypeError:
    out.append("type")
## arguments-star
def f(*a, **k):
    return a, sorted(k.items())
out.append(f(*[1, 2], «3|*(4,)», **{"x": 1}«, y=2|»))
## arguments-duplicate
def f(a, b=0):
    return a, b
try:
    out.append(f(1, **{"«a|b|c»": 2}))
except TypeError:
    out.append("type")
## arguments-order-of-evaluation
def show(x):
    out.append(x)
    return x
(lambda *a, **k: None)(show(1), *[show(2)], k=show(3), **{"j": show(4)})
## decorator-plain
def twice(f):
    def inner(*a):
        f(*a)
        return f(*a)
    return inner
@twice
def add(x):
    out.append(x)
add(«1|"a"»)
## decorator-replaces
@«lambda f: 5|lambda f: f|str|len|print»
def g():
    return "called"
out.append(«g() if callable(g) else "not callable"|callable(g)»)
## decorator-arguments
def tagged(tag):
    def wrap(f):
        def inner():
            return tag + f()
        return inner
    return wrap
@tagged("«a|b»")
@tagged("c")
def name():
    return "n"
out.append(name())
## decorator-registers
registry = []
def register(f):
    registry.append(f)
    return f
@register
def build():
    out.append("built")
for f in registry«|[:0]»:
    f()
## decorator-class
def stamp(cls):
    cls.stamp = «"s"|5»
    return cls
@stamp
class A:
    stamp = "own"
out.append(A().stamp)
## decorator-wraps
import functools
def d(f):
    «@functools.wraps(f)|»
    def inner():
        """doc"""
        return f()
    return inner
@d
def named():
    "mine"
    return 1
out.append((named.__name__, named.__doc__))
## function-attributes
def f():
    f.calls += 1
f.calls = «0|5»
f()
out.append((f.calls, f.__name__, f.__doc__))
## function-defaults
def f(a, b=«1|"x"», *, c=2):
    pass
out.append((f.__defaults__, f.__kwdefaults__))
## recursion
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
try:
    out.append(depth(«5|20|2000»))
except RecursionError:
    out.append("too deep")
## mutual-recursion
def even(n):
    return True if n == 0 else odd(n - 1)
def odd(n):
    return False if n == 0 else even(n - 1)
out.append(even(«6|7»))
## name-defined-later
def f():
    return later()
try:
    out.append(f())
except NameError:
    out.append("not yet")
def later():
    return «1|2»
out.append(f())
## redefinition
def f():
    return 1
g = f
def f():
    return 2
out.append((f(), g()))
## assignment-chain
a = b = [«1|»]
b.append(2)
out.append(a)
## assignment-order
xs = [0, 0]
i = 0
i, xs[i] = 1, «7|8»
out.append((i, xs))
## assignment-swap
a, b = 1, 2
a, b = b, a «+ b|»
out.append((a, b))
## unpack-star
try:
    a, *b, c = «[1, 2, 3, 4]|"xy"|(1,)|range(3)|{"k": 1, "l": 2}»
    out.append((a, b, c))
except ValueError:
    out.append("too few")
## unpack-errors
try:
    a, b = «[1]|[1, 2]|[1, 2, 3]|"xy"|5|None»
    out.append((a, b))
except (ValueError, TypeError) as e:
    out.append(type(e).__name__)
## unpack-nested
(a, [b, *c]), d = ((1, "xyz"), «4|None»)
out.append((a, b, c, d))
## unpack-displays
out.append(«[*range(2), *"ab"]|(*[1], 2)|{**{"a": 1}, "a": 2}|{"a": 0, **{"a": 1}}|[*[], 1]»)
## augmented-alias
a = [1]
b = a
«a += [2]|a = a + [2]|a *= 2|a += "xy"|a += (3,)»
out.append(b)
## augmented-immutable
a = «(1,)|"x"|1|frozenset()»
b = a
a «+=|*=» «a|2»
out.append(b)
## augmented-tuple-item
t = ([1],)
try:
    t[0] += [2]
except TypeError:
    out.append("type")
out.append(t[0])
## augmented-operators
n = «13|7|100»
n «+=|-=|*=|//=|%=|**=|<<=|>>=|&=|\\x7c=|^=|/=» «3|2|5»
out.append(n)
## augmented-item-once
def index():
    out.append("asked")
    return 0
xs = [1]
xs[index()] += «5|1»
out.append(xs)
## annotated-assignment
n: int = «3|"x"»
m: str
try:
    out.append((n, m))
except NameError:
    out.append("m is not set")
## annotations-evaluated
try:
    def f(a: «missing|int»):
        pass
    out.append("fine")
except NameError:
    out.append("name")
## future-annotations [future]
def f(a: missing_name) -> nothing:
    return a
out.append(f(«1|2»))
## del-name
n = 1
del n
try:
    out.append(n)
except NameError:
    out.append("gone")
## del-item
xs = [1, 2, 3, 4]
del xs[«0|-1|1:3|::2|9:»]
out.append(xs)
## del-missing
try:
    del «{}["a"]|[][0]|web.nothing»
except Exception as e:
    out.append(type(e).__name__)
## del-key
d = {"a": 1, "b": 2}
del d["«a|b»"]
out.append(list(d))
## walrus
if (n := «5|0») > 3:
    out.append(n)
out.append(n)
## conditional-lazy
out.append(«1|2» if «[]|[0]» else «3|out.append("else")»)
## and-or-values
out.append(«0|""|[]|5|"x"|None» «and|or» «1|""|None|"y"»)
## and-or-lazy
def touch(value):
    out.append("touched")
    return value
«touch(0) and touch(1)|touch(1) and touch(0)|touch(0) or touch(1)|touch(1) or touch(0)»
## not-precedence
out.append(not «1 == 2|0 in [0]|[] and 1|None is None»)
## chained-comparison
def middle():
    out.append("once")
    return «2|5»
out.append(1 < middle() < «3|9»)
## chained-mixed
out.append(«1 < 2 > 1|1 == 1.0 == True|3 > 2 > 1 > 0|1 < 3 in [3]|2 in [2] == True|not 1 < 0»)
## compare-unlike
try:
    out.append(«1 < "a"|[1] < [2]|(1, 2) < (1, "a")|None < 1|{1} < {1, 2}|"a" < "b"|[1, "a"] == [1, "a"]|1 == "1"|{} < {}»)
except TypeError:
    out.append("type")
## is-none
x = «None|0|False»
out.append(«x is None|x is not None|x == None|not x»)
## identity-lists
a = [1]
b = «a|[1]|a[:]|list(a)»
out.append((a is b, a == b))
## identity-numbers
a = «257|5|10 ** 20|1.5»
b = int("257")
out.append(a is b)
## identity-booleans
out.append(«(1 == 1) is True|bool([]) is False|1 is True|not None is True»)
## membership
out.append(«2|"a"|None» in «[1, 2]|(None,)|["a"]|{"a": 1}|{2, 3}»)
## membership-string
try:
    out.append(«"a"|""|"ab"|1» in «"cab"|""»)
except TypeError:
    out.append("type")
## slice
out.append(«"abcdef"|[1, 2, 3, 4, 5]|(1, 2, 3)|b"abcd"|range(9)»[«1:3|::-1|:2|-2:|::2|5:1|1:-1|:|4:0:-2|-9:9»])
## slice-assign
xs = [1, 2, 3, 4]
try:
    xs[«1:3|::2|0:0|:|3:1»] = «[9]|[]|"ab"|(7, 8)»
    out.append(xs)
except ValueError:
    out.append("size")
## index
try:
    out.append(«[1, 2]|"ab"|(5,)|{0: "z"}|range(4)»[«0|-1|2|-3|True|"a"»])
except (IndexError, KeyError, TypeError) as e:
    out.append(type(e).__name__)
## literals
out.append(«0x1F|0b101|0o17|1_000|1e3|.5|1j|10 ** 20|-0.0|1e400|0xdead_beef»)
## strings-literals
out.append(«"a\\\\tb"|r"a\\\\tb"|"a" "b"|b"ab"|"\\\\u00e9"|"\\\\x41"|"\\\\N{BULLET}"|\'\'\'x\'\'\'|"\\\\101"|u"u"»)
## fstring
n, s, x = «5|-3|0», "«ab|é»", 3.14159
out.append(f"«{n}|{n!r}|{s!r:>6}|{n:03d}|{x:.2f}|{n=}|{s:*^7}|{{{n}}}|{n + 1}|{s!a}|{x:8.3f}|{n:+}|{x:e}|{n:x}|{s:.1}|{x:g}|{n:,}|{x:%}»")
## fstring-nested
width = «6|2»
out.append(f"{'x':>{width}}|{'a' if width > 3 else 'b'}|{[n for n in range(2)]}|{ {'k': 1}['k'] }")
## percent-format
try:
    out.append("«%s|%d|%5.1f|%-5s.|%r|%x|%%|%05d|%+d|%c|%i|%e|%s %s|%(a)s|no»" % «3|"x"|(1, 2)|{"a": 1}|2.5|(3,)|[1]»)
except (TypeError, ValueError) as e:
    out.append(type(e).__name__)
## str-format
try:
    out.append("«{}|{0}{0}|{a}|{:>5}|{0.name}|{0[0]}|{!r}|{:03d}|{:.1f}|{}{}|{1}|{{}}|{:,}|{a!s:^5}|{:%Y}»".format(«1|"x"|2.5|web|[7]»«|, a=3»))
except Exception as e:
    out.append(type(e).__name__)
## ellipsis-and-pass
def f(): ...
out.append((f(), ... is Ellipsis«|, NotImplemented is None»))
## debug-constant
out.append(__debug__)
## dunder-name
out.append(__name__ «== "__main__"|!= "tm"»)
## dunder-file
out.append(__file__.endswith("«tm.py|.py|model.py»"))
## dunder-doc [top]
out.append(__doc__)
## with-order
class C:
    def __init__(self, n):
        self.n = n
    def __enter__(self):
        out.append("in %s" % self.n)
        return self.n
    def __exit__(self, *details):
        out.append("out %s" % self.n)
        return «True|False|None»
try:
    with C(1) as a, C(2) as b:
        out.append(a + b)
        «raise ValueError|pass»
    out.append("after")
except ValueError:
    out.append("escaped")
## with-exit-sees
class C:
    def __enter__(self):
        return self
    def __exit__(self, kind, value, trace):
        out.append(kind.__name__ if kind else "clean")
        return kind is «ValueError|KeyError»
try:
    with C():
        raise «ValueError|KeyError»
except Exception:
    out.append("escaped")
## with-enter-fails
class C:
    def __enter__(self):
        raise ValueError
    def __exit__(self, *d):
        out.append("exit")
        return True
try:
    with C():
        out.append("body")
except ValueError:
    out.append("outside")
## with-not-a-manager
try:
    with «5|[]|"x"»:
        out.append("in")
except (AttributeError, TypeError) as e:
    out.append(type(e).__name__)
## contextmanager
import contextlib
@contextlib.contextmanager
def cm():
    out.append("before")
    try:
        yield «5|"v"»
    except ValueError:
        out.append("swallowed")
    out.append("after")
with cm() as v:
    out.append(v)
    «raise ValueError|pass»
## contextlib-suppress
import contextlib
with contextlib.suppress(«ValueError|Exception|KeyError, ValueError»):
    out.append(1)
    raise ValueError
out.append(2)
## contextlib-closing
import contextlib
class K:
    def close(self):
        out.append("closed")
with contextlib.closing(K()) as k:
    out.append("«open|in»")
## contextlib-exitstack
import contextlib
with contextlib.ExitStack() as stack:
    for n in range(«2|3»):
        stack.callback(out.append, n)
    out.append("body")
## contextlib-redirect
import contextlib, io
b = io.StringIO()
with contextlib.redirect_stdout(b):
    print("«hi|ho»", end="")
out.append(b.getvalue())
## match-literal
match «1|"a"|None|True|2.0|[1]»:
    case 1:
        out.append("one")
    case "a" | "b":
        out.append("letter")
    case None:
        out.append("none")
    case _:
        out.append("other")
## match-sequence
match «[1, 2, 3]|[1]|(1, 2)|"ab"|[]|{"a": 1}|range(2)»:
    case [a, b]:
        out.append(("two", a, b))
    case [a, *rest]:
        out.append(("first", a, rest))
    case []:
        out.append("empty")
    case _:
        out.append("other")
## match-mapping
match «{"kind": "db", "port": 1}|{"kind": "web"}|{}|{"port": 2, "x": 3}»:
    case {"kind": "db", **rest}:
        out.append(("db", rest))
    case {"kind": k}:
        out.append(k)
    case {"port": p, **rest} if p > 1:
        out.append((p, sorted(rest)))
    case {}:
        out.append("any mapping")
## match-class
class P:
    «__match_args__ = ("x", "y")|x_default = 1»
    def __init__(self, x, y):
        self.x, self.y = x, y
try:
    match P(1, «2|3»):
        case P(1, 2):
            out.append("positional")
        case P(x=1, y=y):
            out.append(y)
except TypeError:
    out.append("type")
## match-builtin-class
match «5|"s"|2.5|[1]|True|{"a": 1}|b"x"|(1,)»:
    case bool(b):
        out.append(("bool", b))
    case int(n) | float(n):
        out.append(n)
    case str(s):
        out.append(s.upper())
    case list() | tuple():
        out.append("sequence")
    case _:
        out.append("other")
## match-element
match web:
    case «Datastore|Server»(name=n):
        out.append(n)
    case _:
        out.append("other")
## match-guard-binds
match «[1, 2]|[2, 1]»:
    case [a, b] if a > b:
        out.append("down")
    case _:
        out.append(a)
## match-value
class Color:
    RED = «1|2»
match 1:
    case Color.RED:
        out.append("red")
    case x:
        out.append(x)
## match-as-nested
match {"a": [1, {"b": «2|3»}]}:
    case {"a": [_, {"b": 2 as n}]}:
        out.append(n)
    case {"a": [*_] as all}:
        out.append(len(all))
## match-negative-and-complex
match «-1|1|0»:
    case -1:
        out.append("minus")
    case 0 | 1:
        out.append("bit")
## match-no-case
match «1|2»:
    case 1:
        out.append("one")
out.append("after")
## async-not-awaited
async def f():
    out.append("ran")
«f()|c = f()|f().close()|[f() for _ in range(2)]»
out.append("end")
## asyncio-run
import asyncio
async def f():
    out.append("ran")
    return «1|2»
out.append(asyncio.run(f()))
## asyncio-gather
import asyncio
async def f(n):
    out.append(n)
async def main():
    await asyncio.gather(«f(1), f(2)|f(1)»)
    async for x in gen():
        out.append(x)
async def gen():
    yield 3
asyncio.run(main())
## coroutine-send
async def f():
    out.append("ran")
try:
    f().send(None)
except StopIteration:
    out.append("stop")
## async-generator
async def g():
    out.append("ran")
    yield 1
g()
out.append(type(g()).__name__)
''')

kinds('''
## class-attribute-shared
class A:
    xs = []
A().xs.append(«1|2»)
out.append(A().xs)
## class-attribute-shadow
class A:
    n = 1
a = A()
a.n «+= 1|= 5»
out.append((A.n, a.n))
## class-inherit
class A:
    def name(self):
        return "A"
class B(A):
    def name(self):
        return "B" + super().name()
class C(«A|B»):
    pass
out.append(C().name())
## class-mro
class A:
    def f(self): return "a"
class B(A):
    def f(self): return "b" + super().f()
class C(A):
    def f(self): return "c" + super().f()
class D(«B, C|C, B»):
    def f(self): return "d" + super().f()
out.append(D().f())
out.append([k.__name__ for k in D.__mro__])
## class-mro-conflict
class A: pass
class B(A): pass
try:
    class C(A, B): pass
    out.append("made")
except TypeError:
    out.append("conflict")
## class-property
class A:
    @property
    def n(self):
        out.append("read")
        return «5|6»
    @n.setter
    def n(self, value):
        out.append("set %s" % value)
a = A()
«a.n|a.n = 1|a.n += 1|A.n|getattr(a, "n")|hasattr(a, "n")»
## class-property-readonly
class A:
    @property
    def n(self): return 1
try:
    A().n = 2
    out.append("set")
except AttributeError:
    out.append("read only")
## class-property-deleter
class A:
    @property
    def n(self): return 1
    @n.deleter
    def n(self): out.append("deleted")
a = A()
del a.n
## class-staticmethod
class A:
    @«staticmethod|classmethod»
    def f(*args):
        return len(args)
out.append((A.f(1), A().f(1)))
## class-classmethod-factory
class A:
    def __init__(self, n): self.n = n
    @classmethod
    def make(cls): return cls(«3|4»)
class B(A): pass
out.append((B.make().n, type(B.make()).__name__))
## class-cached-property
import functools
class A:
    @functools.cached_property
    def n(self):
        out.append("computed")
        return 1
a = A()
a.n
«a.n|A().n|del a.n|pass»
## class-getattr
class A:
    real = 1
    def __getattr__(self, name):
        «return name|raise AttributeError(name)»
try:
    out.append((A().real, A().other))
except AttributeError as e:
    out.append(str(e))
## class-getattribute
class A:
    n = 1
    def __getattribute__(self, name):
        return «"always"|object.__getattribute__(self, name)»
out.append(A().n)
## class-setattr
class A:
    def __setattr__(self, name, value):
        out.append(name)
        «super().__setattr__(name, value)|pass»
a = A()
a.n = 1
out.append(getattr(a, "n", "unset"))
## class-delattr
class A:
    def __delattr__(self, name):
        out.append("del " + name)
a = A()
del a.n
## class-dir-vars
class A:
    def __init__(self):
        self.b = «1|2»
        self.a = 2
out.append((vars(A()), "a" in dir(A())))
## class-call
class A:
    def __call__(self, n=«1|2»): return n * 2
out.append((A()(), A()(4), callable(A())))
## class-item-protocol
class A:
    def __getitem__(self, key): return «key|str(key)»
    def __setitem__(self, key, value): out.append(("set", key, value))
    def __delitem__(self, key): out.append(("del", key))
    def __contains__(self, key): return key == 1
    def __len__(self): return «0|3»
a = A()
out.append((a[1], 1 in a, len(a), bool(a)))
a["k"] = 1
del a["k"]
## class-getitem-iteration
class A:
    def __getitem__(self, n):
        if n > «2|0»: raise IndexError
        return n
out.append(list(A()))
## class-slice-key
class A:
    def __getitem__(self, key): return type(key).__name__
out.append((A()[«1:2|1|...|1, 2»]))
## class-iterator
class A:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        if self.n == «2|0»: raise StopIteration
        self.n += 1
        return self.n
a = A()
out.append(list(a))
out.append(list(a))
## class-iter-generator
class A:
    def __iter__(self):
        yield 1
        yield «2|3»
out.append((list(A()), sum(A()), max(A()), dict(zip(A(), "ab"))))
## class-reversed
class A:
    def __reversed__(self): return iter([«3|4»])
out.append(list(reversed(A())))
## class-compare
class A:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return «self.n == other.n|True|NotImplemented»
    def __lt__(self, other): return self.n < other.n
out.append((A(1) == A(2), A(1) != A(1), A(1) < A(2), A(1) > A(2), sorted([A(2), A(1)])[0].n))
## class-equality-default
class A: pass
a = A()
out.append((a == a, a == A(), a != A(), A() in [A()], a in [a]))
## class-eq-kills-hash
class A:
    def __eq__(self, other): return True
try:
    {A(): 1}
    out.append("hashable")
except TypeError:
    out.append("unhashable")
## class-total-ordering
import functools
@functools.total_ordering
class A:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
out.append((A(1) <= A(1), A(«2|0») >= A(1), A(1) > A(2)))
## class-bool
class A:
    def __bool__(self):
        out.append("asked")
        return «True|False»
«if A(): out.append("yes")|not A()|A() and 1|A() or 1|bool(A())|any([A()])|[x for x in [A()] if x]|while A(): break»
## class-bool-wrong
class A:
    def __bool__(self): return «1|"x"»
try:
    out.append(bool(A()))
except TypeError:
    out.append("type")
## class-len-truth
class A:
    def __len__(self): return «0|2»
out.append("yes" if A() else "no")
## class-operators
class V:
    def __init__(self, n): self.n = n
    def __add__(self, o): return V(self.n + (o.n if isinstance(o, V) else o))
    def __radd__(self, o): return V(o * 10 + self.n)
    def __neg__(self): return V(-self.n)
    def __matmul__(self, o): return "mat"
out.append((«(V(1) + V(2)).n|(V(1) + 5).n|(5 + V(1)).n|(-V(3)).n|V(1) @ V(2)|sum([V(1), V(2)]).n»))
## class-operator-notimplemented
class A:
    def __add__(self, o): return NotImplemented
class B:
    def __radd__(self, o): return "radd"
try:
    out.append(A() + «B()|1|A()»)
except TypeError:
    out.append("type")
## class-inplace
class A:
    def __iadd__(self, o):
        out.append(o)
        return «self|"replaced"»
a = A()
a += 1
out.append(a if isinstance(a, str) else "kept")
## class-rshift-flow
class Node:
    def __init__(self, name): self.name = name
    def __rshift__(self, other):
        out.append(self.name + other.name)
        return «other|self»
Node("a") >> Node("b") >> Node("c")
## class-repr-str
class A:
    def __repr__(self): return "R"
    «def __str__(self): return "S"|pass»
out.append(f"{A()} {A()!r} {[A()]} {str(A())} {'%s' % A()}")
## class-format
class A:
    def __format__(self, spec): return "<" + spec + ">"
out.append(f"{A():«x|>10|»}" + format(A(), "y") + "{:z}".format(A()))
## class-int-index-float
class A:
    def __index__(self): return «1|2»
    def __int__(self): return 7
    def __float__(self): return 2.5
out.append((int(A()), float(A()), [5, 6, 7][A()], list(range(A())), "ab" * A()))
## class-hash-key
class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return «1|self.n»
    def __eq__(self, o): return self.n == o.n
d = {K(1): "a", K(1): "b", K(2): "c"}
out.append((len(d), d[K(1)]))
## class-new
class A:
    def __new__(cls, *a):
        out.append("new")
        return «super().__new__(cls)|5|None»
    def __init__(self, *a):
        out.append("init")
A()
## class-singleton
class A:
    _one = None
    def __new__(cls):
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one
out.append(A() is A())
## class-init-returns
class A:
    def __init__(self): return «5|None»
try:
    A()
    out.append("made")
except TypeError:
    out.append("type")
## class-init-arguments
class A:
    «pass|def __init__(self, x): self.x = x»
try:
    A(«1|1, 2|»)
    out.append("made")
except TypeError:
    out.append("type")
## class-init-subclass
class A:
    def __init_subclass__(cls, tag="none", **k):
        out.append(cls.__name__ + tag)
class B(A«|, tag="t"»): pass
## class-set-name
class D:
    def __set_name__(self, owner, name):
        out.append(owner.__name__ + "." + name)
class A:
    «d = D()|d = 5»
## class-descriptor
class D:
    def __get__(self, instance, owner):
        return "none" if instance is None else «"got"|instance.n»
    def __set__(self, instance, value):
        out.append(("set", value))
class A:
    n = 1
    d = D()
a = A()
a.d = 2
out.append((a.d, A.d))
## class-nondata-descriptor
class D:
    def __get__(self, i, o): return "descriptor"
class A:
    d = D()
a = A()
a.__dict__["d"] = "own"
out.append(a.d)
## class-metaclass
class M(type):
    def __new__(m, name, bases, body):
        body["added"] = «1|name»
        return super().__new__(m, name, bases, body)
    def __call__(cls, *a):
        out.append("called")
        return super().__call__(*a)
class A(metaclass=M): pass
out.append(A().added)
## class-metaclass-iter
class M(type):
    def __iter__(cls): return iter([«1|2»])
    def __len__(cls): return 4
class A(metaclass=M): pass
out.append((list(A), len(A)))
## class-prepare
class M(type):
    @classmethod
    def __prepare__(m, name, bases): return {"given": «1|2»}
class A(metaclass=M):
    seen = given
out.append(A.seen)
## class-slots
class A:
    __slots__ = («"x",|"x", "y"»)
a = A()
a.x = 1
try:
    a.y = 2
    out.append("set")
except AttributeError:
    out.append("no slot")
## class-abstract
import abc
class A(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
class B(A):
    «def f(self): return 1|pass»
try:
    out.append(B().f())
except TypeError:
    out.append("abstract")
## class-private-name
class A:
    __x = «1|2»
    def get(self): return self.__x
out.append((A().get(), hasattr(A, "__x"), A._A__x))
## class-nested
class A:
    class B:
        n = «1|2»
    b = B.n
out.append((A.B.n, A.b, A.B.__qualname__))
## class-body-code
class A:
    for i in range(«3|0»):
        out.append(i)
    if True:
        flag = "set"
out.append((A.flag, hasattr(A, "i")))
## class-body-scope
n = "global"
class A:
    n = "class"
    def f(self): return n
    g = lambda self: n
out.append((A().f(), A().g()))
## class-body-reads-global
n = 1
class A:
    n = n + «1|5»
out.append((n, A.n))
## class-in-function
def make(n):
    class A:
        value = n
    return A
out.append((make(1).value, make(«2|3»)().value))
## class-type-call
A = type("A", («object,|»), {"n": 1}) if «True|False» else int
out.append((A.__name__, getattr(A(), "n", 0)))
## class-dynamic-base
Base = «dict|list|str|int|Exception|tuple»
class A(Base):
    def extra(self): return "e"
a = A()
out.append((a.extra(), isinstance(a, Base), len(a) if hasattr(a, "__len__") else "none"))
## class-dict-subclass
class D(dict):
    def __missing__(self, key): return «key + "!"|None»
d = D(a=1)
out.append((d["a"], d["b"], d.get("b"), "b" in d))
## class-list-subclass
class L(list):
    def append(self, x): super().append(x * 2)
xs = L([1])
xs.append(«2|3»)
xs.extend([5])
xs += [6]
out.append(xs)
## class-str-subclass
class S(str):
    def upper(self): return "mine"
out.append((S("a").upper(), S("a") + "b", S("a") == "a"))
## class-isinstance
class A: pass
class B(A): pass
out.append((isinstance(B(), A), isinstance(B(), (int, A)), issubclass(A, B), isinstance(A, type), isinstance(True, int), type(B()) is A))
## class-instancecheck
class M(type):
    def __instancecheck__(cls, x): return «True|False»
class A(metaclass=M): pass
out.append(isinstance(5, A))
## class-class-getitem
class A:
    def __class_getitem__(cls, x): return "item %s" % x
out.append(A[«1|"k"»])
## class-del
class A:
    def __del__(self): out.append("deleted")
a = A()
«del a|a = None|b = a»
out.append("end")
## class-super-explicit
class A:
    def f(self): return "A"
class B(A):
    def f(self): return "B"
class C(B):
    def f(self): return super(«B|C», self).f()
out.append(C().f())
## class-method-assignment
class A:
    def f(self): return 1
a = A()
«A.f = lambda self: 2|a.f = lambda: 3|a.__class__ = type("B", (), {"f": lambda self: 4})»
out.append(a.f())
## class-bound-method
class A:
    def __init__(self): self.n = 0
    def up(self): self.n += 1
a = A()
m = a.up
m(); «m()|A.up(a)»
out.append((a.n, m.__self__ is a))
## class-dunder-on-instance
class A: pass
a = A()
a.__len__ = lambda: 3
try:
    out.append(len(a))
except TypeError:
    out.append("type")
## class-copy-protocol
import copy
class A:
    def __init__(self): self.xs = [1]
    «def __deepcopy__(self, memo): return "deep"|pass»
a = A()
b = copy.«copy|deepcopy»(a)
if not isinstance(b, str): b.xs.append(2)
out.append(a.xs)
## dataclass
import dataclasses
@dataclasses.dataclass«|(frozen=True)|(order=True)|(eq=False)|(kw_only=True)»
class P:
    x: int = 1
    y: list = dataclasses.field(default_factory=list)
try:
    p = P(«3|x=4|»)
    p.y.append(1)
    q = P(«3|x=4|»)
    out.append((p.x, q.y, p == q))
    p.x = 9
    out.append(p.x)
except Exception as e:
    out.append(type(e).__name__)
## dataclass-repr
from dataclasses import dataclass, field, asdict, astuple, replace, fields
@dataclass
class P:
    x: int
    y: str = «"a"|field(default="b", repr=False)»
    def __post_init__(self): self.x += 1
out.append((repr(P(1)), asdict(P(2)), astuple(P(3)), replace(P(4), y="z").x, [f.name for f in fields(P)]))
## dataclass-inherit
from dataclasses import dataclass
@dataclass
class A:
    x: int
    y: int = 2
@dataclass
class B(A):
    z: int = «3|4»
    y: int = 7
out.append((B(1), B(1, z=5).y))
## dataclass-errors
from dataclasses import dataclass
try:
    @dataclass
    class A:
        x: int = 1
        «y: int|y: int = 2|xs: list = []»
    out.append(A().x)
except (TypeError, ValueError) as e:
    out.append(type(e).__name__)
## dataclass-classvar
from dataclasses import dataclass, InitVar
from typing import ClassVar
@dataclass
class A:
    n: ClassVar[int] = 1
    x: int = 2
    seed: InitVar[int] = 3
    def __post_init__(self, seed): self.x += seed
out.append(A(«1|1, 5»))
## namedtuple
from collections import namedtuple
P = namedtuple("P", «"x y"|["x", "y"]», defaults=[5])
p = P(1)
out.append((p, p.x, p[1], p._replace(x=«2|3»), p._asdict(), P._fields, p == (1, 5)))
## typing-namedtuple
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: str = "d"
    def both(self): return "%s%s" % self
a, b = P(«1|2»)
out.append((P(1).both(), b, P(1) < P(2)))
## typed-dict
from typing import TypedDict
class T(TypedDict, total=False):
    x: int
t = T(x=«1|"s"»)
out.append((t["x"], type(t).__name__, t))
## enum
import enum
class E(enum.«Enum|IntEnum|Flag»):
    A = 1
    B = 2
    C = «4|8»
out.append(([e.name for e in E], E.A.value, E(2).name, E["C"].value, E.A == 1, E.A is E(1)))
## enum-text
import enum
class E(«enum.Enum|enum.IntEnum|str, enum.Enum|enum.StrEnum|int, enum.Enum»):
    A = «"1"|"2"»
out.append(«str(E.A)|repr(E.A)|f"{E.A}"|"%s" % E.A|format(E.A)|E.A.name|E.A.value|[E.A]|"{}".format(E.A)|E.A == "1"»)
## enum-auto
import enum
class E(enum.«Enum|IntFlag|StrEnum»):
    A = enum.auto()
    B = enum.auto()
out.append([e.value for e in E])
## enum-alias
import enum
class E(enum.Enum):
    A = 1
    B = 1
    C = «2|1»
out.append((len(E), E.B.name, list(E.__members__), "B" in E.__members__))
## enum-init
import enum
class E(enum.Enum):
    A = (1, "a")
    B = («2|3», "b")
    def __init__(self, n, s):
        self.n = n
    @property
    def double(self): return self.n * 2
out.append((E.B.n, E.B.double, E.A.value))
## enum-missing
import enum
class E(enum.Enum):
    A = 1
    @classmethod
    def _missing_(cls, value): return cls.A if value == "a" else None
try:
    out.append(E(«1|"a"|5»).name)
except ValueError:
    out.append("value")
## enum-final
import enum
class E(enum.Enum):
    A = 1
try:
    «E.A = 2|E.A.value = 3|class F(E): pass|E.B|E["B"]|del E.A»
    out.append("fine")
except Exception as e:
    out.append(type(e).__name__)
## enum-unique
import enum
try:
    @enum.unique
    class E(enum.Enum):
        A = 1
        B = «1|2»
    out.append(len(E))
except ValueError:
    out.append("twice")
## enum-flag-operations
import enum
class F(enum.Flag):
    R = 1
    W = 2
both = F.R \\x7c F.W
out.append((F.R in both, bool(F.R & F.W), both.value, (both ^ F.R).name, bool(~F.R & F.«W|R»)))
## enum-of-pytm
out.append(«str(Classification.PUBLIC)|f"{Classification.SECRET}"|repr(Classification.PUBLIC)|Classification.PUBLIC.name|Classification.SECRET.value|Classification.PUBLIC < Classification.SECRET|Classification(1)|Classification["SECRET"] is Classification.SECRET|len(Classification)|[c.name for c in Classification]»)
## singledispatch
import functools
@functools.singledispatch
def f(x): return "any"
@f.register
def _(x: int): return "int"
@f.register(list)
def _(x): return "list"
out.append((f(«1|"s"|[1]|True|None»)))
## partial
import functools
f = functools.partial(lambda a, b=2, *c: (a, b, c), «1|b=5»)
try:
    out.append(f(«|7|7, 8»))
except TypeError:
    out.append("type")
## lru-cache
import functools
@functools.«lru_cache(None)|cache|lru_cache»
def f(n):
    out.append(n)
    return n
f(1); f(1); f(«2|1»)
## reduce
import functools
out.append(functools.reduce(lambda a, b: a «+|*|-» b, [1, 2, 3]«|, 10»))
## generic-class
from typing import Generic, TypeVar
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, x: T): self.x = x
out.append((Box(1).x, Box[int](«2|3»).x))
## protocol-class
from typing import Protocol, runtime_checkable
@runtime_checkable
class HasName(Protocol):
    name: str
out.append((isinstance(web, HasName), isinstance(«5|tm», HasName)))
## class-init-chain
class A:
    def __init__(self, **k): out.append(("A", sorted(k)))
class B(A):
    def __init__(self, b=1, **k):
        super().__init__(**k)
        out.append(("B", b))
B(«b=2, c=3|c=1|»)
## class-attribute-missing
class A: pass
try:
    A().«missing|__name__|__class__.__name__|__dict__»
    out.append("there")
except AttributeError:
    out.append("missing")
## getattr-setattr-functions
class A: n = 1
a = A()
setattr(a, "«n|m»", 5)
out.append((getattr(a, "n"), getattr(a, "m", "none"), hasattr(a, "m"), hasattr(A, "m")))
delattr(a, "«n|m»") if vars(a) else None
out.append(vars(a))
## callable-function
class A:
    def f(self): ...
out.append([callable(x) for x in («A|A.f|len|5|lambda: 1|A()|None|print», web)])
''')

kinds('''
## exec
exec("«out.append(1)|n = 5|Server('Made')|import os»")
out.append("end")
## eval
out.append(eval("«1 + 1|len(out)|web.name|[n for n in range(2)]|missing»"))
## eval-scope
n = 1
def f():
    n = 2
    return eval("n"«|, {"n": 3}|, {"__builtins__": {}, "n": 4}»)
out.append(f())
## compile
out.append(eval(compile("«1 + 2|len('ab')»", "x", "eval")))
## globals
globals()["«made|out2»"] = 5
try:
    out.append(made)
except NameError:
    out.append("none")
## globals-read
n = «1|2»
out.append((globals()["web"].name, "n" in globals(), "nothing" in globals()))
## locals
def f(a):
    b = 2
    return sorted(locals().items())
out.append(f(«1|2»))
## vars-module
import «math|string|functools»
out.append("pi" in vars(«math|string|functools»)) if False else out.append("skipped")
## builtins-patched
import builtins
builtins.«made = 5|len = lambda x: 42|print = lambda *a: out.append("printed")»
try:
    print("x")
    out.append(len([1]))
    out.append(made)
except NameError:
    out.append("none")
## shadowed-builtin
«len = lambda x: 42|list = tuple|str = repr|sorted = lambda x: [9]|range = lambda n: [7]|print = out.append|Server2 = Server»
out.append(len("ab"))
out.append(list(range(2)))
## patched-pytm-class
«Server.tag = "t"|Server.describe = lambda self: "d"|Server.__init_extra__ = 1»
try:
    out.append(Server("Second").tag)
except AttributeError:
    out.append("none")
## patched-pytm-init
old = Server.__init__
def init(self, name, **k):
    old(self, name + "«!|»", **k)
Server.__init__ = init
out.append(Server("Patched").name)
## patched-pytm-module
import pytm
pytm.Server = «Datastore|Server»
from pytm import Server as S
S("Through")
## patched-stdlib
import «math|string|os»
math = math if "math" in dir() else None
out.append("x")
if math:
    math.floor = lambda x: 99
    out.append(math.floor(1.5))
## pytm-setattr-function
setattr(web.controls, "«isHardened|sanitizesInput»", True)
out.append(web.controls.isHardened)
## pytm-setattr-lazy
«map(lambda e: setattr(e.controls, "isHardened", True), [web])|filter(lambda e: setattr(e.controls, "isHardened", True), [web])|list(map(lambda e: setattr(e.controls, "isHardened", True), [web]))|next(setattr(e.controls, "isHardened", True) for e in [web])|(setattr(e.controls, "isHardened", True) for e in [web])|[setattr(e.controls, "isHardened", True) for e in [web]]»
out.append(web.controls.isHardened)
## pytm-subclass
class Api(Server):
    «pass|def __init__(self, name): super().__init__(name + " API")|port2 = 5»
out.append(Api("Shop").name)
## pytm-subclass-default
class Api(Server):
    inScope: bool = «False|True»
Api("Scoped")
## pytm-subclass-setattr
class Api(Server):
    def __setattr__(self, name, value):
        super().__setattr__(name, «value|not value if isinstance(value, bool) else value»)
a = Api("Set")
a.inScope = False
out.append(a.inScope)
## pytm-subclass-property
class Api(Server):
    @property
    def label(self): return self.name + "«x|y»"
out.append(Api("P").label)
## pytm-wrong-argument
try:
    Server(«"A", "B"|name="N"|5|None|"A", nothing=1|»)
    out.append("made")
except Exception as e:
    out.append(type(e).__name__)
## pytm-wrong-value
try:
    web.«inScope = "maybe"|inBoundary = 5|controls = 3|port = "x"|name = "Other"|levels = "x"|maxClassification = 3»
    out.append("set")
except Exception as e:
    out.append(type(e).__name__)
## pytm-unknown-attribute
web.«colour|owner|tier» = «"red"|5|None»
out.append(web.«colour|owner|tier»)
## pytm-attribute-missing
try:
    out.append(web.«nothing|colour|inBoundary|name|inScope|protocol»)
except AttributeError:
    out.append("missing")
## pytm-attributes-read
b = Boundary("Zone")
web.inBoundary = b
f = Dataflow(web, Datastore("DB"), "F"«|, protocol="TLS"|, dstPort=443»)
out.append((web.inBoundary.name, f.source is web, f.sink.name, f.protocol, f.dstPort))
## pytm-elements-compared
a, b = Server("A"), Server("«A|B»")
out.append((a == b, a is b, a in [b], a != b))
## pytm-element-as-key
d = {web: «1|2»}
try:
    out.append(d[web])
except TypeError:
    out.append("type")
## pytm-element-truth
out.append("yes" if «web|tm|web.controls|web.data|Boundary("B")» else "no")
## pytm-element-text
out.append(«str(web)|repr(web)|f"{web}"|web.name|str(tm)»[:3])
## pytm-reset [top]
Server("Before")
TM.reset()
«web = Server("After")|tm = TM("Second")|pass»
## pytm-early-check [top]
tm.«check|resolve»()
Server("Late")
## pytm-process-twice [top]
tm.process()
Server("Late")
## pytm-elements-list [top]
«TM._elements = []|TM._elements.clear()|out.append(len(TM._elements))|pass»
## pytm-two-models [top]
second = TM("«Second|Shop»")
Server("Of both")
## pytm-data-list
d = Data("Card", classification=Classification.«SECRET|PUBLIC»)
web.data = [d]
out.append((len(web.data), d in web.data))
f = Dataflow(web, Datastore("DB"), "F", data=[d])
out.append([x.name for x in f.data])
## pytm-copy-element
import copy
c = copy.«copy|deepcopy»(web)
out.append(c.name)
## pytm-model-fields
out.append(«"inScope" in Server.model_fields|Server.model_fields["inScope"].default|len(web.model_fields_set) > 0|web.model_dump()["name"]|hasattr(web, "model_copy")»)
## pytm-getattr-module
import pytm
for name in [«"Server"|"Datastore", "Server"|"Nothing"»]:
    cls = getattr(pytm, name, None)
    if cls:
        cls(name + " made")
## pytm-class-table
made = {"db": Datastore, "web": Server}
for kind, name in [(«"db"|"web"», "A"), ("web", "B")]:
    made[kind](name)
## pytm-import-as [top]
import pytm as p
from pytm import Server as Machine
p.Datastore("«A|B»")
Machine("C")
## pytm-import-missing [top]
try:
    from pytm import «DataFlow|Server|Store|TM»
    out.append("there")
except ImportError:
    out.append("missing")
## pytm-import-star [top]
from pytm import *
«Lambda|Process|ExternalEntity|LLM»("Star")
## import-missing
try:
    import «no_such_module_x|json|yaml.nothing|os.path»
    out.append("there")
except ImportError as e:
    out.append(type(e).__name__)
## import-from-missing
try:
    from «math|os|json|no_such_module_x» import «pi|nothing|path|loads»
    out.append("there")
except ImportError:
    out.append("missing")
## import-dotted
import os.path, «xml.dom|collections.abc|urllib.parse|json.decoder»
out.append(os.path.join("a", "b"))
## import-in-function
def f():
    import «math|string|json» as m
    return m.__name__
out.append(f())
## importlib
import importlib
m = importlib.import_module("«math|json|string|no_such»")
out.append(m.__name__)
## dunder-import
out.append(__import__("«math|pytm|os.path|string»").__name__)
## sys-modules
import sys
out.append(("«pytm|math|nothing»" in sys.modules, sys.modules["__main__"] is not None))
## thread
import threading
t = threading.Thread(target=lambda: out.append(«1|2»))
«t.start(); t.join()|t.run()|pass»
out.append("end")
## thread-pool
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    out.extend(pool.map(lambda n: n * 2, [«1|2», 3]))
    f = pool.submit(len, "abc")
out.append(f.result())
## atexit [top]
import atexit
@atexit.register
def late():
    Server("Late")
## settrace
import sys
sys.«settrace|setprofile»(lambda *a: None)
out.append("set")
sys.«settrace|setprofile»(None)
## signal-handler
import signal
signal.signal(signal.SIGUSR1, lambda *a: out.append("signal"))
«signal.raise_signal(signal.SIGUSR1)|pass»
## warnings-error
import warnings
warnings.simplefilter("«error|ignore»")
try:
    warnings.warn("x")
    out.append("fine")
except UserWarning:
    out.append("raised")
## print-returns
out.append(print("x"«|, end=""|, "y", sep="-"»))
## print-to-file
import io
b = io.StringIO()
print("a", «1|None|[2]», sep="«,|»", file=b)
out.append(b.getvalue())
## logging
import logging
logging.basicConfig(level=logging.«INFO|DEBUG»)
log = logging.getLogger("x")
log.info("hi")
out.append((log.name, logging.WARNING, log.isEnabledFor(logging.«DEBUG|ERROR»)))
## argparse
import argparse
p = argparse.ArgumentParser()
p.add_argument("--env", default="«dev|prod»"«|, choices=["dev", "prod"]»)
p.add_argument("--full", action="store_true")
a = p.parse_args(«|[]|["--full"]|["--env", "prod"]»)
out.append((a.env, a.full))
## argparse-more
import argparse
p = argparse.ArgumentParser()
p.add_argument("-n", "--number", type=int, default=«1|"2"»)
p.add_argument("names", nargs="*")
«p.set_defaults(number=7)|pass»
a, rest = p.parse_known_args(«[]|["a", "b"]|["-n", "5", "--x"]»)
out.append((a.number, a.names, rest, vars(a)["number"]))
## argv
import sys
out.append(len(sys.argv))
if len(sys.argv) > 1:
    out.append("more")
## environ-default
import os
out.append(os.«environ.get|getenv»("TMRS_TEST_«A|B»", "«x|y»"))
## iter-sentinel
xs = [1, 2, 0, 3]
out.append(list(iter(lambda: xs.pop(0), «0|9|2»))) if «True|False» else out.append(xs)
## sorted-key
out.append(sorted(«["b", "A", "c"]|[3, 1, 2]|[(2, "a"), (1, "b")]|"cab"»«|, reverse=True|, key=str|, key=lambda x: str(x).lower()»))
## sort-stable
rows = [(1, "b"), (0, "z"), (1, "a")]
rows.sort(key=lambda r: r[0]«|, reverse=True»)
out.append(rows)
## min-max
try:
    out.append(«min|max»(«[3, 1, 2]|"web"|[]|[], default=0|3, 1|[(1, "b"), (1, "a")]|["bb", "a"], key=len|{"k": 1}»))
except ValueError:
    out.append("empty")
## sum-any-all
out.append((«sum([1, 2.5])|sum([[1], [2]], [])|any([0, "", None])|all([])|all([1, 0])|any(x > 1 for x in [1, 2])|sum([True, True])»))
## any-stops
def seen(x):
    out.append(x)
    return x
«any|all»(seen(x) for x in [«0, 1, 2|1, 0, 2»])
## map-filter
out.append(list(«map(str, [1, 2])|filter(None, [0, 1, "", 2])|map(lambda a, b: a + b, [1, 2], [3])|filter(lambda n: n > 1, range(4))»))
## map-lazy
m = map(out.append, [«1, 2|3»])
«pass|list(m)|next(m)|for _ in m: break|len(list(m))»
## dict-views-live
d = {"a": 1}
k, v, i = d.keys(), d.values(), d.items()
d["b"] = «2|1»
out.append((len(k), list(v), list(i), "b" in k))
## dict-order
d = {"b": 1, "a": 2}
d["b"] = 3
d.«pop("a")|setdefault("c", 4)|update(a=9)|popitem()|move = 1»  if False else None
d["c"] = d.pop("«b|a»")
out.append(list(d.items()))
## dict-methods
d = {"a": 1}
out.append((d.get("x"), d.get("x", «0|None»), d.setdefault("y", []), d.pop("a"), d.pop("z", "none"), d))
## dict-keys-equal
d = {1: "a", 1.0: "b", True: "c"}
out.append((d, len(d)))
## dict-merge
a, b = {"x": 1, "y": 2}, {"y": «3|4»}
out.append(a \\x7c b)
a \\x7c= b
out.append((a, {**b, **a}, dict(a, z=1), a == b))
## dict-unhashable
try:
    {«[1]|{}|(1, [2])|(1, 2)»: 1}
    out.append("fine")
except TypeError:
    out.append("unhashable")
## dict-missing
d = {"a": None}
try:
    out.append(d["«a|b»"])
except KeyError as e:
    out.append((str(e), e.args))
## defaultdict
from collections import defaultdict
d = defaultdict(«list|int|lambda: "x"|None»)
try:
    d["a"]
    out.append((dict(d), "b" in d, d.get("b"), len(d)))
except KeyError:
    out.append("key")
## counter
from collections import Counter
c = Counter("«abca|»")
c["z"] += 2
out.append((c.most_common(1), c["missing"], sum(c.values()), sorted(c), c == Counter(a=2)))
## deque
from collections import deque
q = deque([1, 2, 3], maxlen=«3|None|2»)
q.appendleft(0)
q.append(4)
q.rotate(1)
out.append((list(q), q[0], len(q), q.pop(), q.popleft()))
## ordereddict
from collections import OrderedDict
d = OrderedDict(a=1, b=2)
d.move_to_end("«a|b»")
out.append((list(d), d.popitem(last=False), d == {"b": 2}))
## chainmap
from collections import ChainMap
c = ChainMap({"a": 1}, {"a": 2, "b": «3|4»})
c["c"] = 5
out.append((c["a"], c["b"], len(c), sorted(c), c.maps[0]))
## set-operations
a, b = {1, 2, 3}, {«2, 3|9»}
out.append((sorted(a & b), sorted(a - b), sorted(a ^ b), a >= b, a.isdisjoint(b), len(a)))
## set-order
for x in {«"b", "a"|"x", "y", "z"|"one"»}:
    out.append(x)
## set-sorted
for x in sorted({«"b", "a"|3, 1|"x"»}):
    out.append(x)
## set-pop
s = {«"a", "b", "c"|1|5, 6»}
out.append(s.pop())
## set-from-string
out.append(«len(set("hello"))|sorted(set("hello"))|list(set("ab"))|"".join(set("ba"))|max(set("hello"))|str({"a"})|str({"a", "b"})»)
## hash-of-string
out.append(hash("«a|b»") % 2)
## id-parity
out.append(«id(web) % 32|id(out) == id(out)|id(1) == id(2)»)
## list-methods
xs = [3, 1, 2]
r = xs.«append(4)|sort()|reverse()|pop()|insert(1, 9)|extend("ab")|index(1)|count(3)|remove(1)|clear()|copy()»
out.append((xs, r))
## list-multiply-alias
xs = [[]] * «2|3»
xs[0].append(1)
out.append(xs)
## list-compare
out.append(«[1, 2] < [1, 3]|[1] == [1.0]|[1, 2] > [1]|[] < [0]|(1, 2) == [1, 2]»)
## tuple-immutable
t = (1, [2])
try:
    t[«0|1»] = 5
    out.append("set")
except TypeError:
    out.append("type")
## string-methods-chain
out.append("  Web, Db ".«strip()|strip().lower()|split(",")|split()|title()|replace(" ", "")|partition(",")|find("D")|zfill(12)|swapcase()|casefold()|center(14, "*")|encode()|isupper()|startswith((" ", "W"))|rsplit(None, 1)|expandtabs()|splitlines()|removeprefix("  ")»)
## string-immutable
try:
    "ab"[0] = "x"
    out.append("set")
except TypeError:
    out.append("type")
## string-compare
out.append(«"a" < "B"|"ß" == "ss"|"é" == "e\\\\u0301"|"Z" < "a"|"10" < "9"|"" < "a"|"ab" > "aB"»)
## int-parsing
try:
    out.append(int(«"12"|" 7 "|"1_0"|"1__0"|"0x1f", 16|"1.5"|2.9|-2.9|""|"٣"|True|"ff", 16|"12", 5|None|"0b1", 0|"09"»))
except (ValueError, TypeError) as e:
    out.append(type(e).__name__)
## float-parsing
try:
    out.append(float(«"1.5"|"1e3"|" 2 "|"nan"|"inf"|"-Infinity"|"1_0.5"|"x"|3|"1e400"|""|"1."»))
except ValueError:
    out.append("value")
## arithmetic
try:
    out.append(«7|-7|0|2.5|10 ** 20» «+|-|*|/|//|%|**» «2|-2|0|0.5|3»)
except (ZeroDivisionError, OverflowError) as e:
    out.append(type(e).__name__)
## bit-operations
try:
    out.append(«6|-1|True|2 ** 40» «&|\\x7c|^|<<|>>» «3|1|0|-1|70»)
except (ValueError, TypeError) as e:
    out.append(type(e).__name__)
## round
out.append(round(«2.5|3.5|-0.5|2.675|1234|0.1 + 0.2|1e16»«|, 2|, -2|, 0|, None»))
## divmod-pow-abs
out.append(«divmod(-7, 3)|divmod(7.5, 2)|pow(2, 10, 7)|pow(3, -1, 7)|abs(-3.5)|abs(True)|pow(2, -1)|divmod(7, -2)»)
## float-text
out.append(«0.1 + 0.2|1e16|1e-5|1.0|123456789.123|1e22|-0.0|1/3|100.0|5e-324|1e15»)
## float-special
x = float("«nan|inf|-inf»")
out.append((x == x, x in [x], x > 0, max(1, x) == 1, [x] == [x]))
## int-text
out.append((«hex(255)|bin(-5)|oct(8)|str(10 ** 25)|chr(8364)|ord("é")|(255).bit_length()|(5).to_bytes(2, "big")|int.from_bytes(b"ab", "big")|(-1).bit_count()»))
## bool-arithmetic
out.append(«True + True|True == 1|isinstance(True, int)|[1, 2][True]|sum([True, False])|bool("False")|str(True)|True & False|~True|-True»)
## truth-of
out.append([bool(x) for x in («0|0.0|""|"0"|[]|[0]|{}|None|()|range(0)|0j|b""|float("nan")|set()|...», 1)])
## conversions
try:
    out.append(«list("ab")|tuple([1])|dict([("a", 1)])|dict(["ab"])|set([1, 1])|str(None)|list({"a": 1})|bool("")|bytes(3)|bytes([65])|dict(a=1)|list(5)|str(b"x")|frozenset("a")|complex(1, 2)|dict([1])|tuple("")»)
except (TypeError, ValueError) as e:
    out.append(type(e).__name__)
## itertools
import itertools
out.append(list(itertools.«chain([1], "a")|islice(itertools.count(5), 2)|product("ab", repeat=2)|combinations([1, 2, 3], 2)|permutations("ab")|zip_longest([1], "ab", fillvalue=0)|accumulate([1, 2, 3])|repeat("x", 2)|takewhile(bool, [1, 0, 2])|dropwhile(bool, [1, 0, 2])|starmap(pow, [(2, 3)])|compress("ab", [0, 1])|pairwise([1, 2, 3])|chain.from_iterable(["ab", "c"])|filterfalse(None, [0, 1])|islice("abc", 1, None)»))
## groupby
import itertools
for k, g in itertools.groupby(«"aabA"|[1, 1, 2]»«|, key=str»):
    out.append((k, len(list(g))))
## tee
import itertools
a, b = itertools.tee(iter([1, 2]))
next(a)
out.append((list(a), list(b)))
## operator-module
import operator
out.append(operator.«add(1, 2)|itemgetter(1)([5, 6])|attrgetter("name")(web)|methodcaller("upper")("a")|contains([1], 1)|mul(2, "a")|not_(0)|itemgetter("a", "b")({"a": 1, "b": 2})»)
## operator-call
import operator
operator.«call(out.append, 1)|setitem({}, 1, 2)|iadd(out, [5])|methodcaller("append", 6)(out)»
## string-template
import string
out.append(string.Template("«$a|${a}b|$$|$a $b|$b»").«safe_substitute|substitute»(a=1, b="x"))
## textwrap
import textwrap
out.append(textwrap.«dedent("  a\\n   b")|indent("a\\nb", "> ")|shorten("hello big world", 10)|fill("aa bb cc", 5)|wrap("aa bb cc", 5)»)
## regex
import re
out.append(re.«findall(r"\\d+", "a1b22")|sub("b", "X", "abba", count=1)|split(",", "a,b,,c")|match("b", "ab")|search("b(.)", "abc").group(1)|fullmatch("a*", "aa").span()|sub(r"(a)", r"<\\1>", "ba")|compile("A", re.I).findall("aA")|escape("a.b")»)
## copy-module
import copy
xs = [[1]]
ys = copy.«copy|deepcopy»(xs)
ys[0].append(2)
out.append(xs)
## datetime
import datetime
d = datetime.date(2024, «2|3», «28|1»)
out.append((d.isoformat(), (d + datetime.timedelta(days=2)).day, d.weekday(), str(d), d < datetime.date(2024, 3, 1), d.strftime("%Y")))
## datetime-text
import datetime
out.append(str(datetime.«datetime(2024, 1, 2, 3, 4)|timedelta(hours=25)|date.fromisoformat("2024-01-02")|time(1, 2)|datetime.fromisoformat("2024-01-02T03:04:05")»))
## decimal-fraction
from decimal import Decimal
from fractions import Fraction
out.append(«Decimal("0.1") + Decimal("0.2")|Fraction(1, 3) * 3|Decimal(1) / 3|Fraction("0.5") == 0.5»)
## json-values
import json
out.append(json.«loads("[1, 2.0, null, true]")|dumps({"a": [1, None]})|loads('{"a": 1, "a": 2}')|dumps("é")|dumps({1: 2})|loads("1e2")|dumps([1, 2], indent=1)|loads('"\\\\\\\\u00e9"')|dumps(float("nan"))|loads("12345678901234567890")»)
## json-errors
import json
try:
    out.append(json.loads('«{"a": 1,}|[1 2]|NaN|01|"a\\\\tb"|\\\\ufeff1|| 1 |nul»'))
except ValueError as e:
    out.append(type(e).__name__)
## pathlib-pure
from pathlib import PurePosixPath as P
p = P("a/b.tar.gz")
out.append((p.«name|stem|suffix|suffixes|parent|parts|with_suffix(".x")|as_posix()|is_absolute()|match("*.gz")|with_name("c")»))
## path-exists
from pathlib import Path
out.append((Path("«tm.py|nothing.txt|.»").exists(), Path(__file__).name))
## open-missing
try:
    open("«nothing.txt|no/where»")
    out.append("opened")
except «FileNotFoundError|OSError|PermissionError»:
    out.append("missing")
except Exception as e:
    out.append(type(e).__name__)
## write-then-read
with open("made.txt", "w") as f:
    out.append(f.write("«hello|»"))
with open("made.txt") as f:
    out.append(f.read())
## machine-time
import time, datetime
out.append(«time.time() > 0|datetime.datetime.now().year > 2000|datetime.date.today() > datetime.date(2020, 1, 1)|time.localtime().tm_year > 2000»)
## machine-random
import random
random.seed(«1|2»)
out.append(«random.random() < 2|random.choice(["a"])|random.randint(1, 1)|random.sample([1, 2], 2)»)
xs = [1, 2, 3]
random.shuffle(xs)
out.append(xs)
## machine-names
import os, sys, platform
out.append(«os.name|os.sep|sys.platform|sys.version_info >= (3, 8)|platform.system()|os.getcwd()[:1]|sys.maxsize > 5|sys.byteorder|os.getpid() > 0|sys.executable != ""|os.environ.get("PATH") is not None|"HOME" in os.environ|os.path.expanduser("~") != "~"|os.path.abspath("x") != "x"»)
## uuid-secrets
import uuid, secrets, hashlib
out.append(«len(str(uuid.uuid4()))|len(secrets.token_hex(2))|hashlib.sha256(b"a").hexdigest()[:4]|uuid.UUID(int=1).hex[-1]|str(uuid.uuid5(uuid.NAMESPACE_DNS, "a"))[:4]»)
## inspect
import inspect
def f(a, b=1): ...
out.append(«list(inspect.signature(f).parameters)|inspect.isfunction(f)|inspect.isclass(Server)|[n for n, v in inspect.getmembers(web) if n == "name"]»)
## type-of
out.append(type(«1|"s"|None|web|[]|len|lambda: 1|int|...|1.5|(x for x in [])|{}.keys()|range(1)|print|Server»).__name__)
## string-join
try:
    out.append("«,|»".join(«["a", "b"]|"xy"|[1, 2]|(str(n) for n in range(2))|[]|{"k": 1}»))
except TypeError:
    out.append("type")
## semicolons-and-lines
a = 1; b = 2; \\
c = 3
out.append((a,
  b, # comment
  c))
if a: out.append("x"); out.append("y")
## nfkc-names
ﬁeld = «1|2»
out.append(field)
## long-if
n = «1|2|3|9»
if n == 1: out.append("one")
elif n == 2: out.append("two")
elif n == 3:
    pass
else:
    out.append("many")
## conditional-import-flag
try:
    import tomllib
    HAS = True
except ImportError:
    HAS = False
out.append(HAS)
## type-checking
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    out.append("never")
out.append(TYPE_CHECKING)
## typing-cast
from typing import cast, Optional, List
n: Optional[List[int]] = cast("x", «[1]|None»)
out.append(n)
## star-import-module [top]
from string import *
out.append(«digits|ascii_lowercase»)
## simple-namespace
from types import SimpleNamespace, MappingProxyType
n = SimpleNamespace(a=1, b=«2|3»)
n.c = 4
out.append((n.a, vars(n), n == SimpleNamespace(a=1, b=2, c=4)))
m = MappingProxyType({"x": 1})
try:
    m["x"] = 2
except TypeError:
    out.append("read only")
## weakref
import weakref
class A: pass
a = A()
r = weakref.ref(a)
out.append(r() is a)
«del a|pass»
out.append(r() is None)
## pickle
import pickle
out.append(pickle.loads(pickle.dumps(«[1, 2]|{"a": 1}|"x"»)))
## bisect-heapq
import bisect, heapq
xs = [1, 3, 5]
bisect.insort(xs, «4|0»)
heapq.heapify(xs)
out.append((xs, bisect.bisect(xs, 3), heapq.nsmallest(2, xs)))
## csv-text
import csv, io
out.append(list(csv.«reader|DictReader»(io.StringIO('a,b\\n1,"x,y"\\n2\\n'))))
## ast-literal-eval
import ast
try:
    out.append(ast.literal_eval("«[1, 'a']|{'k': None}|1 + 1|len('a')»"))
except ValueError:
    out.append("value")
## getter-chain
class Config:
    def __init__(self, d): self.__dict__.update(d)
c = Config({"a": «1|2»})
out.append(c.a)
## builder-pattern
class Builder:
    def __init__(self): self.parts = []
    def add(self, part):
        self.parts.append(part)
        return self
out.append(Builder().add("a").add("«b|c»").parts)
''')


def build(seed, most):
    """Models of every template: up to `most` alternatives each, in places by chance."""
    rng = model.generator(seed, "grammar")
    for kind, place, template in TEMPLATES:
        template = template.replace("\\x7c", "\x00")
        for text in model.alternatives(template, rng, most):
            text = text.replace("\x00", "|")
            fixed = None if place == "any" else "top"
            made = model.model(f"grammar {kind}", text, rng, place=fixed)
            if place == "future":
                made.files["tm.py"] = "from __future__ import annotations\n" + made.files["tm.py"]
            yield made
