/** Every public export is documented: what editors show is all that most users read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Exports that a reader meets first: each shows how it is used. */
const WITH_EXAMPLE = [
  'MirroredStrategy',
  'MultiWorkerMirroredStrategy',
  'OneDeviceStrategy',
  'Strategy',
  'ClusterResolver',
  'ClusterSpec',
  'KubernetesClusterResolver',
  'SimpleClusterResolver',
  'SlurmClusterResolver',
  'TFConfigClusterResolver',
  'readClusterSpec',
  'CrossDeviceOps',
  'DistributedDataset',
  'InputContext',
  'PerReplica',
  'ReplicaContext',
  'backupAndRestore',
  'datasetFromFiles',
  'getReplicaContext',
  'getStrategy',
  'describeEngines',
  'profile',
  'registerLayers',
  'shardFiles',
  'syncBatchNormalization',
  'tfFunction',
  'withAutoShardPolicy',
];

/** The sources of the package's entry points, by their names in `package.json`. */
function entryPoints(): [name: string, source: string][] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  return Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : [[name, join(ROOT, target.types.replace('./dist/', 'src/').replace('.d.ts', '.ts'))] as [string, string]],
  );
}

const entries = entryPoints();
const program = ts.createProgram(
  entries.map(([, source]) => source),
  { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true, noEmit: true },
);
const checker = program.getTypeChecker();

/** What an export stands for, when it only passes on the export of another module. */
function resolved(symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
}

function exportsOf(source: string): ts.Symbol[] {
  const file = program.getSourceFile(source);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${source} exports nothing`);
  return checker.getExportsOfModule(module).map(resolved);
}

const isOurs = (declaration: ts.Node): boolean => declaration.getSourceFile().fileName.startsWith(join(ROOT, 'src/'));

const textOf = (symbol: ts.Symbol): string => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

function tagTexts(symbol: ts.Symbol, name: string): string[] {
  const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === name);
  return tags.map(({ text }) => ts.displayPartsToString(text).trim());
}

function throwsItself(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, throwsItself) ?? false;
}

/** What the documentation of a function, method or constructor lacks. */
function gapsOfSignature(name: string, declaration: ts.SignatureDeclaration): string[] {
  const documented = ts.getJSDocTags(declaration).filter(ts.isJSDocParameterTag);
  const gaps = declaration.parameters.flatMap((parameter, index) => {
    const tag = documented.find((each) => each.name.getText() === parameter.name.getText()) ?? documented[index];
    return tag?.comment === undefined ? [`${name}: @param ${parameter.name.getText()}`] : [];
  });
  const signature = checker.getSignatureFromDeclaration(declaration);
  const returned = signature === undefined ? 'void' : checker.typeToString(signature.getReturnType());
  const isSilent = ts.isConstructorDeclaration(declaration) || /^(void|Promise<void>|asserts .*)$/.test(returned);
  const hasReturns = ts.getJSDocTags(declaration).some(ts.isJSDocReturnTag);
  if (!isSilent && !hasReturns) gaps.push(`${name}: @returns`);
  const body = 'body' in declaration ? (declaration.body as ts.Node | undefined) : undefined;
  const mayThrow = body !== undefined && (ts.forEachChild(body, throwsItself) ?? false);
  if (mayThrow && !ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === 'throws'))
    gaps.push(`${name}: @throws`);
  return gaps;
}

function isHidden(declaration: ts.Declaration): boolean {
  const flags = ts.getCombinedModifierFlags(declaration);
  const isPrivateName = ts.isClassElement(declaration) && declaration.name && ts.isPrivateIdentifier(declaration.name);
  return (flags & ts.ModifierFlags.Private) !== 0 || isPrivateName === true;
}

/** What the documentation of a symbol and of its members lacks. */
function gapsOf(symbol: ts.Symbol, prefix = ''): string[] {
  // `export * as node`: the module says what it is in its first lines, and its exports are documented one by one.
  if ((symbol.flags & ts.SymbolFlags.ValueModule) !== 0)
    return checker.getExportsOfModule(symbol).flatMap((each) => gapsOf(resolved(each)));
  const name = `${prefix}${symbol.name}`;
  const declarations = (symbol.declarations ?? []).filter((each) => isOurs(each) && !isHidden(each));
  return declarations.flatMap((declaration) => {
    const gaps: string[] = [];
    const hasOwnText = textOf(symbol) !== '' || ts.getJSDocCommentsAndTags(declaration).length > 0;
    if (!hasOwnText && !ts.isConstructorDeclaration(declaration)) gaps.push(`${name}: summary`);
    if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration))
      gaps.push(...gapsOfSignature(name, declaration));
    if (ts.isConstructorDeclaration(declaration) && declaration.parameters.length > 0)
      gaps.push(...gapsOfSignature(`${name} constructor`, declaration));
    if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) {
      for (const member of declaration.members) {
        const memberSymbol = ts.isConstructorDeclaration(member)
          ? undefined
          : member.name && checker.getSymbolAtLocation(member.name);
        if (ts.isConstructorDeclaration(member) && member.parameters.length > 0)
          gaps.push(...gapsOfSignature(`${name} constructor`, member));
        else if (memberSymbol !== undefined) gaps.push(...gapsOf(memberSymbol, `${name}.`));
      }
    }
    return gaps;
  });
}

test.each(entries)('every export of %s is documented', (_, source) => {
  expect([...new Set(exportsOf(source).flatMap((symbol) => gapsOf(symbol)))]).toEqual([]);
});

describe('mirrorscope', () => {
  const [, index = ''] = entries.find(([name]) => name === '.') ?? [];

  test.each(WITH_EXAMPLE)('%s has an example', (name) => {
    const symbol = exportsOf(index).find((each) => each.name === name);
    expect(symbol && tagTexts(symbol, 'example')).not.toEqual([]);
    expect(symbol).toBeDefined();
  });

  test('strategies show users no engine, no execution options and no internal types', () => {
    const symbols = exportsOf(index);
    const names = symbols.map(({ name }) => name);
    expect(names.filter((name) => ['Transfer', 'Combined', 'LocalValues', 'ReplicaRunner'].includes(name))).toEqual([]);
    const strategy = symbols.find(({ name }) => name === 'MirroredStrategy');
    const members = strategy && checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(strategy));
    expect(members?.map(({ name }) => name).toSorted()).toEqual([
      'crossDeviceOps',
      'devices',
      'distributeDataset',
      'distributeDatasetsFromFunction',
      'distributeValuesFromFunction',
      'gather',
      'localResults',
      'numReplicasInSync',
      'reduce',
      'run',
      'scope',
    ]);
  });
});
