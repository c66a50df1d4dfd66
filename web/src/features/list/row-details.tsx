// What a view shows of each ticket beside who, what and when, in the order that was chosen.
import type { ReactNode } from 'react';
import { RelativeTime } from '@/components/relative-time';
import { StatusMark } from '@/components/marks';
import type { TicketRow } from '@/lib/api/types';
import { useFields, useNamed, useProducts, useStatusName } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';

interface RowDetailsProps {
  row: TicketRow;
  columns: readonly string[];
  preview: ReactNode;
}

export function RowDetails({ row, columns, preview }: RowDetailsProps) {
  const t = useT();
  const names = useNames();
  const named = useNamed();
  const statusName = useStatusName();
  const { data: products } = useProducts(columns.includes('product'));
  const { data: fields } = useFields(columns.some((column) => column.startsWith('fields/')));
  const time = (label: string, at: string): ReactNode => (
    <>
      {label} <RelativeTime at={at} />
    </>
  );
  const shown = (column: string): ReactNode => {
    switch (column) {
      case 'status':
        return (
          <>
            <StatusMark status={row.status} /> {statusName(row)}
          </>
        );
      case 'group':
        return names.group(row.group);
      case 'category':
        return names.category(row.category);
      case 'product':
        return row.product === null ? null : named(products?.find(({ id }) => id === row.product));
      case 'type':
        return t(`type.${row.type}`);
      case 'tags':
        return row.tags.join(', ');
      case 'created_at':
        return time(t('property.opened'), row.created_at);
      case 'updated_at':
        return time(t('property.changed'), row.updated_at);
      case 'due_at':
        return row.due_at === null ? null : time(t('property.due'), row.due_at);
      default:
        return ofField(column.replace('fields/', ''));
    }
  };
  const ofField = (id: string): ReactNode => {
    const value = row.fields[id] ?? null;
    const field = fields?.find((one) => one.id === id);
    if (value === null || value === '' || value === false) return null;
    if (value === true) return named(field);
    const words = (Array.isArray(value) ? value : [String(value)]).map((word) => named(field?.choices?.find((choice) => choice.id === word)) || word);
    return words.join(', ');
  };
  return (
    <span className="row__preview row__details" dir="auto">
      {columns.map((column) => {
        if (column === 'preview') return preview;
        const text = shown(column);
        return text === null || text === '' ? null : (
          <span key={column} className="row__detail">
            {text}
          </span>
        );
      })}
    </span>
  );
}
