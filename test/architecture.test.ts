import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';

const ROOT = resolve(__dirname, '..');
const SRC = join(ROOT, 'src');

/** What each part may import, besides itself. The left never imports the right. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  db: ['domain', 'errors', 'migrations'],
  services: ['domain', 'db', 'errors'],
  demo: ['domain', 'db', 'services', 'errors'],
  graphql: ['domain', 'db', 'services', 'http', 'errors'],
  http: ['domain', 'db', 'services', 'errors'],
};

/** Packages that the domain may use: a decimal library. */
const DOMAIN_PACKAGES = new Set(['acorn', 'big.js']);

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(directory = SRC): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const { importedFiles } = preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles.map(({ fileName }) => ({ from: file, to: fileName }));
}

/** domain, db, …, or the name of a file that stands directly under src. */
function partOf(file: string): string {
  const path = relative(SRC, file);
  if (path.startsWith('..')) return relative(ROOT, file).split('/')[0] ?? '';
  return path.replace(/\.ts$/, '').split('/')[0] ?? '';
}

const IMPORTS = sourceFiles().flatMap(importsOf);
const LOCAL = IMPORTS.filter(({ to }) => to.startsWith('.')).map(({ from, to }) => ({
  from,
  to: resolve(dirname(from), to),
}));

describe('the architecture', () => {
  it('is seen by this test', () => {
    expect(LOCAL.length).toBeGreaterThan(100);
  });

  it('points one way', () => {
    const wrong = LOCAL.filter(({ from, to }) => {
      const allowed = MAY_IMPORT[partOf(from)];
      return allowed && partOf(from) !== partOf(to) && !allowed.includes(partOf(to));
    });
    expect(wrong.map(({ from, to }) => `${relative(ROOT, from)} → ${relative(ROOT, to)}`)).toEqual([]);
  });

  it('has no cycle', () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of LOCAL) {
      const file = `${to}.ts`;
      targets.set(from, [...(targets.get(from) ?? []), file]);
    }
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        cycles.push([...path.slice(path.indexOf(file)), file].map((f) => relative(ROOT, f)).join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of targets.get(file) ?? []) walk(target, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps the domain pure: no package but a decimal library, no clock, no chance', () => {
    const packages = IMPORTS.filter(({ from, to }) => partOf(from) === 'domain' && !to.startsWith('.')).map(
      ({ to }) => to,
    );
    expect(packages.filter((name) => !DOMAIN_PACKAGES.has(name))).toEqual([]);
    for (const file of sourceFiles(join(SRC, 'domain'))) {
      expect([
        relative(ROOT, file),
        /new Date\(\)|Date\.now|Math\.random|process\./.exec(readFileSync(file, 'utf8')),
      ]).toEqual([relative(ROOT, file), null]);
    }
  });

  it('reads the environment in one place', () => {
    const readers = sourceFiles().filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
    expect(readers.map((file) => relative(ROOT, file))).toEqual(['src/config.ts']);
  });

  it('names the organization in every statement about tenant data', () => {
    const builders = sourceFiles(join(SRC, 'db/sql'));
    const without = builders.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(/export function (build\w*Sql)\b[^{]*\{(.*?)^\}/gms)]
        .filter(
          ([, name, body]) => !WITHOUT_TENANT.has(name ?? '') && !/organizationId|access|selection\(/.test(body ?? ''),
        )
        .map(([, name]) => `${relative(ROOT, file)}: ${name}`);
    });
    expect(without).toEqual([]);
  });
});

/** What asks the server itself, not a table. */
const WITHOUT_TENANT = new Set(['buildKnownZonesSql']);
