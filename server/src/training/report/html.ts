/** A report as a page: one file that loads nothing, which its own policy forbids as well. */
export interface ReportPage {
  readonly title: string;
  readonly style: string;
  /** What `main` holds. */
  readonly main: string;
  /** Script elements behind it; without them no script may run. */
  readonly scripts?: string;
}

/** A report as the text of an HTML file. */
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

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A table: its caption, its head, and rows whose first cell is their heading. */
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
  // Scrolls by itself where it is too wide, and can then be reached with the keyboard.
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table>
<caption>${escapeHtml(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A chart that the page's script draws, its meaning in words, and its figures as a table for whoever cannot see it. */
export function chart(id: string, title: string, words: string, figures: string): string {
  return `<figure><figcaption><h3>${escapeHtml(title)}</h3><p>${escapeHtml(words)}</p></figcaption>
<div class="chart" data-chart="${id}" role="img" aria-label="${escapeHtml(`${title}. ${words}`)}"></div>
<details><summary>${escapeHtml(title)} as figures</summary>${figures}</details></figure>`;
}

/** A share for people: `0.9731` → `97.3 %`. */
export const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** A figure with so many digits, a dash where it is unknown. */
export const digits = (value: number | null | undefined, count = 4) =>
  value === null || value === undefined ? '–' : value.toFixed(count);
