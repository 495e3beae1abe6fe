// The answers of the reference implementation, JSONata 2.0.6, to expressions and documents drawn at random.
//
//   npm install jsonata@2.0.6            once, in a folder named by JSONATA or in this one
//   node oracle.mjs cases SEED COUNT     draws cases: [{"expression", "document"}…]
//   node oracle.mjs answers CASES.json   answers them, a line of JSON each, the document being $states.input
//   node oracle.mjs record SEED COUNT    draws and answers, and keeps what the tests of the crate compare with
//   node oracle.mjs compare CASES.json ORACLE.jsonl OURS.jsonl
//
// `cargo run --example jsonata_answers CASES.json` gives the answers of this crate in the same form.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

const require = createRequire((process.env.JSONATA ?? new URL('.', import.meta.url).pathname) + '/');

// ------------------------------------------------------------------ drawing

class Draw {
  constructor(seed) { this.state = BigInt(seed) & 0xffffffffffffffffn; }
  next() {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
    let bits = this.state;
    bits = ((bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
    bits = ((bits ^ (bits >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
    return Number((bits ^ (bits >> 31n)) >> 11n) / 2 ** 53;
  }
  below(count) { return Math.floor(this.next() * count); }
  chance(of) { return this.next() < of; }
  of(list) { return list[this.below(list.length)]; }
  some(least, most, draw) { return Array.from({ length: least + this.below(most - least + 1) }, draw); }
}

const NAMES = ['a', 'b', 'c', 'd', 'name', 'price', 'items', 'tag'];
const TEXTS = ['', 'a', 'b', 'abc', 'Hello World', 'foo bar', '10', '3.5', 'x-y', 'é', 'ab12cd', 'true', 'a,b,c', ' pad ', '2017-10-30', '😀'];
const NUMBERS = [0, 1, 2, 3, 5, 10, 17, -1, -3, 0.5, 2.5, 3.14159, -2.75, 100, 1234.5678, 1e6, 12345678, 0.1, 1e21, 1e-7];

function scalar(draw) {
  const kind = draw.below(10);
  if (kind < 4) return draw.of(NUMBERS);
  if (kind < 8) return draw.of(TEXTS);
  return draw.of([true, false, null]);
}

function value(draw, depth) {
  const kind = draw.below(10);
  if (depth <= 0 || kind < 4) return scalar(draw);
  if (kind < 7) return object(draw, depth - 1);
  if (kind < 9) return draw.some(0, 4, () => value(draw, depth - 1));
  const member = draw.of([() => draw.of(NUMBERS), () => draw.of(TEXTS), () => object(draw, 1)]);
  return draw.some(1, 5, member);
}

function object(draw, depth) {
  return Object.fromEntries(draw.some(0, 5, () => [draw.of(NAMES), value(draw, depth)]));
}

function document(draw) {
  const rows = draw.some(1, 5, () => ({ name: draw.of(TEXTS), price: draw.of(NUMBERS), tag: draw.of(['x', 'y', 'z']), ...object(draw, 1) }));
  return { ...object(draw, 3), items: draw.chance(0.8) ? rows : rows[0] };
}

// What can be seen where an expression stands: variables, and whether there is a context.
class Expressions {
  constructor(draw) { this.draw = draw; this.variables = []; this.fresh = 0; }

  within(names, make) {
    const outer = this.variables.length;
    this.variables.push(...names);
    const made = make();
    this.variables.length = outer;
    return made;
  }

  variable() { return this.variables.length && this.draw.chance(0.7) ? this.draw.of(this.variables) : '$states.input'; }
  newVariable() { return '$' + 'vwxyz'[this.fresh++ % 5]; }

  leaf(context) {
    const { draw } = this;
    const kind = draw.below(12);
    if (kind < 2) return this.number();
    if (kind < 4) return this.text();
    if (kind < 5) return draw.of(['true', 'false', 'null', '[]', '{}', '$missing']);
    if (kind < 8 && context) return draw.of([draw.of(NAMES), draw.of(NAMES), '$']);
    if (kind < 10) return this.variable() + '.' + draw.of(NAMES);
    return this.variable();
  }

  number() { const number = this.draw.of(NUMBERS.filter(number => number >= 0)); return this.draw.chance(0.15) && number ? `-${number}` : String(number); }
  text() { return JSON.stringify(this.draw.of(TEXTS)); }

  any(depth, context) {
    const { draw } = this;
    if (depth <= 0) return this.leaf(context);
    const below = () => this.any(depth - 1, context);
    const kind = draw.below(100);
    if (kind < 34) return this.path(depth, context);
    if (kind < 46) return `${this.operand(depth, context)} ${draw.of(['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', '&', 'and', 'or', 'in'])} ${this.operand(depth, context)}`;
    if (kind < 49) return `(${below()} ? ${below()}${draw.chance(0.8) ? ` : ${below()}` : ''})`;
    if (kind < 53) return this.block(depth, context);
    if (kind < 75) return this.call(depth, context);
    if (kind < 83) return this.higher(depth, context);
    if (kind < 88) return `[${draw.some(0, 3, () => draw.chance(0.15) ? `${this.small()}..${this.small()}` : below()).join(', ')}]`;
    if (kind < 92) return `{${this.pairs(depth, context)}}`;
    if (kind < 94) return `-(${below()})`;
    if (kind < 97) return this.applied(depth, context);
    if (kind < 98) return this.transform(depth, context);
    return this.leaf(context);
  }

  operand(depth, context) { return `(${this.any(depth - 1, context)})`; }
  small() { return String(this.draw.below(8) - 2); }

  pairs(depth, context) {
    const keys = [...new Set(this.draw.some(1, 3, () => this.draw.chance(0.85) ? `"${this.draw.of(NAMES)}"` : this.draw.chance(0.5) ? '"k" & ' + this.operand(1, context) : this.any(1, context)))];
    return keys.map(key => `${key}: ${this.any(depth - 1, context)}`).join(', ');
  }

  path(depth, context) {
    const { draw } = this;
    let path = draw.chance(0.6) ? this.variable() : context && draw.chance(0.6) ? draw.of([...NAMES, '$', '*', '**']) : this.operand(depth, context);
    if (draw.chance(0.2)) path += this.filter(depth);
    const outer = this.variables.length;
    for (let count = 1 + draw.below(3); count > 0; count--) path += '.' + this.step(depth);
    if (draw.chance(0.12)) path += `^(${draw.some(1, 2, () => draw.of(['', '<', '>']) + this.any(draw.below(2), true)).join(', ')})`;
    if (draw.chance(0.08)) path += '.' + this.step(depth);
    if (draw.chance(0.08)) path += '[]';
    if (draw.chance(0.1)) path += `{${this.pairs(depth, true)}}`;
    this.variables.length = outer;
    return path;
  }

  step(depth) {
    const { draw } = this;
    const kind = draw.below(30);
    let step;
    if (kind < 19) step = draw.of(NAMES);
    else if (kind < 21) step = '*';
    else if (kind < 22) step = '**';
    else if (kind < 24) step = this.operand(depth, true);
    else if (kind < 25) step = `[${this.any(depth - 1, true)}]`;
    else if (kind < 26) step = `{${this.pairs(depth - 1, true)}}`;
    else if (kind < 27) step = draw.of(['%', '%.' + draw.of(NAMES), `(%.${draw.of(NAMES)})`]);
    else if (kind < 28) step = draw.of(['$string()', '$uppercase()', '$number()', '$keys()', '$type($)', '$length()', '$exists(a)']);
    else step = `\`${draw.of(NAMES)}\``;
    if (draw.chance(0.06)) { const name = this.newVariable(); step += `@${name}`; this.variables.push(name); }
    if (draw.chance(0.06)) { const name = this.newVariable(); step += `#${name}`; this.variables.push(name); }
    if (draw.chance(0.25)) step += this.filter(depth);
    if (draw.chance(0.04)) step += '[]';
    return step;
  }

  filter(depth) {
    const { draw } = this;
    const kind = draw.below(10);
    if (kind < 4) return `[${draw.of(['0', '1', '2', '-1', '0.7', '[0, 1]', '[0..1]', '-2'])}]`;
    if (kind < 7) return `[${draw.of(NAMES)} ${draw.of(['=', '>', '<', '!='])} ${draw.chance(0.5) ? this.number() : this.text()}]`;
    return `[${this.any(Math.min(depth - 1, 1), true)}]`;
  }

  block(depth, context) {
    const outer = this.variables.length, parts = [];
    for (let count = 1 + this.draw.below(2); count > 0; count--) {
      const name = this.newVariable();
      parts.push(`${name} := ${this.any(depth - 1, context)}`);
      this.variables.push(name);
    }
    parts.push(this.any(depth - 1, context));
    this.variables.length = outer;
    return `(${parts.join('; ')})`;
  }

  lambda(parameters, depth, context, body) {
    return `function(${parameters.join(', ')}) { ${this.within(parameters, () => (body ?? (() => this.any(depth, context)))())} }`;
  }

  higher(depth, context) {
    const { draw } = this;
    const list = this.any(depth - 1, context), one = this.newVariable(), other = this.newVariable();
    const parameters = draw.chance(0.7) ? [one] : [one, other];
    const builtin = draw.of(['$string', '$uppercase', '$number', '$not', '$type', '$exists', '$length', '$sum', '$keys', '$abs', '$boolean']);
    const callback = () => draw.chance(0.25) ? builtin : this.lambda(parameters, depth - 1, context);
    switch (draw.below(8)) {
      case 0: case 1: return `$map(${list}, ${callback()})`;
      case 2: return `$filter(${list}, ${callback()})`;
      case 3: return `$reduce(${list}, ${this.lambda([one, other], depth - 1, context)}${draw.chance(0.5) ? `, ${this.leaf(context)}` : ''})`;
      case 4: return `$sort(${list}${draw.chance(0.6) ? `, ${this.lambda([one, other], 0, context, () => `${one}${draw.of(['', '.price', '.name'])} ${draw.of(['>', '<'])} ${other}${draw.of(['', '.price', '.name'])}`)}` : ''})`;
      case 5: return `$single(${list}, ${callback()})`;
      case 6: return `$each(${list}, ${this.lambda([one, other], depth - 1, context)})`;
      default: return `$sift(${list}, ${this.lambda([one, other], depth - 1, context)})`;
    }
  }

  call(depth, context) {
    const { draw } = this;
    const any = () => this.any(depth - 1, context);
    const text = () => draw.chance(0.6) ? this.text() : any(), number = () => draw.chance(0.6) ? this.number() : any();
    const regex = () => draw.of(['/a/', '/[a-c]+/', '/(\\w)(\\d)?/', '/o/i', '/\\s+/', '/l+/', '/^b/m', '/x*/', '/([A-Z])|o/', '/é/', '/-|,/', '/\\bW/', '/[^a-z😀]/']);
    const pattern = () => draw.chance(0.5) ? regex() : text();
    const name = draw.of(NAMES);
    const calls = {
      sum: [any], count: [any], max: [any], min: [any], average: [any],
      string: [any], 'string ': [any, () => draw.of(['true', 'false'])], length: [text], uppercase: [text], lowercase: [text], trim: [text],
      substring: [text, number], 'substring ': [text, number, number], substringBefore: [text, text], substringAfter: [text, text],
      pad: [text, () => String(draw.below(20) - 8)], 'pad ': [text, () => String(draw.below(20) - 8), text],
      contains: [text, pattern], split: [text, pattern], 'split ': [text, pattern, number], join: [any], 'join ': [any, text],
      match: [text, regex], 'match ': [text, regex, number], replace: [text, pattern, () => draw.of(['"-"', '"<$1>"', '"$0$0"', '"$$"', '""', '"$2$12"', text()])], 'replace ': [text, pattern, text, number],
      base64encode: [() => draw.of(['"abc"', '"é"', '""'])], encodeUrl: [text], encodeUrlComponent: [text], decodeUrl: [() => draw.of(['"a%20b"', '"%E4%B8"', '"%3F%20"', '"100%"'])], decodeUrlComponent: [() => draw.of(['"a%20b"', '"%C3%A9"', '"%zz"'])],
      number: [any], abs: [number], floor: [number], ceil: [number], round: [number], 'round ': [number, () => String(draw.below(7) - 3)], sqrt: [number], power: [number, () => draw.of(['2', '3', '0', '-1', '0.5'])],
      formatBase: [() => String(draw.below(1e6)), () => draw.of(['2', '8', '16', '36', '1'])], formatInteger: [number, () => draw.of(['"0"', '"#,##0"', '"000"', '"w"', '"Ww"', '"W"', '"I"', '"i"', '"A"', '"a"', '"w;o"', '"1;o"', '"#:##0,00"', '"٠"', '"#"'])],
      parseInteger: [() => draw.of(['"12,345"', '"one hundred and five"', '"XIV"', '"abc"', '"12th"', '"two thousand and three"']), () => draw.of(['"#,##0"', '"w"', '"I"', '"a"', '"1;o"'])],
      formatNumber: [number, () => draw.of(['"#,##0.00"', '"0"', '"0.###"', '"00%"', '"#0.0e0"', '"000.000"', '"#.##"', '"(0.0);[0.0]"', '"#,##,#0.00"', '"0.0‰"', '"$#,##0.00"', '"#,###,#00.0"', '"0.0,0#"'])],
      boolean: [any], not: [any], exists: [any], type: [any], keys: [any], lookup: [any, () => `"${name}"`], append: [any, any], spread: [any], merge: [any], reverse: [any], distinct: [any], zip: [any, any], clone: [any], sort: [any],
      error: [text], assert: [any, text],
      fromMillis: [() => String(draw.below(2e12))], 'fromMillis ': [() => String(draw.below(4e12) - 2e12 < 0 ? draw.below(1e9) : draw.below(2e12)), () => JSON.stringify(this.picture())], 'fromMillis  ': [() => String(draw.below(2e12)), () => JSON.stringify(this.picture()), () => draw.of(['"+0100"', '"-0530"', '"+0545"', '"0000"'])],
      toMillis: [() => draw.of(['"2017-10-30T16:25:32.935Z"', '"2018-03-01"', '"1999"', '"2020-02-29T12:00:00+01:00"', '"2020-13-01"', '"x"', '"2011-06-15T23:59:59Z"'])], 'toMillis ': [() => draw.of(['"2018-03-21"', '"21 March 2018"', '"Monday, 3rd of May 2021"', '"2018-W12"', '"7/4/76"']), () => draw.of(['"[Y]-[M]-[D]"', '"[D] [MNn] [Y]"', '"[FNn], [D1o] of [MNn] [Y]"', '"[Y]-W[W]"', '"[M]/[D]/[Y,2-2]"'])],
    };
    const chosen = draw.of(Object.keys(calls));
    const given = draw.chance(0.05) ? calls[chosen].slice(1) : calls[chosen];
    return `$${chosen.trim()}(${given.map(make => make()).join(', ')})`;
  }

  picture() {
    return this.draw.some(1, 4, () => this.draw.of(['[Y]', '[Y0001]', '[Y,2-2]', '[Y9,999,*]', '[YI]', '[M01]', '[MNn]', '[MN,3-3]', '[M,2]', '[D1o]', '[D01]', '[Dwo]', '[d]', '[F]', '[FNn]', '[F0]', '[FNn,3-3]', '[W]', '[w]', '[X]', '[x]', '[xNn]', '[H01]', '[h]', '[P]', '[PN]', '[m]', '[s]', '[f001]', '[f]', '[Z]', '[Z0]', '[Z0101t]', '[z]', '[C]', '[E]', '[[', ']]', '-', ' of ', '[Mn]', '[Ya]', '[DW]']) ).join(this.draw.of(['', ' ', '/']));
  }

  applied(depth, context) {
    const { draw } = this;
    const value = this.any(depth - 1, context), name = this.newVariable();
    const to = draw.of(['$string', '$sum()', '$count()', '$map($string)', '$uppercase', '$join("-")', '$keys()', '$reverse()', '$lookup("a")', '$append(?, 1)', '$substring(0, 2)', '($uppercase ~> $length)', () => this.lambda([name], depth - 1, context)]);
    return `${value} ~> ${typeof to === 'string' ? to : to()}`;
  }

  transform(depth, context) {
    const { draw } = this;
    const deletion = draw.chance(0.4) ? `, ${draw.of(['"a"', '["a", "b"]', '"price"', 'a'])}` : '';
    return `${this.variable()} ~> |${draw.of(['$', 'a', 'items', 'items[0]', '**', '*', 'b.c'])}|{${this.pairs(Math.min(depth - 1, 1), true)}}${deletion}|`;
  }

  whole() {
    return this.draw.chance(0.5) ? `$states.input.(${this.any(3, true)})` : this.any(3, false);
  }
}

// A folder's worth of expressions share a document, as the expressions of a machine do.
export function cases(seed, count) {
  const draw = new Draw(seed), drawn = [];
  let shared;
  for (let index = 0; index < count; index++) {
    if (index % 4 === 0) shared = document(draw);
    drawn.push({ expression: new Expressions(draw).whole(), document: shared });
  }
  return drawn;
}

// ---------------------------------------------------------------- answering

async function answer(jsonata, { expression, document }) {
  try {
    const value = await jsonata(expression).evaluate(undefined, { states: { input: structuredClone(document) } });
    return value === undefined || typeof value === 'function' ? { undefined: true } : { value: JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return { error: error.code ?? String(error.message ?? error) };
  }
}

// Each in a worker of its own thread, for some expressions never end.
async function answers(drawn, each) {
  const file = fileURLToPath(import.meta.url);
  let worker = new Worker(file);
  for (const drawnCase of drawn) {
    each(drawnCase, await new Promise(done => {
      const end = answered => { clearTimeout(timer); worker.removeAllListeners('message'); worker.removeAllListeners('error'); done(answered); };
      const renew = async answered => { await worker.terminate(); worker = new Worker(file); end(answered); };
      const timer = setTimeout(() => renew({ error: 'TIMEOUT' }), 2000);
      worker.once('message', end);
      worker.once('error', error => renew({ error: String(error.message ?? error) }));
      worker.postMessage(drawnCase);
    }));
  }
  await worker.terminate();
}

// ---------------------------------------------------------------- comparing

function close(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => close(item, b[index]));
  if (a && b && typeof a === 'object' && typeof b === 'object' && !Array.isArray(a) && !Array.isArray(b)) {
    return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every(key => key in b && close(a[key], b[key]));
  }
  return a === b;
}

const same = (theirs, ours) => 'value' in theirs ? 'value' in ours && close(theirs.value, ours.value) : theirs.undefined ? !!ours.undefined : theirs.error === ours.error;

// Why two answers may differ, if there is a reason: what AWS does otherwise, and what only JavaScript does.
function excuse(expression, theirs, { expression: _, ...ours }) {
  const text = JSON.stringify(ours);
  if (/memory limit|Stack overflow|timeout/.test(text)) return 'a limit of AWS';
  if (/"-?\d+":/.test(JSON.stringify(theirs))) return 'JavaScript puts keys that are numbers first';
  if (theirs.error === 'TIMEOUT') return 'never ends in JavaScript';
  if (/Infinity|NaN/.test(text)) return 'what is no number is a text at AWS';
  if (theirs.error && !/^[A-Z]\d{4}$/.test(theirs.error)) return ours.error ? 'an error of JavaScript, not of JSONata' : 'JavaScript stumbles, we do not';
  if (JSON.stringify(theirs).replaceAll('[null]', '[]') === text.replaceAll('[null]', '[]')) return 'JavaScript puts an item into an empty array it groups';
  if (theirs.error && ours.error && /[[{]/.test(expression)) return 'which of two errors comes first in a constructor is a race in JavaScript';
}

if (!isMainThread) {
  const jsonata = require('jsonata');
  parentPort.on('message', async drawn => parentPort.postMessage(await answer(jsonata, drawn)));
} else {
  const [command, ...args] = process.argv.slice(2);
  const lines = path => readFileSync(path, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line));
  if (command === 'cases') {
    console.log(JSON.stringify(cases(Number(args[0]), Number(args[1]))));
  } else if (command === 'answers') {
    await answers(JSON.parse(readFileSync(args[0], 'utf8')), (_, answered) => console.log(JSON.stringify(answered)));
  } else if (command === 'record') {
    let shared, nothing = 0;
    await answers(cases(Number(args[0]), Number(args[1])), ({ expression, document }, answered) => {
      const text = JSON.stringify(answered);
      if (answered.undefined && nothing++ % 4) return;
      if (expression.length > 160 || text.length > 200 || JSON.stringify(document).length > 600 || /\[null\]|"-?\d+":/.test(text) || answered.error && !/^[A-Z]\d{4}$/.test(answered.error)) return;
      if (JSON.stringify(document) !== shared) console.log(JSON.stringify({ document }));
      shared = JSON.stringify(document);
      console.log(JSON.stringify({ expression, ...answered }));
    });
  } else if (command === 'compare') {
    const drawn = JSON.parse(readFileSync(args[0], 'utf8')), theirs = lines(args[1]), ours = lines(args[2]), excused = {};
    let different = 0;
    drawn.forEach(({ expression, document }, index) => {
      if (same(theirs[index], ours[index])) return;
      const reason = excuse(expression, theirs[index], ours[index]);
      if (reason) { excused[reason] = (excused[reason] ?? 0) + 1; return; }
      different++;
      if (different <= 40) console.log(JSON.stringify({ expression, theirs: theirs[index], ours: { ...ours[index], expression: undefined }, index }));
    });
    console.log(`${drawn.length} cases, ${different} differ, excused: ${JSON.stringify(excused)}`);
  }
}
