// Conditions of views as a form shows them: groups of comparisons, as deep as somebody wants. What the form does not know
// is kept as it is, never lost.

export type Join = 'all' | 'any' | 'none';

/** One comparison: what it compares is a list of words, one word (a length, an instant) or a flag. */
export interface Leaf {
  kind: 'leaf';
  field: string;
  op: string;
  value: readonly string[] | string | boolean;
}
export interface Group {
  kind: 'group';
  join: Join;
  items: readonly Node[];
}
/** Part of a tree in words that the form has no fields for. */
export interface Unknown {
  kind: 'unknown';
  tree: Tree;
}
export type Node = Leaf | Group | Unknown;
export type Tree = Readonly<Record<string, unknown>>;

export const EVERYTHING: Group = { kind: 'group', join: 'all', items: [] };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

function leafOf(tree: Tree): Leaf | null {
  const { field, ...rest } = tree;
  const [entry, ...more] = Object.entries(rest);
  if (typeof field !== 'string' || entry === undefined || more.length > 0) return null;
  const [op, value] = entry;
  if (typeof value === 'boolean' || typeof value === 'string') return { kind: 'leaf', field, op, value };
  if (typeof value === 'number') return { kind: 'leaf', field, op, value: String(value) };
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return { kind: 'leaf', field, op, value };
  return null;
}

function nodeOf(tree: unknown): Node | null {
  if (!isTree(tree)) return null;
  const keys = Object.keys(tree);
  const [key] = keys;
  if (keys.length !== 1 || key === undefined) return leafOf(tree) ?? { kind: 'unknown', tree };
  const inner = tree[key];
  if ((key === 'all' || key === 'any') && Array.isArray(inner)) {
    const items = inner.map(nodeOf);
    return items.every((item) => item !== null) ? { kind: 'group', join: key, items } : { kind: 'unknown', tree };
  }
  if (key === 'not') {
    const node = nodeOf(inner);
    if (node === null || node.kind === 'unknown') return { kind: 'unknown', tree };
    return { kind: 'group', join: 'none', items: node.kind === 'group' && node.join === 'any' ? node.items : [node] };
  }
  return { kind: 'unknown', tree };
}

/** A tree as the form's outermost group. */
export function groupOf(tree: Tree): Group {
  if (Object.keys(tree).length === 0) return EVERYTHING;
  const node = nodeOf(tree);
  if (node?.kind === 'group') return node;
  return { kind: 'group', join: 'all', items: node === null ? [] : [node] };
}

/** Whether a comparison says something yet: one that was just added and has no value is left out of the count and the view. */
const says = ({ value }: Leaf): boolean => typeof value === 'boolean' || value.length > 0;

function treeOfNode(node: Node): Tree | null {
  if (node.kind === 'unknown') return node.tree;
  if (node.kind === 'leaf') return says(node) ? { field: node.field, [node.op]: node.value } : null;
  const inner = node.items.map(treeOfNode).filter((tree) => tree !== null);
  if (inner.length === 0) return null;
  return node.join === 'none' ? { not: { any: inner } } : { [node.join]: inner };
}

/** What is sent. */
export const treeOf = (group: Group): Tree => treeOfNode(group) ?? {};

const LENGTH = /^(\d+)(m|h|d|w)$/;
export type Unit = 'm' | 'h' | 'd' | 'w';
export const UNITS = ['m', 'h', 'd', 'w'] as const satisfies readonly Unit[];

/** "3d" as its number and unit; three days for what is no length. */
export function lengthOf(text: string): { count: string; unit: Unit } {
  const match = LENGTH.exec(text);
  return match === null ? { count: text === '' ? '' : '3', unit: 'd' } : { count: match[1] ?? '', unit: (match[2] ?? 'd') as Unit };
}
