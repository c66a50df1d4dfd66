// Reads the mails the desk has sent. The list looks for new ones by itself; a mail's HTML is shown in a frame that can do nothing.
const list = document.querySelector('#mails');
const pane = document.querySelector('#mail');
const filter = document.querySelector('#filter');
let mails = [];
let open = decodeURIComponent(location.hash.slice(1));
let shown = '';

const element = (name, className = '', text = '') => Object.assign(document.createElement(name), { className, textContent: text });
const time = (at) => new Date(at).toLocaleString(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

function draw() {
  const wanted = filter.value.trim().toLowerCase();
  const matching = mails.filter((mail) => !wanted || `${mail.subject} ${mail.to.join(' ')} ${mail.from}`.toLowerCase().includes(wanted));
  document.querySelector('#empty').hidden = mails.length > 0;
  const key = matching.map((mail) => mail.id).join() + open;
  if (key === shown) return;
  shown = key;
  list.replaceChildren(...matching.map((mail) => {
    const button = element('button');
    if (mail.id === open) button.setAttribute('aria-current', 'true');
    const at = element('time', '', time(mail.at));
    at.dateTime = mail.at;
    button.append(element('span', 'subject', mail.subject || '(no subject)'), element('span', 'to', mail.to.join(', ')), at);
    button.addEventListener('click', () => { location.hash = mail.id; });
    const line = element('li');
    line.append(button);
    return line;
  }));
}

async function refresh() {
  try {
    mails = (await (await fetch('/_local/mailbox')).json()).items;
    draw();
  } catch {
    // The desk is being restarted; the next look finds it again.
  }
}

function views(id, parts) {
  const all = {};
  if (parts.html) all['Formatted'] = () => Object.assign(document.createElement('iframe'), { src: `/_local/mailbox/${id}.html`, title: 'The mail' });
  if (parts.text !== null) all['Text'] = () => element('pre', '', parts.text);
  all['Raw'] = () => {
    const raw = element('pre', '', '…');
    fetch(`/_local/mailbox/${id}.eml`).then((answer) => answer.text()).then((text) => { raw.textContent = text; });
    return raw;
  };
  return all;
}

async function show(id) {
  open = id;
  draw();
  const answer = await fetch(`/_local/mailbox/${id}.json`);
  if (!answer.ok) return;
  const parts = await answer.json();
  const header = (name) => parts.headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
  const facts = element('dl');
  for (const name of ['from', 'to', 'date', 'in-reply-to']) {
    if (header(name)) facts.append(element('dt', '', name[0].toUpperCase() + name.slice(1)), element('dd', '', header(name)));
  }
  if (parts.attachments.length) facts.append(element('dt', '', 'Files'), element('dd', '', parts.attachments.join(', ')));
  const tabs = element('div', 'tabs');
  let content = element('div');
  const all = views(id, parts);
  for (const [name, make] of Object.entries(all)) {
    const tab = element('button', '', name);
    tab.addEventListener('click', () => {
      for (const other of tabs.children) other.setAttribute('aria-pressed', String(other === tab));
      const next = make();
      content.replaceWith(next);
      content = next;
    });
    tabs.append(tab);
  }
  pane.replaceChildren(element('h2', '', header('subject') || '(no subject)'), facts, tabs, content);
  tabs.firstElementChild.click();
}

filter.addEventListener('input', draw);
addEventListener('hashchange', () => show(decodeURIComponent(location.hash.slice(1))));
await refresh();
if (open) show(open);
setInterval(refresh, 2000);
