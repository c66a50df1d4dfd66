// Where an agent writes: a reply or a note, unmistakably one of them, never lost.
import { Button, Menu } from '@mantine/core';
import { lazy, Suspense, useEffect, useEffectEvent, useId, useRef, useState, type DragEvent, type RefObject } from 'react';
import { IconChevronDown, IconClock, IconLock, IconReply, IconSolved } from '@/components/icons';
import { MOD } from '@/components/key';
import { StatusMark } from '@/components/marks';
import { AttachButton } from '@/components/attach-button';
import { FileChips } from '@/components/file-chips';
import { holdFor, useOfferUndo } from '@/lib/data/hold';
import { MentionMenu, useMentions } from './mentions';
import { PlainField } from './plain-field';
import type { RichHandle } from './rich-field';
import type { PressedKey, Surface } from './surface';
import { plainOf } from './rich-text';
import { useDraft } from './use-draft';
import { asAttachment, useFiles } from '@/lib/data/files';
import { useSlash } from './use-slash';
import { ApiError } from '@/lib/api/problem';
import type { Me, NewMessage, Status, Ticket, Visibility } from '@/lib/api/types';
import { keepDraft, readDraft } from '@/lib/data/drafts';
import { useHabit } from '@/lib/data/habits';
import { useSendMessage } from '@/lib/data/messages';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { moment } from '@/lib/time/format';
import { toast } from '@/lib/toasts';
import { useInsertion } from '@/lib/tickets/insertion';
import { nameOf } from '@/lib/tickets/views';
import './editor.css';

/** Fetched beside the conversation: nobody waits for it who reads. */
const richField = () => import('./rich-field');
const RichField = lazy(async () => ({ default: (await richField()).RichField }));
/** Fetched with the first slash. */
const TimeDialog = lazy(async () => ({ default: (await import('@/components/time-dialog')).TimeDialog }));
const SlashMenu = lazy(async () => ({ default: (await import('./slash-menu')).SlashMenu }));

interface EditorProps {
  ticket: Ticket;
  me: Me;
  /** Newest message of someone else: when it changes while one writes, a line says so. */
  latest: { id: string; author: string } | null;
  /** Newest message on the page, whoever wrote it. */
  newest: string | null;
  /** What was to be written before this was there (`EditorToCome`). */
  wishedRef?: RefObject<Visibility | null>;
  /** An answer that solves the ticket was sent: on to the next one. */
  onSolved?: () => void;
}

/** What stood there when one began to write: the desk refuses an answer that something newer has overtaken. */
interface Answering {
  latest: string;
  newest: string | null;
}

/** In the editor's place until it is known who writes what to whom: hands that are quicker are not told to press again. */
export function EditorToCome({ wishedRef }: { wishedRef: RefObject<Visibility | null> }) {
  const wish = (kind: Visibility) => () => {
    wishedRef.current = kind;
  };
  useHotkeys([
    { keys: 'r', run: wish('public') },
    { keys: 'n', run: wish('internal') },
  ]);
  return null;
}

