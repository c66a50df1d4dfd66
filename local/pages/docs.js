// The API reference: draws the desk's own OpenAPI 3.1 description. Small on purpose: it shows what our description uses.
const DEPTH = 6;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const element = (name, className = '', text = '') => Object.assign(document.createElement(name), { className, textContent: text });
const idOf = (operation) => `op-${operation.operationId}`;

let api;
const follow = (node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], api) : node);

/** The type of a schema in a few words. */
function typeOf(schema) {
  const node = follow(schema);
  if (!node) return 'any';
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (node.const !== undefined) return JSON.stringify(node.const);
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  const names = [node.type ?? 'any'].flat();
  return names.map((name) => (name === 'array' ? `${typeOf(node.items)}[]` : name === 'object' && node.title ? node.title : name)).join(' | ');
}

/** What a value must keep to, as text. */
function limitsOf(schema) {
  const node = follow(schema) ?? {};
  const words = {
    default: (value) => `default ${JSON.stringify(value)}`,
    minimum: (value) => `at least ${value}`,
    maximum: (value) => `at most ${value}`,
    minLength: (value) => `${value} characters at least`,
    maxLength: (value) => `${value} characters at most`,
    maxItems: (value) => `${value} items at most`,
    pattern: (value) => `matches ${value}`,
    format: (value) => value,
    examples: (value) => `such as ${JSON.stringify(value[0])}`,
  };
  return Object.keys(words).filter((key) => node[key] !== undefined).map((key) => words[key](node[key])).join(', ');
}

/** The schema with fields inside: itself, an array's items, or the one choice that has any. */
function withFields(schema) {
  const node = follow(schema);
  if (!node) return null;
  if (node.properties) return node;
  if (node.items) return withFields(node.items);
  return (node.anyOf ?? node.oneOf ?? []).map(withFields).find(Boolean) ?? null;
}

function fields(entries, depth = 0) {
  const list = element('dl', 'fields');
  for (const { name, schema, required, description } of entries) {
    const term = element('dt', '', name);
    term.append(element('span', 'type', typeOf(schema)));
    if (required) term.append(element('span', 'must', 'required'));
    const about = element('dd', '', [description ?? follow(schema)?.description, limitsOf(schema)].filter(Boolean).join(' · '));
    const inner = depth < DEPTH ? withFields(schema) : null;
    if (inner) {
      const more = element('details');
      more.append(element('summary', 'muted', 'Fields'));
      more.addEventListener('toggle', () => { if (more.open && more.children.length === 1) more.append(object(inner, depth + 1)); });
      about.append(more);
    }
    list.append(term, about);
  }
  return list;
}

function object(schema, depth = 0) {
  const node = withFields(schema);
  if (!node) return element('p', 'muted', typeOf(schema));
  const required = new Set(node.required ?? []);
  return fields(Object.entries(node.properties).map(([name, value]) => ({ name, schema: value, required: required.has(name) })), depth);
}

const contentOf = (part) => Object.values(follow(part)?.content ?? {})[0]?.schema;

function who(operation) {
  const schemes = (operation.security ?? []).flatMap(Object.keys);
  if (!schemes.length) return 'anybody';
  return operation['x-permission'] ?? schemes.join(' or ');
}

function draw({ method, path, operation, shared }) {
  const article = element('article');
  article.id = idOf(operation);
  const line = element('p', 'line');
  line.append(element('span', `method ${method}`, method.toUpperCase()), path, element('span', 'badge', who(operation)));
  article.append(element('h3', '', operation.summary ?? operation.operationId), line);
  if (operation.description) article.append(element('p', '', operation.description));
  const parameters = [...shared, ...(operation.parameters ?? [])].map(follow);
  for (const [place, title] of Object.entries({ path: 'In the path', query: 'Query', header: 'Headers' })) {
    const here = parameters.filter((parameter) => parameter.in === place);
    if (here.length) article.append(element('h4', '', title), fields(here));
  }
  const body = contentOf(operation.requestBody);
  if (body) article.append(element('h4', '', 'Body'), object(body));
  article.append(element('h4', '', 'Answers'));
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const answer = element('details');
    const title = element('summary');
    title.append(element('code', '', status), follow(response).description ?? '');
    answer.append(title);
    const schema = contentOf(response);
    answer.addEventListener('toggle', () => { if (schema && answer.open && answer.children.length === 1) answer.append(object(schema)); });
    article.append(answer);
  }
  return article;
}

const reference = document.querySelector('#reference');
const contents = document.querySelector('#contents');
try {
  api = await (await fetch('/v1/openapi.json')).json();
} catch {
  reference.replaceChildren(element('p', '', 'The description could not be loaded. Reload the page to try again.'));
  throw new Error('no description');
}
const groups = new Map();
for (const [path, item] of Object.entries(api.paths)) {
  for (const method of METHODS.filter((name) => item[name])) {
    const operation = item[method];
    const tag = operation.tags?.[0] ?? 'Other';
    groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation, shared: item.parameters ?? [] }]);
  }
}
reference.replaceChildren(element('h1', '', `${api.info.title} API`), element('p', 'muted', api.info.description ?? ''));
const raw = element('a', '', '/v1/openapi.json');
raw.href = '/v1/openapi.json';
reference.append(raw);
for (const [tag, operations] of groups) {
  const section = element('section');
  section.append(element('h2', '', tag), ...operations.map(draw));
  reference.append(section);
  const part = element('div');
  part.append(element('h2', '', tag));
  for (const { method, path, operation } of operations) {
    const link = element('a');
    link.href = `#${idOf(operation)}`;
    link.dataset.words = `${method} ${path} ${operation.summary ?? ''}`.toLowerCase();
    link.append(element('span', `method ${method}`, method.toUpperCase()), operation.summary ?? path);
    part.append(link);
  }
  contents.append(part);
}
reference.removeAttribute('aria-busy');
document.querySelector('#filter').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const link of contents.querySelectorAll('a')) link.hidden = !link.dataset.words.includes(wanted);
  for (const part of contents.children) part.hidden = ![...part.querySelectorAll('a')].some((link) => !link.hidden);
});
if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
