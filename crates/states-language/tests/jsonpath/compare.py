#!/usr/bin/env python3
"""Draws documents and paths and holds our answers against those of Jayway JsonPath 2.0.0 over Jackson's JsonNode.

    compare.py ORACLE OURS [--seed N] [--pairs N] [--record FILE [--keep N]]

ORACLE and OURS are commands that take a file [{"path", "document"}...] and print a JSON line for each:
    ORACLE   {"value"} or {"error": "Class: message"}: the library, with
             Configuration.builder().jsonProvider(new JacksonJsonNodeJsonProvider())
             .mappingProvider(new JacksonMappingProvider()).build() and
             JsonPath.using(configuration).parse(document).read(path)
    OURS     cargo run -p states-language --example jsonpath FILE

Prints the differences: in values, in what is refused, and in the sentences about what is missing. --record writes a
slice of the oracle's answers to answers.json, which tests/jsonpath.rs reads: that test needs no Java.
"""
import argparse, collections, json, os, random, shlex, subprocess, sys, tempfile

NAMES = ["a", "b", "c", "id", "name", "items", "x y", "it's", 'q"', "dot.key", "0", "1", "length", "$d", "@at", "é",
         "日本", "_u", "a-b", "", "null", "true", "br[0]", "back\\slash", "(p)", "*", "a,b", "A", "Ä", "ключ", "😀", "a]b", "x:y", "-1"]
WORDS = ["a", "b", "abc", "Receipt", "it's", "null", "true", "false", "TRUE", "1", "1.0", "10", "", " ", "x y", "é", "日本", "a]", "a&&b",
         "5", "-1", "1e1", "ab\nc", "/a/", "$.a", "a==b", "😀", "\uffee", "A"]
NUMBERS = [0, 1, 2, 3, 5, 10, -1, 1.0, 1.5, -2.5, 10.0, 0.1, 1e10, 1e-7, 1e21, 100, 2147483648, 9007199254740993, 9223372036854775807, 9007199254740992.0, 123456.789]

