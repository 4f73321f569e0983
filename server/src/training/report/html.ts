/** A report page: a single file that loads nothing. Its content security policy forbids loading, too. */
export interface ReportPage {
  readonly title: string;
  readonly style: string;
  /** The HTML inside `main`. */
  readonly main: string;
  /** The script elements after `main`. Without them, the policy forbids all scripts. */
  readonly scripts?: string;
}

/** Returns the text of the page's HTML file. */
export function reportPage({ title, style, main, scripts }: ReportPage): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'${scripts === undefined ? '' : "; script-src 'unsafe-inline'"}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${main}
</main>
${scripts === undefined ? '' : `${scripts}\n`}</body>
</html>
`;
}

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Returns an HTML table. The first cell of a row is its heading. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cell = (tag: string, value: string | number, scope = '') =>
    `<${tag}${scope}>${escapeHtml(String(value))}</${tag}>`;
  const body = rows.map(([first = '', ...others]) => {
    return `<tr>${cell('th', first, ' scope="row"')}${others.map((value) => cell('td', value)).join('')}</tr>`;
  });
  const heads = head.map((value) => cell('th', value, ' scope="col"')).join('');
  // A table that is too wide scrolls by itself, and the keyboard can reach it.
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table>
<caption>${escapeHtml(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Returns a chart for the page's script to draw, with a description, and a table of its data for screen readers. */
export function chart(id: string, title: string, description: string, data: string): string {
  return `<figure><figcaption><h3>${escapeHtml(title)}</h3><p>${escapeHtml(description)}</p></figcaption>
<div class="chart" data-chart="${id}" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}"></div>
<details><summary>${escapeHtml(title)} as a table</summary>${data}</details></figure>`;
}

/** Formats a fraction as a percentage: `0.9731` becomes `97.3%`. A dash means unknown. */
export const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)}%`);

/** Formats a number with a fixed number of decimals. A dash means unknown. */
export const digits = (value: number | null | undefined, count = 4) =>
  value === null || value === undefined ? '–' : value.toFixed(count);
