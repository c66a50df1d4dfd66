// The tree of conditions: groups within groups, comparisons with pickers that fit what they compare.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { asksOf, freshLeaf, withOp, type FieldEntry } from './catalogue';
import { OneOf, SomeOf } from './parts';
import { useWords } from './words';
import { IconClose, IconPlus } from '@/components/icons';
import { WhenInput } from '@/components/when-input';
import { lengthOf, UNITS, type Group, type Join, type Leaf, type Node, type Unit } from '@/lib/tickets/conditions';
import type words from '@/locales/views/en.json';

const JOINS = ['all', 'any', 'none'] as const satisfies readonly Join[];
const DEEPEST = 4;

interface ConditionGroupProps {
  group: Group;
  catalogue: readonly FieldEntry[];
  depth?: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}

export function ConditionGroup({ group, catalogue, depth = 0, onChange, onRemove }: ConditionGroupProps) {
  const w = useWords();
  const { join, items } = group;
  const put = (at: number, node: Node): void => onChange({ ...group, items: items.map((item, place) => (place === at ? node : item)) });
  const drop = (at: number): void => onChange({ ...group, items: items.filter((_, place) => place !== at) });
  const add = (node: Node): void => onChange({ ...group, items: [...items, node] });
  const fresh = (): Leaf => freshLeaf('status', 'is', catalogue.find(({ value }) => value === 'status'));
  return (
    <div className={depth === 0 ? 'conditions' : 'conditions conditions--inner'} role="group" aria-label={w(`joins.${join}`)}>
      {(depth > 0 || items.length > 1 || join !== 'all') && (
        <div className="conditions__head">
          <OneOf label={w('join')} value={join} choices={JOINS.map((one) => ({ value: one, name: w(`joins.${one}`) }))} onChange={(next) => onChange({ ...group, join: JOINS.find((one) => one === next) ?? 'all' })} />
          {onRemove && (
            <button type="button" className="icon-button" aria-label={w('removeGroup')} title={w('removeGroup')} onClick={onRemove}>
              <IconClose size={16} stroke={1.6} />
            </button>
          )}
        </div>
      )}
      {depth === 0 && items.length === 0 && <p className="view-editor__text">{w('everything')}</p>}
      {items.map((item, at) =>
        item.kind === 'group' ? (
          <ConditionGroup key={at} group={item} catalogue={catalogue} depth={depth + 1} onChange={(next) => put(at, next)} onRemove={() => drop(at)} />
        ) : (
          <div key={at} className="condition">
            {item.kind === 'leaf' ? <Comparison leaf={item} catalogue={catalogue} onChange={(next) => put(at, next)} /> : <code className="condition__unknown">{w('unknown', { text: JSON.stringify(item.tree) })}</code>}
            <button type="button" className="icon-button condition__remove" aria-label={w('remove')} title={w('remove')} onClick={() => drop(at)}>
              <IconClose size={16} stroke={1.6} />
            </button>
          </div>
        ),
      )}
      <div className="conditions__add">
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => add(fresh())}>
          {w('add')}
        </Button>
        {depth < DEEPEST && (
          <Button variant="subtle" size="compact-sm" onClick={() => add({ kind: 'group', join: join === 'any' ? 'all' : 'any', items: [fresh()] })}>
            {w('addGroup')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ComparisonProps {
  leaf: Leaf;
  catalogue: readonly FieldEntry[];
  onChange: (leaf: Leaf) => void;
}

function Comparison({ leaf, catalogue, onChange }: ComparisonProps) {
  const w = useWords();
  const entry = catalogue.find(({ value }) => value === leaf.field);
  // A field or comparison that was written elsewhere stays choosable as it is.
  const fields = entry ? catalogue : [{ value: leaf.field, name: leaf.field, ops: [leaf.op], choices: null }, ...catalogue];
  const ops = entry?.ops.includes(leaf.op) ? entry.ops : [leaf.op, ...(entry?.ops ?? [])];
  const opName = (op: string): string => w(`ops.${op as keyof typeof words.ops}`, { defaultValue: op.replaceAll('_', ' ') });
  const choose = (field: string): void => {
    const next = catalogue.find(({ value }) => value === field);
    onChange(freshLeaf(field, next?.ops[0] ?? 'is', next));
  };
  return (
    <>
      <OneOf label={w('field')} value={leaf.field} choices={fields} onChange={choose} />
      {ops.length > 1 && (
        <OneOf label={w('op')} value={leaf.op} choices={ops.map((op) => ({ value: op, name: opName(op) }))} onChange={(op) => onChange(withOp(leaf, op, entry))} />
      )}
      <Value leaf={leaf} entry={entry} onChange={(value) => onChange({ ...leaf, value })} />
    </>
  );
}

interface ValueProps {
  leaf: Leaf;
  entry: FieldEntry | undefined;
  onChange: (value: Leaf['value']) => void;
}

const splitWords = (text: string): string[] => text.split(/\s*[,、]\s*/u).filter((word) => word !== '');

function Value({ leaf, entry, onChange }: ValueProps) {
  const w = useWords();
  const { value, op } = leaf;
  const list = Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' && value !== '' ? [value] : [];
  const text = typeof value === 'string' ? value : '';
  switch (asksOf(leaf, entry)) {
    case 'flag':
      return <OneOf label={w('value')} value={String(value === true)} choices={(['true', 'false'] as const).map((flag) => ({ value: flag, name: w(op === 'empty' ? `empty.${flag}` : `flag.${flag}`) }))} onChange={(flag) => onChange(flag === 'true')} />;
    case 'several':
      return <SomeOf label={w('value')} chosen={list} choices={entry?.choices ?? []} onChange={onChange} />;
    case 'length':
      return <Length text={text} onChange={onChange} />;
    case 'day':
      return /^\d{4}-\d{2}-\d{2}/.test(text) || text === '' ? (
        <WhenInput className="view-input" type="date" aria-label={w('value')} value={text.slice(0, 10)} onChange={(day) => onChange(day === '' ? '' : `${day}T00:00:00Z`)} />
      ) : (
        <input className="view-input" aria-label={w('value')} value={text} onChange={({ target }) => onChange(target.value)} />
      );
    case 'words':
      return <Typed words={list} onChange={onChange} />;
  }
}

/** Words with commas between. What is typed stays as it is typed; the words are what it means. */
function Typed({ words: list, onChange }: { words: readonly string[]; onChange: (words: string[]) => void }) {
  const w = useWords();
  const [typed, setTyped] = useState(list.join(', '));
  // The row now holds another comparison: what was typed belongs to the one before.
  const shown = splitWords(typed.trim()).join() === list.join() ? typed : list.join(', ');
  return (
    <input
      className="view-input condition__words"
      aria-label={w('value')}
      placeholder={w('several')}
      value={shown}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(splitWords(target.value.trim()));
      }}
    />
  );
}

function Length({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const w = useWords();
  const { count, unit } = lengthOf(text);
  const put = (number: string, of: Unit): void => onChange(/^\d+$/.test(number) ? `${Number(number)}${of}` : '');
  return (
    <span className="condition__length">
      <input className="view-input condition__count" type="number" min={1} max={9999} aria-label={w('value')} value={count} onChange={({ target }) => put(target.value, unit)} />
      <OneOf label={w('unit')} value={unit} choices={UNITS.map((one) => ({ value: one, name: w(`units.${one}`) }))} onChange={(next) => put(count, UNITS.find((one) => one === next) ?? 'd')} />
    </span>
  );
}