class Draw:
    def __init__(self, seed):
        self.r = random.Random(seed)
    def chance(self, p): return self.r.random() < p
    def one(self, *options): return self.r.choice(options)

    # ---- documents
    def value(self, depth):
        k = self.r.random()
        if depth <= 0 or k < 0.25: return self.scalar()
        if k < 0.62: return self.object(depth)
        return self.array(depth)
    def scalar(self):
        k = self.r.random()
        if k < 0.2: return None
        if k < 0.3: return self.chance(0.5)
        if k < 0.65: return self.r.choice(NUMBERS)
        return self.r.choice(WORDS)
    def object(self, depth):
        names = self.names if self.chance(0.8) else NAMES
        return {self.r.choice(names): self.value(depth - 1) for _ in range(self.r.randint(0, 4))}
    def array(self, depth):
        n = self.r.randint(0, 5)
        if self.chance(0.5):                    # records of one shape
            keys = [self.r.choice(self.names) for _ in range(self.r.randint(1, 3))]
            return [{k: self.value(depth - 2) for k in keys if self.chance(0.8)} for _ in range(n)]
        return [self.value(depth - 1) for _ in range(n)]
    def document(self):
        self.names = [self.r.choice(NAMES) for _ in range(self.r.randint(1, 4))] + ["a", "b"]
        if self.chance(0.06): return self.scalar()
        return self.one(self.object, self.object, self.array)(self.r.randint(2, 5))

    # ---- paths that lead somewhere, more or less
    def blanks(self): return self.one("", "", "", "", "", " ", "  ", "\t") if self.spaced else ""
    def number(self): return str(self.r.choice([0, 0, 1, 1, 2, 3, 4, 7, -1, -1, -2, -3, -7, 10]))
    def quoted(self, name): return "'" + name + "'"
    def key(self, value):
        if isinstance(value, dict) and value and self.chance(0.85): return self.r.choice(list(value))
        return self.r.choice(self.names if self.chance(0.7) else NAMES)
    def name_step(self, name):
        k = self.r.random()
        if k < 0.5 and name and not any(c in name for c in " .["): return "." + name
        if k < 0.53: return ".['" + name + "']"
        if k < 0.56: return '["' + name + '"]'
        if k < 0.6: return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"
        if k < 0.62: return "." + name
        return "[" + self.blanks() + self.quoted(name) + self.blanks() + "]"
    def below(self, value, key=None):
        if isinstance(value, dict):
            return value.get(key) if key is not None else (self.r.choice(list(value.values())) if value else None)
        if isinstance(value, list): return self.r.choice(value) if value else None
        return None
    def path(self, value, steps, definite=False, root="$"):
        text = root
        while steps > 0:
            steps -= 1
            k = self.r.random()
            if not definite and k < 0.08:
                text += ".."; inner = value
                for _ in range(self.r.randint(0, 3)): inner = self.below(inner) if self.below(inner) is not None else inner
                k2 = self.r.random()
                if k2 < 0.5:
                    name = self.key(inner); value = self.below(inner, name)
                    text += name if name and not any(c in name for c in " .[") else "['" + name + "']"
                elif k2 < 0.65: text += "*"; value = self.below(inner)
                elif k2 < 0.85: text += self.array_step(inner); value = self.below(inner)
                else: text += self.filter_step(inner); value = self.below(inner)
            elif isinstance(value, list) and k < 0.9:
                text += ("." if self.chance(0.03) else "") + (self.array_step(value) if not definite or self.chance(0.02) else self.index_step(value))
                value = self.below(value)
            elif not definite and k < 0.2:
                text += self.one(".*", "[*]", "[*]"); value = self.below(value)
            elif not definite and k < 0.26:
                text += self.filter_step(value)
            elif k < 0.3 and not definite:
                text += self.array_step(value); value = self.below(value)
            elif k < 0.34:
                names = [self.key(value) for _ in range(self.r.randint(2, 3))]
                text += "[" + ("," + self.blanks()).join(self.quoted(n) for n in names) + "]"; value = self.below(value, names[0])
            elif k < 0.345: text += "$"
            else:
                name = self.key(value)
                text += self.name_step(name); value = self.below(value, name)
        return text
    def index_step(self, value):
        b = self.blanks
        k = self.r.random()
        if k < 0.06: return self.one("[(@.length-%d)]", "[(@.length - %d)]", "[(@.size()-%d)]", "[(@.size-%d)]", "[@.length-%d]", "[(@.len-%d)]") % self.r.randint(0, 3)
        if k < 0.07: return "[" + self.one("١", "٠", "x1", "1x", '"1"', "1 0", "+1", "1.5", "01") + "]"
        return "[" + b() + self.number() + b() + "]"
    def array_step(self, value):
        b, n = self.blanks, self.number
        k = self.r.random()
        if k < 0.25: return self.index_step(value)
        if k < 0.5: return "[*]" if self.chance(0.95) else self.one("[ * ]", "[* ]", ".*")
        if k < 0.58: return "[" + ("," + b()).join(n() + b() for _ in range(self.r.randint(2, 3))) + "]"
        if k < 0.64: return "[" + n() + b() + ":" + b() + n() + "]"
        if k < 0.69: return "[" + n() + b() + ":" + b() + "]"
        if k < 0.75: return "[" + b() + ":" + b() + n() + "]"
        if k < 0.77: return self.one("[:]", "[::2]", "[0:3:2]", "[1::]", "[,1]", "[1,]", "[:1,2]", "[1,2:3]", "[-]", "[1:2,3]", "[--1]", "[2147483648]", "[-2147483648]")
        return self.filter_step(value)

    # ---- filters
    def filter_step(self, value):
        b = self.blanks
        k = self.r.random()
        if k < 0.015: return self.one("[?]", "[?,?]", "[ ? ]", "[?,?,?,?,?,?]", "[?*]", "[??]")
        item = self.below(value) if isinstance(value, list) else value
        parts = [self.criterion(item)]
        while self.chance(0.3): parts += [self.one("&&", "&&", "||", "||", "&&&"[:2]), self.criterion(item)]
        text = parts[0]
        for op, c in zip(parts[1::2], parts[2::2]):
            text += self.one("", " ", " ") + op + self.one("", " ", " ") + c
            if self.chance(0.1): text = "(" + text + ")"
        if self.chance(0.03): text = "!" + "(" + text + ")"
        return "[" + b() + "?" + b() + "(" + b() + text + b() + ")" + b() + "]"
    def criterion(self, item):
        b = lambda: self.one("", " ", " ", "  ")
        k = self.r.random()
        if k < 0.18: return self.one("", "", "", "!", "!", "! ") + self.side_path(item)
        op = self.one("==", "==", "==", "!=", "!=", "<", "<=", ">", ">=", "=~") if self.chance(0.96) else self.one("===", "!==", "=", "<>", " in ", " nin ", " contains ", "~", " size ")
        if op == "=~" and self.chance(0.9): right = self.regex()
        else: right = self.side(item)
        left = self.side_path(item) if self.chance(0.85) else self.side(item)
        if self.chance(0.04): left = "!" + left
        return left + b() + op + b() + right
    def side_path(self, item):
        if self.chance(0.06): return "@"
        if self.chance(0.9): return self.path(item, self.r.randint(1, 2), definite=self.chance(0.97), root="@")
        return self.path(self.doc, self.r.randint(0, 2), definite=True)
    def side(self, item):
        k = self.r.random()
        if k < 0.3: return str(self.r.choice([0, 1, 2, 3, 5, 10, 1.5, -1, "1.0", "1e1", "+1", ".5", "5.", "1e400", "0x1", "9007199254740993", "1e21"]))
        if k < 0.55: return "'" + self.r.choice(WORDS) + "'"
        if k < 0.62: return self.one("true", "false", "null", "TRUE", "nullx")
        if k < 0.72: return self.r.choice(["Receipt", "abc", "a b", "a", "b", '"a"', '"abc"', "[1]", "{}", "['a','b']", ""])
        if k < 0.76: return "'it\\'s'"
        if k < 0.78: return self.regex()
        return self.side_path(item)
    def regex(self):
        return "/" + self.one("a", ".*", "a.*", "[ab]+", "[a-z]*", "\\d+", "\\w+", "(a|b|c)+", "abc", "A.*", "x y", ".+", "^a.*$", "[^a]*", "1\\.0", "\\s*", "a?b?c?", ".{3}",
                              "[0-9.]+", "true|false", "Rec.*t", "\\[.*\\]", "(?i)ABC", ".*b.*", "é|日本", "\\p{Alpha}+", "(", "a{2,1}", "[\\w ']+", "\\{.*\\}", "null",
                              "(.).*", "[a-c&]+", "\\S+", "\\D*", "(?:ab)c", "a+?bc", "\\Qabc\\E", "\\x61bc", "[\\d-]+") + self.one("/", "/", "/", "/i", "/", "/x", "")

    # ---- damage
    def damaged(self, path):
        for _ in range(self.r.randint(1, 2)):
            at = self.r.randint(0, len(path))
            k = self.r.random()
            if k < 0.4 and path: path = path[:at] + path[at + 1:]
            elif k < 0.9: path = path[:at] + self.r.choice("..[]]'\"()$@*?:,-+ \t\\/=&|!<>~0 1a é") + path[at:]
            else: path = path[:at] + path[max(0, at - 3):]
        return path
    def pair(self):
        self.spaced = self.chance(0.3)
        path = self.path(self.doc, self.r.choice([0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5]))
        k = self.r.random()
        if k < 0.12: path = self.damaged(path)
        elif k < 0.14: path = self.one(" ", "", "\n", "\t") + path + self.one(" ", "\n ", "")
        elif k < 0.16: path = path[1:]
        elif k < 0.17: path = path[2:]
        elif k < 0.18: path = "@" + path[1:]
        elif k < 0.19: path += self.one(".", "..", "[", "[]", "['']", ".length()", ".sum()", ".min()", ".concat('a')", ".keys()", "..*", "*", "['a'", ".$", "$", "~", "x", " ")
        return path