/** Mount it with the ticket's id as key: a draft belongs to one ticket. */
export function Editor({ ticket, me, latest, newest, wishedRef, onSolved }: EditorProps) {
  const t = useT();
  const language = useLanguage();
  const [visibility, setVisibility] = useState<Visibility>(() =>
    readDraft(ticket.id, 'public') === '' && readDraft(ticket.id, 'internal') !== '' ? 'internal' : 'public',
  );
  const draft = useDraft(ticket.id, visibility);
  const { files, add, remove, clear } = useFiles();
  const rich = useHabit('rich');
  const plainField = useRef<Surface>(null);
  const richRef = useRef<RichHandle>(null);
  const field = rich ? richRef : plainField;
  const [blank, setBlank] = useState(true);
  const wanted = useRef(false);
  const menuId = useId();
  const [answering, setAnswering] = useState<Answering | null>(null);
  const [refused, setRefused] = useState<NewMessage | null>(null);
  const [dropping, setDropping] = useState(false);
  const [planning, setPlanning] = useState(false);

  const putBack = (kind: Visibility, written: string, hadFiles: boolean): void => {
    setVisibility(kind);
    draft.restore(kind, written);
    if (hadFiles) toast(t('editor.filesNotBack'));
  };
  const offerUndo = useOfferUndo(ticket.id);
  const send = useSendMessage(ticket.id, {
    sent: ({ message, attachments, written }, { id, send_at: sendAt = null }) => {
      if (readDraft(ticket.id, message.visibility).trim() === written) keepDraft(ticket.id, message.visibility, '');
      if (typeof message.send_at === 'string') {
        toast(t('planned.done', { at: moment(message.send_at, language) }));
        return;
      }
      if (sendAt !== null && message.hold_seconds) offerUndo(id, message.hold_seconds, () => putBack(message.visibility, written, attachments.length > 0));
      else if (message.status === 'solved') toast(t('editor.sentAndSolved', { number: ticket.number }));
    },
    failed: ({ message, attachments, written }, error) => {
      putBack(message.visibility, written, attachments.length > 0);
      if (error instanceof ApiError && error.code === 'newer_message') {
        setRefused(message);
        return;
      }
      const offline = error instanceof ApiError && error.offline;
      toast(t(offline ? 'editor.failedOffline' : 'editor.failed'), null, 'problem');
    },
  });

  const uploading = files.some((file) => file.uploadId === null && file.problem === null);
  const broken = files.some((file) => file.problem !== null);
  // A picture alone is an answer, too: then nothing of it is kept as words.
  const ready = (draft.body.trim() !== '' || (rich && !blank)) && !uploading && !broken;
  const internal = visibility === 'internal';
  const overtaken = latest !== null && answering !== null && latest.id !== answering.latest && draft.body !== '';
  const stopped = refused !== null && !internal && draft.body !== '';

  const copies = ticket.participants.map(nameOf).join(', ');
  const recipients = `${t('editor.to', { name: nameOf(ticket.requester) })}${copies === '' ? '' : `, ${t('editor.cc', { names: copies })}`}`;

  const submit = (status?: Status, confirm = false, sendAt: string | null = null): void => {
    if (!ready) return;
    setPlanning(false);
    const going = files.flatMap((file) => (file.uploadId === null ? [] : [{ key: file.key, id: file.uploadId }]));
    const ids = going.map(({ id }) => id);
    const written = draft.body.trim();
    const letter = rich && richRef.current ? richRef.current.letter(going.map(({ key }) => key)) : { body: plainOf(written).trim(), html: null };
    if (letter.body === '' && letter.html === null) return;
    const seen = answering ? answering.newest : newest;
    const hold = internal || sendAt !== null ? 0 : holdFor(me);
    const message: NewMessage = {
      body: letter.body,
      ...(letter.html === null ? {} : { html: letter.html }),
      visibility,
      ...(ids.length > 0 ? { attachments: ids } : {}),
      ...(status ? { status } : {}),
      ...(hold > 0 ? { hold_seconds: hold } : {}),
      ...(seen !== null && !internal ? { seen_message_id: seen } : {}),
      ...(confirm ? { confirm } : {}),
      ...(sendAt === null ? {} : { send_at: sendAt, unless_requester_replies: true }),
      ...(internal ? mentions.called(letter.body.replaceAll('\u00A0', ' ')) : {}),
    };
    send({ message, key: crypto.randomUUID(), attachments: files.map(asAttachment), written, me });
    draft.hide();
    setBlank(true);
    clear();
    setAnswering(null);
    setRefused(null);
    if (status === 'solved' && sendAt === null) onSolved?.();
  };
  const type = (text: string): void => {
    // What one answers is what stood there when one began to write.
    if (text === '') setAnswering(null);
    else if (answering === null) setAnswering({ latest: latest?.id ?? '', newest });
    draft.type(text);
  };
  const showLatest = (id: string): void => {
    document.getElementById(`m-${id}`)?.scrollIntoView({ block: 'center' });
    setAnswering({ latest: id, newest });
    setRefused(null);
  };
  const slash = useSlash({ ticket, me, newest, field, rich, putBack: (text) => draft.restore('public', text) });
  const mentions = useMentions({ field, wanted: internal });
  const write = (kind: Visibility): void => {
    setVisibility(kind);
    // Keys may be quicker than the field's own script: then it takes the focus when it is there.
    wanted.current = rich;
    requestAnimationFrame(() => field.current?.focus());
  };
  const begin = useEffectEvent(() => {
    if (!wishedRef?.current) return;
    write(wishedRef.current);
    wishedRef.current = null;
  });
  useEffect(() => begin(), []);
  useInsertion(ticket.id, (words) => {
    if (answering === null) setAnswering({ latest: latest?.id ?? '', newest });
    draft.append('public', rich ? words : plainOf(words));
    setBlank(false);
    write('public');
  });
  /** Whether the key was ours. */
  const onKey = (event: PressedKey): boolean => {
    if (mentions.press(event) || slash.press(event)) return true;
    if (event.key === 'Escape') field.current?.blur();
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return false;
    event.preventDefault();
    submit(event.shiftKey ? 'solved' : undefined);
    return true;
  };
  const addFiles = (list: FileList): void => {
    const many = [...list];
    add(many).forEach((key, at) => {
      const file = many[at];
      if (file && /^image\/(?:png|jpeg|gif|webp)$/.test(file.type)) richRef.current?.showPicture(key, URL.createObjectURL(file), file.name);
    });
  };
  const leaveOut = (key: string): void => {
    richRef.current?.dropPicture(key);
    remove(key);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    addFiles(event.dataTransfer.files);
  };
  const look = (): void => {
    slash.look();
    mentions.look();
  };
  const wiring = {
    value: draft.body,
    label: internal ? t('editor.note') : t('editor.reply'),
    placeholder: internal ? t('editor.notePlaceholder') : t('editor.replyPlaceholder', { name: nameOf(ticket.requester) }),
    controls: slash.open ? menuId : undefined,
    active: slash.active ?? undefined,
    onLook: look,
    onBlur: () => {
      slash.close();
      mentions.close();
    },
    onKey,
    onFiles: addFiles,
  };
  useHotkeys([
    { keys: 'r', run: () => write('public'), label: t('keys.reply'), icon: <IconReply size={16} stroke={1.7} /> },
    { keys: 'n', run: () => write('internal'), label: t('keys.note'), icon: <IconLock size={16} stroke={1.7} /> },
  ]);

  return (
    <section
      className={`editor ${rich ? 'editor--rich' : ''} ${internal ? 'editor--internal' : ''} ${dropping ? 'editor--dropping' : ''}`}
      aria-label={t('editor.label')}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={onDrop}
    >
      <div className="editor__head">
        <div className="editor__kinds" role="group" aria-label={t('editor.kind')}>
          <button type="button" className="editor__kind" aria-pressed={!internal} onClick={() => write('public')}>
            <IconReply size={16} stroke={1.7} aria-hidden="true" /> {t('editor.reply')}
          </button>
          <button type="button" className="editor__kind editor__kind--internal" aria-pressed={internal} onClick={() => write('internal')}>
            <IconLock size={15} stroke={1.7} aria-hidden="true" /> {t('editor.note')}
          </button>
        </div>
        <span className="editor__to" title={internal ? undefined : recipients}>
          {internal ? t('editor.onlyColleagues') : recipients}
        </span>
        {draft.kept !== null && <span className="editor__kept">{t(draft.kept ? 'editor.saved' : 'editor.notSaved')}</span>}
      </div>
      {rich ? (
        <Suspense fallback={<div className="editor__field" aria-busy="true" />}>
          <RichField
            key={visibility}
            ref={richRef}
            wantedRef={wanted}
            {...wiring}
            onChange={(kept, empty) => {
              setBlank(empty);
              type(kept);
            }}
          />
        </Suspense>
      ) : (
        <PlainField ref={plainField} {...wiring} onChange={type} />
      )}
      {slash.open && (
        <Suspense>
          <SlashMenu id={menuId} ticket={ticket.id} language={ticket.language} query={slash.open.query} keys={slash.keys} onChoose={slash.choose} onActive={slash.setActive} />
        </Suspense>
      )}
      <MentionMenu mentions={mentions} />
      <FileChips files={files} onRemove={leaveOut} />
      {stopped && (
        <p className="editor__overtaken" role="alert">
          {latest ? t('editor.overtaken', { name: latest.author }) : t('editor.overtakenBySomeone')}{' '}
          {latest && (
            <button type="button" className="link" onClick={() => showLatest(latest.id)}>
              {t('editor.showIt')}
            </button>
          )}{' '}
          <button type="button" className="link" disabled={!ready} onClick={() => submit(refused.status ?? undefined, true)}>
            {t('editor.sendAnyway')}
          </button>
        </p>
      )}
      {overtaken && !stopped && (
        <p className="editor__overtaken" role="status">
          {t('editor.overtaken', { name: latest.author })}{' '}
          <button
            type="button"
            className="link"
            onClick={() => showLatest(latest.id)}
          >
            {t('editor.showIt')}
          </button>
        </p>
      )}
      <div className="editor__foot">
        <AttachButton onFiles={addFiles} />
        <span className="editor__hint" aria-hidden="true">
          {t('editor.hint', { mod: MOD })}
        </span>
        <Button.Group>
          <Button size="compact-md" className="editor__send" title={t('editor.hint', { mod: MOD })} disabled={!ready} onClick={() => submit()}>
            {internal ? t('editor.addNote') : t('editor.send')}
          </Button>
          <Menu position="top-end" withinPortal>
            <Menu.Target>
              <Button size="compact-md" className="editor__send editor__more" disabled={!ready} aria-label={t('editor.more')}>
                <IconChevronDown size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconSolved size={16} />} rightSection={<span className="menu-keys">{MOD} ⇧ ↵</span>} onClick={() => submit('solved')}>
                {internal ? t('editor.noteAndSolve') : t('editor.sendAndSolve')}
              </Menu.Item>
              <Menu.Item leftSection={<StatusMark status="pending" />} onClick={() => submit('pending')}>
                {internal ? t('editor.noteAndPending') : t('editor.sendAndPending')}
              </Menu.Item>
              {!internal && (
                <>
                  <Menu.Divider />
                  <Menu.Item leftSection={<IconClock size={16} stroke={1.6} />} onClick={() => setPlanning(true)}>
                    {t('planned.title')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </Button.Group>
      </div>
      {planning && (
        <Suspense>
          <TimeDialog title={t('planned.title')} confirm={t('planned.confirm')} onChoose={(at) => submit(undefined, false, at)} onClose={() => setPlanning(false)} />
        </Suspense>
      )}
    </section>
  );
}
