// The desk on this device: started without a network, brought up to date when somebody agrees, and heard while it is not looked at.

/** Whether this browser can show notifications of the desk. */
export const canNotify = (): boolean => 'Notification' in window && 'serviceWorker' in navigator;

/** Asks the person, once; whether they agreed. */
export async function mayNotify(): Promise<boolean> {
  if (!canNotify()) return false;
  return (Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission) === 'granted';
}

interface Told {
  /** Said twice, it replaces what was said. */
  id: string;
  title: string;
  text: string;
  /** Where a click on it leads. */
  path: string;
}

export async function notify({ id, title, text, path }: Told): Promise<void> {
  if (!canNotify() || Notification.permission !== 'granted') return;
  const worker = await navigator.serviceWorker.getRegistration();
  await worker?.showNotification(title, { body: text, tag: id, icon: '/icon-small.png', badge: '/icon-small.png', data: path });
}

interface Hearing {
  /** A newer desk was fetched; `take` changes over to it. */
  onNewer: (take: () => void) => void;
  /** Somebody followed a notification. */
  onGo: (path: string) => void;
}

const isGo = (data: unknown): data is { go: string } => typeof data === 'object' && data !== null && 'go' in data && typeof data.go === 'string';

/** Keeps the desk's own files on this device; the returned function stops listening. */
export function settleOnDevice({ onNewer, onGo }: Hearing): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const { serviceWorker } = navigator;
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (isGo(data)) onGo(data.go);
  };
  serviceWorker.addEventListener('message', hear);
  const watch = (registration: ServiceWorkerRegistration): void => {
    const offer = (): void => {
      const { waiting } = registration;
      if (!waiting || !serviceWorker.controller) return;
      onNewer(() => {
        serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        waiting.postMessage('take over');
      });
    };
    offer();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', offer);
    });
  };
  // Without it the desk works as before: where it is not allowed, nothing is missing but the start without a network.
  serviceWorker.register('/sw.js').then(watch, () => undefined);
  return () => serviceWorker.removeEventListener('message', hear);
}