def ask(command, cases):
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as f: json.dump(cases, f)
    try:
        out = subprocess.run(shlex.split(command) + [f.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    finally: os.unlink(f.name)
    lines = [l for l in out.split("\n") if l.startswith("{")]
    if len(lines) != len(cases): sys.exit(f"{command}: {len(lines)} answers to {len(cases)} cases")
    return [json.loads(l) for l in lines]

def kind(expected):
    """value, refused (no path), missing (with its sentence), or failed (an exception nobody meant)."""
    if "value" in expected: return "value", expected["value"]
    name, _, message = expected["error"].partition(": ")
    if name == "InvalidPathException" and message.startswith(("com.jayway", "java.")) or name == "IllegalArgumentException" and "empty" in message: return "refused", None
    if name in ("PathNotFoundException", "InvalidPathException"): return "error", message
    return "failed", None

def same(a, b):
    if type(a) is not type(b): return False
    if isinstance(a, dict): return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list): return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return a == b

def agrees(expected, ours):
    what, detail = kind(expected)
    if what == "value": return "value" in ours and same(detail, ours["value"])
    if what == "refused": return "refused" in ours
    if what == "failed": return "error" in ours
    return "error" in ours and (ours["error"].replace("\n", " ") == detail or detail.startswith("Filter:") and ours["error"].endswith("…"))

def main():
    p = argparse.ArgumentParser()
    p.add_argument("oracle"); p.add_argument("ours")
    p.add_argument("--seed", type=int, default=1); p.add_argument("--pairs", type=int, default=20000)
    p.add_argument("--record"); p.add_argument("--keep", type=int, default=3000); p.add_argument("--show", type=int, default=20)
    o = p.parse_args()
    draw = Draw(o.seed); cases = []
    while len(cases) < o.pairs:
        draw.doc = draw.document()
        cases += [{"path": draw.pair(), "document": draw.doc} for _ in range(20)]
    expected, ours = ask(o.oracle, cases), ask(o.ours, cases)
    kinds, wrong = collections.Counter(), []
    for c, e, u in zip(cases, expected, ours):
        kinds[kind(e)[0]] += 1
        if not agrees(e, u): wrong.append((c, e, u))
    for c, e, u in wrong[:o.show]:
        print(json.dumps(c["path"], ensure_ascii=False), "in", json.dumps(c["document"], ensure_ascii=False)[:300])
        print("   library:", json.dumps({k: v for k, v in e.items() if k != "path"}, ensure_ascii=False)[:300]); print("   ours:   ", json.dumps(u, ensure_ascii=False)[:300])
    print(f"{len(cases)} pairs, seed {o.seed}: {dict(kinds)}; {len(wrong)} differences")
    if o.record: record(o, cases, expected)
    sys.exit(bool(wrong))

def record(o, cases, expected):
    """Keeps pairs whose answers are short, and as many refused and missing ones as values, per document."""
    documents, index, count = [], {}, 0
    for c, e in zip(cases, expected):
        what, detail = kind(e)
        text = json.dumps(c["document"], ensure_ascii=False)
        if len(text) > 300 or len(json.dumps(detail)) > 120 or count >= o.keep: continue
        if text not in index: index[text] = len(documents); documents.append([c["document"], []])
        answer = [c["path"], what] + ([detail] if what in ("value", "error") else [])
        if answer not in documents[index[text]][1]: documents[index[text]][1].append(answer); count += 1
    with open(o.record, "w") as f:
        note = f"Answers of Jayway JsonPath 2.0.0 over Jackson's JsonNode, made by compare.py --seed {o.seed} --pairs {o.pairs} --keep {o.keep}."
        lines = ",\n".join(json.dumps(d, ensure_ascii=False, separators=(",", ":")) for d in documents)
        f.write("{" + json.dumps("note") + ":" + json.dumps(note) + ',\n"documents":[\n' + lines + "\n]}\n")
    print(f"{count} answers about {len(documents)} documents kept, {os.path.getsize(o.record)} bytes")

if __name__ == "__main__": main()
