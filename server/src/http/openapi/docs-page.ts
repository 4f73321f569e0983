import { html } from 'hono/html';
import type { OpenApiContent, OpenApiDocument, OpenApiOperation } from './document.ts';
import type { JsonSchema } from './schemas.ts';

type Markup = ReturnType<typeof html>;

/**
 * Renders the OpenAPI document as a page for people. It is plain HTML without scripts, styled by the sheet at
 * `stylePath`.
 */
export function docsPage({ info, paths, components }: OpenApiDocument, stylePath: string): Markup {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} · HTTP API</title>
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<header>
<h1>${info.title}</h1>
<p>${info.summary} ${text(info.description)}</p>
<p>Contract version ${info.version} · for programs: <a href="/openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Routes">
<ul>
${routes.map(
  ({ method, path, operation }) =>
    html`<li><a href="#${operation.operationId}"><b>${method}</b> <code>${path}</code></a></li>\n`,
)}
</ul>
</nav>
<main>
${routes.map(({ method, path, operation }) => section(method, path, operation))}
<section id="schemas">
<h2>Schemas</h2>
${Object.entries(components.schemas ?? {}).map(
  ([name, schema]) =>
    html`<details id="schema-${name}"><summary><code>${name}</code></summary>${block(schema)}</details>\n`,
)}
</section>
</main>
</body>
</html>
`;
}

function section(method: string, path: string, operation: OpenApiOperation): Markup {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation;
  const [scheme] = security.flatMap((one) => Object.keys(one));
  const named = parameters.filter(({ name }) => name !== undefined);
  return html`<section id="${operationId}">
<h2><b class="method">${method}</b> <code>${path}</code>${scheme ? html` <span class="badge">${BADGES[scheme] ?? ''}</span>` : ''}</h2>
<p>${summary}.</p>
${description ? html`<p>${text(description)}</p>` : ''}
${named.length > 0 || requestBody ? html`<h3>Request</h3>` : ''}
${named.length > 0 ? table(['Parameter', 'Values', 'Meaning'], named.map(parameterRow)) : ''}
${requestBody ? requestBodies(requestBody.content) : ''}
<h3>Responses</h3>
${Object.entries(responses).map(([status, response]) => answer(status, response))}
</section>
`;
}

/** What a route needs, by its security scheme in the document. */
const BADGES: Readonly<Record<string, string>> = { token: 'token', localToken: 'local token', session: 'session' };

const parameterRow = ({ name, description, schema }: JsonSchema) => [
  html`<code>${name}</code>`,
  values(schema as JsonSchema),
  text(String(description)),
];

/** Renders a form field by field, and any other body as its schema's name and an example. */
function requestBodies(content: OpenApiContent): Markup[] {
  return Object.entries(content).map(([type, { schema, example }]) =>
    schema.properties ? form(type, schema) : html`<p>${body(content)}</p>${block(example)}`,
  );
}

function form(type: string, schema: JsonSchema): Markup {
  const required = schema.required as string[];
  const rows = Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, field]) => [
    html`<code>${name}</code>${required.includes(name) ? ' (required)' : ''}`,
    values(field),
    text(String(field.description)),
  ]);
  return html`<p><code>${type}</code></p>${table(['Field', 'Values', 'Meaning'], rows)}`;
}

function answer(status: string, { description, content }: OpenApiOperation['responses'][string]): Markup {
  const good = status.startsWith('2');
  return html`<div class="answer"><p><b class="${good ? 'good' : 'bad'}">${status}</b> ${
    good ? body(content) : text(description)
  }</p>${good ? Object.values(content).map(({ example }) => (example === undefined ? '' : block(example))) : ''}</div>
`;
}

function body(content: OpenApiContent): Markup[] {
  return Object.entries(content).map(([type, { schema }]) => {
    const name = /[^/]+$/.exec(String(schema.$ref ?? ''))?.[0];
    return html`<code>${type}</code>${name ? html` <a href="#schema-${name}">${name}</a>` : ''}`;
  });
}

/** Describes the values that a schema allows. */
function values({ type, enum: allowed, pattern, minItems, maxItems, default: usual }: JsonSchema): Markup {
  if (Array.isArray(allowed)) {
    const list = allowed.map((value) => `${value}${value === usual ? ' (default)' : ''}`).join(', ');
    return html`${list}`;
  }
  if (type === 'array') return html`${minItems} to ${maxItems} parts`;
  return html`text${pattern ? html` matching <code>${pattern}</code>` : ''}`;
}

const table = (head: readonly string[], rows: readonly (readonly Markup[])[]): Markup => html`<table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>`;

const block = (value: unknown): Markup =>
  html`<pre tabindex="0"><code>${typeof value === 'string' ? value.trimEnd() : JSON.stringify(value, null, 2)}</code></pre>`;

/** Renders plain text in which words in backticks are code. */
function text(source: string): Markup {
  return html`${source.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
