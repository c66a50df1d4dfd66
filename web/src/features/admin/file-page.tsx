// All settings as one file: taken out, and brought in after a look at what that would change.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Text } from './inputs';
import { useTelling } from './use-telling';
import { FileInput } from '@/components/file-input';
import { Field } from '@/components/form';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { SettingsDifference } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { toast } from '@/lib/toasts';

/** Hands a text to the browser as a file. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function FilePage() {
  const { w } = useTelling();
  const { api } = useDesk();
  const { data: me } = useMe();
  const [parts, setParts] = useState('');
  const plain = (value: string, set: (value: string) => void) => ({ value, set, fault: () => undefined });
  const failed = (error: Error): unknown => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
  const exported = useMutation({
    mutationFn: () => unwrap(api.GET('/v1/settings/export', { params: { query: { parts } } })),
    onSuccess: ({ file }) => download('desk.yaml', file),
    onError: failed,
  });
  return (
    <div className="setup-single">
      <h1 className="setup__title">{w('pages.file.title')}</h1>
      <p className="setup__text">{w('pages.file.text')}</p>
      <h2 className="setup__part">{w('file.export')}</h2>
      <p className="setup__text">{w('file.exportText')}</p>
      <Text of={plain(parts, setParts)} label={w('file.parts')} hint={w('file.partsHint')} code />
      <div className="setup__acts">
        <Button variant="default" loading={exported.isPending} onClick={() => exported.mutate()}>
          {w('file.download')}
        </Button>
      </div>
      {(me?.permissions.includes('manage_agents') ?? false) && <Import />}
    </div>
  );
}

function Import() {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const [file, setFile] = useState('');
  const [looked, setLooked] = useState<{ file: string; found: SettingsDifference } | null>(null);
  const take = useMutation({
    mutationFn: (dryRun: boolean) => unwrap(api.POST('/v1/settings/import', { params: { query: { dry_run: dryRun } }, body: { file } })),
    onSuccess: (found) => {
      setLooked(found.applied ? null : { file, found });
      if (!found.applied) return;
      void client.invalidateQueries();
      setFile('');
      toast(w('file.imported', { count: found.changes.length }));
    },
    onError: () => setLooked(null),
  });
  const error = take.error instanceof ApiError ? take.error : null;
  const ready = looked !== null && looked.file === file;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take.mutate(!ready);
      }}
    >
      <h2 className="setup__part">{w('file.import')}</h2>
      <p className="setup__text">{w('file.importText')}</p>
      <div className="admin__fields">
        <Field label={w('file.choose')}>
          {(wiring) => <FileInput {...wiring} accept=".yaml,.yml,application/yaml,text/plain" onFile={(chosen) => void chosen.text().then(setFile)} />}
        </Field>
        <Text of={{ value: file, set: setFile, fault: () => undefined }} label={w('file.content')} lines={12} code />
      </div>
      {error && (
        <div className="refused" role="alert">
          <p>{error.detail}</p>
          <ul>
            {error.errors.slice(0, 30).map(({ pointer, message }) => (
              <li key={pointer + message}>
                <code>{pointer}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {ready && (
        <div role="status">
          <p className="setup__text">{w('file.would', { added: looked.found.added, changed: looked.found.changed, removed: looked.found.removed, unchanged: looked.found.unchanged })}</p>
          <ul className="changed">
            {looked.found.changes.map((one) => (
              <li key={`${one.part}/${one.id}`} className={`changed__${one.change}`}>
                <span>{w(`changes.${one.change}`)}</span> {one.part} <code>{one.id}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="setup__acts">
        <Button type="submit" disabled={file.trim() === ''} loading={take.isPending}>
          {ready ? w('file.apply', { count: looked.found.changes.length }) : w('file.look')}
        </Button>
      </div>
    </form>
  );
}
