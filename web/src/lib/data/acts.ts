// What an agent does with a whole ticket beside changing its properties: put it aside, follow it, merge it, split it, tie it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Api } from '@/lib/api/client';
import { done, unwrap } from '@/lib/api/client';
import type { LinkRelation, Task, Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { CHANGE, settle, ticketKey } from '@/lib/data/tickets';

interface Act {
  /** What the ticket looks like at once; a refusal takes it back. */
  shown?: (ticket: Ticket) => Ticket;
  /** Resolves to the ticket as it is then, where the desk tells. */
  send: (api: Api) => Promise<Ticket | undefined>;
  done?: (ticket: Ticket | undefined) => void;
}

const about = (id: string) => ({ params: { path: { id } } });

/** Does something with ticket `id`; `failed` hears of what the desk refused. */
export function useAct(id: string, failed: (error: Error) => void): (act: Act) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: CHANGE,
    scope: { id: 'ticket-change' },
    onMutate: async ({ shown }: Act) => {
      await client.cancelQueries({ queryKey: ticketKey(id) });
      const kept = client.getQueryData<Ticket>(ticketKey(id));
      if (kept && shown) client.setQueryData(ticketKey(id), shown(kept));
      return { kept };
    },
    mutationFn: ({ send }: Act) => send(api),
    onSuccess: (ticket, act) => {
      if (ticket?.id === id) settle(client, ticket);
      act.done?.(ticket);
    },
    onError: (error, _act, context) => {
      if (context?.kept) client.setQueryData(ticketKey(id), context.kept);
      failed(error);
    },
    onSettled: async () => {
      const stale = [ticketKey(id), ['messages', id], ['history', id], ['tickets'], ['ties', id], ['time', id]];
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  return mutate;
}

/** Until an instant, or until the requester answers (null). */
export const snooze = (id: string, until: string | null): Act => ({
  shown: (ticket) => ({ ...ticket, snoozed: true, snoozed_until: until }),
  send: (api) => unwrap(api.POST('/v1/tickets/{id}/snooze', { ...about(id), body: { until } })),
});

export const wake = (id: string): Act => ({
  shown: (ticket) => ({ ...ticket, snoozed: false, snoozed_until: null }),
  send: (api) => unwrap(api.DELETE('/v1/tickets/{id}/snooze', about(id))),
});

export const follow = (id: string, agent: string, on: boolean): Act => ({
  shown: (ticket) => ({ ...ticket, followers: on ? [...ticket.followers, agent] : ticket.followers.filter((other) => other !== agent) }),
  send: (api) => {
    const params = { params: { path: { id, agent_id: agent } } };
    return unwrap(on ? api.PUT('/v1/tickets/{id}/followers/{agent_id}', params) : api.DELETE('/v1/tickets/{id}/followers/{agent_id}', params));
  },
});

export const merge = (id: string, into: string): Act => ({ send: (api) => unwrap(api.POST('/v1/tickets/{id}/merge', { ...about(id), body: { into } })) });

export const unmerge = (id: string): Act => ({ send: (api) => unwrap(api.POST('/v1/tickets/{id}/unmerge', about(id))) });

/** Answers with the new ticket. */
export const split = (id: string, messages: string[]): Act => ({ send: (api) => unwrap(api.POST('/v1/tickets/{id}/split', { ...about(id), body: { messages } })) });

/** `part` is the ticket that came of the split. */
export const unsplit = (part: string): Act => ({ send: (api) => unwrap(api.POST('/v1/tickets/{id}/undo-split', about(part))) });

export const link = (id: string, relation: LinkRelation, ticket: string): Act => ({
  send: (api) => unwrap(api.POST('/v1/tickets/{id}/links', { ...about(id), body: { relation, ticket } })),
});

export const unlink = (id: string, relation: LinkRelation, other: string): Act => ({
  shown: (ticket) => ({ ...ticket, linked_tickets: ticket.linked_tickets.filter((tie) => tie.id !== other || tie.relation !== relation) }),
  send: (api) => unwrap(api.DELETE('/v1/tickets/{id}/links/{relation}/{other_id}', { params: { path: { id, relation, other_id: other } } })),
});

const withTasks = (change: (tasks: Task[]) => Task[]) => (ticket: Ticket): Ticket => ({ ...ticket, tasks: change(ticket.tasks) });

export const addTask = (id: string, title: string): Act => ({
  shown: withTasks((tasks) => [...tasks, { id: `new-${title}`, title, assignee: null, due_at: null, done_at: null, done_by: null, checklist_id: null }]),
  send: async (api) => {
    await unwrap(api.POST('/v1/tickets/{id}/tasks', { params: { path: { id }, header: { 'Idempotency-Key': crypto.randomUUID() } }, body: { title } }));
    return undefined;
  },
});

export const finishTask = (id: string, task: Task, finished: boolean): Act => ({
  shown: withTasks((tasks) => tasks.map((one) => (one.id === task.id ? { ...one, done_at: finished ? new Date().toISOString() : null } : one))),
  send: async (api) => {
    await unwrap(api.PATCH('/v1/tickets/{id}/tasks/{task_id}', { params: { path: { id, task_id: task.id } }, body: { done: finished } }));
    return undefined;
  },
});

export const assignTask = (id: string, task: Task, assignee: string | null): Act => ({
  shown: withTasks((tasks) => tasks.map((one) => (one.id === task.id ? { ...one, assignee } : one))),
  send: async (api) => {
    await unwrap(api.PATCH('/v1/tickets/{id}/tasks/{task_id}', { params: { path: { id, task_id: task.id } }, body: { assignee } }));
    return undefined;
  },
});

export const removeTask = (id: string, task: Task): Act => ({
  shown: withTasks((tasks) => tasks.filter((one) => one.id !== task.id)),
  send: async (api) => {
    await done(api.DELETE('/v1/tickets/{id}/tasks/{task_id}', { params: { path: { id, task_id: task.id } } }));
    return undefined;
  },
});

export const addChecklist = (id: string, checklist: string): Act => ({
  send: async (api) => {
    const params = { path: { id }, header: { 'Idempotency-Key': crypto.randomUUID() } };
    await unwrap(api.POST('/v1/tickets/{id}/checklists', { params, body: { checklist_id: checklist } }));
    return undefined;
  },
});

export const logTime = (id: string, seconds: number, billable: boolean, note: string): Act => ({
  shown: (ticket) => ({ ...ticket, time_seconds: ticket.time_seconds + seconds, billable_seconds: ticket.billable_seconds + (billable ? seconds : 0) }),
  send: async (api) => {
    const params = { path: { id }, header: { 'Idempotency-Key': crypto.randomUUID() } };
    await unwrap(api.POST('/v1/tickets/{id}/time', { params, body: { seconds, billable, note } }));
    return undefined;
  },
});
