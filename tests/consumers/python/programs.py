"""Small programs by chance over the grammar: nested control flow over numbers, lists and text."""
import textwrap

import model


class Writer:
    """Writes one program; every loop ends, and every name is bound before the program starts."""

    def __init__(self, rng):
        self.rng = rng
        self.functions = []
        self.loop = 0

    def number(self, depth=0):
        pick = self.rng.choice
        if depth > 2:
            return pick(["a", "b", "c", "1", "2", "3", "0", "-1"])
        inner = self.number
        return pick([
            lambda: pick(["a", "b", "c", "0", "1", "2", "5"]),
            lambda: f"({inner(depth + 1)} {pick(['+', '-', '*', '//', '%', '&', '|', '^'])} {inner(depth + 1)})",
            lambda: f"len({pick(['xs', 'ys', 's', 'd'])})",
            lambda: f"({inner(depth + 1)} if {self.truth(depth + 1)} else {inner(depth + 1)})",
            lambda: f"xs[{inner(depth + 1)}]",
            lambda: f"d.get({self.text(depth + 1)}, {inner(depth + 1)})",
            lambda: f"sum(xs[{pick(['', '1', '-2'])}:{pick(['', '2', '-1'])}])",
            lambda: f"{pick(['abs', 'int', 'min', 'max'])}({inner(depth + 1)}" + pick(["", f", {inner(3)}"]) + ")",
            lambda: f"sum(n {pick(['+', '*'])} {inner(3)} for n in xs if {pick(['n', 'n % 2', 'n > 1', 'not n'])})",
            lambda: f"({pick('abc')} := {inner(depth + 1)})",
            lambda: f"{pick(self.functions)}({inner(depth + 1)})" if self.functions else "b",
        ])()

    def truth(self, depth=0):
        pick = self.rng.choice
        return pick([
            lambda: f"{self.number(depth + 1)} {pick(['<', '<=', '==', '!=', '>', '>='])} {self.number(depth + 1)}",
            lambda: f"{self.number(depth + 1)} in {pick(['xs', '(1, 2)', 'ys', '[0, 3]'])}",
            lambda: f"not {self.number(depth + 1)}",
            lambda: f"({self.truth(depth + 1)} {pick(['and', 'or'])} {self.truth(depth + 1)})" if depth < 2 else "a",
            lambda: pick(["xs", "ys", "s", "d", "a", "b"]),
            lambda: f"{pick(['any', 'all'])}(n > {self.number(3)} for n in xs)",
            lambda: f"isinstance({pick(['a', 's', 'xs'])}, {pick(['int', 'str', '(int, str)'])})",
            lambda: f"1 < {self.number(3)} < 4",
        ])()

    def text(self, depth=0):
        pick = self.rng.choice
        return pick([
            lambda: pick(['"k"', '"m"', "s", '"web"', '""']),
            lambda: f"str({self.number(depth + 1)})",
            lambda: f'f"{{{self.number(3)}}}-{{s}}"',
            lambda: f"s{pick(['.upper()', '[::-1]', '[:2]', '.replace(' + chr(34) + 'e' + chr(34) + ', ' + chr(34) + 'x' + chr(34) + ')', '.strip(' + chr(34) + 'w' + chr(34) + ')', ' * 2'])}",
            lambda: '",".join(str(n) for n in xs)',
        ])()

    def block(self, depth):
        return textwrap.indent("\n".join(self.statement(depth + 1) for _ in range(self.rng.randint(1, 2))), "    ")

    def statement(self, depth=0):
        pick = self.rng.choice
        simple = [
            lambda: f"{pick('abc')} = {self.number()}",
            lambda: f"{pick('abc')} {pick(['+', '-', '*'])}= {self.number(1)}",
            lambda: f"out.append({pick([self.number, self.text, self.truth])()})",
            lambda: f"out.append({self.number()})",
            lambda: f"xs.append({self.number(1)})",
            lambda: f"s = {self.text()}",
            lambda: f"d[{self.text(1)}] = {self.number(1)}",
            lambda: f"ys = [{self.number(2)} for n in {pick(['xs', 'range(3)', 'ys'])} if {self.truth(2)}]",
            lambda: "a, b = b, a",
            lambda: f"a, *ys = {pick(['xs', '[1, 2]', '(5,)'])}",
            lambda: f"xs[{pick(['0', '-1', '1'])}] = {self.number(1)}",
            lambda: f"xs = xs[{pick(['1:', ':2', '::-1', ':'])}]",
            lambda: f"assert {self.truth()}, {self.text(1)}",
            lambda: f"raise {pick(['ValueError', 'KeyError', 'IndexError'])}({self.text(1)})",
            lambda: "break" if self.loop else "c += 1",
            lambda: "continue" if self.loop else "c -= 1",
            lambda: pick(["del xs[0]", "xs.pop()", "d.pop('k')", "ys.sort()", "xs.extend(ys)", "xs += [1]"]),
        ]
        if depth > 2:
            return pick(simple[:12])()
        return pick(simple + [
            lambda: f"if {self.truth()}:\n{self.block(depth)}" + (f"\nelif {self.truth()}:\n{self.block(depth)}" if pick([0, 1]) else "") + (f"\nelse:\n{self.block(depth)}" if pick([0, 1]) else ""),
            lambda: f"if {self.truth()}:\n{self.block(depth)}\nelse:\n{self.block(depth)}",
            lambda: self.looped(f"for {pick(['n', 'a', 'c'])} in {pick(['range(3)', 'list(xs)', '[2, 0]', 'reversed([1, 2])', 'sorted(xs)'])}:", depth),
            lambda: "turns = 0\n" + self.looped(f"while turns < 3 and ({self.truth()}):\n    turns += 1", depth),
            lambda: f"try:\n{self.block(depth)}\nexcept {pick(['ValueError', 'LookupError', 'Exception', '(KeyError, AssertionError)', 'ZeroDivisionError'])}{pick(['', ' as error'])}:\n{self.block(depth)}"
            + (f"\nelse:\n{self.block(depth)}" if pick([0, 1]) else "") + (f"\nfinally:\n{self.block(depth)}" if pick([0, 0, 1]) else ""),
            lambda: f"try:\n{self.block(depth)}\nexcept Exception as error:\n    out.append(type(error).__name__)",
            lambda: f"match {pick(['a', 's', 'xs', '(a, b)'])}:\n    case {pick(['1', '[n, *_]', '(1, n)', 'str()', 'int(n)', '0 | 2'])}:\n{textwrap.indent(self.block(depth), '    ')}\n    case _:\n{textwrap.indent(self.block(depth), '    ')}",
        ])()

    def looped(self, head, depth):
        self.loop += 1
        body = self.block(depth)
        self.loop -= 1
        tail = f"\nelse:\n{self.block(depth)}" if self.rng.random() < 0.3 else ""
        return f"{head}\n{body}{tail}"

    def program(self):
        lines = ["a, b, c = 1, 2, 3", "xs, ys = [3, 1, 2], []", 's, d = "web", {"k": 1}']
        for name in ("f", "g")[: self.rng.randint(0, 2)]:
            loop, self.loop = self.loop, 0
            lines.append(f"def {name}(a, c={self.number(3)}):\n    b, xs, ys, s, d = 0, [a, c], [], 'fn', {{}}\n{self.block(1)}\n    return {self.number(1)}")
            self.loop = loop
            self.functions.append(name)
        lines += [self.statement() for _ in range(self.rng.randint(3, 6))]
        lines.append("out.append((a, b, len(xs)))")
        return "\n".join(lines)


def build(seed, count):
    """That many programs."""
    rng = model.generator(seed, "programs")
    for _ in range(count):
        text = Writer(rng).program()
        place = rng.choice(["top", "caught", "caught", "caught", "function"])
        yield model.model("program", text, rng, place=place)
