// Lists the desk's agents; a click sends the choice together with what the desk's page asked for.
const wanted = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'code_challenge', 'code_challenge_method'];
const form = document.querySelector('form');
const query = new URLSearchParams(location.search);
for (const name of wanted) {
  if (!query.has(name)) continue;
  const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value: query.get(name) });
  form.append(field);
}

const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
const initials = (name) => name.split(/\s+/).map((part) => [...part][0] ?? '').slice(0, 2).join('').toUpperCase();

const { items } = await (await fetch('/_local/agents')).json();
for (const agent of items) {
  const button = Object.assign(document.createElement('button'), { type: 'submit', name: 'agent', value: agent.id });
  const who = element('span', 'who', '');
  who.append(element('strong', '', agent.name), element('span', '', agent.email));
  const avatar = element('span', 'avatar', initials(agent.name));
  avatar.setAttribute('aria-hidden', 'true');
  button.append(avatar, who, element('span', 'role', agent.role));
  const line = document.createElement('li');
  line.append(button);
  document.querySelector('#agents').append(line);
}
